"""The rules by which somebody of a referral is somebody of the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from families.finding.likeness import Facts, Reason
from referrals.matching import Candidate, Caution, as_sent, keys_to_look_for, match

PHONE = frozenset({"+447700900123"})
POSTCODE = frozenset({"M1 1AE"})
SAM = Facts(id="sam", first_name="Sam", last_name="Example", date_of_birth=date(1995, 4, 3), phones=PHONE)
ROWAN = Facts(id="rowan", child=True, first_name="Rowan", last_name="Example", date_of_birth=date(2026, 3, 1))
DUE = date(2027, 1, 10)
UNBORN = Facts(id="unborn", child=True, expected_on=DUE)
NUMBER, ANOTHER = "9434765919", "9434765870"


def home(*members: Facts, name: str = "A") -> list[Facts]:
    """A household of the record."""
    members = tuple(replace(each, id=f"{name}:{each.id}", families=frozenset({name})) for each in members)
    return as_sent([each for each in members if not each.child], [each for each in members if each.child])


def sent(*members: Facts) -> list[Facts]:
    return as_sent([each for each in members if not each.child], [each for each in members if each.child])


def first(found: Any, key: str) -> Candidate:
    assert found[key], "nobody was found"
    candidate: Candidate = found[key][0]
    return candidate


def test_the_same_nhs_number_is_the_same_person_whatever_the_name_is_now() -> None:
    known = home(replace(SAM, nhs_number=NUMBER, last_name="Other", phones=frozenset()))
    candidate = first(match(sent(replace(SAM, nhs_number=NUMBER)), known), "sam")
    assert candidate.matched
    assert candidate.reasons[0] == Reason.NHS


def test_another_nhs_number_is_never_the_same_person() -> None:
    known = home(replace(SAM, nhs_number=ANOTHER), ROWAN)
    found = match(sent(replace(SAM, nhs_number=NUMBER), ROWAN), known)
    assert not found["sam"]
    assert not found["rowan"]  # and nobody is reached through them


def test_a_number_that_name_and_birth_contradict_is_shown_and_not_settled() -> None:
    known = home(replace(SAM, first_name="Kit", nhs_number=NUMBER, date_of_birth=date(1980, 1, 1)))
    assert first(match(sent(replace(SAM, nhs_number=NUMBER)), known), "sam").cautions == (Caution.CONTRADICTED,)


def test_a_number_given_for_two_settles_neither() -> None:
    known = home(replace(SAM, nhs_number=NUMBER))
    kit = replace(SAM, id="kit", first_name="Kit", nhs_number=NUMBER)
    found = match(sent(replace(SAM, nhs_number=NUMBER), kit), known)
    assert Caution.NUMBER_TWICE in first(found, "sam").cautions
    assert not any(each.matched for some in found.values() for each in some)


@pytest.mark.parametrize(
    "reached", [{"phones": PHONE}, {"emails": frozenset({"sam@example.org"})}, {"postcodes": POSTCODE}]
)
def test_an_adult_is_known_by_name_birth_and_one_way_to_be_reached(reached: dict[str, Any]) -> None:
    bare = replace(SAM, phones=frozenset())
    assert first(match(sent(replace(bare, **reached)), home(replace(bare, **reached))), "sam").matched
    assert first(match(sent(bare), home(bare)), "sam").cautions == (Caution.FACTS,)


def test_a_misspelt_name_needs_a_phone_or_an_email() -> None:
    assert first(match(sent(replace(SAM, last_name="Exampel")), home(SAM)), "sam").matched
    here = replace(SAM, phones=frozenset(), postcodes=POSTCODE)
    found = match(sent(replace(here, last_name="Exampel")), home(here))
    assert first(found, "sam").cautions == (Caution.SPELLING,)


def test_somebody_who_married_since_is_shown() -> None:
    assert first(match(sent(replace(SAM, last_name="Pepperwood")), home(SAM)), "sam").cautions == (Caution.SURNAME,)


def test_a_mother_and_daughter_of_one_name_at_one_address_are_two() -> None:
    here = replace(SAM, postcodes=POSTCODE)
    assert not match(sent(here), home(replace(here, date_of_birth=date(1970, 7, 1))))["sam"]


def test_two_records_of_one_person_settle_nothing() -> None:
    known = [*home(SAM, ROWAN), *home(SAM, name="B")]
    found = match(sent(SAM, ROWAN), known)
    assert [each.cautions for each in found["sam"]] == [(Caution.SEVERAL,)] * 2
    assert first(found, "rowan").cautions == (Caution.FACTS,)


def test_two_of_the_referral_who_are_one_of_the_record_settle_nothing() -> None:
    found = match(sent(SAM, replace(SAM, id="again")), home(SAM))
    assert [first(found, key).cautions for key in ("sam", "again")] == [(Caution.TWICE,)] * 2


def test_an_infant_is_reached_only_through_a_caregiver_or_a_number() -> None:
    assert first(match(sent(SAM, ROWAN), home(SAM, ROWAN)), "rowan").matched
    kit = replace(SAM, id="kit", first_name="Kit", phones=frozenset(), date_of_birth=date(1990, 1, 1))
    assert not match(sent(kit, ROWAN), home(SAM, ROWAN))["rowan"]
    numbered = replace(ROWAN, nhs_number=NUMBER)
    assert first(match(sent(kit, numbered), home(SAM, numbered)), "rowan").matched
    assert not match(sent(SAM, numbered), home(SAM, replace(ROWAN, nhs_number=ANOTHER)))["rowan"]


def test_an_infant_through_a_caregiver_who_is_only_alike_is_shown() -> None:
    bare = replace(SAM, phones=frozenset())
    assert first(match(sent(bare, ROWAN), home(bare, ROWAN)), "rowan").cautions == (Caution.FACTS,)


def test_an_aunt_who_is_known_leads_to_no_child() -> None:
    kit = replace(SAM, id="kit", first_name="Kit", date_of_birth=None, phones=frozenset())
    people = as_sent([kit], [ROWAN], others=[SAM])
    found = match(people, home(SAM, ROWAN))
    assert first(found, "sam").matched
    assert not found["rowan"]


def test_a_brother_or_sister_is_never_the_same() -> None:
    assert not match(sent(SAM, replace(ROWAN, date_of_birth=date(2024, 3, 1))), home(SAM, ROWAN))["rowan"]


@pytest.mark.parametrize("name", ["", "Rowena", "Bowan"])
def test_a_child_of_the_same_day_with_another_or_no_name_may_be_a_twin(name: str) -> None:
    found = match(sent(SAM, replace(ROWAN, first_name=name)), home(SAM, ROWAN))
    assert not any(each.matched for each in found["rowan"])


TWIN = replace(ROWAN, id="twin", first_name="Robin", date_of_birth=date(2026, 3, 2))  # after midnight


@pytest.mark.parametrize(
    ("here", "there"), [((ROWAN, TWIN), (ROWAN, TWIN)), ((ROWAN,), (ROWAN, TWIN)), ((ROWAN, TWIN), (ROWAN,))]
)
def test_of_twins_somebody_says_which_is_which(here: tuple[Facts, ...], there: tuple[Facts, ...]) -> None:
    found = match(sent(SAM, *here), home(SAM, *there))
    assert Caution.TOGETHER in first(found, "rowan").cautions
    assert not any(each.matched for child in here for each in found[child.id])


def test_twins_are_told_apart_by_a_number_and_the_name_that_goes_with_it() -> None:
    rowan, twin = replace(ROWAN, nhs_number=NUMBER), replace(TWIN, nhs_number=ANOTHER)
    found = match(sent(SAM, rowan, twin), home(SAM, rowan, twin))
    assert first(found, "rowan").matched
    assert first(found, "twin").matched
    mixed = sent(SAM, replace(rowan, nhs_number=ANOTHER), replace(twin, nhs_number=NUMBER))
    found = match(mixed, home(SAM, rowan, twin))
    assert not any(each.matched for key in ("rowan", "twin") for each in found[key])


@pytest.mark.parametrize(("days", "same"), [(0, True), (28, True), (29, False), (-28, True), (-29, False)])
def test_an_unborn_infant_is_known_by_caregiver_and_expected_dates_within_28_days(days: int, same: bool) -> None:
    later = replace(UNBORN, expected_on=DUE + timedelta(days=days))
    found = match(sent(SAM, later), home(SAM, UNBORN))["unborn"]
    assert any(each.matched for each in found) is same
    assert not match(sent(later), home(SAM, UNBORN))["unborn"]


def test_unborn_twins_are_never_settled() -> None:
    other = replace(UNBORN, id="other")
    found = match(sent(SAM, UNBORN, other), home(SAM, UNBORN, other))
    assert found["unborn"]
    assert not any(each.matched for key in ("unborn", "other") for each in found[key])


def test_an_infant_born_since_is_shown_and_not_settled() -> None:
    born = replace(UNBORN, expected_on=None, first_name="Rowan", date_of_birth=DUE - timedelta(days=9))
    assert first(match(sent(SAM, UNBORN), home(SAM, born)), "unborn").cautions == (Caution.BORN_SINCE,)


def test_a_baby_to_come_is_never_taken_for_one_who_died() -> None:
    found = match(sent(SAM, UNBORN), home(SAM, UNBORN), gone={"A:unborn"})
    assert first(found, "unborn").cautions == (Caution.DIED,)
    assert first(found, "sam").matched


def test_people_are_looked_for_by_what_the_rules_read() -> None:
    assert keys_to_look_for([SAM, replace(ROWAN, nhs_number=NUMBER)]) == {
        ("phone", "+447700900123"),
        ("born", "1995-04-03"),
        ("nhs", NUMBER),
    }
