"""Pointing everything that points at one row at another, and back again.

What points there is asked of Django (every foreign key of every app, join tables included), so that an app that comes
later is moved too. What must not be moved so, or not at all, its app says in ``families.registry``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import Collector

from families import registry
from families.models import SearchKey

WORKED_OUT = (SearchKey,)  # made again from the record, never moved


@dataclass
class Ledger:
    """All that a merge did, in the order it was done; enough to take it back exactly."""

    gone: list[str] = field(default_factory=list)  # rows whose place another took, as Django serialises them
    moved: list[list[Any]] = field(default_factory=list)  # [model, id, column, from, to]
    removed: list[str] = field(default_factory=list)  # rows for which the other had one already
    changed: list[list[Any]] = field(default_factory=list)  # [model, id, {column: [before, after]}]

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Ledger:
        return cls(**json.loads(text))


def _packed(row: models.Model) -> str:
    return serializers.serialize("json", [row])


def pointers(model: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every foreign key to ``model``, those of join tables and those without a name back included.

    Not those of histories: what stood is what stood.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        source = relation.related_model
        if isinstance(source, str) or source is None or source in WORKED_OUT or hasattr(source, "instance_type"):
            continue
        yield source, cast("models.ForeignKey[Any, Any]", relation.field)  # type: ignore[union-attr]


def point(row: models.Model, column: str, to: Any) -> None:
    """Write one foreign key, with the history of models that have one and past the guards of those that have none."""
    if hasattr(type(row), "history"):
        setattr(row, column, to)
        row.save(update_fields=[row._meta.get_field(column.removesuffix("_id")).name])
    else:
        type(row)._base_manager.filter(pk=row.pk).update(**{column: to})


def _column(row: models.Model, name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", row._meta.get_field(name))


def _text(row: models.Model, name: str) -> str | None:
    """A plain column as text, None where there is nothing."""
    column = _column(row, name)
    return None if getattr(row, column.attname) is None else column.value_to_string(row)


def change(row: models.Model, values: dict[str, Any], ledger: Ledger) -> None:
    """Set plain columns, and note what they were."""
    was = {name: _text(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    row.refresh_from_db(fields=list(values))
    noted = {name: [was[name], now] for name in values if (now := _text(row, name)) != was[name]}
    if noted:
        ledger.changed.append([row._meta.label_lower, str(row.pk), noted])


def remove(row: models.Model, ledger: Ledger) -> None:
    """Take away a row for which there is another. Raises ValidationError when something hangs on it."""
    collector = Collector(using=row._state.db or "default")
    collector.collect([row])
    hanging = [each for rows in collector.data.values() for each in rows if each != row]
    if hanging or any(rows.exists() for rows in collector.fast_deletes if rows.model is not type(row)):
        raise ValidationError(
            f"Both records have a {row._meta.verbose_name} in the same place, and more hangs on it. "
            "Settle that in the two records first."
        )
    ledger.removed.append(_packed(row))
    row.delete()


def move(kept: models.Model, gone: models.Model, ledger: Ledger) -> None:
    """Point everything that points at ``gone`` at ``kept``. Where both have a row of which there can be only one
    (a place in a household, in a film, at a session), the app's own rule reconciles them and ``kept``'s stays."""
    for source, key in pointers(type(gone)):
        for row in source._base_manager.filter(**{key.name: gone.pk}).order_by("pk"):
            try:
                with transaction.atomic():
                    point(row, key.attname, kept.pk)
            except IntegrityError:
                row.refresh_from_db()
                registry.reconcile(row, key.name, kept, ledger)
                remove(row, ledger)
            else:
                ledger.moved.append([source._meta.label_lower, str(row.pk), key.attname, str(gone.pk), str(kept.pk)])


def bury(gone: models.Model, ledger: Ledger) -> None:
    """Remove the row that nothing points at any more; its history stays."""
    ledger.gone.append(_packed(gone))
    pk = gone.pk
    gone.delete()
    gone.pk = pk  # for those who are told of it afterwards


# --- The way back -------------------------------------------------------------------------------------------


def _raise_again(packed: str) -> None:
    for one in serializers.deserialize("json", packed):
        one.object.save(force_insert=True)


def _row(label: str, pk: str) -> models.Model | None:
    return apps.get_model(label)._base_manager.filter(pk=pk).first()


def take_back(ledger: Ledger) -> None:
    """Undo all that ``ledger`` notes. What was added since stays where it was added; what was changed since stays
    as it was changed."""
    for label, pk, noted in reversed(ledger.changed):
        row = _row(label, pk)
        if row is None:
            continue
        back = {
            name: _column(row, name).to_python(before)
            for name, (before, after) in noted.items()
            if _text(row, name) == after
        }
        if back:
            for name, value in back.items():
                setattr(row, name, value)
            row.save(update_fields=list(back))
    for packed in reversed(ledger.gone):
        _raise_again(packed)
    for label, pk, column, before, after in reversed(ledger.moved):
        row = _row(label, pk)
        if row is not None and str(getattr(row, column)) == after:
            point(row, column, before)
    for packed in reversed(ledger.removed):
        _raise_again(packed)
