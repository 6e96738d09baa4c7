"""Reading the timeline: one query for all sources, however many there are and however long the case has been open."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from families import registry
from families.columns import as_id
from families.models import Case
from families.registry import TimelineEntry, TimelineRow, TimelineSource

ENTRIES_ON_A_PAGE = 50
# The columns that every source has in common. Their names belong to no model, or annotating would fail.
COLUMNS = ("tl_at", "tl_source", "tl_ref", "tl_data")


@dataclass(frozen=True)
class Cursor:
    """The last entry of a page: the next page begins after it, whatever was written in the meantime."""

    at: datetime
    source: str
    ref: str

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.ref}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """The cursor in an address, or None when it is none of ours."""
        at_text, _, rest = text.partition("~")
        source, _, ref = rest.partition("~")
        try:
            at = parse_datetime(at_text)
        except ValueError:
            return None
        if at is None or timezone.is_naive(at) or not 1900 < at.year < 2200 or not ref or "\0" in ref:
            return None
        return cls(at, source, ref) if source in {each.key for each in registry.timeline_sources()} else None


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of a timeline; nothing asked is everything."""

    kinds: frozenset[str] = frozenset()
    person: uuid.UUID | None = None
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.kinds or self.person or self.since or self.until)


@dataclass(frozen=True)
class TimelinePage:
    """Entries, the newest first, and where older ones go on (None: that was all)."""

    entries: tuple[TimelineEntry, ...]
    older: Cursor | None

    def veiled(self, veil: Callable[[str], str]) -> TimelinePage:
        """The page without what would tell where somebody protected is: it is open in living rooms."""
        entries = (replace(each, title=veil(each.title), detail=veil(each.detail)) for each in self.entries)
        return replace(self, entries=tuple(entries))


def kinds() -> list[tuple[str, str]]:
    """What the filter offers: every kind that some app adds, by its label."""
    found = {source.kind: source.kind_label for source in registry.timeline_sources()}
    return sorted(found.items(), key=lambda pair: pair[1])


def read(
    case: Case, user: User, asked: Asked | None = None, *, after: Cursor | None = None, most: int = ENTRIES_ON_A_PAGE
) -> TimelinePage:
    """One page of what happened in ``case`` as ``user`` may see it, in one query."""
    sources = registry.timeline_sources()
    parts, models = [], {}
    for number, source, rows in _rows(case, user, asked or Asked(), sources):
        if not rows.query.is_empty():
            models[number] = rows.model
            parts.append(_columns(source, number, _after(rows, source, number, after, sources)))
    if not parts:
        return TimelinePage((), None)
    together = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found = list(together.order_by("-tl_at", "tl_source", "tl_ref")[: most + 1])

    def entry(row: dict[str, Any]) -> TimelineEntry:
        number = row["tl_source"]
        ref = as_id(row["tl_ref"]) if isinstance(models[number]._meta.pk, UUIDField) else row["tl_ref"]
        return sources[number].entry(TimelineRow(row["tl_at"], str(ref), row["tl_data"], case))

    last = found[most - 1] if len(found) > most else None
    older = Cursor(last["tl_at"], sources[last["tl_source"]].key, last["tl_ref"]) if last else None
    return TimelinePage(tuple(entry(row) for row in found[:most]), older)


def _rows(
    case: Case, user: User, asked: Asked, sources: tuple[TimelineSource, ...]
) -> Iterator[tuple[int, TimelineSource, QuerySet]]:
    """The sources that can hold what was asked, each with its number and its rows."""
    for number, source in enumerate(sources):
        if (asked.kinds and source.kind not in asked.kinds) or (asked.person and not source.people):
            continue
        rows = source.rows(case, user)
        if asked.person:
            rows = rows.filter(**{source.people: asked.person})
        if asked.since:
            rows = rows.filter(**{f"{source.at}__gte": _midnight(asked.since)})
        if asked.until and asked.until < date.max:
            rows = rows.filter(**{f"{source.at}__lt": _midnight(asked.until + timedelta(days=1))})
        yield number, source, rows


def _after(
    rows: QuerySet, source: TimelineSource, number: int, cursor: Cursor | None, sources: tuple[TimelineSource, ...]
) -> QuerySet:
    """The rows that come after ``cursor`` in the order moment (newest first), source, reference."""
    rows = rows.annotate(tl_ref=Cast("pk", TextField()))
    if cursor is None:
        return rows
    earlier, same = Q(**{f"{source.at}__lt": cursor.at}), Q(**{source.at: cursor.at})
    there = next(index for index, each in enumerate(sources) if each.key == cursor.source)
    if number > there:
        return rows.filter(earlier | same)
    return rows.filter(earlier | (same & Q(tl_ref__gt=cursor.ref))) if number == there else rows.filter(earlier)


def _columns(source: TimelineSource, number: int, rows: QuerySet) -> QuerySet:
    """Rows of any model in the columns that all sources have in common."""
    return (
        rows.order_by()
        .annotate(
            tl_at=F(source.at),
            tl_source=Value(number, output_field=IntegerField()),
            tl_data=JSONObject(**source.columns),
        )
        .values(*COLUMNS)
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
