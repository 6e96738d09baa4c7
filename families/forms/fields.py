"""Fields of the record's forms: words as people write them, NHS numbers, telephone numbers, postcodes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from families import languages, nhs, phones, postcodes
from families.ages import EARLIEST_DAYS, LATEST_DAYS


def without_controls(text: str, *, keep: str = "") -> str:
    """``text`` without control characters (pasted from elsewhere, they break lists, exports and screen readers)."""
    return "".join(letter for letter in text if letter in keep or unicodedata.category(letter) != "Cc")


class Line(forms.CharField):
    """Words on one line. Control characters go; runs of spaces become one."""

    def to_python(self, value: Any) -> str:
        return " ".join(without_controls(str(value or ""), keep="\t\n\r").split())


class Prose(forms.CharField):
    """Words on as many lines as they take."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return without_controls(text, keep="\n\t").strip()


class Suggestions(forms.TextInput):
    """A box in which anything can be typed, with words that the browser offers while typing."""

    template_name = "families/widgets/suggestions.html"

    def __init__(self, offered: Sequence[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.offered = offered

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        own["list"] = f"{own.get('id') or name}_offered"
        context["widget"]["offered"] = self.offered
        return context


class LanguageField(Line):
    """A language: one of the list in the list's spelling, or whatever was typed."""

    widget = Suggestions(languages.OFFERED)

    def to_python(self, value: Any) -> str:
        return languages.as_listed(super().to_python(value))


class NhsNumberField(forms.CharField):
    """An NHS number as people type it, with or without spaces; cleans to ten digits or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "NHS number")
        kwargs.setdefault("help_text", "10 numbers, like 999 123 4567")
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = without_controls(str(value or ""), keep=" ").strip()
        if not text:
            return ""
        if problem := nhs.problem_with(text):
            raise ValidationError(problem, code="invalid")
        return nhs.bare(text)

    def prepare_value(self, value: Any) -> Any:
        return nhs.shown(value) if isinstance(value, str) else value


class GestationField(forms.CharField):
    """How many weeks a pregnancy had come to at birth, as midwives write it ("34+2"); cleans to days or None."""

    SPELLED = re.compile(r"([0-9]{1,2})\s*(?:weeks?|w)?\s*(?:(?:\+|and|,|/)?\s*([0-6])\s*(?:days?|d)?)?", re.IGNORECASE)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Weeks of pregnancy at birth")
        kwargs.setdefault("help_text", "Weeks and days, like 34+2. It is worked out from the expected date if empty")
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = " ".join(without_controls(str(value or ""), keep=" ").split())
        if not text:
            return None
        found = self.SPELLED.fullmatch(text)
        if found is None:
            raise ValidationError("Weeks of pregnancy must be weeks and days, like 34+2", code="invalid")
        days = int(found[1]) * 7 + int(found[2] or 0)
        if not EARLIEST_DAYS <= days <= LATEST_DAYS:
            raise ValidationError("Weeks of pregnancy must be between 20 and 45", code="invalid")
        return days

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 7}+{value % 7}" if isinstance(value, int) else value


class PhoneField(forms.CharField):
    """A telephone number as people write it; cleans to the international form or nothing."""

    widget = forms.TextInput(attrs={"type": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Phone number")
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = "".join(letter for letter in str(value or "") if unicodedata.category(letter)[0] != "C").strip()
        if not text:
            return ""
        if problem := phones.problem_with(text):
            raise ValidationError(problem, code="invalid")
        return phones.standard(text)

    def prepare_value(self, value: Any) -> Any:
        return phones.shown(value) if isinstance(value, str) else value


class PostcodeField(forms.CharField):
    """A UK postcode as people type it; cleans to its standard form or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Postcode")
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = without_controls(str(value or ""), keep=" ").strip()
        if not text:
            return ""
        if problem := postcodes.problem_with(text):
            raise ValidationError(problem, code="invalid")
        return postcodes.standard(text)


def add_action_error(form: forms.BaseForm, error: ValidationError, names: dict[str, str] | None = None) -> None:
    """Show what an action refused beside the question it is about; ``names`` maps its arguments to fields."""
    names = names or {}
    if not hasattr(error, "error_dict"):
        for message in error.messages:
            form.add_error(None, message)
        return
    for argument, messages in error.message_dict.items():
        field = names.get(argument, argument)
        for message in messages:
            form.add_error(field if field in form.fields else None, message)
