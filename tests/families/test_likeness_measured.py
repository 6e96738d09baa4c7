"""How well two records of one person are known for what they are, measured on a made-up town."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from families.finding.likeness import Facts, Reason, compare
from tests.families.made_people import Town, make_town


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town()


@pytest.fixture(scope="module")
def told(town: Town) -> dict[frozenset[int], int]:
    """Every pair that is worth asking about, with its score; all pairs of adults, and all pairs of children."""
    return {
        frozenset({one.id, other.id}): alike.score
        for some in ([each for each in town.people if not each.child], [each for each in town.people if each.child])
        for one, other in combinations(some, 2)
        if (alike := compare(one, other))
    }


def test_of_those_called_likely_nearly_all_are_the_same(town: Town, told: dict[frozenset[int], int]) -> None:
    likely = {pair for pair, score in told.items() if score >= 80}
    right = likely & town.truth
    assert len(town.people) > 1800
    assert len(town.truth) > 150
    assert len(right) / len(likely) >= 0.99, (len(right), len(likely))
    assert len(right) / len(town.truth) >= 0.65, (len(right), len(town.truth))


def test_of_those_asked_about_most_are_the_same_and_few_are_missed(town: Town, told: dict[frozenset[int], int]) -> None:
    right = told.keys() & town.truth
    assert len(right) / len(told) >= 0.97, (len(right), len(told))
    assert len(right) / len(town.truth) >= 0.75, (len(right), len(town.truth))


def test_twins_brothers_and_sisters_are_never_proposed(town: Town, told: dict[frozenset[int], int]) -> None:
    assert len(town.siblings) > 150
    assert not told.keys() & town.siblings


SAM = Facts(id=1, first_name="Sam", last_name="Example", date_of_birth=date(1995, 4, 3), families=frozenset({"A"}))
ROWAN = Facts(id=2, child=True, first_name="Rowan", date_of_birth=date(2026, 3, 1), families=frozenset({"A"}))


def test_an_nhs_number_decides_either_way() -> None:
    one = replace(SAM, nhs_number="9434765919")
    assert compare(one, replace(SAM, id=9, first_name="Kit", last_name="Other", nhs_number="9434765919")).score == 100
    assert not compare(one, replace(SAM, id=9, nhs_number="9434765870"))


def test_an_adult_is_likely_by_name_birth_and_one_way_to_reach_them_and_possible_without_it() -> None:
    again = replace(SAM, id=9, first_name="Samm", families=frozenset({"B"}))
    assert not compare(SAM, again)
    assert compare(SAM, replace(again, first_name="Sam")).score == 60
    for reached in ({"phones": frozenset({"1"})}, {"emails": frozenset({"e"})}, {"postcodes": frozenset({"M1 1AE"})}):
        assert compare(replace(SAM, **reached), replace(again, **reached)).likely


def test_a_mother_and_daughter_of_one_name_at_one_address_are_two() -> None:
    reached = {"phones": frozenset({"1"}), "postcodes": frozenset({"M1 1AE"})}
    daughter = replace(SAM, id=9, date_of_birth=date(2019, 7, 20), **reached)
    assert not compare(replace(SAM, **reached), daughter)


def test_an_earlier_surname_counts() -> None:
    married = replace(SAM, id=9, last_name="Pepperwood", earlier_surnames=frozenset({"Example"}))
    alike = compare(replace(SAM, phones=frozenset({"1"})), replace(married, phones=frozenset({"1"})))
    assert alike.likely
    assert Reason.EARLIER in alike.reasons


def test_an_infant_is_the_same_only_through_a_caregiver_or_an_nhs_number() -> None:
    again = replace(ROWAN, id=9, families=frozenset({"B"}))
    assert not compare(ROWAN, again)
    sam = replace(SAM, phones=frozenset({"1"}))
    same = replace(again, caregivers=(replace(sam, id=8),))
    assert compare(replace(ROWAN, caregivers=(sam,)), same).likely
    assert not compare(replace(ROWAN, caregivers=(sam,)), replace(same, date_of_birth=date(2026, 3, 2)))


@pytest.mark.parametrize(("days", "same"), [(0, True), (28, True), (29, False), (-28, True)])
def test_an_unborn_infant_is_the_same_through_a_caregiver_and_expected_dates_within_28_days(
    days: int, same: bool
) -> None:
    due = date(2027, 1, 10)
    one = Facts(id=2, child=True, expected_on=due, families=frozenset({"A"}), caregivers=(SAM,))
    other = replace(one, id=3, families=frozenset({"B"}), expected_on=due + timedelta(days=days))
    assert bool(compare(one, other)) is same
    assert not compare(one, replace(other, caregivers=()))


def test_one_of_twins_is_the_same_as_their_other_record_only_by_their_own_first_name() -> None:
    ada = replace(ROWAN, id=2, first_name="Ada", caregivers=(SAM,))
    ida = replace(ada, id=3, first_name="Ida")
    ada, ida = replace(ada, other_children=(ida,)), replace(ida, other_children=(ada,))
    again = replace(ada, id=9, families=frozenset({"B"}), other_children=())
    assert not compare(ada, ida)
    assert compare(ada, again)
    assert not compare(ida, again)
    assert not compare(ada, replace(again, first_name=""))
    assert not compare(ada, replace(again, first_name="Adda"))


def test_likeness_does_not_depend_on_who_is_asked_first(town: Town, told: dict[frozenset[int], int]) -> None:
    people = {each.id: each for each in town.people}
    for pair, score in told.items():
        one, other = sorted(pair)
        assert compare(people[other], people[one]).score == score
