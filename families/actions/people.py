"""Who is in a family: added and changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.actions import record as audit
from families import registry
from families.actions.needs import first_need
from families.actions.twins import number_the_expected
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
CHILDREN = (Person.Kind.INFANT, Person.Kind.SIBLING)
FIRST_FIELDS = ("communication_needs", "phone", "email")  # asked while adding; later they have pages of their own
INFANT_FIELDS = ("gestation_days", "birth_order")  # further facts of a baby, where they are known
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


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whom the record knows already, who joins another family or case; ``facts`` are their place in it."""

    person: Person
    facts: Any

    @property
    def kind(self) -> str:
        return self.person.kind


def _values(facts: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in names}


def join(family: Family, kind: str, facts: Any) -> Person:
    """Make a person and tie them to a family, in the caller's transaction. Raises ValidationError.

    A ``KnownPerson`` is not made again, and what is known of them and of a place they have already stays as it is.
    """
    if isinstance(facts, KnownPerson):
        return _join_known(family, facts)
    first = {name: getattr(facts, name, "") for name in FIRST_FIELDS}
    infant = {name: getattr(facts, name, None) for name in INFANT_FIELDS}
    person = Person(kind=kind, **_values(facts, PERSON_FIELDS), **first, **infant)
    person.full_clean()
    person.save()
    membership = Membership(person=person, family=family, **_values(facts, MEMBERSHIP_FIELDS))
    membership.full_clean(exclude=["person", "family"])
    membership.save()
    return person


def _join_known(family: Family, known: KnownPerson) -> Person:
    if not Membership.objects.filter(person=known.person, family=family).exists():
        place = Membership(person=known.person, family=family, **_values(known.facts, MEMBERSHIP_FIELDS))
        place.full_clean(exclude=["person", "family"])
        place.save()
    return known.person


@transaction.atomic
def add_person(*, by: User, case: Case, kind: str, facts: Any) -> Person:
    """Add somebody to the family and to this case; ``facts`` is an ``InfantFacts`` or a ``CaregiverFacts``."""
    person = join(case.family, kind, facts)
    case.people.add(person)
    known = isinstance(facts, KnownPerson)
    if not known:
        first_need(by=by, person=person)
    number_the_expected(case, person)
    verb = "person.joined" if known else "person.added"
    audit(by=by, verb=verb, subject=person, family_id=case.family_id, case_id=case.pk, kind=kind)
    if known:
        for child in Person.objects.filter(memberships__family=case.family, kind__in=CHILDREN):
            tell_of_everything(child)
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
    for name in (*PERSON_FIELDS, *INFANT_FIELDS):
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
        fields=sorted(set(changes) & {*PERSON_FIELDS, *INFANT_FIELDS, *MEMBERSHIP_FIELDS}),
    )
    if membership.parental_responsibility != before:
        for child in Person.objects.filter(
            memberships__family=case.family, kind__in=[Person.Kind.INFANT, Person.Kind.SIBLING]
        ):
            tell_of_everything(child)
    if person.date_of_birth != born_before:
        tell_of_everything(person)
    return person


def tell_of_everything(person: Person) -> None:
    """What somebody agreed to may count differently now: whoever holds it looks again."""
    for purpose in ConsentWording.Purpose.values:
        registry.tell_holders(person, purpose)
