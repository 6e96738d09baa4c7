"""Which rows and files belong to a family: found by walking the models, so that one added later is found as well.

From the family, its cases and the people who are in no other household the walk follows every foreign key backwards
(history included, which points without a constraint), the columns that hold such an id without a key, and the history
of whatever it met. What only mentions them and may be empty (``SET_NULL``) stays and forgets them.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models, router
from django.db.models import Q

from families.models import Case, Consent, Erasure, Family, Membership, Merge, Person
from families.retention.asking import answers, having

Rows = dict[type[models.Model], set[Any]]
Asked = tuple[type[models.Model], str, Collection[Any]]  # those whose column is one of these values

# What stays when a family goes: what was done and seen (ids only), and what was erased.
STAYS = frozenset({"audit.auditevent", "audit.seal", Erasure._meta.label_lower})
# Columns that hold an id without a foreign key.
LOOSE = {"family_id": "family", "case_id": "case", "person_id": "person", "gone_id": "person"}
STORED = re.compile(r"[a-z]{1,20}/[0-9a-f]{2}/[0-9a-f]{32}\Z")  # a name of families.files
SOME = 400  # ids in one question: SQLite takes no more than 999


@dataclass(frozen=True)
class Roots:
    """What the walk begins with."""

    families: frozenset[uuid.UUID] = frozenset()
    cases: frozenset[uuid.UUID] = frozenset()
    people: frozenset[uuid.UUID] = frozenset()

    def of(self, kind: str) -> frozenset[uuid.UUID]:
        return {"family": self.families, "case": self.cases, "person": self.people}[kind]


@dataclass(frozen=True)
class Edges:
    """How models hang together: what goes with a row of each, and what only forgets it."""

    goes: dict[type[models.Model], list[tuple[type[models.Model], str]]] = field(default_factory=dict)
    forgets: dict[type[models.Model], list[tuple[type[models.Model], str]]] = field(default_factory=dict)
    loose: list[tuple[type[models.Model], str, str]] = field(default_factory=list)


def everything() -> Iterator[type[models.Model]]:
    """Every model that can hold something of a family: tables of many-to-many relations and of history too."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in STAYS and not model._meta.proxy and model._meta.managed:
            yield model


@cache
def edges() -> Edges:
    goes: dict[type[models.Model], list[tuple[type[models.Model], str]]] = defaultdict(list)
    forgets: dict[type[models.Model], list[tuple[type[models.Model], str]]] = defaultdict(list)
    loose = []
    for model in everything():
        for each in model._meta.concrete_fields:
            if each.is_relation and each.related_model is not None:
                to_null = each.remote_field.on_delete is models.SET_NULL  # type: ignore[union-attr]
                (forgets if to_null else goes)[each.related_model].append((model, each.name))
            elif each.name in LOOSE:
                loose.append((model, each.name, LOOSE[each.name]))
        manager = getattr(model, "history", None)
        kept = getattr(manager, "model", None)
        if kept is not None and model._meta.pk is not None:
            goes[model].append((kept, model._meta.pk.name))
    return Edges(dict(goes), dict(forgets), loose)


def roots_of(family: uuid.UUID) -> Roots:
    """The family, its cases, and those of its people who are in no other household and no other family's case, with
    the ids of the records that were brought together with theirs."""
    cases = frozenset(Case.objects.filter(family=family).values_list("pk", flat=True))
    here = Q(memberships__family=family) | Q(cases__in=cases)
    elsewhere = Membership.objects.exclude(family=family).values("person")
    also = Case.people.through.objects.exclude(case__in=cases).values("person")
    people = set(
        Person.objects.filter(here).exclude(pk__in=elsewhere).exclude(pk__in=also).values_list("pk", flat=True)
    )
    new = people
    while new:  # somebody who was brought together with somebody who had been, too
        merged = set(Merge.objects.filter(kept__in=new).values_list("gone_id", flat=True)) - people
        new = merged - set(Person.objects.filter(pk__in=merged).values_list("pk", flat=True))  # taken apart since
        people |= new
    return Roots(frozenset({family, *_merged_into(people)}), cases, frozenset(people))


