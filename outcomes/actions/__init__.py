"""What is done with questions, goals and measures: the verbs."""

from outcomes.actions.critical import act_on
from outcomes.actions.goals import add_goal, end_goal, rate_goal, reopen_goal, reword_goal, strike_goal_rating
from outcomes.actions.measures import change_measure, save_measure
from outcomes.actions.questions import add_question, rate_question, reword_question
from outcomes.actions.scores import record_score, strike_score

__all__ = [
    "act_on",
    "add_goal",
    "add_question",
    "change_measure",
    "end_goal",
    "rate_goal",
    "rate_question",
    "record_score",
    "reopen_goal",
    "reword_goal",
    "reword_question",
    "save_measure",
    "strike_goal_rating",
    "strike_score",
]
