"""A form with one of everything, as a practitioner might meet it."""

from __future__ import annotations

from typing import Any

from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError

from nhsuk_forms.fields import DateInputField, TimeInputField
from nhsuk_forms.forms import NhsForm
from tests.nhsuk_forms.dom import Node, parse

WAYS = [("email", "Email"), ("phone", "Phone"), ("none", "Not at all")]


class PersonForm(NhsForm):
    submit_label = "Save this person"
    cancel_url = "/families/1"

    full_name = forms.CharField(label="Full name", max_length=20, help_text="As they like to be called")
    born_on = DateInputField(label="When was the baby born?", not_future=True, help_text="For example, 27 3 2026")
    weeks = forms.IntegerField(label="Weeks at birth", min_value=20, required=False)
    weight = forms.DecimalField(label="Weight", required=False)
    role = forms.ChoiceField(label="Role in the family", choices=[("", "---------"), ("foster", "Foster carer")])
    contact = forms.ChoiceField(label="How may we reach them?", choices=WAYS, widget=forms.RadioSelect)
    email = forms.EmailField(label="Email address")
    phone = forms.CharField(label="Phone number")
    safe = forms.ChoiceField(
        label="May we leave a message?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect
    )
    days = forms.MultipleChoiceField(
        label="Days",
        required=False,
        choices=[("mon", "Monday"), ("none", "No day")],
        widget=forms.CheckboxSelectMultiple,
    )
    interpreter = forms.BooleanField(label="They need an interpreter", required=False)
    language = forms.CharField(label="Language")
    note = forms.CharField(label="Note", required=False, max_length=300, widget=forms.Textarea)
    seen = forms.BooleanField(label="They have seen the wording", help_text="That of March 2026")
    starts_at = TimeInputField(label="Start time", required=False)
    passphrase = forms.CharField(label="Passphrase", required=False, widget=forms.PasswordInput)
    letter = forms.FileField(label="Letter", required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    reveals = {
        "contact": {"email": ["email"], "phone": ["phone", "safe"]},
        "interpreter": {True: ["language"]},
    }
    looks = {"days": {"exclusive": "none"}, "weeks": {"width": 3, "suffix": "weeks"}, "full_name": {"width": 10}}
    nouns = {"born_on": "the baby's date of birth", "full_name": "their full name"}


GOOD: dict[str, Any] = {
    "full_name": "Sam Lark",
    "born_on_day": "27",
    "born_on_month": "3",
    "born_on_year": "2026",
    "role": "foster",
    "contact": "none",
    "seen": "on",
}


def filled(**changes: Any) -> PersonForm:
    """The form as sent, all right but for ``changes``; None leaves a field out."""
    return PersonForm({name: value for name, value in {**GOOD, **changes}.items() if value is not None})


def page_of(form: forms.BaseForm) -> Node:
    return parse(render_crispy_form(form, context={"csrf_token": "x"}))


def outcome(field: forms.Field, typed: Any) -> tuple[Any, ValidationError | None]:
    """What a field makes of ``typed``: (value, None) or (None, the refusal)."""
    try:
        return field.clean(typed), None
    except ValidationError as error:
        return None, error
