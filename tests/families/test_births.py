"""A birth of one baby or more: the same people go on, and twins are kept apart from the first day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions
from families.actions import Birth, InfantFacts
from families.consent import Purpose, Standing, standings
from families.models import Membership, Person
from families.queries import case_header
from tests.cast import Cast, FamilyInTests, give_consent

SignedIn = Callable[[User], Client]


def parts(name: str, on: date) -> dict[str, Any]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture
def expected(cast: Cast, family: FamilyInTests) -> Person:
    """Somebody who is to come into Rowan's family in two weeks."""
    due = timezone.localdate() + timedelta(weeks=2)
    facts = InfantFacts(last_name="Test", expected_on=due)
    return actions.add_person(by=cast.asha, case=family.case, kind=Person.Kind.INFANT, facts=facts)


def born_url(family: FamilyInTests, person: Person) -> str:
    return reverse("families:person-born", kwargs={"case": family.case.pk, "person": person.pk})


def test_an_expected_baby_turns_out_to_be_two(
    cast: Cast, family: FamilyInTests, expected: Person, signed_in: SignedIn
) -> None:
    today = timezone.localdate()
    answer = signed_in(cast.asha).post(
        born_url(family, expected),
        {
            **parts("date_of_birth", today),
            "first_name": "Ida",
            "baby2-born_too": "on",
            "baby2-birth_order": "1",
            "baby2-first_name": "Bo",
        },
    )
    assert answer.status_code == 302
    ida, bo = Person.objects.get(pk=expected.pk), Person.objects.get(first_name="Bo")
    assert (ida.first_name, ida.birth_order, ida.date_of_birth) == ("Ida", 2, today)
    assert (bo.last_name, bo.birth_order, bo.date_of_birth, bo.expected_on) == ("Test", 1, today, expected.expected_on)
    assert Membership.objects.get(person=bo).family == family.family
    assert set(family.case.people.infants()) == {family.rowan, ida, bo}
    assert AuditEvent.objects.filter(verb="person.born").count() == 2
    assert AuditEvent.objects.filter(verb="person.added", subject_id=str(bo.pk)).exists()


def test_both_twins_were_expected_and_each_stays_who_they_are(
    cast: Cast, family: FamilyInTests, expected: Person, signed_in: SignedIn
) -> None:
    facts = InfantFacts(last_name="Test", expected_on=expected.expected_on)
    other = actions.add_person(by=cast.asha, case=family.case, kind=Person.Kind.INFANT, facts=facts)
    expected.refresh_from_db()
    assert [expected.short_name, other.short_name] == ["Baby 1", "Baby 2"]
    client = signed_in(cast.asha)
    page = client.get(born_url(family, expected)).content.decode()
    assert "Baby 2 was born too" in page
    client.post(
        born_url(family, expected),
        {
            **parts("date_of_birth", timezone.localdate()),
            "first_name": "Ida",
            "gestation_days": "38",
            "baby2-born_too": "on",
            "baby2-birth_order": "2",
            "baby2-first_name": "Bo",
        },
    )
    other.refresh_from_db()
    assert (other.first_name, other.birth_order, other.gestation_days) == ("Bo", 2, 266)
    assert Person.objects.infants().count() == 3


def test_a_twin_of_whom_nothing_is_said_changes_nothing(
    cast: Cast, family: FamilyInTests, expected: Person, signed_in: SignedIn
) -> None:
    data = {**parts("date_of_birth", timezone.localdate()), "first_name": "Ida", "baby2-first_name": "Half"}
    assert signed_in(cast.asha).post(born_url(family, expected), data).status_code == 302
    assert Person.objects.infants().count() == 2
    assert Person.objects.get(pk=expected.pk).birth_order is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"baby2-first_name": ""}, "Enter the baby’s first name"),
        (
            {"baby2-birth_order": "2", "baby3-born_too": "on", "baby3-first_name": "Wren", "baby3-birth_order": "2"},
            "Two",
        ),
        ({"gestation_days": "soon"}, "like 34+2"),
        ({"baby2-nhs_number": "999 000 0000"}, "Check the NHS number"),
    ],
)
def test_a_slip_in_a_birth_is_said_and_nothing_typed_is_lost(
    changed: dict[str, str], words: str, cast: Cast, family: FamilyInTests, expected: Person, signed_in: SignedIn
) -> None:
    data = {
        **parts("date_of_birth", timezone.localdate()),
        "first_name": "Ida",
        "baby2-born_too": "on",
        "baby2-birth_order": "2",
        "baby2-first_name": "Bo",
        **changed,
    }
    answer = signed_in(cast.asha).post(born_url(family, expected), data)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert words in said
    assert 'value="Ida"' in said
    assert Person.objects.get(pk=expected.pk).unborn


def test_twins_keep_their_consents_apart(cast: Cast, family: FamilyInTests, expected: Person) -> None:
    today = timezone.localdate()
    ida, bo = actions.record_births(
        by=cast.asha,
        case=family.case,
        births=[Birth(expected, today, "Ida", birth_order=1), Birth(None, today, "Bo", birth_order=2)],
    )
    give_consent(ida, Purpose.FILM, by=cast.asha, decided_by=family.sam)
    now = standings([ida, bo], [Purpose.FILM])
    assert now[ida.pk, Purpose.FILM].standing == Standing.GIVEN
    assert now[bo.pk, Purpose.FILM].standing == Standing.NOT_ASKED


def test_nobody_is_born_twice_or_tomorrow(cast: Cast, family: FamilyInTests, expected: Person) -> None:
    today = timezone.localdate()
    for births in (
        [Birth(family.rowan, today, "Rowan")],
        [Birth(expected, today + timedelta(days=1), "Ida")],
        [Birth(expected, today, "Ida", birth_order=1), Birth(None, today, "Bo", birth_order=1)],
    ):
        with pytest.raises(ValidationError):
            actions.record_births(by=cast.asha, case=family.case, births=births)
    assert Person.objects.get(pk=expected.pk).unborn


def test_the_header_says_both_ages_of_an_early_baby(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    family.rowan.gestation_days = 35 * 7
    family.rowan.save()
    page = signed_in(cast.asha).get(reverse("families:people", kwargs={"case": family.case.pk})).content.decode()
    assert "11 weeks (6 weeks corrected)" in page
    assert "at 35 weeks" in page
    assert case_header(family.case, cast.asha).infants[0].age == "11 weeks (6 weeks corrected)"
