"""What helping questions add to a case's timeline."""

from __future__ import annotations

from django.urls import reverse

from families.columns import short_name_of
from families.registry import TimelineEntry, TimelineRow, TimelineSource
from outcomes.models import HelpingQuestionRating, HelpingQuestionWording


def _page(row: TimelineRow) -> str:
    return reverse("outcomes:questions", kwargs={"case": row.case.pk})


def _wording(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title="Helping question" if row.data["version"] == 1 else "Helping question in new words",
        detail=f"“{row.data['text']}”",
        url=_page(row),
        by=row.data["by"],
    )


def _rating(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"{row.data['name']} rated the helping question {row.data['value']} of 10",
        detail=f"“{row.data['text']}”",
        url=_page(row),
    )


SOURCES = (
    TimelineSource(
        key="question",
        kind="question",
        kind_label="Helping questions",
        rows=lambda case, user: HelpingQuestionWording.objects.filter(question__case=case),
        at="recorded_at",
        columns={"version": "version", "text": "text", "by": "recorded_by__name"},
        entry=_wording,
        people="question__whose",
    ),
    TimelineSource(
        key="question-rating",
        kind="question",
        kind_label="Helping questions",
        rows=lambda case, user: HelpingQuestionRating.objects.filter(wording__question__case=case),
        columns={"name": short_name_of("rated_by"), "value": "value", "text": "wording__text"},
        entry=_rating,
        people="rated_by",
    ),
)
