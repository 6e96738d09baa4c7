"""What a safeguarding lead fills in about a film that is kept as evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from families.forms.fields import Line, Prose
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm

LONGEST = 10_000
TELL, NOT_TELL = "tell", "not"
FIRST_REVIEW = timedelta(days=90)

_WORDS_HELP = "In plain, kind words: they read it on the note that you print for them"


class HoldForm(NhsForm):
    """Why a film is kept, until when at first, and what its people are told."""

    submit_label = "Keep this film as evidence"
    reason = Prose(
        label="Why is it kept?",
        max_length=LONGEST,
        help_text="Only the safeguarding lead and the deputy read this. Who asked for it, with which reference",
    )
    review_on = DateInputField(
        label="When do you look at whether it is still needed?", not_past=True, help_text="It stays kept until then"
    )
    telling = forms.ChoiceField(
        label="Can the people in the film be told?",
        choices=[(TELL, "Yes, I will tell them"), (NOT_TELL, "No, telling would put somebody in danger")],
        widget=forms.RadioSelect,
    )
    words = Prose(label="What are they told of why it is kept?", max_length=LONGEST, help_text=_WORDS_HELP)
    not_told_why = Prose(
        label="Who would be in danger, and how?",
        max_length=LONGEST,
        help_text="It stays in the record as the reason why they were not told",
    )
    reveals = {"telling": {TELL: ["words"], NOT_TELL: ["not_told_why"]}}
    nouns = {
        "reason": "why it is kept",
        "review_on": "the day on which you look at it again",
        "telling": "whether the people in the film can be told",
        "words": "what they are told",
        "not_told_why": "who would be in danger, and how",
    }
    looks = {"reason": {"rows": 4}, "words": {"rows": 4}, "not_told_why": {"rows": 3}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"review_on": timezone.localdate() + FIRST_REVIEW})
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What ``evidence.hold`` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "telling"}


class ToldForm(NhsForm):
    """Who was told what is kept and why."""

    submit_label = "Save that they were told"
    told_who = Line(
        label="Who was told, and how?", max_length=200, help_text="For example: Sam, at home, with the note"
    )
    told_on = DateInputField(label="When?", not_future=True)
    nouns = {"told_who": "who was told, and how", "told_on": "the day"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"told_on": timezone.localdate()})
        super().__init__(*args, **kwargs)


class KeepOnForm(NhsForm):
    """It is still needed."""

    submit_label = "Keep it until then"
    review_on = DateInputField(label="When do you look at it again?", not_past=True)
    words = Prose(
        label="Can the people in the film be told now? What are they told of why it is kept?",
        max_length=LONGEST,
        required=False,
        help_text=_WORDS_HELP + ". Leave it empty while telling would still put somebody in danger",
    )
    nouns = {"review_on": "the day on which you look at it again"}
    looks = {"words": {"rows": 4}}

    def __init__(self, *args: Any, quiet: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"review_on": timezone.localdate() + FIRST_REVIEW})
        super().__init__(*args, **kwargs)
        if not quiet:
            del self.fields["words"]


class ReleaseForm(NhsForm):
    """Why a film is not needed any more."""

    why = Prose(label="Why is it not needed any more?", max_length=LONGEST)
    nouns = {"why": "why it is not needed any more"}
    looks = {"why": {"rows": 3}}

    def __init__(self, *args: Any, deletes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submit_label = "Release and delete this film" if deletes else "Release this film"
