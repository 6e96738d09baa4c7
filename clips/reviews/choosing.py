"""The order of the chosen moments, and why each was chosen. Choosing itself is ``clips.marks.choose_moment``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.actions import record
from clips.models import ReviewMoment, SharedReview

if TYPE_CHECKING:
    from accounts.models import User

WHY_LENGTH = 2000


def locked(review: SharedReview) -> SharedReview:
    """The review, held until the transaction ends, so that two windows take turns."""
    return SharedReview.objects.select_for_update(of=("self",)).select_related("cycle__case").get(pk=review.pk)


def touch(review: SharedReview) -> None:
    """Count a change, so that an older window notices."""
    review.version += 1
    review.save(update_fields=["version"])


@transaction.atomic
def order_moments(*, by: User | None, review: SharedReview, moments: Sequence[int]) -> None:
    """Put the chosen moments (ids of ``ReviewMoment``) in this order; any that are not named come after.

    ``by`` is None when the family put them in order in the room.
    """
    review = locked(review)
    rows = {moment.pk: moment for moment in review.moments.all()}
    named = [rows.pop(pk) for pk in dict.fromkeys(moments) if pk in rows]
    for position, moment in enumerate([*named, *rows.values()]):
        if moment.position != position:
            moment.position = position
            moment.save(update_fields=["position"])
    touch(review)
    case = review.cycle.case
    record(by=by, verb="moments.ordered", subject=review, family_id=case.family_id, case_id=case.pk)


@transaction.atomic
def move_moment(*, by: User, moment: ReviewMoment, places: int) -> None:
    """Move a moment earlier (-1) or later (+1) among those chosen; at the ends it stays."""
    order = list(moment.review.moments.values_list("pk", flat=True))
    here = order.index(moment.pk)
    there = min(max(here + places, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    order_moments(by=by, review=moment.review, moments=order)


@transaction.atomic
def set_why(*, by: User, moment: ReviewMoment, why: str) -> None:
    """The practitioner's private note on why a moment was chosen: never shown in the room."""
    why = why.strip()
    if len(why) > WHY_LENGTH:
        raise ValidationError(f"Keep the note under {WHY_LENGTH:,} characters; this one has {len(why):,}.")
    if "\x00" in why:
        raise ValidationError("The note has a character in it that cannot be kept. Type it again.")
    moment.why = why
    moment.save(update_fields=["why"])
    case = moment.review.cycle.case
    record(by=by, verb="moment.reasoned", subject=moment, family_id=case.family_id, case_id=case.pk)
