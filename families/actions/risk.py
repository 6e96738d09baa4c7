"""Risk: how it stands, flags, worries and what came of them, and what was shared."""

from __future__ import annotations

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Case, ConcernEntry, InformationShared, RiskConcern, RiskFlag, RiskReview


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


@transaction.atomic
def add_entry(*, by: User, concern: RiskConcern, kind: str, text: str) -> ConcernEntry:
    """Add a step to a concern that is still open: whom it was discussed with, what was decided, what was done."""
    if concern.settled_at is not None:
        raise ValidationError("What came of this concern is already written down. Write down a new one.")
    if not text.strip():
        raise ValidationError({"text": "Enter what was said, decided or done"})
    entry = ConcernEntry(concern=concern, kind=kind, text=text.strip(), recorded_by=by)
    entry.full_clean(exclude=["concern", "recorded_by"])
    entry.save()
    case = concern.case
    audit(by=by, verb="concern.added-to", subject=concern, family_id=case.family_id, case_id=case.pk, kind=kind)
    return entry


@transaction.atomic
def review_risk(
    *, by: User, case: Case, level: str, grounds: str, reviewed_on: date, due_on: date | None
) -> RiskReview:
    """Judge how risk stands; what was judged before stays. Assessed risk has a day on which it is looked at again."""
    if not grounds.strip():
        raise ValidationError({"grounds": "Enter what this rests on"})
    if reviewed_on > timezone.localdate():
        raise ValidationError({"reviewed_on": "Day of the review must be today or in the past"})
    if level == RiskReview.Level.NOT_ASSESSED:
        due_on = None
    elif due_on is None or due_on < reviewed_on:
        raise ValidationError({"due_on": "Enter a day after the review, on which it is looked at again"})
    review = RiskReview(
        case=case, level=level, grounds=grounds.strip(), reviewed_on=reviewed_on, due_on=due_on, recorded_by=by
    )
    review.full_clean(exclude=["case", "recorded_by"])
    review.save()
    audit(by=by, verb="risk.reviewed", subject=review, family_id=case.family_id, case_id=case.pk)
    return review


@transaction.atomic
def raise_flag(*, by: User, case: Case, text: str, review_on: date) -> RiskFlag:
    """Put something at the top of the record that whoever opens it must know first."""
    flag = RiskFlag(case=case, text=text.strip(), review_on=review_on, raised_by=by)
    flag.full_clean(exclude=["case", "raised_by"])
    flag.save()
    audit(by=by, verb="flag.raised", subject=flag, family_id=case.family_id, case_id=case.pk)
    return flag


@transaction.atomic
def resolve_flag(*, by: User, flag: RiskFlag, resolution: str) -> RiskFlag:
    """Say why a flag no longer holds. Said once."""
    if flag.resolved_at is not None:
        raise ValidationError("Why this flag no longer holds is already written down.")
    if not resolution.strip():
        raise ValidationError({"resolution": "Enter why it no longer holds"})
    flag.resolved_at, flag.resolved_by, flag.resolution = timezone.now(), by, resolution.strip()
    flag.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    audit(by=by, verb="flag.resolved", subject=flag, family_id=flag.case.family_id, case_id=flag.case_id)
    return flag


@transaction.atomic
def share_information(
    *,
    by: User,
    case: Case,
    what: str,
    with_whom: str,
    why: str,
    basis: str,
    shared_on: date,
    family_told: bool,
    who_agreed: str = "",
    not_told_why: str = "",
) -> InformationShared:
    """Write down what was told to whom outside the service, why, and on what basis."""
    if shared_on > timezone.localdate():
        raise ValidationError({"shared_on": "Day it was shared must be today or in the past"})
    if basis == InformationShared.Basis.CONSENT and not who_agreed.strip():
        raise ValidationError({"who_agreed": "Enter who agreed, and how"})
    if not family_told and not not_told_why.strip():
        raise ValidationError({"not_told_why": "Enter why the family was not told"})
    shared = InformationShared(
        case=case,
        what=what.strip(),
        with_whom=with_whom.strip(),
        why=why.strip(),
        basis=basis,
        who_agreed=who_agreed.strip(),
        family_told=family_told,
        not_told_why=not_told_why.strip(),
        shared_on=shared_on,
        recorded_by=by,
    )
    shared.full_clean(exclude=["case", "recorded_by"])
    shared.save()
    audit(by=by, verb="information.shared", subject=shared, family_id=case.family_id, case_id=case.pk, basis=basis)
    return shared
