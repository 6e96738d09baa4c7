"""Error messages that say what to do: "Enter the baby's name", not "This field is required".

Django's own messages are replaced where a form's author has not written better ones. The thing asked for is
taken from the label, or from the form's ``nouns`` where a label is a question.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.fields import BaseTemporalField
from django.utils.functional import lazy


def sentence_start(text: str) -> str:
    """``text`` with a capital first letter and the rest left alone."""
    return text[:1].upper() + text[1:]


def mid_sentence(text: str) -> str:
    """A label as it reads inside a sentence: "Full name" → "full name", but "NHS number" and "I…" stay."""
    first, _, _ = text.partition(" ")
    if first == "I" or any(letter.isupper() or letter.isdigit() for letter in first[1:]):
        return text
    return text[:1].lower() + text[1:]


class Noun:
    """What a field asks for, worked out late because a label may change after the form is built."""

    def __init__(self, field: forms.Field, name: str, given: str | None) -> None:
        self._field, self._name, self._given = field, name, given

    @property
    def label(self) -> str:
        return str(self._field.label or self._name.replace("_", " ")).strip()

    @property
    def is_question(self) -> bool:
        return self._given is None and self.label.endswith("?")

    @property
    def inside(self) -> str:
        return self._given or mid_sentence(self.label)

    @property
    def start(self) -> str:
        if self.is_question:
            return "Your answer"
        return sentence_start(self._given or self.label)

    def ask(self, verb: str) -> str:
        """ "Enter full name", or for a question "Enter an answer: Who lives with the baby?"."""
        if self.is_question:
            return f"{verb} an answer: {self.label}"
        return f"{verb} {self.inside}"


def literal(text: str) -> str:
    """``text`` safe inside a message that Django will fill with ``%``."""
    return text.replace("%", "%%")


def say_what_to_do(field: forms.Field, name: str, noun: str | None = None) -> None:
    """Give ``field`` messages that say what to do, wherever they are still Django's own.

    ``noun`` is the thing asked for as it reads inside a sentence ("the baby's date of birth").
    """
    said = Noun(field, name, noun)
    field.noun = said  # type: ignore[attr-defined]  # fields of ours word their own messages with it
    standard = _standard_messages(field)
    for code, message in _messages(field, said).items():
        if code not in field.error_messages or field.error_messages[code] == standard.get(code):
            field.error_messages[code] = message


def _standard_messages(field: forms.Field) -> dict[str, Any]:
    messages: dict[str, Any] = {}
    for base in reversed(type(field).__mro__):
        messages.update(getattr(base, "default_error_messages", {}))
    return messages


def _messages(field: forms.Field, said: Noun) -> dict[str, Any]:
    """The messages for this kind of field, by Django's error code."""
    choose = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField))

    def required() -> str:
        if isinstance(field, forms.BooleanField):
            return f"Tick “{said.label}” to go on"
        if isinstance(field, forms.FileField):
            return f"Select a file: {said.inside}" if not said.is_question else "Select a file"
        return said.ask("Select" if choose else "Enter")

    messages: dict[str, Any] = {
        "required": _lazily(required),
        "max_length": _lazily(
            lambda: f"{literal(said.start)} must be %(limit_value)d characters or fewer. It has %(show_value)d"
        ),
        "min_length": _lazily(lambda: f"{literal(said.start)} must be at least %(limit_value)d characters"),
        "null_characters_not_allowed": _lazily(
            lambda: f"{said.start} holds a character that cannot be kept. Type it again"
        ),
        "min_value": _lazily(lambda: f"{literal(said.start)} must be %(limit_value)s or more"),
        "max_value": _lazily(lambda: f"{literal(said.start)} must be %(limit_value)s or less"),
    }
    if choose:
        messages["invalid_choice"] = _lazily(lambda: f"{literal(said.ask('Select'))} from the list")
        messages["invalid_list"] = messages["invalid_choice"]
        messages["invalid_pk_value"] = messages["invalid_choice"]
    elif isinstance(field, forms.EmailField):
        messages["invalid"] = "Enter an email address in the correct format, like name@example.com"
    elif isinstance(field, forms.FloatField | forms.DecimalField):
        messages["invalid"] = _lazily(lambda: f"{said.start} must be a number, like 3.5")
        messages["max_decimal_places"] = _lazily(
            lambda: f"{literal(said.start)} must have %(max)s decimal places or fewer"
        )
        messages["max_digits"] = _lazily(lambda: f"{literal(said.start)} must have %(max)s digits or fewer")
    elif isinstance(field, forms.IntegerField):
        messages["invalid"] = _lazily(lambda: f"{said.start} must be a whole number, like 12")
    elif isinstance(field, forms.URLField):
        messages["invalid"] = "Enter a web address in the correct format, like https://www.example.com"
    elif isinstance(field, forms.FileField):
        messages["empty"] = "The file is empty. Select another"
        messages["missing"] = "No file arrived. Select it again"
        messages["max_length"] = "The name of the file must be %(max)d characters or fewer. It has %(length)d"
        messages["invalid_image"] = "The file must be a picture that opens. Select another"
    elif isinstance(field, BaseTemporalField):
        messages["invalid"] = _lazily(lambda: f"{said.ask('Enter')} in the form shown")
    if isinstance(field, forms.FloatField | forms.DecimalField | forms.IntegerField):
        messages.pop("max_length")
    return messages


_lazily = lazy(lambda make: make(), str)
