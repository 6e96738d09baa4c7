"""Administrators hear once a day what did not leave, in numbers and reasons alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.utils import timezone

from outbox import actions, digest, sending
from outbox.models import Message
from tests.cast import Cast

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture(autouse=True)
def _mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def ended(state: str, *, kind: str = "referral-outcome", hours_ago: float = 1, **more: object) -> Message:
    message = actions.post(by=None, kind=kind, channel="email", to="hanna@clinic.example", subject_id="1")
    at = timezone.now() - timedelta(hours=hours_ago)
    reason = more.pop("reason", "The mail server does not take this address (code 550).")
    Message.objects.filter(pk=message.pk).update(state=state, reason=reason, ended_at=at, **more)
    return message


def delivered_digests() -> list[str]:
    for message in Message.objects.filter(kind=digest.KIND, state=State.WAITING):
        sending.send(message.pk)
    return [str(each.body) for each in mail.outbox]


def test_it_counts_by_kind_and_reason_and_goes_to_administrators_once(cast: Cast) -> None:
    for _ in range(2):
        ended(State.FAILED)
    ended(State.UNSURE, reason="The mail server broke off before it answered.")
    ended(State.SENT, reason="", delivery="undeliverable")
    ended(State.NOT_SENT, reason="The family withdrew.")
    ended(State.FAILED, hours_ago=30)
    assert digest.post_digest() == 1
    assert digest.post_digest() == 0, "of one day there is one"
    (body,) = delivered_digests()
    assert mail.outbox[0].to == [cast.dev.email]
    assert "4 messages did not leave" in mail.outbox[0].subject
    assert "2 × " in body
    assert "does not take this address (code 550)" in body
    assert ": did not arrive" in body
    assert "/messages/" in body
    for private in ("hanna", "clinic.example", "withdrew"):
        assert private not in body


def test_nothing_is_sent_when_nothing_failed(cast: Cast) -> None:
    ended(State.SENT, reason="")
    assert digest.post_digest() == 0
    assert not Message.objects.filter(kind=digest.KIND).exists()


def test_what_was_decided_before_it_leaves_is_not_in_it(cast: Cast) -> None:
    failed = ended(State.FAILED)
    assert digest.post_digest() == 1
    failed.refresh_from_db()
    actions.give_up(by=cast.dev, message=failed)
    assert delivered_digests() == []
    assert Message.objects.get(kind=digest.KIND).state == State.NOT_SENT


def test_the_next_begins_where_the_last_one_ended_and_a_digest_that_fails_makes_none(cast: Cast) -> None:
    now = timezone.now()
    ended(State.FAILED)
    digest.post_digest()
    Message.objects.filter(kind=digest.KIND).update(
        created_at=now, state=State.FAILED, reason="The mail server cannot be reached.", ended_at=now
    )
    assert digest.post_digest(now + timedelta(days=1)) == 0
    ended(State.UNSURE, hours_ago=-2, reason="It broke off.")
    assert digest.post_digest(now + timedelta(days=1)) == 1
