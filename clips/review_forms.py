"""What is asked before the room opens, and after it."""

from __future__ import annotations

from typing import Any

from django import forms

from clips.models import SharedReview
from families.forms.fields import Line, Prose
from families.models import Case, Person
from nhsuk_forms.forms import NhsForm
from outcomes.models import HelpingQuestionWording
from sessions.models import Cycle


class PresentField(forms.ModelMultipleChoiceField):
    """People of the family by what they are called."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return obj.short_name


class OpenRoom(NhsForm):
    """Who is present, and that this is the right family."""

    submit_label = ""
    mark_optional = False
    present = PresentField(label="Who of the family is with you?", queryset=Person.objects.none())
    others_present = forms.CharField(
        label="Anybody else in the room",
        required=False,
        help_text="For example an interpreter, a health visitor, a colleague. Leave empty if nobody.",
        max_length=200,
    )
    confirmed = forms.BooleanField(
        label="The picture, the first names and the date are those of the family I am with",
        error_messages={"required": "Confirm that this is the family you are with"},
    )
    nouns = {"present": "who is with you"}

    def __init__(self, *args: Any, case: Case, review: SharedReview, **kwargs: Any) -> None:
        before = [person.pk for person in review.present.all()]
        kwargs.setdefault("initial", {"present": before, "others_present": review.others_present})
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = case.people.order_by("created_at")  # type: ignore[attr-defined]

    layout = ["present", "others_present", "confirmed"]


class NextQuestion(NhsForm):
    """The summary of a cycle, and the question to go on with."""

    KEEP, REWORD, NEW, NONE = "keep", "reword", "new", "none"
    submit_label = ""
    mark_optional = False
    summary = Prose(
        label="Summary of this cycle",
        help_text="What was seen, what was said, what comes next. It stays when the film is gone.",
        max_length=8000,
    )
    question = forms.ChoiceField(
        label="The next helping question",
        choices=[
            (KEEP, "Keep this question"),
            (REWORD, "Say it in new words"),
            (NEW, "A new question"),
            (NONE, "None for now"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it goes on with the helping question"},
    )
    reworded = Line(label="The question in new words", max_length=500)
    new = Line(label="The new question", max_length=500)
    reveals = {"question": {"reword": ["reworded"], "new": ["new"]}}
    nouns = {
        "summary": "a summary of this cycle",
        "reworded": "the question in the family’s own words",
        "new": "the question in the family’s own words",
    }
    looks = {"summary": {"rows": 10}}

    def __init__(self, *args: Any, cycle: Cycle, latest: HelpingQuestionWording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].help_text = f"Now: “{latest.text}”"


class WordsForm(NhsForm):
    """What somebody noticed."""

    submit_label = "Save these words"
    mark_optional = False
    speaker = forms.ChoiceField(label="Who said it", widget=forms.RadioSelect)
    text = Prose(label="In their own words", max_length=4000)
    looks = {"text": {"rows": 3}, "speaker": {"inline": True}}
    nouns = {"speaker": "who said it", "text": "what was said"}

    def __init__(self, *args: Any, speakers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["speaker"].choices = speakers  # type: ignore[attr-defined]


class IdeasForm(NhsForm):
    """New ideas and the next step."""

    submit_label = "Save ideas and next step"
    mark_optional = False
    new_ideas = Prose(label="New ideas", required=False, max_length=4000)
    next_step = Prose(label="The next small step", required=False, max_length=4000)
    version = forms.IntegerField(widget=forms.HiddenInput)
    looks = {"new_ideas": {"rows": 3}, "next_step": {"rows": 2}}
