"""How a source says what it holds: rows in words, and why something would not be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from families import phones
from families.models import Answer, Case, Family, Person
from families.protection import Hidden, hidden_from

_PHONES = {"phone", "other_phone"}
# Columns that say nothing of a person: keys, and what stands elsewhere in the pack.
_LEFT_OUT = {"id", "families", "created_at"}
RISK = "A concern of the staff: decide whether telling it would harm somebody (Data Protection Act 2018, schedule 3)"
RESTRICTED = "A restricted part of a note"
THIRD_PARTY = "About somebody else"
STRUCK = "Struck out as written here by mistake: look whether it is about them at all"


def facts_of(row: models.Model, leave_out: frozenset[str] | set[str] = frozenset()) -> dict[str, str]:
    """A row's own columns in words, empty ones left out."""
    facts = {}
    for field in row._meta.concrete_fields:
        if field.name in _LEFT_OUT | leave_out or field.is_relation:
            continue
        value = getattr(row, field.attname)
        if value in (None, "", Answer.NOT_ASKED) or (value is False and not field.null):
            continue
        shown = getattr(row, f"get_{field.name}_display", None)
        label = str(field.verbose_name)
        words = phones.shown(value) if field.name in _PHONES else shown() if shown else _words(value)
        facts[label[:1].upper() + label[1:]] = str(words)
    return facts


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%-d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return str(value)


def hidden_in(who: Person, cases: Sequence[Case]) -> Hidden:
    """What must not stand in this person's copy of others, in whatever household or case they share."""
    shared = Q(memberships__person=who) | Q(cases__in=[case.pk for case in cases])
    return hidden_from(who, *Family.objects.filter(shared).distinct())
