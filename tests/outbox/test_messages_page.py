"""Administrators see what did not leave and why, and nothing of whom it was about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from desk import health
from outbox.actions import post
from outbox.models import Message
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]


@pytest.fixture
def failed(cast: Cast, family: FamilyInTests) -> Message:
    message = post(
        by=cast.asha,
        kind="note",
        channel="email",
        to="sam@example.test",
        subject_id="7",
        case_id=family.case.pk,
        family_id=family.family.pk,
    )
    Message.objects.update(state=Message.State.FAILED, reason="The mail server cannot be reached (OSError).")
    return message


def test_the_page_has_reasons_and_no_address(cast: Cast, signed_in: SignedIn, failed: Message) -> None:
    said = signed_in(cast.dev).get(reverse("outbox:messages")).content.decode()
    assert "The mail server cannot be reached" in said
    for private in ("sam@", "Rowan", "Sam", "VIG-"):
        assert private not in said


def test_it_is_sent_again_or_left(cast: Cast, signed_in: SignedIn, failed: Message) -> None:
    client = signed_in(cast.dev)
    url = reverse("outbox:message-decide", args=[failed.pk])
    client.post(url, {"do": "again"})
    failed.refresh_from_db()
    assert (failed.state, failed.reason, failed.to) == (Message.State.WAITING, "", "sam@example.test")
    assert "not one to decide about" in client.post(url, {"do": "leave"}, follow=True).content.decode()
    Message.objects.update(state=Message.State.UNSURE, reason="Broke off.")
    client.post(url, {"do": "leave"})
    failed.refresh_from_db()
    assert (failed.state, failed.to_locked) == (Message.State.NOT_SENT, "")


def test_health_says_that_messages_wait_for_a_decision(cast: Cast, failed: Message) -> None:
    finding = health.messages()
    assert finding.state == "look"
    assert "1 could not be sent" in finding.text
