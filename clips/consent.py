"""Which agreement a film needs, and what happens to films when somebody's agreement changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from audit.actions import record
from clips.models import EvidenceHold, Recording, RoomLease, SharedReview
from families import consent
from families.consent import Purpose, Standing, Verdict
from families.models import Person

if TYPE_CHECKING:
    from accounts.models import User


def to_play(recording: Recording, viewer: User) -> tuple[str, ...]:
    """The purposes that everyone in shot must agree to before ``viewer`` plays a film at the desk.

    The film of a shared review is about the practitioner's own work: whoever else looks at it does so as
    supervision.
    """
    if recording.kind == Recording.Kind.REVIEW and recording.uploaded_by_id != viewer.pk:
        return (Purpose.FILM, Purpose.SUPERVISION)
    return (Purpose.FILM,)


def filmed(recording: Recording) -> Verdict:
    """Whether everyone in shot agrees to be filmed: without it a film is neither taken, kept going nor played."""
    return consent.ask(recording.people.all(), Purpose.FILM)


def shared(recording: Recording) -> Verdict:
    """Whether everyone in shot agrees to be seen in a shared review."""
    return consent.ask(recording.people.all(), Purpose.FILM, Purpose.SHARED_REVIEW)


def taken_back(recording: Recording) -> list[str]:
    """Who of those in shot said no to being filmed, or took their agreement back, in sentences: what they want is that
    the film goes. (Consent that ran out, or about which those who decide differ, stops a film and deletes nothing.)"""
    said_no = {Standing.WITHDRAWN, Standing.REFUSED}
    return [each.sentence for each in filmed(recording).blockers if each.standing in said_no]


def deletion_waits(recording: Recording) -> None:
    """Note on the hold of a film that is kept as evidence that its deletion is due, or is not any more."""
    held = EvidenceHold.objects.in_force().filter(recording=recording).select_for_update(of=("self",)).first()
    due = bool(taken_back(recording))
    if held is None or bool(held.deletion_due_at) == due:
        return
    held.deletion_due_at = timezone.now() if due else None
    held.save(update_fields=["deletion_due_at"])
    case, verb = recording.case, "evidence.deletion-deferred" if due else "evidence.deletion-not-due"
    record(by=None, verb=verb, subject=held, family_id=case.family_id, case_id=case.pk, film=str(recording.pk))


def changed(person: Person, purpose: str) -> None:
    """``families`` tells that somebody's standing for a purpose changed (registered as a Holder).

    Films of people who no longer agree stop within the same transaction; a film that arrives just then is
    destroyed. Films that were stopped for that reason alone go on when everyone agrees again. One that is kept as
    evidence stops like any other; that it is to go is noted, and waits until it is released.
    """
    from clips import actions

    if purpose not in {Purpose.FILM, Purpose.SHARED_REVIEW}:
        return
    films = Recording.objects.filter(people=person).exclude(state=Recording.State.DESTROYED)
    for film in films.select_for_update(of=("self",)).prefetch_related("people"):
        if film.evidence_since is not None and purpose == Purpose.FILM:
            deletion_waits(film)
        if purpose == Purpose.SHARED_REVIEW:
            if not shared(film).allowed:
                end_rooms(film)
            continue
        verdict = filmed(film)
        if not verdict.allowed and film.state != Recording.State.STOPPED:
            actions.stop_for_consent(recording=film, reasons=verdict.reasons)
        elif verdict.allowed and film.stopped_cause == Recording.Cause.CONSENT:
            actions.resume(recording=film)


def end_rooms(recording: Recording) -> int:
    """End every open room that shows a moment of this film; how many there were."""
    open_rooms = RoomLease.objects.filter(
        ended_at__isnull=True,
        expires_at__gt=timezone.now(),
        review__in=SharedReview.objects.filter(moments__clip__recording=recording),
    ).select_related("review__cycle__case")
    ended = 0
    for lease in open_rooms:
        lease.ended_at = timezone.now()
        lease.save(update_fields=["ended_at"])
        case = lease.review.cycle.case
        record(by=None, verb="room.ended", subject=lease.review, family_id=case.family_id, case_id=case.pk)
        ended += 1
    return ended
