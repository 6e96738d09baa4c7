"""What the public fills in beside the referral itself."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.fields import Line, PhoneField, Prose
from families.models import Consultation
from nhsuk_forms.forms import NhsForm
from referrals.models import AdviceCall


class TalkForm(NhsForm):
    """Somebody asks to be rung back."""

    submit_label = "Ask for a call"
    small_choices = False
    name = Line(label="Your name", max_length=150)
    asker = forms.ChoiceField(
        label="Who are you?",
        choices=[("", "Select an option"), ("family", "A parent or carer"), *Consultation.Asker.choices],
    )
    organisation = Line(label="Where you work", required=False, max_length=150)
    phone = PhoneField(label="Your phone number")
    email = forms.EmailField(label="Your e-mail address", required=False)
    best_time = forms.ChoiceField(
        label="When is a good time?", choices=AdviceCall.Best.choices, initial="any", widget=forms.RadioSelect
    )
    question = Prose(
        label="What would you like to talk about?",
        required=False,
        max_length=2000,
        help_text="Please do not say who the family is: no names, dates of birth or addresses.",
    )
    looks = {
        "phone": {"width": 20, "autocomplete": "tel"},
        "name": {"autocomplete": "name"},
        "email": {"autocomplete": "email"},
    }
    nouns = {"asker": "who you are", "email": "an e-mail address in the right form, like name@example.com"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("phone") or data.get("email")):
            self.add_error("phone", "Enter a phone number, or an e-mail address below")
        return data


class ComeBackForm(NhsForm):
    """Where the link to come back goes."""

    submit_label = "Send me the link"
    small_choices = False
    email = forms.EmailField(
        label="E-mail address", help_text="An address that only you read. The message says nothing about the family."
    )
    looks = {"email": {"autocomplete": "email"}}
    nouns = {"email": "an e-mail address in the right form, like name@example.com"}


class CodeForm(NhsForm):
    """The code from the e-mail."""

    submit_label = "Check the code"
    code = forms.CharField(label="Code", help_text="6 numbers", max_length=20)
    looks = {"code": {"width": 10, "inputmode": "numeric", "autocomplete": "one-time-code"}}
    nouns = {"code": "the code from the e-mail"}

    def clean_code(self) -> str:
        return "".join(letter for letter in self.cleaned_data["code"] if letter.isascii() and letter.isdigit())
