"""Opening, for a written reason and a short time, what a role does not show."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from families.models import BreakGlass, Case, Restriction
from families.references import as_reference

LASTS = timedelta(minutes=60)
SHORTEST_REASON = 20  # characters: enough for a sentence that a manager can judge


def _check_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationError(
            {"reason": f"Say why in at least {SHORTEST_REASON} characters, so that a manager can understand it"}
        )
    return reason


def _check_right(by: User) -> None:
    if not by.can(Permission.BREAK_GLASS):
        raise ValidationError("Your role cannot open other teams’ records. Ask your supervisor or a manager.")


@transaction.atomic
def break_glass(*, by: User, case: Case, reason: str, film: bool = False) -> BreakGlass:
    """Open a case, and with ``film`` its films, for an hour. The managers of its team find it on their day."""
    _check_right(by)
    now = timezone.now()
    glass = BreakGlass.objects.create(
        user=by, case=case, reason=_check_reason(reason), film=film, at=now, until=now + LASTS
    )
    audit(by=by, verb="glass.broken", subject=glass, family_id=case.family_id, case_id=case.pk, film=film)
    return glass


def break_glass_of(*, by: User, pk: uuid.UUID, reason: str, film: bool = False) -> BreakGlass | None:
    """The same for the case of an address; None when there is no such case, which is audited as well."""
    return _break_if_there(by=by, case=Case.objects.filter(pk=pk).first(), asked_for=str(pk), reason=reason, film=film)


def break_glass_by_reference(*, by: User, reference: str, reason: str, film: bool = False) -> BreakGlass | None:
    """The same for a family's reference: its open case, else its latest. None when there is no such record."""
    found = as_reference(reference)
    case = (
        Case.objects.filter(family__reference=found)
        .order_by(F("closed_on").desc(nulls_first=True), "-opened_on")
        .first()
        if found
        else None
    )
    return _break_if_there(by=by, case=case, asked_for=found or "not a reference", reason=reason, film=film)


def _break_if_there(*, by: User, case: Case | None, asked_for: str, reason: str, film: bool) -> BreakGlass | None:
    if case is None:
        refuse_glass(by=by, reason=reason, asked_for=asked_for)
        return None
    if _kept_out(by, case):
        refuse_glass(by=by, reason=reason, asked_for=asked_for, restricted=case)
        return None
    return break_glass(by=by, case=case, reason=reason, film=film)


def _kept_out(by: User, case: Case) -> bool:
    """A restricted record opens by a written reason to the managers of its team alone: others hear that there is
    none, and the people named in the restriction hear who asked."""
    if not Restriction.objects.keeping_out(by).filter(family=case.family_id).exists():
        return False
    return not (by.can(Permission.MANAGE_TEAM) and by.teams_managed.filter(pk=case.team_id).exists())


@transaction.atomic
def refuse_glass(*, by: User, reason: str, asked_for: object = "", restricted: Case | None = None) -> None:
    """Somebody gave a reason for a record that does not exist, or not for them: that is written down as well."""
    _check_right(by)
    reason = _check_reason(reason)
    if restricted is None:
        audit(by=by, verb="glass.not_found", subject=("families.case", str(asked_for)[:40]))
        return
    now = timezone.now()
    glass = BreakGlass.objects.create(user=by, case=restricted, reason=reason, at=now, until=now, refused=True)
    audit(by=by, verb="glass.refused", subject=glass, family_id=restricted.family_id, case_id=restricted.pk)


@transaction.atomic
def confirm_glass_seen(*, by: User, glass: BreakGlass) -> BreakGlass:
    """A manager of the case's team, or whoever a restriction names, has read why a record was opened."""
    if glass.user_id == by.pk:
        raise ValidationError("Somebody else needs to look at this: the record was opened by you.")
    manages = by.can(Permission.MANAGE_TEAM) and by.teams_managed.filter(pk=glass.case.team_id).exists()
    if not (manages or Restriction.objects.standing().filter(family=glass.case.family_id, named=by).exists()):
        raise ValidationError("A manager of the family’s team looks at this.")
    if glass.seen_at is None:
        glass.seen_at, glass.seen_by = timezone.now(), by
        glass.save(update_fields=["seen_at", "seen_by"])
        audit(by=by, verb="glass.reviewed", subject=glass, family_id=glass.case.family_id, case_id=glass.case_id)
    return glass


@transaction.atomic
def close_glass(*, by: User, glass: BreakGlass) -> BreakGlass:
    """End before its time what was opened for a written reason."""
    now = timezone.now()
    if glass.user_id == by.pk and glass.until > now:
        glass.until = now
        glass.save(update_fields=["until"])
        audit(
            by=by,
            verb="glass.closed",
            subject=glass,
            family_id=glass.case.family_id,
            case_id=glass.case_id,
        )
    return glass
