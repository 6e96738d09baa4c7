"""Families who wait: when they cannot take part, to whom they go, and how many somebody can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Permission, User
from audit.actions import record as audit
from families.actions.case import change_lead
from families.models import Capacity, Case, Unavailability

MOST_CASES = 200


@transaction.atomic
def keep_unavailability(
    *,
    by: User,
    case: Case,
    from_on: date,
    until_on: date | None,
    reason: str,
    note: str = "",
    row: Unavailability | None = None,
) -> Unavailability:
    """A family cannot take part for a while: written down or changed. Raises ValidationError, keyed by argument."""
    if until_on is not None and until_on < from_on:
        raise ValidationError({"until_on": "The last day must be on or after the first"})
    others = Unavailability.objects.filter(case=case)
    if row is not None:
        others = others.exclude(pk=row.pk)
    for other in others:
        if (until_on is None or other.from_on <= until_on) and (other.until_on is None or other.until_on >= from_on):
            raise ValidationError({"from_on": "This falls into another while that is written down. Change that one"})
    kept = row or Unavailability(case=case, by=by)
    kept.from_on, kept.until_on, kept.reason, kept.note = from_on, until_on, reason, note
    kept.full_clean()
    kept.save()
    verb = "unavailability.changed" if row else "unavailability.added"
    audit(by=by, verb=verb, subject=kept, family_id=case.family_id, case_id=case.pk)
    return kept


@transaction.atomic
def remove_unavailability(*, by: User, case: Case, row: Unavailability) -> None:
    """It was not so after all."""
    audit(by=by, verb="unavailability.removed", subject=row, family_id=case.family_id, case_id=case.pk)
    row.delete()


@transaction.atomic
def allocate_waiting(*, by: User, cases: Iterable[UUID], to: User) -> list[Case]:
    """Give families who wait to somebody; those that somebody leads meanwhile are left out. All of them or none.

    Raises ValidationError for whoever may not, and when one of them cannot go to ``to``.
    """
    if not by.can(Permission.MANAGE_TEAM):
        raise ValidationError("A manager decides who works with a family.")
    chosen = Case.objects.visible_to(by).open().without_lead().select_for_update(of=("self",))
    found = list(chosen.filter(pk__in=list(cases)).order_by("pk"))
    for case in found:
        change_lead(by=by, case=case, lead=to)
    return found


@transaction.atomic
def set_capacities(*, by: User, wanted: Mapping[User, int | None]) -> int:
    """With how many families each can work; None takes the number away. How many were changed."""
    if not by.can(Permission.MANAGE_TEAM):
        raise ValidationError("A manager agrees this with each of them.")
    changed = 0
    for person, cases in wanted.items():
        row = Capacity.objects.filter(person=person).first()
        if cases is None:
            changed += Capacity.objects.filter(person=person).delete()[0]
        elif row is None or row.cases != cases:
            Capacity.objects.update_or_create(person=person, defaults={"cases": cases, "by": by})
            changed += 1
    if changed:
        audit(by=by, verb="capacity.changed", subject=by, people=changed)
    return changed
