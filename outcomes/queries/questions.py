"""Helping questions as they are read: every wording, every rating."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from families.models import Case
from outcomes.models import HelpingQuestion, HelpingQuestionRating, HelpingQuestionWording


@dataclass(frozen=True)
class QuestionView:
    """One helping question with its wordings (newest last) and its ratings (oldest first)."""

    question: HelpingQuestion
    wordings: tuple[HelpingQuestionWording, ...]
    ratings: tuple[HelpingQuestionRating, ...]

    @property
    def latest(self) -> HelpingQuestionWording | None:
        return self.wordings[-1] if self.wordings else None

    @property
    def earlier(self) -> tuple[HelpingQuestionWording, ...]:
        return tuple(reversed(self.wordings[:-1]))


def questions_of(case: Case) -> list[QuestionView]:
    """The helping questions of a case, in three queries whatever their number."""
    questions = (
        HelpingQuestion.objects.filter(case=case)
        .select_related("whose")
        .prefetch_related(
            Prefetch(
                "wordings",
                HelpingQuestionWording.objects.order_by("version")
                .select_related("recorded_by")
                .prefetch_related(Prefetch("ratings", HelpingQuestionRating.objects.select_related("rated_by"))),
            )
        )
    )
    found = []
    for question in questions:
        wordings = tuple(question.wordings.all())
        ratings = sorted((rating for wording in wordings for rating in wording.ratings.all()), key=lambda each: each.at)
        found.append(QuestionView(question, wordings, tuple(ratings)))
    return found


def latest_wordings(case: Case) -> list[HelpingQuestionWording]:
    """The words in force of each helping question of a case."""
    return [view.latest for view in questions_of(case) if view.latest is not None]
