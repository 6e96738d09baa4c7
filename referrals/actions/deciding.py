"""Outcomes: each one way only, with its reason, and with what is written to whom."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Case
from outbox.actions import post
from referrals.actions.looking import enter, locked
from referrals.actions.meeting import minute
from referrals.models import Decision, DeclineReason, Referral, Signpost

OUTCOME = "referral-outcome"
FAMILY = "referral-family"
UNDO_FOR = timedelta(minutes=10)
"""For so long whoever accepted a referral may take that back; until then nobody is told of it."""
Outcome = Decision.Outcome
BY_MESSAGE = {Referral.Reach.EMAIL: "email", Referral.Reach.TEXT: "sms"}


@transaction.atomic
def decide(
    *,
    by: User,
    referral: Referral,
    outcome: str,
    reason: str,
    to_referrer: str,
    to_family: str = "",
    decline_reason: DeclineReason | None = None,
    passed_to: Signpost | None = None,
) -> Decision:
    """Return with advice, pass on, decline, or write down that it was withdrawn. Accepting is ``accepting.accept``.

    Raises ValidationError, keyed by argument, without what that outcome needs.
    """
    found = locked(referral, by)
    if outcome not in (Outcome.ADVISED, Outcome.REDIRECTED, Outcome.DECLINED, Outcome.WITHDRAWN):
        raise ValidationError({"outcome": "Select what becomes of it"})
    if outcome == Outcome.DECLINED and decline_reason is None:
        raise ValidationError({"decline_reason": "Select why it is not taken on"})
    if outcome == Outcome.REDIRECTED and passed_to is None:
        raise ValidationError({"passed_to": "Select the service that it is passed on to"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter why, for your colleagues"})
    if outcome != Outcome.WITHDRAWN and not to_referrer.strip():
        raise ValidationError({"to_referrer": "Enter what you write to whoever referred"})
    return written_down(
        by=by,
        referral=found,
        outcome=outcome,
        reason=reason,
        to_referrer=to_referrer,
        to_family=to_family,
        decline_reason=decline_reason,
        passed_to=passed_to,
    )


def written_down(
    *,
    by: User,
    referral: Referral,
    outcome: str,
    reason: str,
    to_referrer: str,
    to_family: str,
    decline_reason: DeclineReason | None = None,
    passed_to: Signpost | None = None,
    case: Case | None = None,
) -> Decision:
    """The outcome of a locked referral, and what is sent about it; in the caller's transaction."""
    decision = Decision.objects.create(
        referral=referral,
        outcome=outcome,
        reason=reason.strip(),
        by=by,
        at=timezone.now(),
        decline_reason=decline_reason,
        passed_to=passed_to,
        to_referrer=to_referrer.strip(),
        to_family=to_family.strip() if referral.family_may_be_told == "yes" else "",
    )
    minute(decision)
    referral.case, referral.triager = case, referral.triager or by
    enter(referral, outcome, by=by, public=decision.to_referrer, inside=decision.reason)
    audit(
        by=by,
        verb=f"referral.{outcome}",
        subject=referral,
        decision=str(decision.pk),
        family_id=case.family_id if case else "",
        case_id=case.pk if case else "",
    )
    _tell(by, referral, decision)
    return decision


def _tell(by: User, referral: Referral, decision: Decision) -> None:
    """Write the messages. Of an acceptance they wait until it cannot be taken back any more."""
    after = UNDO_FOR if decision.outcome == Outcome.ACCEPTED else timedelta(0)
    case = referral.case
    about = {"case_id": case.pk, "family_id": case.family_id} if case else {}
    if decision.to_referrer and referral.from_outside:
        post(
            by=by,
            kind=OUTCOME,
            channel="email",
            to=referral.referrer_email,
            subject_id=decision.pk,
            key=f"{OUTCOME}:{decision.pk}",
            after=after,
        )
    channel = BY_MESSAGE.get(Referral.Reach(referral.family_channel))
    if decision.to_family and channel:
        post(
            by=by,
            kind=FAMILY,
            channel=channel,
            to=referral.family_address,
            subject_id=decision.pk,
            key=f"{FAMILY}:{decision.pk}",
            after=after,
            **about,
        )
