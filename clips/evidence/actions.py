"""Keeping a film as evidence, telling its people, keeping it on, releasing it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import safeguarding
from audit.actions import record
from clips import consent, jobs
from clips.actions import films
from clips.actions.refusal import Refused
from clips.models import Clip, EvidenceHold, Recording

if TYPE_CHECKING:
    from accounts.models import User

State = Recording.State


def _record(by: User, verb: str, held: EvidenceHold, film: Recording, **detail: str | int | bool) -> None:
    record(
        by=by,
        verb=verb,
        subject=held,
        family_id=film.case.family_id,
        case_id=film.case_id,
        film=str(film.pk),
        **detail,
    )


def _must_be_lead(by: User) -> None:
    if by not in safeguarding.leads():
        raise Refused("Only the safeguarding lead or their deputy keeps a film as evidence.")


def why_it_cannot_be_held(film: Recording) -> str:
    """Why there is nothing whole to keep yet, or any more; "" when it can be kept."""
    if film.state == State.DESTROYED:
        return "This film has been destroyed."
    if film.state == State.UPLOADING or (film.state == State.STOPPED and film.stopped_from == State.UPLOADING):
        return "This film has not arrived whole, so there is nothing yet that could be kept."
    if film.state == State.CHECKING:
        return "This film is being checked, which takes seconds. Try again in a moment."
    return ""


@transaction.atomic
def hold(
    *, by: User, recording: Recording, reason: str, review_on: date, words: str = "", not_told_why: str = ""
) -> EvidenceHold:
    """Keep a film as evidence: from this moment nobody but the safeguarding leads can look at it.

    ``words`` is why, as its people are told it; without it ``not_told_why`` says whom telling would put in danger.
    Raises Refused, and ValidationError for what is missing.
    """
    _must_be_lead(by)
    film = films.locked(recording)
    if film.evidence_since is not None:
        raise Refused("This film is kept as evidence already.")
    if why := why_it_cannot_be_held(film):
        raise Refused(why)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is kept"})
    if not words.strip() and not not_told_why.strip():
        raise ValidationError({"words": "Enter what they are told"})
    _check_review(review_on)
    now = timezone.now()
    held = EvidenceHold(
        recording=film,
        held_by=by,
        held_at=now,
        reason=reason.strip(),
        review_on=review_on,
        words=words.strip(),
        not_told_why="" if words.strip() else not_told_why.strip(),
        deletion_due_at=now if film.state == State.STOPPED and consent.taken_back(film) else None,
    )
    held.full_clean(exclude=["recording", "held_by"])
    held.save()
    film.evidence_since = now
    film.save(update_fields=["evidence_since"])
    jobs.cancel_cuts(film)
    film.clips.filter(state=Clip.State.CUTTING).update(state=Clip.State.MARKED)
    consent.end_rooms(film)
    _record(by, "evidence.held", held, film, told=not held.quiet)
    return held


def _check_review(review_on: date) -> None:
    if review_on <= timezone.localdate():
        raise ValidationError({"review_on": "Enter a day to come, on which you look at whether it is still needed"})


def _in_force(held: EvidenceHold) -> EvidenceHold:
    """The hold as it is now, locked. Raises Refused when it is over."""
    rows = EvidenceHold.objects.select_for_update(of=("self",)).select_related("recording__case")
    found = rows.get(pk=held.pk)
    if found.released_at is not None:
        raise Refused("This film is not kept as evidence any more.")
    return found


@transaction.atomic
def tell(*, by: User, held: EvidenceHold, told_who: str, told_on: date) -> EvidenceHold:
    """Write down who was told what is kept and why, how, and on which day. Raises Refused and ValidationError."""
    _must_be_lead(by)
    found = _in_force(held)
    if found.quiet:
        raise Refused("It was decided not to tell them, because that would put somebody in danger.")
    if told_on > timezone.localdate():
        raise ValidationError({"told_on": "The day must be today or in the past"})
    if not told_who.strip():
        raise ValidationError({"told_who": "Enter who was told, and how"})
    found.told_who, found.told_on, found.told_by, found.told_at = told_who.strip(), told_on, by, timezone.now()
    found.save(update_fields=["told_who", "told_on", "told_by", "told_at"])
    _record(by, "evidence.told", found, found.recording)
    return found


@transaction.atomic
def keep_on(*, by: User, held: EvidenceHold, review_on: date, words: str = "") -> EvidenceHold:
    """It is still needed: look at it again on another day. ``words``: its people can be told now, after all.

    Raises Refused and ValidationError.
    """
    _must_be_lead(by)
    found = _in_force(held)
    _check_review(review_on)
    found.review_on = review_on
    if found.quiet and words.strip():
        found.words = words.strip()
    found.save(update_fields=["review_on", "words"])
    _record(by, "evidence.kept-on", found, found.recording, told=not found.quiet)
    return found


@transaction.atomic
def release(*, by: User, held: EvidenceHold, why: str) -> bool:
    """The film is not needed as evidence any more; whether the deletion that had waited happened with it.

    Else it goes on where it was. Raises Refused and ValidationError.
    """
    _must_be_lead(by)
    film = films.locked(held.recording)  # the film first, then its hold: as everywhere
    found = _in_force(held)
    if not why.strip():
        raise ValidationError({"why": "Enter why it is not needed any more"})
    found.released_at, found.released_by, found.released_why = timezone.now(), by, why.strip()
    found.save(update_fields=["released_at", "released_by", "released_why"])
    film.evidence_since = None
    film.save(update_fields=["evidence_since"])
    stopped = film.state == State.STOPPED and film.stopped_cause == Recording.Cause.CONSENT
    due = consent.taken_back(film) if found.deletion_due_at and stopped else []
    _record(by, "evidence.released", found, film, deleted=bool(due))
    if due:
        films.destroy_film(by=by, recording=film, reason=f"{' '.join(due)} It had been kept as evidence until now.")
    else:
        jobs.cut_what_waits(film)
    return bool(due)
