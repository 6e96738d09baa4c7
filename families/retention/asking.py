"""Many questions put to the database at once.

Whoever decides about a record has every table asked what it holds of the family. Table by table that would be hundreds
of queries, more of them the larger the record is; put together it is a handful, and as many for a record of one film
as for one of a thousand. However many ids a question has, they are one parameter.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import Expression, IntegerField, TextField, Value
from django.db.models.functions import Cast

TOGETHER = 100  # questions in one statement: SQLite takes no more than 500

Question = tuple["models.QuerySet[Any]", str]
"""Rows, and the column that is asked of them."""


class OneOf(Expression):
    """Ids as the right-hand side of ``__in``, all of them one parameter."""

    def __init__(self, column: models.Field[Any, Any], values: Collection[Any]) -> None:
        # A foreign key compares what its target compares.
        self.column = column
        while self.column.is_relation:
            self.column = self.column.target_field  # type: ignore[attr-defined]
        self.values = tuple(values)
        super().__init__(output_field=self.column)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        values = [self.column.get_db_prep_value(each, connection) for each in self.values]
        if connection.vendor == "postgresql":
            words = isinstance(self.column, models.CharField | models.TextField)
            kind = "text" if words else self.column.rel_db_type(connection)
            return f"(SELECT UNNEST(STRING_TO_ARRAY(%s, ',')::{kind}[]))", (",".join(map(str, values)),)
        return "(SELECT value FROM JSON_EACH(%s))", (json.dumps(values),)


def having(model: type[models.Model], column: str, values: Collection[Any]) -> models.QuerySet[Any]:
    """Rows whose ``column`` is one of ``values``, in no order."""
    field: Any = model._meta.pk if column == "pk" else model._meta.get_field(column)
    return model._base_manager.filter(**{f"{column}__in": OneOf(field, values)}).order_by()


def answers(questions: Sequence[Question]) -> Iterator[tuple[int, str]]:
    """The number of a question and what one of its rows has in that column, as text, for every row of all of them."""
    for start in range(0, len(questions), TOGETHER):
        first, *others = (
            rows.values_list(Value(number, IntegerField()), Cast(column, TextField()))
            for number, (rows, column) in enumerate(questions[start : start + TOGETHER], start=start)
        )
        yield from first.union(*others, all=True) if others else first
