"""What a referrer says after sending."""

from __future__ import annotations

import re

from django import forms

from families.forms.fields import Prose
from families.models.person import REFERENCE_ALPHABET
from nhsuk_forms.forms import NhsForm

REFERENCE = re.compile(rf"R?([{REFERENCE_ALPHABET}]{{3}})([{REFERENCE_ALPHABET}]{{3}})")


class ReferenceForm(NhsForm):
    """Which referral the new link is for."""

    submit_label = "Send me a new link"
    small_choices = False
    reference = forms.CharField(label="Reference of the referral", help_text="Like R-7K3-MTQ", max_length=30)
    looks = {"reference": {"width": 10, "autocomplete": "off", "spellcheck": False}}
    nouns = {"reference": "the reference of the referral"}

    def clean_reference(self) -> str:
        found = REFERENCE.fullmatch(re.sub(r"[\s\-–]+", "", self.cleaned_data["reference"]).upper())
        if found is None:
            raise forms.ValidationError("Enter a reference like R-7K3-MTQ", code="invalid")
        return f"R-{found[1]}-{found[2]}"


class SayForm(NhsForm):
    """An answer, or something that we should know."""

    submit_label = "Send this to the team"
    small_choices = False
    text = Prose(label="What would you like to tell us?", max_length=4000)
    nouns = {"text": "what you would like to tell us"}


class WithdrawForm(NhsForm):
    """Why it is taken back."""

    submit_label = "Take this referral back"
    small_choices = False
    reason = Prose(label="Why?", max_length=1000, help_text="For example: the family have changed their mind")
    nouns = {"reason": "why you take it back"}
