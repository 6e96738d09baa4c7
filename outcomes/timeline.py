"""What questions, goals and measures add to a case's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from families.models import Case
from families.registry import TimelineEntry
from outcomes.models import GoalWording, HelpingQuestionRating, HelpingQuestionWording, Score


def questions(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Each wording, and each rating the family gave."""
    url = reverse("outcomes:questions", kwargs={"case": case.pk})
    wordings = HelpingQuestionWording.objects.filter(question__case=case).select_related("recorded_by")
    for wording in wordings:
        yield TimelineEntry(
            at=wording.recorded_at,
            kind="question",
            kind_label="Helping questions",
            title="Helping question" if wording.version == 1 else "Helping question in new words",
            detail=f"“{wording.text}”",
            url=url,
            by=wording.recorded_by.name,
        )
    ratings = HelpingQuestionRating.objects.filter(wording__question__case=case).select_related("rated_by", "wording")
    for rating in ratings:
        yield TimelineEntry(
            at=rating.at,
            kind="question",
            kind_label="Helping questions",
            title=f"{rating.rated_by.short_name} rated the helping question {rating.value} of 10",
            detail=f"“{rating.wording.text}”",
            url=url,
        )


def goals(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Goals agreed, reworded and ended: one query, from the wordings."""
    url = reverse("outcomes:goals", kwargs={"case": case.pk})
    for wording in GoalWording.objects.filter(goal__case=case).select_related("recorded_by", "goal"):
        yield TimelineEntry(
            at=wording.recorded_at,
            kind="goal",
            kind_label="Goals",
            title="Goal agreed" if wording.version == 1 else "Goal in new words",
            detail=f"“{wording.text}”",
            url=url,
            by=wording.recorded_by.name,
        )
        if wording.goal.ended_at and wording.version == 1:
            yield TimelineEntry(
                at=wording.goal.ended_at,
                kind="goal",
                kind_label="Goals",
                title=f"Goal ended: {wording.goal.get_ended_display().lower()}",
                detail=f"“{wording.text}”",
                url=url,
            )


def scores(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Measures completed; their figures are a click away, with their words."""
    rows = Score.objects.filter(case=case).standing().select_related("version", "respondent", "rater")
    for score in rows:
        yield TimelineEntry(
            at=score.recorded_at,
            kind="score",
            kind_label="Measures",
            title=f"{score.version} completed",
            detail=f"{score.given_by}. {score.get_occasion_display()}. {score.get_way_display()}.",
            url=reverse("outcomes:score", kwargs={"case": case.pk, "score": score.pk}),
        )
