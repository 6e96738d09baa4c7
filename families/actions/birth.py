"""A baby is born: one, or more than one out of a pregnancy in which one was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.actions.case import InfantFacts
from families.actions.people import join, tell_of_everything
from families.models import Case, Person


@dataclass(frozen=True)
class Birth:
    """One baby of a birth. ``person`` is the baby who was expected; None: nobody knew of this one."""

    person: Person | None
    date_of_birth: date
    first_name: str = ""
    last_name: str = ""
    known_as: str = ""
    nhs_number: str = ""
    gestation_days: int | None = None
    birth_order: int | None = None


@transaction.atomic
def record_births(*, by: User, case: Case, births: Sequence[Birth]) -> list[Person]:
    """Write down a birth of one baby or more. The first of ``births`` is of somebody who was expected.

    Each expected baby stays the same person, with notes and scores; the expected date stays, because gestation at
    birth is worked out from it. Agreements made before the birth are asked again (``families.consent``), of each
    twin apart.
    """
    _check(births)
    last_name, expected_on = "", None
    if (expected := births[0].person) is not None:
        last_name, expected_on = expected.last_name, expected.expected_on
    babies = [_born(by, case, birth, last_name, expected_on) for birth in births]
    for baby in babies:
        tell_of_everything(baby)
    return babies


def record_birth(*, by: User, case: Case, person: Person, date_of_birth: date, **facts: str) -> Person:
    """One expected baby was born."""
    return record_births(by=by, case=case, births=[Birth(person, date_of_birth, **facts)])[0]  # type: ignore[arg-type]


def _check(births: Sequence[Birth]) -> None:
    for birth in births:
        if birth.person is not None and not birth.person.unborn:
            raise ValidationError(f"The birth of {birth.person.short_name} is already recorded.")
        if birth.date_of_birth > timezone.localdate():
            raise ValidationError({"date_of_birth": "Date of birth must be today or in the past"})
    orders = [birth.birth_order for birth in births if birth.birth_order]
    if len(orders) != len(set(orders)):
        raise ValidationError({"birth_order": "Two babies cannot have been born in the same place. Change one"})


def _born(by: User, case: Case, birth: Birth, last_name: str, expected_on: date | None) -> Person:
    person = birth.person
    if person is None:
        facts = InfantFacts(
            expected_on=expected_on,
            date_of_birth=birth.date_of_birth,
            first_name=birth.first_name,
            last_name=birth.last_name or last_name,
            known_as=birth.known_as,
            nhs_number=birth.nhs_number,
        )
        person = join(case.family, Person.Kind.INFANT, facts)
        case.people.add(person)
        audit(
            by=by,
            verb="person.added",
            subject=person,
            family_id=case.family_id,
            case_id=case.pk,
            kind=Person.Kind.INFANT,
        )
    person.date_of_birth = birth.date_of_birth
    for name in ("first_name", "last_name", "known_as", "nhs_number", "gestation_days", "birth_order"):
        if value := getattr(birth, name):
            setattr(person, name, value)
    person.full_clean()
    person.save()
    audit(by=by, verb="person.born", subject=person, family_id=case.family_id, case_id=case.pk)
    return person
