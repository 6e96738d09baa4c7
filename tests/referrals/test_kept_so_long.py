"""A referral that was not taken on goes when its time is over, whole; one that was taken on is part of the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from families import files
from families.models import RetentionRule
from referrals.actions import forget_not_taken_on
from referrals.models import Attachment, Decision, Exchange, Reference, Referral, ReferredPerson
from tests.cast import Cast, FamilyInTests
from tests.referrals.made import make_referral
from tests.world import a_picture

pytestmark = pytest.mark.django_db


def decided(state: str, *, days: int) -> Referral:
    return make_referral(state=state, state_since=timezone.now() - timedelta(days=days))


def test_after_two_years_nothing_is_left_of_it_but_its_reference(cast: Cast) -> None:
    referral = decided("declined", days=2 * 366)
    referral.referrer_name = "Hanna Changed"
    referral.save()
    kept = files.keep(files.accept(a_picture(), most_bytes=10_000), drawer="referrals")
    Attachment.objects.create(
        referral=referral, stored=kept.stored, file_kind=kept.kind, file_name="a.png", size=1, sha256=kept.sha256
    )
    Exchange.objects.create(referral=referral, direction="to", text="Who is at home?", by=cast.ina)
    reference = referral.reference.text
    assert forget_not_taken_on() == 1
    for model in (Referral, ReferredPerson, Exchange, Attachment, Decision):
        assert not model._default_manager.exists(), model
    assert not Referral.history.exists()
    assert not files.exists(kept.stored)
    assert Reference.objects.get().text == reference
    assert AuditEvent.objects.filter(verb="referral.forgotten").count() == 1
    assert forget_not_taken_on() == 0


def test_what_waits_and_what_was_taken_on_stay(cast: Cast, family: FamilyInTests) -> None:
    for state in ("received", "looking", "asked"):
        decided(state, days=4000)
    make_referral(state="accepted", case=family.case, state_since=timezone.now() - timedelta(days=4000))
    decided("withdrawn", days=2 * 365 - 2)
    assert forget_not_taken_on() == 0
    assert Referral.objects.count() == 5


def test_a_service_that_keeps_them_longer_says_so_in_the_schedule(cast: Cast) -> None:
    RetentionRule.objects.filter(key="referral").update(amount=5)
    decided("advised", days=4 * 365)
    decided("redirected", days=6 * 365)
    assert forget_not_taken_on() == 1
    assert Referral.objects.get().state == "advised"
