"""The questions of a referral: one definition, read by the form, by check answers, by triage and by the PDF copy."""

from referrals.questions.base import QuestionForm
from referrals.questions.steps import STEPS, Step, step_of, steps_for

__all__ = ["STEPS", "QuestionForm", "Step", "step_of", "steps_for"]
