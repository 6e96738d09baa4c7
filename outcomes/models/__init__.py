"""What a family asks, aims for and answers."""

from outcomes.models.asking import Asking
from outcomes.models.critical import CriticalAnswer
from outcomes.models.experience import Experience
from outcomes.models.goals import Goal, GoalRating, GoalWording
from outcomes.models.measures import Measure, MeasureVersion
from outcomes.models.questions import HelpingQuestion, HelpingQuestionRating, HelpingQuestionWording
from outcomes.models.scores import Score, ScoreValue

__all__ = [
    "Asking",
    "CriticalAnswer",
    "Experience",
    "Goal",
    "GoalRating",
    "GoalWording",
    "HelpingQuestion",
    "HelpingQuestionRating",
    "HelpingQuestionWording",
    "Measure",
    "MeasureVersion",
    "Score",
    "ScoreValue",
]
