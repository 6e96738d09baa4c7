"""Fixtures of the tests of films."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, FamilyInTests
from tests.clips import filming
from tests.clips.sending import DATA


@pytest.fixture
def asha(cast: Cast, signed_in) -> Client:
    return signed_in(cast.asha)


@pytest.fixture
def url(asha: Client, consenting_family: FamilyInTests) -> str:
    """An upload of Asha's, of 5000 bytes, none of them here yet."""
    return filming.begin(asha, consenting_family, len(DATA)).headers["Location"]
