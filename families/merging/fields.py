"""In which fields two records of one person differ, and which of the two is the better guess."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.utils.formats import date_format

from families import nhs, phones
from families.models import About, Answer, Person, Protection

KEPT, GONE = "kept", "gone"
NOT_ASKED_ABOUT = {"nhs_number_status"}
# What goes with another field and is not chosen by itself.
WITH: dict[str, str] = {"nhs_number_status": "nhs_number"}

# What leads to somebody: of a protected person it is read on their own page alone, where the look is written down.
WHEREABOUTS = frozenset({"phone", "other_phone", "phone_note", "email", "safe_times", "discreet_words"})
KEPT_BACK = "Kept back: protected"


@dataclass(frozen=True)
class Difference:
    """One field in which the two differ, in words; ``suggested`` is what stands if nobody chooses."""

    name: str
    label: str
    kept: str
    gone: str
    suggested: str


def _in_words(person: Person, field: models.Field[Any, Any], *, kept_back: bool) -> str:
    value = getattr(person, field.attname)
    if value in (None, ""):
        return "Nothing"
    if kept_back and field.name in WHEREABOUTS:
        return KEPT_BACK
    if field.choices:
        return str(getattr(person, f"get_{field.name}_display")())
    if isinstance(field, models.BooleanField):
        return "Yes" if value else "No"
    if isinstance(field, models.DateField):
        return date_format(value, "j F Y")
    if field.name == "nhs_number":
        return nhs.shown(value)
    if field.name in {"phone", "other_phone"}:
        return phones.shown(value)
    return str(value)


def _better(kept: Any, gone: Any, field: models.Field[Any, Any]) -> str:
    """The one that says something; of two answers about contact the more careful one; else the older record's."""
    if isinstance(field, models.BooleanField):
        return KEPT if kept else GONE
    if set(dict(field.flatchoices)) == set(Answer.values):
        if Answer.NO in (kept, gone):
            return KEPT if kept == Answer.NO else GONE
        return GONE if kept == Answer.NOT_ASKED else KEPT
    return GONE if kept in (None, "") else KEPT


def _differing(kept: Person, gone: Person) -> Iterator[models.Field[Any, Any]]:
    for field in Person._meta.concrete_fields:
        if field.name not in {"id", "created_at"} and getattr(kept, field.attname) != getattr(gone, field.attname):
            yield field


def differences(kept: Person, gone: Person) -> list[Difference]:
    """What is shown side by side. Never what somebody said of themselves for counting alone (``SHOWN_TO_NOBODY``),
    and nothing by which a protected person could be found, whichever of the two records says that they are."""
    kept_back = Protection.objects.standing().filter(person__in=[kept, gone]).exists()
    return [
        Difference(
            field.name,
            str(field.verbose_name)[:1].upper() + str(field.verbose_name)[1:].replace("nhs", "NHS"),
            _in_words(kept, field, kept_back=kept_back),
            _in_words(gone, field, kept_back=kept_back),
            _better(getattr(kept, field.attname), getattr(gone, field.attname), field),
        )
        for field in _differing(kept, gone)
        if field.name not in NOT_ASKED_ABOUT and field.name not in About.SHOWN_TO_NOBODY
    ]


def chosen(kept: Person, gone: Person, choices: dict[str, str]) -> dict[str, Any]:
    """What to write to ``kept``: field to value, from ``choices`` (field to "kept" or "gone") and the better guess."""
    values: dict[str, Any] = {}
    for field in _differing(kept, gone):
        asked = WITH.get(field.name, field.name)
        column = cast("models.Field[Any, Any]", Person._meta.get_field(asked))
        guess = _better(getattr(kept, asked), getattr(gone, asked), column)
        if choices.get(asked, guess) == GONE:
            values[field.name] = getattr(gone, field.attname)
    return values
