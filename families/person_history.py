"""What was changed of somebody, by whom, from what to what: read from the record's own history.

Where somebody is protected, what tells where they are is left out unless it is open to the reader at that moment; what
is shown to nobody (``About.SHOWN_TO_NOBODY``) is said to have changed, and not to what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from django.db import models

from families import nhs, phones
from families.models import About, Address, Case, Membership, Person
from families.models.reaching import Reaching
from families.settings_history import UNSAID, Change

MOST = 100
WHEREABOUTS = frozenset(field.name for field in Reaching._meta.get_fields())
NOT_SAID = UNSAID | {"created_at", "person", "family", "families"}
ITSELF = "The service itself"
KEPT_BACK = "How to reach them: changed. Show their contact details first, to see how"


def changes(case: Case, person: Person, *, whereabouts: bool) -> list[Change]:
    """The latest changes, the newest first; three queries. ``whereabouts``: whether these may be shown now."""
    history: Any = Person.history.filter(id=person.pk)
    found = list(_of(Person, history, "", whereabouts=whereabouts))
    places: Any = Membership.history.filter(person_id=person.pk, family_id=case.family_id)
    found += _of(Membership, places, "In this household", whereabouts=True)
    addresses: Any = Address.history.filter(person_id=person.pk)
    if whereabouts:
        found += _of(Address, addresses, "Address", whereabouts=True)
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _of(kind: type[models.Model], history: Any, what: str, *, whereabouts: bool) -> Iterator[Change]:
    fields = [field for field in kind._meta.concrete_fields if field.name not in NOT_SAID]
    rows = list(history.select_related("history_user").order_by("id", "history_date", "history_id"))
    for before, row in pairwise([None, *rows]):
        by = row.history_user.name if row.history_user else ITSELF
        if before is None or before.id != row.id:
            first = f"Written down: {_where(row)}" if kind is Address else "Written down"
            yield Change(row.history_date, by, what, (first,))
        elif row.history_type == "-":
            yield Change(row.history_date, by, what, ("Taken out",))
        elif said := tuple(_said(before, row, fields, whereabouts=whereabouts)):
            yield Change(row.history_date, by, what, said)


def _said(before: Any, row: Any, fields: Iterable[models.Field], *, whereabouts: bool) -> Iterator[str]:
    kept_back = False
    for field in fields:
        if getattr(before, field.attname) == getattr(row, field.attname):
            continue
        label = str(field.verbose_name)
        label = label[:1].upper() + label[1:]
        if field.name in About.SHOWN_TO_NOBODY:
            yield f"{label}: changed"
        elif field.name in WHEREABOUTS and not whereabouts:
            kept_back = True
        else:
            yield f"{label}: {_word(before, field)} → {_word(row, field)}"
    if kept_back:
        yield KEPT_BACK


def _where(row: Any) -> str:
    return ", ".join(filter(None, [*row.lines.splitlines(), row.postcode])) or "no fixed home"


def _word(row: Any, field: models.Field) -> str:
    value = getattr(row, field.attname)
    if value in (None, ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.name in {"phone", "other_phone"}:
        return phones.shown(value)
    if field.name == "nhs_number":
        return nhs.shown(value)
    if isinstance(field, models.DateField):
        return f"{value:%-d %B %Y}"
    shown = dict(field.flatchoices).get(value)
    return str(shown if shown is not None else value)
