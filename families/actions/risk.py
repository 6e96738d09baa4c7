"""Worries of the staff, and what came of them."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Case, RiskConcern


@transaction.atomic
def add_concern(
    *,
    by: User,
    case: Case,
    text: str,
    discussed_with: str = "",
    action: str = "",
    film_id: uuid.UUID | None = None,
    film_time_us: int | None = None,
) -> RiskConcern:
    """Write down a concern; ``film_time_us`` is the presented time in microseconds where it was seen."""
    if not text.strip():
        raise ValidationError({"text": "Enter what you saw or heard"})
    concern = RiskConcern(
        case=case,
        text=text.strip(),
        discussed_with=discussed_with.strip(),
        action=action.strip(),
        film_id=film_id,
        film_time_us=film_time_us if film_id else None,
        recorded_by=by,
    )
    concern.full_clean(exclude=["case", "recorded_by"])
    concern.save()
    audit(
        by=by,
        verb="concern.recorded",
        subject=concern,
        family_id=case.family_id,
        case_id=case.pk,
        film=str(film_id) if film_id else "",
    )
    return concern


@transaction.atomic
def settle_concern(*, by: User, concern: RiskConcern, outcome: str) -> RiskConcern:
    """Say what came of a concern: it is no longer open. Said once, never rewritten."""
    if concern.settled_at is not None:
        raise ValidationError("What came of this concern is already written down.")
    if not outcome.strip():
        raise ValidationError({"outcome": "Enter what came of it"})
    concern.outcome, concern.settled_at, concern.settled_by = outcome.strip(), timezone.now(), by
    concern.save(update_fields=["outcome", "settled_at", "settled_by"])
    case = concern.case
    audit(by=by, verb="concern.settled", subject=concern, family_id=case.family_id, case_id=case.pk)
    return concern
