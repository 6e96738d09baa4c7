"""Columns for the sources of the timeline and of the header: what one query can carry, and how it is read back."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import Aggregate, Case, CharField, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

SEPARATOR = "\n"


class Joined(Aggregate):
    """Several texts as one, for a subquery that gathers ("Sam\\nNan"); ``split`` takes them apart again.

    In a subquery: ``Subquery(rows.values("session").annotate(all=Joined("name")).values("all"))``, its rows without an
    order of their own.
    """

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s)"
    output_field = TextField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(Cast(expression, TextField()), Value(SEPARATOR, output_field=TextField()), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def split(joined: str | None) -> list[str]:
    """The texts that ``Joined`` put together; none for None."""
    return joined.split(SEPARATOR) if joined else []


def short_name_of(path: str = "") -> Coalesce:
    """``Person.short_name`` as a column; ``path`` leads to the person ("decided_by")."""
    prefix = f"{path}__" if path else ""
    empty = Value("", output_field=CharField())
    return Coalesce(
        NullIf(F(f"{prefix}known_as"), empty),
        NullIf(F(f"{prefix}first_name"), empty),
        Case(
            When(~Q(**{f"{prefix}lost": ""}), then=Value("Their baby")),
            When(
                **{f"{prefix}birth_order__isnull": False},
                then=Concat(Value("Baby "), Cast(F(f"{prefix}birth_order"), CharField())),
            ),
            default=Value("Baby"),
            output_field=CharField(),
        ),
        output_field=CharField(),
    )


def as_id(text: str) -> uuid.UUID:
    """An id that came as text; SQLite writes it without its dashes."""
    return uuid.UUID(text)


def as_moment(text: str | None) -> datetime | None:
    """A moment that came through JSON; the database writes it in UTC."""
    found = parse_datetime(text) if text else None
    return timezone.make_aware(found, timezone.get_fixed_timezone(0)) if found and timezone.is_naive(found) else found


def as_date(text: str | None) -> date | None:
    """A date that came through JSON."""
    return parse_date(text) if text else None
