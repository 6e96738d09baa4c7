"""Opening and closing the room.

The room lives on a lease of its own: a random token in a cookie, good for one review and two hours, whatever
the practitioner's sign-in does meanwhile. Which moments it shows is worked out when it opens and asked again
for every picture.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.actions import record
from clips import consent
from clips.actions.refusal import Refused
from clips.models import Clip, ReviewMoment, RoomLease, SharedReview
from clips.reviews.choosing import locked, touch
from families.consent import Purpose, standings
from families.frame.holding import fingerprint, new_token
from families.models import Person
from sessions.models import VigSession

if TYPE_CHECKING:
    from accounts.models import User

State = SharedReview.State


@dataclass(frozen=True)
class Chosen:
    """A chosen moment, and whether the room may show it now."""

    moment: ReviewMoment
    reasons: tuple[str, ...]  # why those present may not see it; empty when they may
    cut: bool  # its own file is there: the room plays nothing else

    @property
    def shows(self) -> bool:
        return not self.reasons and self.cut


def chosen_moments(review: SharedReview) -> list[Chosen]:
    """The moments chosen for a review in their order, each with whether it may be shown. Four queries.

    Everyone in shot has to agree to be filmed and to be seen in the shared review; whoever has not is not shown
    to those present, and the moment is left out with the reason said.
    """
    rows = list(
        review.moments.select_related("clip__recording")
        .prefetch_related("clip__recording__people", "clip__principles")
        .order_by("position", "pk")
    )
    people = {person for row in rows for person in row.clip.recording.people.all()}
    purposes = (Purpose.FILM, Purpose.SHARED_REVIEW)
    stand = standings(people, purposes)
    found = []
    for row in rows:
        film, clip = row.clip.recording, row.clip
        reasons: list[str] = []
        if film.evidence_since is not None:
            reasons.append("Its film is kept as evidence.")
        elif film.ended:
            reasons.append("Its film has been stopped or destroyed.")
        if clip.deleted_at is not None:
            reasons.append("Its mark has been deleted.")
        in_shot = list(film.people.all())
        if not in_shot:
            reasons.append("Nobody is named as being in its film.")
        for person in in_shot:
            first = next((stand[person.pk, each] for each in purposes if not stand[person.pk, each].agreed), None)
            if first is not None:
                reasons.append(first.sentence)
        found.append(Chosen(row, tuple(reasons), clip.state == Clip.State.READY and bool(clip.file)))
    return found


def may_show(clip: Clip) -> bool:
    """Whether a room may show this clip at this moment."""
    return (
        clip.deleted_at is None
        and not clip.recording.ended
        and clip.state == Clip.State.READY
        and bool(clip.file)
        and consent.shared(clip.recording).allowed
    )


@transaction.atomic
def open_room(
    *, by: User, review: SharedReview, present: Collection[Person], others_present: str = "", confirmed: bool
) -> tuple[RoomLease, str]:
    """Open the room for those present; returns the lease and the token for the browser's cookie.

    ``confirmed`` says that the practitioner looked at the picture, the first names and the date and found them to
    be this family's: the control against showing the wrong family's film. Raises ValidationError, Refused.
    """
    review = locked(review)
    case = review.cycle.case
    if not confirmed:
        raise ValidationError({"confirmed": "Confirm that this is the family you are with"})
    if review.cycle.closed_at is not None:
        raise Refused(f"Cycle {review.cycle.number} is closed. Its shared review stays as it was.")
    people = set(present)
    known = set(case.people.all())
    if people - known:
        raise ValidationError({"present": "Select people of this family"})
    if not any(person.kind != Person.Kind.INFANT for person in people):
        raise ValidationError({"present": "Select the caregiver who is with you"})
    if len(others_present) > 200:
        raise ValidationError({"others_present": "Keep this under 200 characters"})
    order = [each.moment.pk for each in chosen_moments(review) if each.shows]
    if not order:
        raise Refused("No moment can be shown yet. Look at the list of moments for what each waits for.")
    now = timezone.now()
    review.state = State.OPEN
    review.confirmed_at, review.confirmed_by = now, by
    review.others_present = others_present.strip()
    review.session = _session_of_today(review) or review.session
    review.save(update_fields=["state", "confirmed_at", "confirmed_by", "others_present", "session"])
    review.present.set(people)
    touch(review)
    record(
        by=by,
        verb="review.opened",
        subject=review,
        family_id=case.family_id,
        case_id=case.pk,
        present=sorted(str(person.pk) for person in people),
        moments=len(order),
    )
    return _lease(by, review, order)


def _session_of_today(review: SharedReview) -> VigSession | None:
    """The shared-review session that the diary has for this family today, if it has one."""
    sessions = VigSession.objects.filter(case=review.cycle.case_id, kind=VigSession.Kind.SHARED_REVIEW).standing()
    today = sessions.filter(starts_at__date=timezone.localdate())
    return today.order_by("starts_at").last()


def _lease(user: User, review: SharedReview, order: Sequence[int]) -> tuple[RoomLease, str]:
    now = timezone.now()
    RoomLease.objects.filter(review=review, ended_at__isnull=True).update(ended_at=now)  # one room at a time
    token = new_token()
    lease = RoomLease.objects.create(
        review=review,
        user=user,
        token_hash=fingerprint(token),
        expires_at=now + settings.ROOM_LEASE,
        order=list(order),
    )
    return lease, token


@transaction.atomic
def go_on(*, lease: RoomLease) -> tuple[RoomLease, str]:
    """A fresh lease for a room that had run out or was stopped, with what may be shown now, in the same order.

    The caller has checked that the practitioner of ``lease`` is there. Raises Refused when nothing may be shown.
    """
    review = locked(lease.review)
    if review.cycle.closed_at is not None:
        raise Refused("This shared review is over.")
    shows = [each.moment.pk for each in chosen_moments(review) if each.shows]
    order = [pk for pk in lease.order if pk in shows] + [pk for pk in shows if pk not in lease.order]
    if not order:
        raise Refused("None of the moments can be shown just now.")
    case = review.cycle.case
    record(by=lease.user, verb="review.resumed", subject=review, family_id=case.family_id, case_id=case.pk)
    return _lease(lease.user, review, order)


@transaction.atomic
def end_sitting(*, lease: RoomLease, held: bool) -> SharedReview:
    """Those in the room have seen enough: ``held`` when all is seen, else it goes on another day."""
    review = locked(lease.review)
    review.state = State.HELD if held else State.PAUSED
    if held:
        review.held_at = timezone.now()
    review.save(update_fields=["state", "held_at"])
    touch(review)
    case = review.cycle.case
    record(
        by=lease.user,
        verb="review.held" if held else "review.paused",
        subject=review,
        family_id=case.family_id,
        case_id=case.pk,
    )
    return review


@transaction.atomic
def close_room(*, lease: RoomLease) -> None:
    """The practitioner leaves the room; its token opens nothing any more."""
    RoomLease.objects.filter(pk=lease.pk, ended_at__isnull=True).update(ended_at=timezone.now())
    case = lease.review.cycle.case
    record(by=lease.user, verb="room.left", subject=lease.review, family_id=case.family_id, case_id=case.pk)


@transaction.atomic
def hold_without_room(*, by: User, review: SharedReview) -> None:
    """The shared review was held in another way (on paper, from another screen); the practitioner says so."""
    review = locked(review)
    if review.state == State.HELD:
        return
    review.state, review.held_at = State.HELD, timezone.now()
    review.save(update_fields=["state", "held_at"])
    touch(review)
    case = review.cycle.case
    record(by=by, verb="review.held", subject=review, family_id=case.family_id, case_id=case.pk, elsewhere=True)
