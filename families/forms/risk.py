"""Forms of the staff-only risk section."""

from __future__ import annotations

from django import forms

from families.forms.fields import Line, Prose
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
