"""Forms of the staff-only risk section."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.fields import Line, Prose
from families.models import ConcernEntry, InformationShared, RiskReview
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm

LONGEST_TEXT = 10_000


class ConcernForm(NhsForm):
    """What was seen or heard, whom it was discussed with, what was done."""

    submit_label = "Save this concern"
    text = Prose(
        label="What did you see or hear?",
        max_length=LONGEST_TEXT,
        help_text="Facts first; say so when it is your view.",
    )
    discussed_with = Line(label="Who have you discussed it with?", required=False, max_length=200)
    action = Prose(label="What was done, or will be?", required=False, max_length=LONGEST_TEXT)
    film = forms.UUIDField(required=False, widget=forms.HiddenInput)
    at = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)
    nouns = {"text": "what you saw or heard"}


class SettleForm(NhsForm):
    """What came of a concern."""

    submit_label = "Save what came of it"
    outcome = Prose(label="What came of it?", max_length=LONGEST_TEXT)
    nouns = {"outcome": "what came of it"}


class EntryForm(NhsForm):
    """One more step of a concern."""

    submit_label = "Add this"
    kind = forms.ChoiceField(label="What is it?", choices=ConcernEntry.Kind.choices, widget=forms.RadioSelect)
    text = Prose(
        label="What was said, decided or done?",
        max_length=LONGEST_TEXT,
        help_text="For a discussion, begin with whom: name and role",
    )
    nouns = {"kind": "what it is", "text": "what was said, decided or done"}


class ReviewForm(NhsForm):
    """How risk stands."""

    submit_label = "Save this review"
    level = forms.ChoiceField(label="How does risk stand?", choices=RiskReview.Level.choices, widget=forms.RadioSelect)
    grounds = Prose(label="What does this rest on?", max_length=LONGEST_TEXT)
    reviewed_on = DateInputField(label="Day of the review", not_future=True)
    due_on = DateInputField(
        label="When is it looked at again?", required=False, help_text="Not needed when it is not assessed"
    )
    mark_optional = False  # one of them is, and says when
    nouns = {"level": "how risk stands", "grounds": "what this rests on", "reviewed_on": "the day of the review"}


class FlagForm(NhsForm):
    """What whoever opens the record must know first."""

    submit_label = "Put this flag up"
    text = Line(label="What must whoever opens this record know?", max_length=200)
    review_on = DateInputField(label="When is it looked at again?", not_past=True)
    nouns = {"text": "what they must know", "review_on": "the day on which it is looked at again"}


class ResolveForm(NhsForm):
    """Why a flag no longer holds."""

    submit_label = "Take this flag down"
    resolution = Prose(label="Why does it no longer hold?", max_length=LONGEST_TEXT)
    nouns = {"resolution": "why it no longer holds"}


class SharedForm(NhsForm):
    """What was told to whom outside the service."""

    submit_label = "Save what was shared"
    shared_on = DateInputField(label="Day it was shared", not_future=True)
    with_whom = Line(label="With whom?", max_length=200, help_text="Name, role and organisation")
    what = Prose(label="What was shared?", max_length=LONGEST_TEXT, help_text="No more than they needed")
    why = Prose(label="Why?", max_length=LONGEST_TEXT)
    basis = forms.ChoiceField(label="On what basis?", choices=InformationShared.Basis.choices, widget=forms.RadioSelect)
    who_agreed = Line(label="Who agreed, and how?", max_length=200)
    family_told = forms.ChoiceField(
        label="Was the family told?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    not_told_why = Prose(
        label="Why not?", max_length=LONGEST_TEXT, help_text="For example because telling would put somebody in danger"
    )
    reveals = {"basis": {"consent": ["who_agreed"]}, "family_told": {"no": ["not_told_why"]}}
    nouns = {
        "shared_on": "the day it was shared",
        "with_whom": "with whom it was shared",
        "what": "what was shared",
        "why": "why it was shared",
        "basis": "on what basis it was shared",
        "who_agreed": "who agreed, and how",
        "family_told": "whether the family was told",
        "not_told_why": "why the family was not told",
    }

    def values(self) -> dict[str, Any]:
        """What ``share_information`` takes."""
        return self.cleaned_data | {"family_told": self.cleaned_data["family_told"] == "yes"}
