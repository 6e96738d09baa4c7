"""Who holds a room open, for how long, and the practitioner's word that they are there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Permission
from audit.actions import record
from clips.models import Clip, ReviewMoment, RoomLease, SharedReview
from clips.reviews.opening import chosen_moments, may_show
from families.frame.holding import fingerprint, proves_to_be_there

if TYPE_CHECKING:
    from accounts.models import User

COOKIE = "vig_room"
KNOWN_FOR = timedelta(hours=12)
"""How long after it was opened the practitioner can go on with a room that ran out or was stopped."""


def lease_of(token: str) -> RoomLease | None:
    """The lease that a browser's token stands for, open or not; None for a stranger or one that is long over."""
    if not token:
        return None
    rows = RoomLease.objects.filter(token_hash=fingerprint(token), opened_at__gt=timezone.now() - KNOWN_FOR)
    return rows.select_related("user", "review__cycle__case", "review__cycle__wording").first()


def is_open(lease: RoomLease) -> bool:
    """Whether the room may show anything now: the lease runs, and its practitioner still works with this family."""
    return (
        lease.ended_at is None
        and lease.expires_at > timezone.now()
        and lease.review.cycle.closed_at is None
        and may_hold(lease.user, lease.review)
    )


def may_hold(user: User, review: SharedReview) -> bool:
    """Whether this person leads shared reviews with this family."""
    return (
        user.can(Permission.ANALYSE_FILM)
        and user.can(Permission.PLAY_FILM)
        and SharedReview.objects.visible_to(user).filter(pk=review.pk).exists()
    )


def place_of(lease: RoomLease, number: int) -> ReviewMoment | None:
    """The moment at a place of the room, counted from 1; None when there is none."""
    if not 1 <= number <= len(lease.order):
        return None
    rows = ReviewMoment.objects.filter(review=lease.review, pk=lease.order[number - 1])
    return rows.select_related("clip__recording__case").first()


def showing(lease: RoomLease) -> list[int]:
    """The places of the moments that may be shown now, in the order they are watched in."""
    if not is_open(lease):
        return []
    places = {pk: number for number, pk in enumerate(lease.order, 1)}
    return [places[each.moment.pk] for each in chosen_moments(lease.review) if each.shows and each.moment.pk in places]


def still_shows(lease: RoomLease, clip: Clip) -> bool:
    """Whether a clip that is being sent to a room may go on being sent."""
    lease.refresh_from_db(fields=["ended_at"])
    fresh = Clip.objects.select_related("recording").filter(pk=clip.pk).first()
    return fresh is not None and is_open(lease) and may_show(fresh)


def practitioner_is_there(*, lease: RoomLease, secret: str) -> bool:
    """Whether ``secret`` is the PIN or the password of the practitioner who opened this room; five tries."""
    if proves_to_be_there(lease, lease.user, secret):
        return True
    case = lease.review.cycle.case
    record(by=None, verb="room.refused", subject=lease.review, family_id=case.family_id, case_id=case.pk)
    return False


@transaction.atomic
def moment_seen(*, lease: RoomLease, moment: ReviewMoment, skipped: bool) -> None:
    """A moment came up in the room, or those there passed it over; the first time it is seen counts."""
    case = lease.review.cycle.case
    if moment.shown_at is None and not skipped:
        moment.shown_at = timezone.now()
        record(by=lease.user, verb="moment.shown", subject=moment, family_id=case.family_id, case_id=case.pk)
    moment.skipped = skipped
    moment.save(update_fields=["shown_at", "skipped"])


def end_rooms_of(user: User) -> int:
    """End every open room of somebody who was signed out everywhere or works here no longer; how many."""
    return RoomLease.objects.filter(user=user, ended_at__isnull=True).update(ended_at=timezone.now())


def on_signed_out_everywhere(sender: Any, user: User, kept: bool, **kwargs: Any) -> None:
    """Receiver of ``accounts.signals.signed_out_everywhere``; a change of one's own that keeps this sign-in keeps the
    room beside it."""
    if not kept:
        end_rooms_of(user)
