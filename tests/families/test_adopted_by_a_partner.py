"""A step-parent adopts: the parent whose partner they are keeps parental responsibility, and adopts nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import actions
from families.consent import Standing
from families.models import LegalStatus, Membership, Person
from families.responsibility import holders
from tests.cast import Cast, FamilyInTests
from tests.families.test_consent_rules import add_second_parent, record, standing
from tests.families.test_households import parts

SignedIn = Callable[[User], Client]


@pytest.fixture
def alex(family: FamilyInTests) -> Person:
    """Sam's wife, who adopts Rowan; Nan's place becomes that of the other birth parent, whom the order ends."""
    Membership.objects.filter(person=family.nan).update(relationship="non_birth_parent", parental_responsibility="yes")
    alex = add_second_parent(family)
    Membership.objects.filter(person=alex).update(relationship="adoptive_parent")
    return alex


def adopted(cast: Cast, family: FamilyInTests, *, keeps: Person | None) -> LegalStatus:
    return actions.add_legal_status(
        by=cast.asha, case=family.case, child=family.rowan, kind="adopted", from_on=timezone.localdate(), keeps=keeps
    )


def test_the_partner_of_whoever_adopts_keeps_it_and_the_other_parent_does_not(
    cast: Cast, family: FamilyInTests, alex: Person
) -> None:
    assert set(holders(family.rowan)) == {family.sam, family.nan, alex}
    record(cast, family.rowan, family.sam)
    record(cast, family.rowan, family.nan)
    adopted(cast, family, keeps=family.sam)
    assert set(holders(family.rowan)) == {family.sam, alex}
    assert family.sam.memberships.get().relationship == "birth_parent", "nobody is entered as what they are not"
    assert standing(family.rowan) == Standing.GIVEN, "what Sam said counts as before"
    with pytest.raises(ValidationError, match="does not have parental responsibility"):
        record(cast, family.rowan, family.nan)


def test_without_the_answer_the_adoptive_parents_alone_hold_it(cast: Cast, family: FamilyInTests, alex: Person) -> None:
    record(cast, family.rowan, family.sam)
    adopted(cast, family, keeps=None)
    assert holders(family.rowan) == [alex]
    assert standing(family.rowan) == Standing.NOT_ASKED


def test_a_parent_who_did_not_hold_it_gains_nothing_by_it(cast: Cast, family: FamilyInTests, alex: Person) -> None:
    Membership.objects.filter(person=family.sam).update(parental_responsibility="no")
    adopted(cast, family, keeps=family.sam)
    assert holders(family.rowan) == [alex]


def test_an_order_that_was_entered_in_error_leaves_everybody_as_they_were(
    cast: Cast, family: FamilyInTests, alex: Person
) -> None:
    before = holders(family.rowan)
    order = adopted(cast, family, keeps=None)
    order.struck_at, order.struck_by, order.struck_reason = timezone.now(), cast.asha, "Of another child"
    order.save()
    assert holders(family.rowan) == before
    assert not order.is_current


def test_it_is_asked_where_an_adoption_is_written_down(
    cast: Cast, family: FamilyInTests, alex: Person, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    url = reverse("families:legal-add", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    assert "adopted by the partner of a parent" in client.get(url).content.decode()
    day = parts("from_on", timezone.localdate() - timedelta(days=1))
    refused = client.post(url, {"kind": "adopted", "keeps": str(alex.pk), **day})
    assert "Select" in refused.content.decode()
    client.post(url, {"kind": "s20", "keeps": str(family.sam.pk), **day})
    assert LegalStatus.objects.get(kind="s20").keeps is None, "no other order has the question"
    client.post(url, {"kind": "adopted", "keeps": str(family.sam.pk), **day})
    order = LegalStatus.objects.get(kind="adopted")
    assert order.keeps == family.sam
    shown = client.get(reverse("families:person", kwargs={"case": family.case.pk, "person": family.rowan.pk}))
    assert "Sam keeps parental responsibility" in shown.content.decode()
    edit = reverse("families:legal-edit", kwargs={"case": family.case.pk, "legal": order.pk})
    client.post(edit, {"kind": "adopted", "keeps": "", **day})
    order.refresh_from_db()
    assert order.keeps is None
    assert order.history.count() == 2


def test_only_a_parent_of_the_family_can_be_the_partner(cast: Cast, family: FamilyInTests, alex: Person) -> None:
    with pytest.raises(ValidationError, match="not a parent in this family"):
        adopted(cast, family, keeps=alex)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalStatus.objects.create(
            child=family.rowan, kind="s20", from_on=timezone.localdate(), keeps=family.sam, recorded_by=cast.asha
        )
