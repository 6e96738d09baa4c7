"""Marks and stills as the workspace reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from clips import frames, queries
from clips.marks.edges import frame_times
from clips.models import Clip, ClipPrinciple, Principle, Recording, ReviewMoment, Still, VideoJob


def with_parts(clips: QuerySet[Clip]) -> QuerySet[Clip]:
    """Marks with all that ``mark_json`` needs, in a number of queries that does not grow with them."""
    failed = VideoJob.objects.filter(kind=VideoJob.Kind.CUT, state=VideoJob.State.FAILED).order_by("id")
    return clips.prefetch_related(
        Prefetch("jobs", failed),
        Prefetch("principles", ClipPrinciple.objects.select_related("principle")),
        Prefetch("chosen_for", ReviewMoment.objects.only("id", "clip_id", "why")),
    )


def mark_json(clip: Clip, times: frames.FrameTimes | None) -> dict[str, Any]:
    """A mark as a browser gets it; times in microseconds. ``tags`` carry the wording they were made under."""
    last_ends = clip.last_us
    if times is not None and clip.last_frame is not None:
        last_ends = times.after_us(clip.last_frame)
    moments = list(clip.chosen_for.all())
    return {
        "id": str(clip.pk),
        "first_frame": clip.first_frame,
        "last_frame": clip.last_frame,
        "first_us": clip.first_us,
        "last_us": clip.last_us,
        "length_us": last_ends - clip.first_us,
        "note": clip.note,
        "principles": [tag.principle.key for tag in clip.principles.all()],
        "tags": [
            {
                "id": tag.principle_id,
                "key": tag.principle.key,
                "label": tag.label,
                "description": tag.description,
            }
            for tag in clip.principles.all()
        ],
        "initiative_by": str(clip.initiative_by_id) if clip.initiative_by_id else None,
        "received_by": str(clip.received_by_id) if clip.received_by_id else None,
        "state": clip.state,
        "state_label": clip.get_state_display(),
        "version": clip.version,
        "deleted": clip.deleted_at is not None,
        "chosen": bool(moments),
        "why": moments[0].why if moments else "",
        "file_url": queries.clip_file_url(clip),
        "error": queries.clip_error(clip),
    }


def one_mark(clip: Clip) -> dict[str, Any]:
    """One mark, read afresh."""
    fresh = with_parts(Clip.objects.filter(pk=clip.pk)).get()
    return mark_json(fresh, frame_times(clip.recording))


def marks_json(recording: Recording) -> list[dict[str, Any]]:
    """All marks of a film in the order of the film."""
    times = frame_times(recording)
    return [mark_json(clip, times) for clip in with_parts(Clip.objects.filter(recording=recording).kept())]


def still_json(still: Still) -> dict[str, Any]:
    """A still as a browser gets it."""
    return {
        "id": str(still.pk),
        "clip": str(still.clip_id) if still.clip_id else None,
        "frame": still.frame,
        "time_us": still.time_us,
        "url": reverse("clips:still-media", args=[still.pk]),
        "ready": bool(still.file),
    }


def stills_json(stills: Iterable[Still]) -> list[dict[str, Any]]:
    """Stills in the order of the film."""
    return [still_json(still) for still in stills]


def offered_principles(recording: Recording) -> list[Principle]:
    """The principles that a film can be tagged with: some are for films of a shared review alone."""
    principles = Principle.objects.filter(active=True)
    if recording.kind == Recording.Kind.INTERACTION:
        principles = principles.filter(review_only=False)
    return list(principles)
