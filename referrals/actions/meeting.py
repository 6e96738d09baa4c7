"""A triage meeting: begun with what waits, gone through one by one, minuted as it goes, ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from referrals.actions.looking import note
from referrals.models import Decision, Meeting, MeetingItem, Referral

MOST_ON_AN_AGENDA = 100


@transaction.atomic
def begin_meeting(*, by: User, referrals: Sequence[UUID], present: Iterable[User], others: str = "") -> Meeting:
    """Begin a meeting about these referrals, in this order. Raises ValidationError, keyed by argument, when nothing
    waits, nobody is there, or a meeting that ``by`` minutes goes on already."""
    if not by.can(Permission.TRIAGE_REFERRALS):
        raise ValidationError("Whoever takes referrals in holds these meetings. Ask a manager.")
    waiting = set(Referral.objects.visible_to(by).undecided().filter(pk__in=referrals).values_list("pk", flat=True))
    agenda = [pk for pk in referrals if pk in waiting][:MOST_ON_AN_AGENDA]
    if not agenda:
        raise ValidationError("Nothing waits to be decided in this view of the queue.")
    people = list(present)
    if not people:
        raise ValidationError({"present": "Select who is here"})
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(by=by, others=" ".join(others.split()))
    except IntegrityError as error:
        raise ValidationError("You minute a meeting already. End it before you begin another.") from error
    meeting.present.set(people)
    MeetingItem.objects.bulk_create(
        MeetingItem(meeting=meeting, referral_id=pk, position=number) for number, pk in enumerate(agenda, start=1)
    )
    audit(by=by, verb="meeting.begun", subject=meeting, referrals=len(agenda))
    return meeting


def minute(decision: Decision) -> None:
    """What whoever minutes a meeting decides of its agenda is the meeting's; in the caller's transaction."""
    items = MeetingItem.objects.filter(
        referral=decision.referral_id, meeting__by=decision.by_id, meeting__ended_at__isnull=True
    )
    for item in items.select_related("meeting"):
        item.decision, item.left_at = decision, None
        item.save()
        decision.present.set(item.meeting.present.all())


@transaction.atomic
def leave_for_next_time(*, by: User, meeting: Meeting, referral: Referral, reason: str) -> MeetingItem:
    """It is not decided today; why is kept with the referral, for colleagues."""
    item = _under_way(by, meeting).items.filter(referral=referral).first()
    if item is None:
        raise ValidationError("This referral is not on the agenda.")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is left for another day"})
    note(by=by, referral=referral, text=f"Left for another day at the meeting: {reason.strip()}")
    item.left_at = timezone.now()
    item.save(update_fields=["left_at"])
    return item


@transaction.atomic
def end_meeting(*, by: User, meeting: Meeting) -> Meeting:
    """The meeting is over; what was neither decided nor left waits in the queue as before."""
    found = _under_way(by, meeting)
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    audit(by=by, verb="meeting.ended", subject=found, decided=found.items.filter(decision__isnull=False).count())
    return found


def _under_way(by: User, meeting: Meeting) -> Meeting:
    found = Meeting.objects.select_for_update().filter(pk=meeting.pk).under_way().first()
    if found is None:
        raise ValidationError("This meeting has ended.")
    if found.by_id != by.pk:
        raise ValidationError(f"{found.by.name} minutes this meeting.")
    return found
