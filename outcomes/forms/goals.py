"""Forms about goals."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from families.forms.fields import Line, Prose
from families.models import Case
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from outcomes.forms.questions import LONGEST_QUESTION, QuestionForm, grown_ups
from outcomes.models import Goal
from outcomes.registry import Meeting, meetings_of

LONGEST_REASON = 300
LONGEST_PROSE = 2000


class GoalForm(QuestionForm):
    """A new goal, and whose it is."""

    submit_label = "Save this goal"
    text = Prose(
        label="The goal",
        max_length=LONGEST_QUESTION,
        help_text="In the family’s own words, for example: I want us to enjoy bath time.",
    )
    nouns = {"text": "the goal in the family’s own words"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].label = "Whose goal is it?"


class RewordGoalForm(NhsForm):
    """A goal in new words, with why."""

    submit_label = "Save the new words"
    text = Prose(label="The goal", max_length=LONGEST_QUESTION)
    reason = Line(label="Why do the words change?", max_length=LONGEST_REASON)
    nouns = {"text": "the goal in the family’s own words", "reason": "why the words change"}
    looks = {"text": {"rows": 3}}


def meeting_choices(meetings: list[Meeting]) -> list[tuple[str, str]]:
    """Sessions to tie something to, as a list offers them."""
    said = [("", "No session")]
    for meeting in meetings:
        at = timezone.localtime(meeting.at)
        said.append((str(meeting.id), f"{meeting.label}, {at:%a} {at.day} {at:%b %Y}"))
    return said


def noon(on: date) -> datetime:
    """A moment on that day for what is known by the day alone: now, when the day is today."""
    if on == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, time(12)))


class RateGoalForm(NhsForm):
    """A number that somebody said, written down by staff."""

    submit_label = "Save what was said"
    rated_by = forms.ChoiceField(label="Who said it?", widget=forms.RadioSelect)
    value = forms.TypedChoiceField(
        label="How near do they feel to it?",
        help_text="0 is no progress at all, 10 is fully reached.",
        coerce=int,
        choices=[(str(number), str(number)) for number in range(11)],
        widget=forms.RadioSelect,
    )
    on = DateInputField(label="When was it said?", not_future=True)
    occasion = forms.ChoiceField(label="In which session?", required=False)
    nouns = {"rated_by": "who said it", "value": "a number from 0 to 10"}
    looks = {"value": {"inline": True}}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = grown_ups(case)
        self.fields["rated_by"].choices = [  # type: ignore[attr-defined]
            (key, person.display_name) for key, person in self.people.items()
        ]
        self.fields["occasion"].choices = meeting_choices(meetings_of(case))  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()
        if len(self.people) == 1:
            self.fields["rated_by"].initial = next(iter(self.people))

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        return {
            "rated_by": self.people[data["rated_by"]],
            "value": data["value"],
            "at": noon(data["on"]),
            "occasion_id": data["occasion"] or None,
        }


class EndGoalForm(NhsForm):
    """What became of a goal."""

    submit_label = "End this goal"
    how = forms.ChoiceField(label="What became of it?", choices=Goal.Ended.choices, widget=forms.RadioSelect)
    why = Prose(label="In the family’s own words", max_length=LONGEST_PROSE, required=False)
    nouns = {"how": "what became of this goal"}
    looks = {"why": {"rows": 4}}


class StrikeForm(NhsForm):
    """Why something was entered in error."""

    submit_label = "Strike it out"
    why = Line(
        label="What was wrong with it?",
        max_length=LONGEST_REASON,
        help_text="It stays to be seen, struck out, with your name and this reason. It counts nowhere any more.",
    )
    nouns = {"why": "what was wrong with it"}
