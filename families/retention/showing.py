"""What waits for a manager: records that are kept long enough, and erasures that could not be finished.

A legal hold is in no header: a page of the case may be glanced at by the family, and a hold for the police would tell.
Whoever would destroy something is refused instead (``keeping.on_hold``).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families.models import CopyOffer, Due, DueQuerySet, Erasure
from families.registry import Task
from families.retention.keeping import held, unasked


def due_for(user: User) -> DueQuerySet:
    """What somebody may look at and is not being deleted already, with what stands in its way at first sight."""
    at_work = Erasure.objects.at_work().values("family_id")
    return Due.objects.visible_to(user).exclude(case__family__in=at_work).annotate(on_hold=held(), unasked=unasked())


def to_look_at(user: User) -> Iterator[Task]:
    """Managers hear of what they can do something about, and of an erasure that could not be finished."""
    if not user.can(Permission.MANAGE_TEAM):
        return
    today = timezone.localdate()
    offers = CopyOffer.objects.visible_to(user).filter(
        case=OuterRef("case"), what=OuterRef("what"), offered_on__gte=OuterRef("case__closed_on")
    )
    waiting = offers.filter(answer="", answer_by__gte=today).exclude(how__in=CopyOffer.NOT_OFFERED)
    mine = due_for(user).exclude(held()).exclude(unasked()).filter(case__team__in=user.teams_managed.all())
    # Nothing can be done while the family thinks about it, nor once it is answered before the day has come.
    count = mine.exclude(Exists(waiting)).exclude(Q(due_on__gte=today) & Exists(offers)).count()
    if count:
        yield Task(
            title="Look at one record that is kept long enough"
            if count == 1
            else f"Look at {count} records that are kept long enough",
            url=reverse("families:retention"),
            kind="retention",
            order=80,
            detail="Nothing is deleted before you decide it",
        )
    for erasure in Erasure.objects.visible_to(user).filter(state=Erasure.State.FAILED):
        yield Task(
            title=f"The deletion of {erasure.reference} could not be finished",
            url=reverse("families:erasure", kwargs={"erasure": erasure.pk}),
            kind="retention",
            order=20,
        )
