"""What every question of a referral has in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format

from families import nhs, phones
from families.forms.fields import NhsNumberField, PhoneField, Prose
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from referrals.models import Door

YES_NO_UNKNOWN = [("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")]
YES_NO = [("yes", "Yes"), ("no", "No")]
LONG, SHORT = 4000, 100  # characters


def long_text(label: str, **kwargs: Any) -> Prose:
    """A box of several lines."""
    return Prose(label=label, max_length=LONG, **{"required": False, **kwargs})


def radios(label: str, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


def boxes(label: str, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    kwargs.setdefault("required", False)
    return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class QuestionForm(NhsForm):
    """One page of the form.

    ``words``: door → field → what is asked there instead, for somebody who speaks of themselves. ``hints`` likewise.
    ``left_out``: door → fields that are not asked at it. At the staff door everything may stay empty: what somebody
    said on the telephone is kept with its gaps.
    """

    submit_label = "Continue"
    small_choices = False
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    hints: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    left_out: ClassVar[Mapping[str, frozenset[str]]] = {}
    keyed_in_always: ClassVar[frozenset[str]] = frozenset()  # required at the staff door too

    def __init__(self, *args: Any, door: str, item: int = 1, **kwargs: Any) -> None:
        self.door, self.item = door, item
        super().__init__(*args, **kwargs)
        gone = self.left_out.get(door, frozenset())
        if gone:
            self.reveals = {source: branches for source, branches in self.reveals.items() if source not in gone}
        for name in gone:
            self.fields.pop(name, None)
        for name, label in self.words.get(door, {}).items():
            self.fields[name].label = label
        for name, hint in self.hints.get(door, {}).items():
            self.fields[name].help_text = hint
        if door == Door.STAFF:
            for name, field in self.fields.items():
                field.required = field.required and name in self.keyed_in_always

    def said(self) -> Iterator[tuple[str, str, str]]:
        """(name, question, answer in words) of everything that was asked and answered, as far as it is understood."""
        unasked = set(self.unasked())
        self.errors  # noqa: B018 - cleans
        for name, field in self.fields.items():
            if name in unasked:
                continue
            value = self.cleaned_data.get(name)
            text = in_words(field, value) if value not in (None, "", [], False) else ""
            if not text and name in self.errors:
                text = as_typed(self[name].value())
            if text:
                yield name, str(field.label), text


def in_words(field: forms.Field, value: Any) -> str:
    """An answer as it is read back."""
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.widget.choices}
        values = value if isinstance(value, list | tuple) else [value]
        return "\n".join(labels.get(str(each), str(each)) for each in values)
    if isinstance(field, DateInputField):
        return date_format(value, "j F Y")
    if isinstance(field, PhoneField):
        return phones.shown(value)
    if isinstance(field, NhsNumberField):
        return nhs.shown(value)
    if isinstance(field, forms.BooleanField):
        return "Yes"
    return str(value)


def as_typed(value: Any) -> str:
    """What does not fit its question, as it was typed."""
    return " ".join(str(each) for each in value if each) if isinstance(value, list | tuple) else str(value or "")
