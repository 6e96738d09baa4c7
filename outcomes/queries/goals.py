"""Goals as they are read: every wording, every rating, how far each person has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from families.models import Case
from outcomes.models import Goal, GoalRating, GoalWording
from outcomes.scoring import Change, goal_change


@dataclass(frozen=True)
class GoalView:
    """One goal with its wordings (newest last) and its ratings (oldest first; those struck out among them)."""

    goal: Goal
    wordings: tuple[GoalWording, ...]
    all_ratings: tuple[GoalRating, ...]

    @property
    def latest(self) -> GoalWording:
        return self.wordings[-1]

    @property
    def earlier(self) -> tuple[GoalWording, ...]:
        return tuple(reversed(self.wordings[:-1]))

    @property
    def ratings(self) -> tuple[GoalRating, ...]:
        return tuple(rating for rating in self.all_ratings if rating.struck_at is None)

    @property
    def changes(self) -> list[tuple[str, Change]]:
        """For each person with at least two ratings: from the first to the last."""
        by_person: dict[object, list[GoalRating]] = {}
        for rating in self.ratings:
            by_person.setdefault(rating.rated_by_id, []).append(rating)
        return [
            (rows[0].rated_by.short_name, goal_change(rows[0].value, rows[-1].value))
            for rows in by_person.values()
            if len(rows) > 1
        ]


def goals_of(case: Case) -> list[GoalView]:
    """The goals of a case, those still worked on first, in three queries whatever their number."""
    goals = (
        Goal.objects.filter(case=case)
        .select_related("whose", "ended_by")
        .prefetch_related(
            Prefetch(
                "wordings",
                GoalWording.objects.order_by("version")
                .select_related("recorded_by")
                .prefetch_related(
                    Prefetch(
                        "ratings", GoalRating.objects.select_related("rated_by", "recorded_by", "struck_by", "wording")
                    )
                ),
            )
        )
    )
    found = []
    for goal in sorted(goals, key=lambda each: (each.ended_at is not None, each.created_at)):
        wordings = tuple(goal.wordings.all())
        ratings = (rating for wording in wordings for rating in wording.ratings.all())
        found.append(GoalView(goal, wordings, tuple(sorted(ratings, key=lambda each: (each.at, each.recorded_at)))))
    return found
