"""The health page says what is wrong and what to do; production refuses what it must."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisGone

from accounts.models import User
from audit.actions import record
from clips.media import ffmpeg, sandbox
from desk import checks, health
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]


def state(part: str) -> health.Finding:
    return next(finding for finding in health.findings() if finding.part.startswith(part))


def test_only_whoever_keeps_the_settings_reads_it(cast: Cast, signed_in: SignedIn) -> None:
    for user in cast.everyone:
        expected = 200 if user == cast.dev else 403
        assert signed_in(user).get(reverse("desk:health")).status_code == expected


def test_it_names_every_part(cast: Cast, signed_in: SignedIn) -> None:
    said = signed_in(cast.dev).get(reverse("desk:health")).content.decode()
    for part in ("ffmpeg", "Sandbox for films", "Database", "Redis", "Room for films", "Audit", "E-mail"):
        assert part in said
    assert str(ffmpeg.binary()) in said


def test_a_silent_worker_is_named_and_one_that_works_is_not(db: None) -> None:
    cache.clear()
    assert state("Worker that prepares").state == "bad"
    assert "“films”" in state("Worker that prepares").text
    cache.set("heartbeat:films", timezone.now().isoformat(), 90)
    assert state("Worker that prepares").state == "good"


def test_a_disk_that_fills_is_said_before_a_film_is_refused(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_RESERVE_BYTES, settings.UPLOAD_MAX_BYTES = 2 * health.GIB, 8 * health.GIB

    def free(gib: int) -> str:
        usage = SimpleNamespace(total=100 * health.GIB, used=0, free=gib * health.GIB)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        return state("Room").state

    assert (free(50), free(5), free(1)) == ("good", "look", "bad")


def test_redis_that_does_not_answer_is_said(db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = ""
    assert "Set REDIS_URL" in state("Redis").text
    settings.REDIS_URL = "redis://nowhere"

    def gone(*args: Any, **kwargs: Any) -> None:
        raise RedisGone

    monkeypatch.setattr(cache, "set", gone)
    monkeypatch.setattr(cache, "get", gone)
    assert state("Redis").state == "bad"
    assert state("Worker that prepares").state == "bad"


def test_an_audit_that_nobody_seals_is_said(cast: Cast, family: FamilyInTests, monkeypatch: pytest.MonkeyPatch) -> None:
    record(by=cast.asha, verb="case.opened", subject=family.case)
    assert state("Audit").state == "good"
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(health.timezone, "now", lambda: later)
    assert state("Audit").state == "look"


def test_it_says_where_messages_really_go(db: None, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert "reach nobody" in health.mail().text
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "smtp.trust.example"
    assert "smtp.trust.example" in health.mail().text


def test_an_ffmpeg_that_is_missing_or_old_is_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ffmpeg.NotFound("No ffmpeg was found.")

    monkeypatch.setattr(ffmpeg, "verdict", missing)
    assert state("ffmpeg").state == "bad"
    assert [each.id for each in checks.ffmpeg_is_patched(None)] == ["desk.E002"]


def test_production_refuses_the_weakest_sandbox(settings: LazySettings) -> None:
    with sandbox.at(sandbox.Level.LIMITS):
        assert checks.films_are_walled_in(None) == []
        settings.PRODUCTION = True
        assert [each.id for each in checks.films_are_walled_in(None)] == ["desk.E001"]
    with sandbox.at(sandbox.Level.BUBBLEWRAP):
        assert checks.films_are_walled_in(None) == []


def test_whether_it_is_alive_is_public(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/healthz").content == b"ok\n"

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", broken)
        assert Client().get("/healthz").status_code == 503
