"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.cast import Cast, FamilyInTests, consent_to_everything, make_cast, make_family

pytest_plugins = ["tests.services", "tests.stack", "tests.browser"]


@pytest.fixture(autouse=True)
def _own_media_store(settings: LazySettings, tmp_path: Path) -> None:
    """No test touches another's films, or the demonstration's."""
    settings.MEDIA_STORE = tmp_path / "media"
    settings.WORK_DIR = tmp_path / "media" / "work"
    settings.UPLOAD_RESERVE_BYTES = 0


@pytest.fixture(autouse=True)
def _quick_passwords(settings: LazySettings) -> None:
    """Hashing slowly on purpose is for real passwords; with it the cast alone would take four seconds a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test finds, or loses in its middle, what an earlier one left in the cache for a minute."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def family(cast: Cast) -> FamilyInTests:
    """A family of Asha's, in which nobody has been asked for consent yet."""
    return make_family(cast.asha)


@pytest.fixture
def consenting_family(cast: Cast, family: FamilyInTests) -> FamilyInTests:
    consent_to_everything(family, by=cast.asha)
    return family


@pytest.fixture
def signed_in():
    """``signed_in(user)`` is a client with that person's fresh sign-in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A story that failed and was told once more says here why it failed, so that a shaky one can be mended."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_sep("-", f"told once more: {report.nodeid}")
        terminalreporter.write_line("\n".join(str(report.longrepr).splitlines()[-25:]))
