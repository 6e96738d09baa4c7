"""Fields that NHS.UK asks for in its own way: a date in three boxes, a time as people write it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from nhsuk_forms.widgets import PARTS, NhsDateWidget
from nhsuk_forms.wording import Noun, literal

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def in_words(day: datetime.date) -> str:
    """ "3 March 2026"."""
    return date_format(day, "j F Y")


class DateInputField(forms.Field):
    """A date typed into three boxes; the month as a number or a word. Cleans to a ``datetime.date`` or None.

    An error names the part that is missing or wrong and carries it in ``params["parts"]``, so that only that
    box is marked. A whole date pasted into the day's box (31/3/2026, 2026-03-31) is understood.

    ``not_future`` and ``not_past`` compare with today in the service's time zone; ``earliest`` and ``latest``
    are the first and last date allowed.
    """

    widget = NhsDateWidget
    noun: Noun | None = None

    def __init__(
        self,
        *,
        not_future: bool = False,
        not_past: bool = False,
        earliest: datetime.date | None = None,
        latest: datetime.date | None = None,
        **kwargs: Any,
    ) -> None:
        self.not_future, self.not_past = not_future, not_past
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
        if isinstance(value, datetime.date):
            return value
        typed = split_date(value) if isinstance(value, str) else [str(part or "").strip() for part in value]
        if typed[0] and not typed[1] and not typed[2]:
            typed = split_date(typed[0])
        if not any(typed):
            return None
        self._refuse_missing(typed)
        return self._real_date(typed)

    def _refuse_missing(self, typed: Sequence[str]) -> None:
        missing = [part for part, text in zip(PARTS, typed, strict=True) if not text]
        if missing:
            raise self._error(f"must include a {' and '.join(missing)}", "incomplete", missing)

    def _real_date(self, typed: Sequence[str]) -> datetime.date:
        day, month, year = _number(typed[0]), _month(typed[1]), _number(typed[2])
        wrong = []
        if day is None or not 1 <= day <= 31:
            wrong.append("day")
        if month is None or not 1 <= month <= 12:
            wrong.append("month")
        if year is None:
            wrong.append("year")
        if wrong:
            raise self._error("must be a real date", "invalid", wrong)
        if len(typed[2]) != 4 or not year:
            raise self._error("must have a year with 4 numbers, like 2026", "year", ["year"])
        try:
            return datetime.date(year, month or 0, day or 0)
        except ValueError:
            raise self._error("must be a real date", "invalid", ["day"]) from None

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        today = timezone.localdate()
        if self.not_future and value > today:
            raise self._error("must be today or in the past", "future")
        if self.not_past and value < today:
            raise self._error("must be today or in the future", "past")
        if self.earliest and value < self.earliest:
            raise self._error(f"must be {in_words(self.earliest)} or later", "too_early")
        if self.latest and value > self.latest:
            raise self._error(f"must be {in_words(self.latest)} or earlier", "too_late")

    def _error(self, rule: str, code: str, parts: Sequence[str] = PARTS) -> ValidationError:
        if code in self.error_messages:
            return ValidationError(self.error_messages[code], code=code, params={"parts": tuple(parts)})
        name = self.noun.start if self.noun and not self.noun.is_question else "Date"
        return ValidationError(literal(f"{name} {rule}"), code=code, params={"parts": tuple(parts)})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def split_date(text: str) -> list[str]:
    """Day, month and year as typed in one text: 31/3/2026, 31 March 2026, 2026-03-31. What is missing is empty."""
    parts = [part for part in re.split(r"[\s/.,-]+", text.strip()) if part]
    if len(parts) != 3:
        return [text.strip(), "", ""]
    if len(parts[0]) == 4:
        parts.reverse()
    return parts


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    name = text.lower().rstrip(".")
    if name == "sept":
        return 9
    if len(name) >= 3 and name.isalpha():
        return next((number for number, month in enumerate(MONTHS, 1) if month.startswith(name)), None)
    return _number(text)


TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.\s]?(?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)


class TimeInputField(forms.Field):
    """A time of day as people write it: 9:30, 09.30, 0930, 2pm, 2:15 pm, noon. Cleans to a ``datetime.time``."""

    widget = forms.TextInput
    noun: Noun | None = None

    def to_python(self, value: Any) -> datetime.time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.time):
            return value
        text = str(value).strip().lower()
        if not text:
            return None
        if text in {"noon", "midday", "midnight"}:
            return datetime.time(0 if text == "midnight" else 12)
        match = TIME.fullmatch(text)
        hour = int(match["hour"]) if match else 99
        minute = int(match["minute"] or 0) if match else 99
        half = (match["half"] or "")[:1] if match else ""
        if half:
            hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
        # "930" and "9" alone could be anything; a bare hour needs am or pm
        if match and not match["minute"] and not half:
            hour = 99
        if hour > 23 or minute > 59:
            name = self.noun.start if self.noun and not self.noun.is_question else "Time"
            raise ValidationError(
                self.error_messages.get("invalid", f"{name} must be a time, like 9:30am or 14:15"), code="invalid"
            )
        return datetime.time(hour, minute)

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, datetime.time) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
