"""Who changed what in the service's own lists, and from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models

MOST = 30
UNSAID = frozenset({"id", "position", "history_id", "history_date", "history_type", "history_user", "pathway"})


@dataclass(frozen=True)
class Change:
    """One change of one row of a list."""

    at: datetime
    by: str
    what: str  # the row, by its name then
    said: tuple[str, ...]  # "Amber after: 28 → 35"


def changes(*kinds: type[models.Model]) -> list[Change]:
    """The latest changes of these lists, the newest first; a query a list."""
    found = [change for kind in kinds for change in _of(kind)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _of(kind: type[models.Model]) -> Iterator[Change]:
    history: Any = kind.history  # type: ignore[attr-defined]
    rows = list(history.select_related("history_user").order_by("id", "history_date", "history_id"))
    fields = [each for each in kind._meta.concrete_fields if each.name not in UNSAID]
    for before, row in pairwise([None, *rows]):
        by = row.history_user.name if row.history_user else "The service itself"
        if before is None or before.id != row.id:
            if row.history_user is not None:  # what the service began with is no change
                yield Change(row.history_date, by, str(row.history_object), ("added",))
            continue
        said = tuple(
            f"{str(field.verbose_name).capitalize()}: {_word(before, field)} → {_word(row, field)}"
            for field in fields
            if getattr(before, field.attname) != getattr(row, field.attname)
        )
        if said:
            yield Change(row.history_date, by, str(row.history_object), said)


def _word(row: Any, field: models.Field) -> str:
    value = getattr(row, field.attname)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "") else str(value)
