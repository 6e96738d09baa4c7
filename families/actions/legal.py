"""The legal status of a child's placement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.actions import record as audit
from families.actions.people import tell_of_everything
from families.models import Case, LegalStatus, Membership, Person
from families.responsibility import PARENTS

LEGAL_FIELDS = ("kind", "from_on", "until_on", "authority", "note", "keeps")
CHILDREN = (Person.Kind.INFANT, Person.Kind.SIBLING)


@transaction.atomic
def add_legal_status(
    *,
    by: User,
    case: Case,
    child: Person,
    kind: str,
    from_on: date,
    until_on: date | None = None,
    authority: str = "",
    note: str = "",
    keeps: Person | None = None,
) -> LegalStatus:
    """Write down under which order or arrangement a child lives. Whoever holds the child's films looks again.

    ``keeps``: after an adoption by the partner of a parent, that parent. Raises ValidationError, keyed by argument.
    """
    if child.kind not in CHILDREN:
        raise ValidationError("Only a child has a legal status of placement.")
    status = LegalStatus(
        child=child,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        authority=authority,
        note=note,
        keeps=keeps,
        recorded_by=by,
    )
    return _keep(status, by=by, case=case, verb="legal_status.added")


@transaction.atomic
def change_legal_status(*, by: User, case: Case, status: LegalStatus, changes: dict[str, Any]) -> LegalStatus:
    """Correct a legal status, or say until when it stood."""
    for name in LEGAL_FIELDS:
        if name in changes:
            setattr(status, name, changes[name])
    return _keep(status, by=by, case=case, verb="legal_status.changed")


def _keep(status: LegalStatus, *, by: User, case: Case, verb: str) -> LegalStatus:
    if status.until_on and status.until_on < status.from_on:
        raise ValidationError({"until_on": "The last day must be after the first"})
    if status.kind != LegalStatus.Kind.ADOPTED:
        status.keeps = None
    elif status.keeps is not None:
        place = Membership.objects.filter(family=case.family_id, person=status.keeps).first()
        if place is None or place.relationship not in PARENTS:
            raise ValidationError({"keeps": f"{status.keeps.short_name} is not a parent in this family"})
    status.full_clean()
    status.save()
    audit(by=by, verb=verb, subject=status, family_id=case.family_id, case_id=case.pk, kind=status.kind)
    tell_of_everything(status.child)
    return status
