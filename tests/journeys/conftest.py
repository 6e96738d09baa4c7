"""Fixtures of the stories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack import Stack, running


@pytest.fixture(scope="module")
def house() -> Iterator[Stack]:
    """A service of the module's own, without workers: its work is done when a story says so."""
    with running(workers=(), beat=False) as stack:
        yield stack
