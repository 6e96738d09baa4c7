"""The list of people who may be in the record twice: whom it finds, and that it stays quick in a large record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from families.actions.merge import merge_people
from families.finding import duplicates
from families.finding.likeness import Facts, Likeness, compare
from families.models import Person
from tests.cast import Cast, FamilyInTests, make_family

MOST_QUERIES = 12


@pytest.fixture
def twice(cast: Cast, family: FamilyInTests) -> FamilyInTests:
    """The same household, written down a second time by the same team; only the grandmother is somebody else."""
    twice = make_family(cast.asha)
    twice.nan.first_name, twice.nan.known_as, twice.nan.date_of_birth = "Alex", "", date(1958, 2, 1)
    twice.nan.save()
    for person in (family.sam, twice.sam):
        person.phone = "+447700900123"
        person.save()
    return twice


def listed(cast: Cast) -> set[frozenset[object]]:
    return {frozenset({pair.one.pk, pair.other.pk}) for pair in duplicates.pairs(cast.ina)}


def test_a_caregiver_and_through_them_their_child_are_listed(
    cast: Cast, family: FamilyInTests, twice: FamilyInTests
) -> None:
    assert listed(cast) == {frozenset({family.sam.pk, twice.sam.pk}), frozenset({family.rowan.pk, twice.rowan.pk})}


def test_a_child_is_still_listed_once_the_caregivers_records_are_one(
    cast: Cast, family: FamilyInTests, twice: FamilyInTests
) -> None:
    merge_people(by=cast.ina, kept=family.sam, gone=twice.sam, choices={})
    grandmother = Person.objects.create(
        kind="caregiver", first_name="Sam", last_name="Example", date_of_birth=family.sam.date_of_birth
    )
    grandmother.memberships.create(family=family.family, relationship="grandparent", parental_responsibility="no")
    assert frozenset({family.rowan.pk, twice.rowan.pk}) in listed(cast)


def test_a_child_with_the_same_nhs_number_is_listed_whoever_cares_for_them(cast: Cast, family: FamilyInTests) -> None:
    other = make_family(cast.asha)
    for person in (other.sam, other.nan):
        person.first_name, person.known_as, person.date_of_birth = "Kit", "", None
        person.save()
    for child in (family.rowan, other.rowan):
        child.nhs_number, child.nhs_number_status = "9434765919", "01"
        child.save()
    assert frozenset({family.rowan.pk, other.rowan.pk}) in listed(cast)


def test_children_are_compared_through_their_caregivers_and_not_by_the_month_alone(
    cast: Cast, family: FamilyInTests, twice: FamilyInTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(listed(cast))
    for number in range(12):  # as many babies of one month, whose caregivers have a namesake born on the same day
        more = make_family(cast.asha)
        more.rowan.first_name, more.rowan.date_of_birth = "Wren", timezone.localdate() - timedelta(weeks=11)
        more.rowan.save()
        more.sam.first_name, more.sam.last_name = ("Kit", "Robin")[number % 2], f"Made{number // 2}"
        more.sam.date_of_birth = date(1990, 1, 1 + number // 2)
        more.nan.date_of_birth = None
        more.sam.save()
        more.nan.save()
    compared: list[bool] = []

    def counted(one: Facts, other: Facts) -> Likeness:
        compared.append(one.child)
        return compare(one, other)

    monkeypatch.setattr(duplicates, "compare", counted)
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(cast)) == before
    assert len(queries) <= MOST_QUERIES
    assert sum(compared) == 1
