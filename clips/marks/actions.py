"""What a practitioner does with a mark: make, change, delete, take back, choose it for the shared review."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.actions import record
from clips import jobs
from clips.actions.refusal import Refused
from clips.marks.edges import Edges
from clips.models import Clip, ClipPrinciple, Principle, Recording, ReviewMoment, SharedReview
from families.models import Person

if TYPE_CHECKING:
    from accounts.models import User

NOTE_LENGTH = 4000


class Stale(Exception):
    """The mark was changed by somebody else meanwhile; ``clip`` is how it stands now."""

    def __init__(self, clip: Clip) -> None:
        super().__init__("This moment was changed in another window.")
        self.clip = clip


def _audit(by: User, verb: str, clip: Clip, **detail: str | int | bool | list[str] | None) -> None:
    case = clip.recording.case
    record(
        by=by,
        verb=verb,
        subject=clip,
        family_id=case.family_id,
        case_id=case.pk,
        film=str(clip.recording_id),
        **detail,
    )


def _locked(clip: Clip) -> Clip:
    """The mark as it stands now, held until the end of the transaction."""
    rows = Clip.objects.select_for_update(of=("self",)).select_related("recording__case", "recording__cycle")
    return rows.get(pk=clip.pk)


@transaction.atomic
def create_mark(
    *,
    by: User,
    recording: Recording,
    edges: Edges,
    id: uuid.UUID | None = None,
    note: str = "",
    principles: Collection[int] = (),
    initiative_by: Person | None = None,
    received_by: Person | None = None,
) -> tuple[Clip, bool]:
    """Mark a stretch of film; it is cut as soon as the film is prepared. Returns the mark, and whether it is new.

    ``id`` is the browser's own: a request that is sent again because its answer was lost makes no second mark.
    Raises ValidationError, and Refused when the id belongs to something else.
    """
    if id is not None:
        before = Clip.objects.filter(pk=id).select_related("recording__case").first()
        if before is not None:
            if before.recording_id != recording.pk or before.created_by_id != by.pk:
                raise Refused("That moment exists already.")
            return before, False
    _check_note(note)
    clip = Clip(
        recording=recording,
        first_frame=edges.first_frame,
        last_frame=edges.last_frame,
        first_us=edges.first_us,
        last_us=edges.last_us,
        note=note,
        initiative_by=_in_shot(recording, initiative_by),
        received_by=_in_shot(recording, received_by),
        created_by=by,
    )
    if id is not None:
        clip.pk = id
    clip.save(force_insert=True)
    _tag(clip, principles)
    _audit(by, "clip.marked", clip)
    _cut(clip)
    return clip, True


@transaction.atomic
def change_mark(
    *,
    by: User,
    clip: Clip,
    version: int,
    edges: Edges | None = None,
    note: str | None = None,
    principles: Collection[int] | None = None,
    people: Mapping[str, Person | None] | None = None,
) -> Clip:
    """Change what is given and leave the rest. ``people`` may hold ``initiative_by`` and ``received_by``.

    New edges cut the clip again; what was cut before goes. Raises Stale when ``version`` is not the mark's own any
    more or the mark was deleted, and ValidationError.
    """
    clip = _locked(clip)
    if clip.version != version or clip.deleted_at is not None:
        raise Stale(clip)
    changed = []
    if edges is not None and edges != Edges(clip.first_us, clip.last_us, clip.first_frame, clip.last_frame):
        clip.first_frame, clip.last_frame = edges.first_frame, edges.last_frame
        clip.first_us, clip.last_us = edges.first_us, edges.last_us
        clip.edges_version += 1
        clip.state = Clip.State.MARKED
        changed.append("edges")
    if note is not None and note != clip.note:
        _check_note(note)
        clip.note = note
        changed.append("note")
    for field, person in (people or {}).items():
        if getattr(clip, f"{field}_id") != (person.pk if person else None):
            setattr(clip, field, _in_shot(clip.recording, person))
            changed.append(field)
    if principles is not None and _tag(clip, principles):
        changed.append("principles")
    if not changed:
        return clip
    clip.version += 1
    clip.updated_at = timezone.now()
    clip.save()
    _audit(by, "clip.changed", clip, fields=changed, version=clip.version)
    if "edges" in changed:
        _cut(clip)
    return clip


@transaction.atomic
def delete_mark(*, by: User, clip: Clip, version: int) -> Clip:
    """Delete a mark, which can be restored; its file goes now.

    It leaves a shared review that is still being chosen. Raises Stale, and Refused when the moment has been watched in
    a shared review: what was said there belongs to it.
    """
    clip = _locked(clip)
    if clip.deleted_at is not None:
        return clip
    if clip.version != version:
        raise Stale(clip)
    for moment in ReviewMoment.objects.select_for_update().filter(clip=clip):
        _leave_review(moment)
    clip.deleted_at = timezone.now()
    clip.version += 1
    clip.updated_at = clip.deleted_at
    clip.save()
    jobs.drop_cut(clip)
    _audit(by, "clip.deleted", clip)
    return clip


@transaction.atomic
def restore_mark(*, by: User, clip: Clip) -> Clip:
    """Bring a deleted mark back as it was; it is cut again. Nothing happens to one that is there."""
    clip = _locked(clip)
    if clip.deleted_at is None:
        return clip
    clip.deleted_at = None
    clip.version += 1
    clip.updated_at = timezone.now()
    clip.state = Clip.State.MARKED
    clip.save()
    _audit(by, "clip.restored", clip)
    _cut(clip)
    return clip


@transaction.atomic
def choose_moment(*, by: User, clip: Clip, chosen: bool, why: str = "") -> SharedReview:
    """Put a moment into the shared review of its film's cycle, after those already there, or take it out.

    ``why`` is the practitioner's private note. Three is the custom, not a limit. Raises Refused.
    """
    clip = _locked(clip)
    cycle = clip.recording.cycle
    if clip.deleted_at is not None:
        raise Refused("This moment was deleted. Restore it before you choose it.")
    if clip.recording.kind != Recording.Kind.INTERACTION:
        raise Refused("Moments for a shared review come from the film of the interaction.")
    if cycle is None:
        raise Refused("This film belongs to no VIG cycle. Put it into a cycle first, then choose its moments.")
    if cycle.closed_at is not None:
        raise Refused(f"Cycle {cycle.number} is closed, so its moments stay as they are.")
    review, _ = SharedReview.objects.get_or_create(cycle=cycle)
    review = SharedReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    moment = ReviewMoment.objects.filter(review=review, clip=clip).first()
    if chosen and moment is None:
        if review.state == SharedReview.State.HELD:
            raise Refused("The shared review of this cycle has been held, so its moments stay as they are.")
        last = review.moments.aggregate(last=Max("position"))["last"]
        ReviewMoment.objects.create(review=review, clip=clip, position=0 if last is None else last + 1, why=why)
        _audit(by, "moment.chosen", clip, review=str(review.pk))
    elif not chosen and moment is not None:
        _leave_review(moment)
        _audit(by, "moment.unchosen", clip, review=str(review.pk))
    else:
        return review
    review.version += 1
    review.save(update_fields=["version"])
    return review


def _leave_review(moment: ReviewMoment) -> None:
    if moment.shown_at is not None or moment.words.exists():
        raise Refused("This moment has been watched in the shared review. It is kept with what was said about it.")
    moment.delete()


def _cut(clip: Clip) -> None:
    """Have the clip cut, if its frames are known; the preparation of the film sees to all others at its end."""
    if clip.first_frame is not None:
        jobs.enqueue_cut(clip)


def _check_note(note: str) -> None:
    if len(note) > NOTE_LENGTH:
        raise ValidationError(f"A note can be {NOTE_LENGTH:,} characters long; this one has {len(note):,}.")
    if "\x00" in note:
        raise ValidationError("The note has a character in it that cannot be kept. Type it again.")


def _in_shot(recording: Recording, person: Person | None) -> Person | None:
    if person is not None and not recording.people.filter(pk=person.pk).exists():
        raise ValidationError("Select somebody who is in this film.")
    return person


def _tag(clip: Clip, wanted: Collection[int]) -> bool:
    """Make the mark's principles exactly ``wanted`` (ids); whether that changed anything.

    A principle keeps the wording it was tagged under until it is taken off; one that is no longer offered may stay
    but not be added.
    """
    before = {tag.principle_id: tag for tag in clip.principles.all()}
    added = set(wanted) - set(before)
    offered = {each.pk: each for each in Principle.objects.filter(pk__in=added, active=True)} if added else {}
    if added - set(offered):
        raise ValidationError("Select principles from the list. One of these is no longer offered.")
    if clip.recording.kind == Recording.Kind.INTERACTION and any(each.review_only for each in offered.values()):
        raise ValidationError("That principle is for films of the shared review.")
    gone = set(before) - set(wanted)
    clip.principles.filter(principle_id__in=gone).delete()
    ClipPrinciple.objects.bulk_create(
        ClipPrinciple(clip=clip, principle=each, label=each.label, description=each.description)
        for each in offered.values()
    )
    return bool(added or gone)
