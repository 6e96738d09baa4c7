"""Helping questions, goals and measures as they are read."""

from outcomes.queries.askings import askings_open
from outcomes.queries.goals import GoalView, goals_of
from outcomes.queries.measures import MeasureView, measures_of
from outcomes.queries.questions import QuestionView, latest_wordings, questions_of

__all__ = [
    "GoalView",
    "MeasureView",
    "QuestionView",
    "askings_open",
    "goals_of",
    "latest_wordings",
    "measures_of",
    "questions_of",
]
