"""Who of the record stands beside a referral, and what is said of a record that the reader may not open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from families import actions
from families.finding.likeness import Facts
from families.models import Case, Membership, Person
from referrals.beside import ASK_THE_LEAD, Beside, known_people
from referrals.matching import as_sent
from tests.cast import Cast, FamilyInTests, make_family

PHONE = "+447700900123"


@pytest.fixture
def referred() -> list[Facts]:
    """Sam and Rowan again, with another grandparent."""
    sam = Facts(
        id="caregiver-1",
        first_name="Sam",
        last_name="Example",
        date_of_birth=date(1995, 4, 3),
        phones=frozenset({PHONE}),
    )
    gran = Facts(id="caregiver-2", first_name="Joan", last_name="Elsewhere", date_of_birth=date(1961, 5, 6))
    rowan = Facts(
        id="infant-1", child=True, first_name="Rowan", date_of_birth=timezone.localdate() - timedelta(weeks=11)
    )
    return as_sent([sam, gran], [rowan])


@pytest.fixture
def known(family: FamilyInTests) -> FamilyInTests:
    family.sam.phone = PHONE
    family.sam.save()
    return family


def restrict(cast: Cast, family: FamilyInTests) -> None:
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol], reason="A colleague.")


def test_those_who_are_known_are_found_with_the_reason_and_their_family(
    cast: Cast, known: FamilyInTests, referred: list[Facts]
) -> None:
    beside = known_people(cast.ina, referred)
    assert {key: each.person for key, each in beside.settled.items()} == {
        "caregiver-1": known.sam,
        "infant-1": known.rowan,
    }
    (sam,) = beside.people["caregiver-1"]
    assert sam.why == "the same name, the same date of birth, the same phone"
    assert sam.families == ((known.family.pk, known.family.reference),)
    assert beside.people["caregiver-2"] == ()
    assert not beside.ask_the_lead


def test_nobody_is_found_for_a_family_that_is_new(cast: Cast, referred: list[Facts]) -> None:
    assert known_people(cast.ina, referred) == Beside({each.id: () for each in referred})
    assert known_people(cast.ina, as_sent([Facts(id="caregiver-1", first_name="Sam")], [])).people == {
        "caregiver-1": ()
    }


def test_of_a_restricted_record_there_is_nothing_but_to_ask(
    cast: Cast, known: FamilyInTests, referred: list[Facts]
) -> None:
    restrict(cast, known)
    beside = known_people(cast.ina, referred)
    assert beside.ask_the_lead
    assert beside.people == {"caregiver-1": (), "caregiver-2": (), "infant-1": ()}
    assert beside.kept_back == {known.family.pk}
    assert str(known.family.pk) not in repr(beside)
    for told in (known.family.reference, "Sam", "restricted"):
        assert told not in ASK_THE_LEAD
    named = known_people(cast.asha, referred)
    assert not named.ask_the_lead
    assert "caregiver-1" in named.settled


def test_somebody_who_has_a_restricted_record_too_settles_nothing_and_shows_the_open_one_alone(
    cast: Cast, known: FamilyInTests, referred: list[Facts]
) -> None:
    open_one = make_family(cast.asha)
    open_one.rowan.first_name, open_one.rowan.date_of_birth = "Wren", date(2025, 1, 1)
    open_one.rowan.save()
    open_one.sam.first_name = "Kit"
    open_one.sam.save()
    Membership.objects.create(
        person=known.sam, family=open_one.family, relationship=Membership.Relationship.OTHER, lives_with_infant=False
    )
    restrict(cast, known)
    beside = known_people(cast.ina, referred)
    assert beside.ask_the_lead
    assert not beside.settled
    assert beside.people["infant-1"] == ()
    assert [each.families for each in beside.people["caregiver-1"]] == [
        ((open_one.family.pk, open_one.family.reference),)
    ]


def test_a_manager_asks_about_a_record_of_another_team(cast: Cast, referred: list[Facts]) -> None:
    there = make_family(cast.ben)
    there.sam.phone = PHONE
    there.sam.save()
    beside = known_people(cast.carol, referred)
    assert beside.ask_the_lead
    assert not beside.people["caregiver-1"]
    assert not known_people(cast.ina, referred).ask_the_lead


def test_somebody_who_died_is_shown_and_never_settled(cast: Cast, known: FamilyInTests, referred: list[Facts]) -> None:
    Person.objects.filter(pk=known.rowan.pk).update(lost=Person.Lost.DIED)
    beside = known_people(cast.ina, referred)
    assert "infant-1" not in beside.settled
    assert beside.people["infant-1"][0].why_not == "Died"


def test_the_number_of_queries_does_not_grow_with_who_is_found(
    cast: Cast, known: FamilyInTests, referred: list[Facts]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            known_people(cast.ina, referred)
        return len(asked)

    before = queries()
    assert before == 6
    for _ in range(3):
        another = make_family(cast.asha)
        another.sam.phone = PHONE
        another.sam.save()
    assert len(known_people(cast.ina, referred).people["caregiver-1"]) == 4
    assert queries() == before
    assert Case.objects.count() == 4
