"""What the database itself refuses, and who sees which referral."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from families.actions import restrict_family
from referrals import shipped
from referrals.models import (
    AdviceCall,
    Decision,
    DeclineReason,
    Draft,
    Exchange,
    GuideText,
    IntakeRules,
    Reason,
    Reference,
    Referral,
    ReferrerLink,
    Signpost,
)
from tests.cast import Cast, FamilyInTests
from tests.referrals.made import make_referral

pytestmark = pytest.mark.django_db


def refused(make: Any, **columns: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**columns)


def test_what_is_shipped_is_there_and_comes_once() -> None:
    from django.apps import apps

    shipped.ship(apps)
    assert Reason.objects.count() == len(shipped.REASONS)
    assert DeclineReason.objects.count() == len(shipped.DECLINE_REASONS)
    assert set(GuideText.objects.values_list("key", flat=True)) == set(GuideText.Key.values)
    assert Signpost.objects.filter(urgent=True, phone="999").exists()
    assert IntakeRules.objects.get().working_days("urgent") == 1


def test_a_reference_is_never_given_again_though_its_referral_is_gone() -> None:
    referral = make_referral()
    text = referral.reference.text
    referral.delete()
    assert Reference.objects.filter(text=text).exists()
    refused(Reference.objects.create, text=text)


def test_what_was_sent_once_is_one_referral() -> None:
    key = uuid.uuid4()
    make_referral(sent_key=key)
    refused(make_referral, sent_key=key)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "accepted"},
        {"channel": "telephone"},
        {"immediate_risk": "yes"},
        {"family_may_be_told": "yes"},
        {"referrer_email_checked_at": timezone.now()},
    ],
)
def test_a_referral_that_contradicts_itself_is_refused(columns: dict[str, Any]) -> None:
    refused(make_referral, **columns)


def test_only_an_accepted_referral_has_a_case(family: FamilyInTests) -> None:
    refused(make_referral, state="declined", case=family.case)
    assert make_referral(state="accepted", case=family.case).case == family.case


def test_a_public_draft_is_bound_to_a_browser_and_a_colleague_s_to_them(cast: Cast) -> None:
    refused(Draft.objects.create, door="self")
    refused(Draft.objects.create, door="staff", device_hash="x")
    Draft.objects.create(door="staff", by=cast.ina)
    refused(Draft.objects.create, door="self", device_hash="x", return_hash="y")


def test_one_decision_stands_and_a_no_says_why(cast: Cast) -> None:
    referral = make_referral()
    refused(Decision.objects.create, referral=referral, outcome="declined", by=cast.ina)
    refused(Decision.objects.create, referral=referral, outcome="advised")
    first = Decision.objects.create(referral=referral, outcome="advised", by=cast.ina)
    refused(Decision.objects.create, referral=referral, outcome="advised", by=cast.ina)
    first.undone_at, first.undone_by = timezone.now(), cast.ina
    first.save()
    Decision.objects.create(referral=referral, outcome="withdrawn")


def test_a_colleague_is_named_for_what_the_service_says_and_nobody_for_what_a_referrer_says(cast: Cast) -> None:
    referral = make_referral()
    refused(Exchange.objects.create, referral=referral, direction="to", text="How are they?")
    refused(Exchange.objects.create, referral=referral, direction="from", text="Well.", by=cast.ina)
    refused(Exchange.objects.create, referral=referral, direction="to", text="", by=cast.ina)


def test_a_link_ends_and_a_call_has_a_number(cast: Cast) -> None:
    past = timezone.now() - timedelta(days=1)
    refused(ReferrerLink.objects.create, referral=make_referral(), token_hash="x", until=past)
    refused(AdviceCall.objects.create, name="Hanna", asker="midwife")
    refused(AdviceCall.objects.create, name="Hanna", asker="midwife", phone="+441632960100", answered_by=cast.ina)


@pytest.mark.parametrize("columns", [{"most_age_months": 0}, {"soon_days": 0}, {"return_days": 90}])
def test_rules_that_cannot_be_kept_are_refused(columns: dict[str, int]) -> None:
    refused(IntakeRules.objects.filter(pk=1).update, **columns)


def test_a_referral_is_seen_by_those_who_take_it_in_and_by_whoever_it_is_given_to(cast: Cast) -> None:
    referral = make_referral()

    def who() -> set[str]:
        return {user.get_short_name() for user in cast.everyone if Referral.objects.visible_to(user).exists()}

    assert who() == {"Ina", "Carol"}
    referral.triager = cast.ben
    referral.save()
    assert who() == {"Ina", "Carol", "Ben"}


def test_an_accepted_referral_follows_its_case_and_its_restriction(cast: Cast, family: FamilyInTests) -> None:
    make_referral(state="accepted", case=family.case)
    seen = Referral.objects.visible_to
    assert seen(cast.asha).exists()
    assert not seen(cast.ben).exists()
    restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol], reason="Somebody knows them.")
    assert seen(cast.asha).exists()
    assert not seen(cast.ina).exists(), "it led into a record that is closed to her"


def test_what_the_public_still_writes_is_read_by_nobody_here(cast: Cast) -> None:
    Draft.objects.create(door="self", device_hash="x")
    kept = Draft.objects.create(door="staff", by=cast.ina)
    assert list(Draft.objects.visible_to(cast.carol)) == [kept]
    assert not Draft.objects.visible_to(cast.asha).exists()
