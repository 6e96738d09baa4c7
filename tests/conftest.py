"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts.models import User
from tests.cast import Cast, FamilyInTests, consent_to_everything, make_cast, make_family
from tests.world import StandingWorld, make_world

pytest_plugins = ["tests.services", "tests.stack", "tests.browser"]

# How quickly a made-up case is found says how busy the machine is, and nothing of what is tested.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _own_media_store(settings: LazySettings, tmp_path: Path) -> None:
    """No test touches another's films, or the demonstration's."""
    settings.MEDIA_STORE = tmp_path / "media"
    settings.WORK_DIR = tmp_path / "media" / "work"
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"
    settings.UPLOAD_RESERVE_BYTES = 0


@pytest.fixture(autouse=True)
def _quick_passwords(settings: LazySettings) -> None:
    """Hashing slowly on purpose is for real passwords; with it the cast alone would take four seconds a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test finds, or loses in its middle, what an earlier one left in the cache for a minute."""
    cache.clear()


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[StandingWorld]:
    """One of everything, made once for all tests of a module, and the folder of its files.

    It stands inside a transaction of the module's own; what a test writes is undone behind it, as ever. For tests that
    ask many addresses of one world: making it takes longer than asking.
    """
    store = tmp_path_factory.mktemp("world") / "media"
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_STORE=store, WORK_DIR=store / "work", PASSWORD_HASHERS=quick),
        transaction.atomic(),
    ):
        yield StandingWorld(make_world(), store)
        transaction.set_rollback(True)


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