def _merged_into(people: set[uuid.UUID]) -> set[uuid.UUID]:
    """Households that were brought together with one of these people's, and of which history alone still tells."""
    gone = Merge.objects.filter(kept__in=people).exclude(gone_reference="").values("gone_reference")
    ids = set(Family.history.filter(reference__in=gone).values_list("id", flat=True))
    return ids - set(Family.objects.filter(pk__in=ids).values_list("pk", flat=True))


def rows_of(roots: Roots) -> Rows:
    """Every row that belongs to them, by model: one step after another away from the family, all tables at once."""
    known = edges()
    found: Rows = defaultdict(set)
    starts: tuple[tuple[type[models.Model], frozenset[uuid.UUID]], ...] = (
        (Family, roots.families),
        (Case, roots.cases),
        (Person, roots.people),
    )
    asked: list[Asked] = []
    for model, ids in starts:
        asked.append((model, "pk", ids))
        # What history says of a row that is gone already hangs on its id alone.
        asked += [(kept, column, ids) for kept, column in known.goes.get(model, ())]
    asked += [(model, column, roots.of(kind)) for model, column, kind in known.loose]
    while asked:
        new = _met(asked, found)
        asked = [(other, column, keys) for model, keys in new.items() for other, column in known.goes.get(model, ())]
    return {model: keys for model, keys in found.items() if keys}


def _met(asked: Sequence[Asked], found: Rows) -> Rows:
    """Rows that were not found before: those whose column is one of these values. They are found now."""
    asked = [each for each in asked if each[2]]
    new: Rows = defaultdict(set)
    for number, key in answers([(having(model, column, values), "pk") for model, column, values in asked]):
        model = asked[number][0]
        pk = model._meta.pk.to_python(key)
        if pk not in found[model]:
            found[model].add(pk)
            new[model].add(pk)
    return new


def in_pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), SOME):
        yield values[start : start + SOME]


def files_of(rows: Rows) -> list[str]:
    """The names of private files that these rows speak of, each once: known by their form, whatever the column."""
    asked = [
        (having(model, "pk", keys).filter(**{f"{each.name}__contains": "/"}), each.name)
        for model, keys in rows.items()
        for each in model._meta.concrete_fields
        if isinstance(each, models.CharField)
    ]
    return sorted({name for _, name in answers(asked) if STORED.match(name)})


def bound_up(roots: Roots, rows: Rows) -> set[uuid.UUID]:
    """Families that would lose something: rows that would go and hang on another family's case, and decisions written
    down here for somebody who is still in another household."""
    asked = []
    for model, keys in rows.items():
        if hasattr(model, "history_object") or model._meta.auto_created:
            continue
        for each in model._meta.concrete_fields:
            if each.related_model is Case:
                path, kept = f"{each.name}__family", roots.cases
            elif each.related_model is Family:
                path, kept = each.name, roots.families
            else:
                continue
            strange = having(model, "pk", keys).exclude(**{f"{each.name}__in": kept}).exclude(**{each.name: None})
            asked.append((strange, path))
    decided_here = having(Consent, "pk", rows.get(Consent, ())).exclude(person__in=roots.people).values("person")
    elsewhere = Membership.objects.filter(person__in=decided_here).exclude(family__in=roots.families)
    asked.append((elsewhere.order_by(), "family"))
    return {uuid.UUID(family) for _, family in answers(asked)}


def erase(rows: Rows) -> dict[str, int]:
    """Delete these rows, inside the caller's transaction; how many of each model.

    Foreign keys are checked when the transaction ends, so the order does not matter. No signal is sent: history would
    write down once more what is deleted.
    """
    for model, keys in rows.items():
        for other, column in edges().forgets.get(model, ()):
            for some in in_pieces(list(keys)):
                for row in other._base_manager.filter(**{f"{column}__in": some}):
                    if row.pk not in rows.get(other, ()):
                        setattr(row, column, None)
                        row.save(update_fields=[column])
    gone: dict[str, int] = {}
    for model, keys in rows.items():
        using = router.db_for_write(model)
        count = 0
        for some in in_pieces(list(keys)):
            count += model._base_manager.filter(pk__in=some)._raw_delete(using)
        gone[model._meta.label_lower] = count
    return gone
