"""Forms about helping questions, goals and measures."""

from outcomes.forms.goals import EndGoalForm, GoalForm, RateGoalForm, RewordGoalForm, StrikeForm
from outcomes.forms.questions import QuestionForm, RewordForm
from outcomes.forms.scores import ActForm, ScoreForm

__all__ = [
    "ActForm",
    "EndGoalForm",
    "GoalForm",
    "QuestionForm",
    "RateGoalForm",
    "RewordForm",
    "RewordGoalForm",
    "ScoreForm",
    "StrikeForm",
]
