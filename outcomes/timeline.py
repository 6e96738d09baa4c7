"""What questions, goals and measures add to a case's timeline."""

from __future__ import annotations

from django.db.models.functions import Substr
from django.urls import reverse

from families.columns import as_id, short_name_of
from families.registry import TimelineEntry, TimelineRow, TimelineSource
from outcomes.models import Goal, GoalWording, HelpingQuestionRating, HelpingQuestionWording, Score
from outcomes.models.scores import Occasion


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


def _goals_page(row: TimelineRow) -> str:
    return reverse("outcomes:goals", kwargs={"case": row.case.pk})


def _goal(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title="Goal agreed" if row.data["version"] == 1 else "Goal in new words",
        detail=f"“{row.data['text']}”",
        url=_goals_page(row),
        by=row.data["by"],
    )


def _goal_ended(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"Goal ended: {Goal.Ended(row.data['how']).label.lower()}",
        detail=row.data["why"],
        url=_goals_page(row),
        by=row.data["by"],
    )


def _score(row: TimelineRow) -> TimelineEntry:
    """Its figures are a click away, with their words."""
    who = row.data["rater"] or row.data["name"]
    said = (Occasion(row.data["occasion"]).label, Score.Way(row.data["way"]).label)
    return TimelineEntry(
        at=row.at,
        title=f"{row.data['measure']} completed",
        detail=". ".join((who, *said)),
        url=reverse("outcomes:score", kwargs={"case": row.case.pk, "score": as_id(row.id)}),
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
    TimelineSource(
        key="goal",
        kind="goal",
        kind_label="Goals",
        rows=lambda case, user: GoalWording.objects.filter(goal__case=case),
        at="recorded_at",
        columns={"version": "version", "text": "text", "by": "recorded_by__name"},
        entry=_goal,
        people="goal__whose",
    ),
    TimelineSource(
        key="goal-ended",
        kind="goal",
        kind_label="Goals",
        rows=lambda case, user: Goal.objects.filter(case=case, ended_at__isnull=False),
        at="ended_at",
        columns={"how": "ended", "why": Substr("ended_why", 1, 300), "by": "ended_by__name"},
        entry=_goal_ended,
        people="whose",
    ),
    TimelineSource(
        key="score",
        kind="score",
        kind_label="Measures",
        rows=lambda case, user: Score.objects.standing().filter(case=case),
        at="recorded_at",
        columns={
            "measure": "version__short_name",
            "name": short_name_of("respondent"),
            "rater": "rater__name",
            "occasion": "occasion",
            "way": "way",
        },
        entry=_score,
        people="respondent",
    ),
)
