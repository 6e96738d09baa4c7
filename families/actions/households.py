"""The same person in more than one household."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.actions import record as audit
from families.actions.people import tell_of_everything
from families.models import Case, Membership, Person

Responsibility = Membership.ParentalResponsibility


@transaction.atomic
def join_household(
    *,
    by: User,
    case: Case,
    person: Person,
    relationship: str,
    relationship_word: str = "",
    parental_responsibility: str = Responsibility.UNKNOWN,
    lives_with_infant: bool | None = None,
) -> Membership:
    """Add somebody whose record exists already to this family and case; they stay in every family they are in.

    Only a person whose record ``by`` may see can be added: the caller's choice is checked here again, because this
    opens their record to everybody who works with this family.
    """
    if not Person.objects.visible_to(by).filter(pk=person.pk).exists():
        raise ValidationError("That record is not one that you may open.")
    if person.memberships.filter(family=case.family).exists():
        if not case.people.filter(pk=person.pk).exists():
            case.people.add(person)
            audit(by=by, verb="person.joined", subject=person, family_id=case.family_id, case_id=case.pk)
            return person.memberships.get(family=case.family)
        raise ValidationError(f"{person.short_name} is in this family already.")
    membership = Membership(
        person=person,
        family=case.family,
        relationship=relationship,
        relationship_word=relationship_word,
        parental_responsibility=parental_responsibility,
        lives_with_infant=lives_with_infant,
    )
    membership.full_clean()
    membership.save()
    case.people.add(person)
    audit(by=by, verb="person.joined", subject=person, family_id=case.family_id, case_id=case.pk)
    if parental_responsibility == Responsibility.YES:
        for child in Person.objects.filter(
            memberships__family=case.family, kind__in=[Person.Kind.INFANT, Person.Kind.SIBLING]
        ):
            tell_of_everything(child)
    return membership
