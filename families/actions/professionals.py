"""Those who work with a family from elsewhere, and whether the family lets us speak with them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.actions import record as audit
from families.models import Answer, Case, Professional

PROFESSIONAL_FIELDS = (
    "role",
    "role_word",
    "name",
    "organisation",
    "ods_code",
    "phone",
    "email",
    "about",
    "may_contact",
    "permission_by",
    "permission_on",
    "note",
    "from_on",
    "until_on",
)


@transaction.atomic
def add_professional(*, by: User, case: Case, facts: dict[str, Any]) -> Professional:
    """Write down somebody who works with the family; ``facts`` maps ``PROFESSIONAL_FIELDS`` to values."""
    professional = Professional(
        family=case.family, **{name: facts[name] for name in PROFESSIONAL_FIELDS if name in facts}
    )
    return _keep(professional, by=by, case=case, verb="professional.added")


@transaction.atomic
def change_professional(*, by: User, case: Case, professional: Professional, changes: dict[str, Any]) -> Professional:
    """Correct what is known of a professional, or say until when they worked with the family."""
    for name in PROFESSIONAL_FIELDS:
        if name in changes:
            setattr(professional, name, changes[name])
    return _keep(professional, by=by, case=case, verb="professional.changed")


def _keep(professional: Professional, *, by: User, case: Case, verb: str) -> Professional:
    if professional.may_contact == Answer.NOT_ASKED:
        professional.permission_by = professional.permission_on = None
    elif professional.permission_on is None:
        raise ValidationError({"permission_on": "Enter the day when the family answered"})
    if not (professional.name or professional.organisation):
        raise ValidationError({"name": "Enter a name, or the organisation"})
    if professional.from_on and professional.until_on and professional.until_on < professional.from_on:
        raise ValidationError({"until_on": "The last day must be after the first"})
    for person in (professional.about, professional.permission_by):
        if person is not None and not person.memberships.filter(family=case.family_id).exists():
            raise ValidationError("Select somebody of this family.")
    professional.full_clean()
    professional.save()
    audit(by=by, verb=verb, subject=professional, family_id=case.family_id, case_id=case.pk, role=professional.role)
    return professional
