"""Who is in a family: added, changed, born."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families import registry
from families.actions.needs import first_need
from families.models import Case, ConsentWording, Family, Membership, Person

Relationship = Membership.Relationship
Responsibility = Membership.ParentalResponsibility

PERSON_FIELDS = (
    "first_name",
    "last_name",
    "known_as",
    "pronouns",
    "date_of_birth",
    "expected_on",
    "nhs_number",
    "language",
    "interpreter_needed",
    "interpreter_note",
)
FIRST_FIELDS = ("communication_needs", "phone", "email")  # asked while adding; later they have pages of their own
MEMBERSHIP_FIELDS = ("relationship", "relationship_word", "parental_responsibility", "lives_with_infant")


@dataclass(frozen=True)
class CaregiverFacts:
    """What is known of somebody who cares for the infant, or another person of the household."""

    first_name: str
    last_name: str = ""
    known_as: str = ""
    kind: str = Person.Kind.CAREGIVER
    relationship: str = Relationship.OTHER
    relationship_word: str = ""
    parental_responsibility: str = Responsibility.UNKNOWN
    lives_with_infant: bool | None = None
    pronouns: str = ""
    date_of_birth: date | None = None
    expected_on: date | None = None
    nhs_number: str = ""
    language: str = ""
    interpreter_needed: bool = False
    interpreter_note: str = ""
    communication_needs: str = ""
    phone: str = ""
    email: str = ""


def _values(facts: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in names}


def join(family: Family, kind: str, facts: Any) -> Person:
    """Make a person and tie them to a family, in the caller's transaction. Raises ValidationError."""
    first = {name: getattr(facts, name, "") for name in FIRST_FIELDS}
    person = Person(kind=kind, **_values(facts, PERSON_FIELDS), **first)
    person.full_clean()
    person.save()
    membership = Membership(person=person, family=family, **_values(facts, MEMBERSHIP_FIELDS))
    membership.full_clean(exclude=["person", "family"])
    membership.save()
    return person


@transaction.atomic
def add_person(*, by: User, case: Case, kind: str, facts: Any) -> Person:
    """Add somebody to the family and to this case; ``facts`` is an ``InfantFacts`` or a ``CaregiverFacts``."""
    person = join(case.family, kind, facts)
    case.people.add(person)
    first_need(by=by, person=person)
    audit(by=by, verb="person.added", subject=person, family_id=case.family_id, case_id=case.pk, kind=kind)
    return person


@transaction.atomic
def edit_person(*, by: User, case: Case, person: Person, changes: dict[str, Any]) -> Person:
    """Change what is known of somebody; ``changes`` maps fields of the person or their membership to values.

    When parental responsibility changes, whoever holds the family's films is told at once: what somebody
    decided for a child counts only while they hold it.
    """
    membership = Membership.objects.get(person=person, family=case.family)
    before = membership.parental_responsibility
    born_before = person.date_of_birth
    if changes.get("nhs_number", person.nhs_number) != person.nhs_number:
        person.nhs_number_status = ""  # traced was the number that stood here before
    for name in PERSON_FIELDS:
        if name in changes:
            setattr(person, name, changes[name])
    for name in MEMBERSHIP_FIELDS:
        if name in changes:
            setattr(membership, name, changes[name])
    person.full_clean()
    membership.full_clean(exclude=["person", "family"])
    person.save()
    membership.save()
    audit(
        by=by,
        verb="person.changed",
        subject=person,
        family_id=case.family_id,
        case_id=case.pk,
        fields=sorted(set(changes) & {*PERSON_FIELDS, *MEMBERSHIP_FIELDS}),
    )
    if membership.parental_responsibility != before:
        for child in Person.objects.filter(
            memberships__family=case.family, kind__in=[Person.Kind.INFANT, Person.Kind.SIBLING]
        ):
            tell_of_everything(child)
    if person.date_of_birth != born_before:
        tell_of_everything(person)
    return person


@transaction.atomic
def record_birth(
    *,
    by: User,
    case: Case,
    person: Person,
    date_of_birth: date,
    first_name: str = "",
    last_name: str = "",
    known_as: str = "",
    nhs_number: str = "",
) -> Person:
    """An expected baby was born: the same person, now with a date of birth, and a name when there is one.

    The expected date stays: gestation at birth is worked out from it. Agreements made before the birth are
    asked again (``families.consent``).
    """
    if not person.unborn:
        raise ValidationError(f"The birth of {person.short_name} is already recorded.")
    if date_of_birth > timezone.localdate():
        raise ValidationError({"date_of_birth": "Date of birth must be today or in the past"})
    person.date_of_birth = date_of_birth
    for name, value in (
        ("first_name", first_name),
        ("last_name", last_name),
        ("known_as", known_as),
        ("nhs_number", nhs_number),
    ):
        if value:
            setattr(person, name, value)
    person.full_clean()
    person.save()
    audit(by=by, verb="person.born", subject=person, family_id=case.family_id, case_id=case.pk)
    tell_of_everything(person)
    return person


def tell_of_everything(person: Person) -> None:
    """What somebody agreed to may count differently now: whoever holds it looks again."""
    for purpose in ConsentWording.Purpose.values:
        registry.tell_holders(person, purpose)
