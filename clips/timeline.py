"""What films add to a case's timeline."""

from __future__ import annotations

from django.urls import reverse

from clips.models import Recording
from families.columns import as_date
from families.registry import TimelineEntry, TimelineRow, TimelineSource


def _what(row: TimelineRow) -> str:
    what = "Film of a shared review" if row.data["kind"] == Recording.Kind.REVIEW else "Film"
    return f"{what} of {as_date(row.data['filmed_on']):%-d %b %Y}"


def _sent(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"{_what(row)} sent",
        url=reverse("clips:film", args=[row.id]),
        detail=Recording.State(row.data["state"]).label,
        by=row.data["by"],
    )


def _destroyed(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"{_what(row)} destroyed",
        url=reverse("clips:film-certificate", args=[row.id]),
        detail=row.data["reason"],
        by=row.data["by"] or "",
    )


SOURCES = (
    TimelineSource(
        key="film",
        kind="film",
        kind_label="Films",
        rows=lambda case, user: Recording.objects.visible_to(user).filter(case=case),
        at="created_at",
        columns={"kind": "kind", "filmed_on": "filmed_on", "state": "state", "by": "uploaded_by__name"},
        entry=_sent,
        people="people",
    ),
    TimelineSource(
        key="film-destroyed",
        kind="film",
        kind_label="Films",
        rows=lambda case, user: Recording.objects.visible_to(user).filter(case=case, destroyed_at__isnull=False),
        at="destroyed_at",
        columns={
            "kind": "kind",
            "filmed_on": "filmed_on",
            "reason": "destroyed_reason",
            "by": "destroyed_by__name",
        },
        entry=_destroyed,
        people="people",
    ),
)
