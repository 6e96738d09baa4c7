"""What every app adds to the copy of somebody's record.

An app registers its sources in ``AppConfig.ready``. A source is asked once for each pack, by the worker, about one
person and the cases that this person is in; it says everything it holds that is about this person, and what of it it
would withhold and why. It never withholds by silence: what is left out must be counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

    from families.models import Case, Person


@dataclass(frozen=True)
class PackFile:
    """A file of the record that goes into the pack as it is: ``stored`` is its name in ``families.files``."""

    stored: str
    name: str
    sha256: str


@dataclass(frozen=True)
class PackEntry:
    """One thing that the record holds about somebody.

    ``id`` is the row's own, so that a decision about the entry stays when the record is gathered anew.
    ``withhold``: why it is suggested that the person does not get it; empty: they do. ``sealed``: nobody may decide
    otherwise, because it would tell where a protected person is or when they come (``families.protection``).
    ``unseen``: the copy tells it, and the page on which it is read through does not, for it is shown to nobody else.
    """

    id: str
    title: str
    at: datetime | date | None = None
    text: str = ""
    by: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    withhold: str = ""
    sealed: bool = False
    unseen: bool = False
    files: tuple[PackFile, ...] = ()


PROTECTED = "It names somebody whose whereabouts are protected"
SEALED = "It would tell where somebody protected is, or when they come"
ELSEWHERE = "Where somebody else lives"


def unless_hidden(hides: bool, why: str = "") -> dict[str, Any]:
    """``withhold`` and ``sealed`` of an entry: ``PackEntry(…, **unless_hidden(hidden.hides(person), why))``."""
    return {"withhold": SEALED, "sealed": True} if hides else {"withhold": why}


@dataclass(frozen=True)
class PackSource:
    """One section of the pack. ``tells``: the models whose rows it tells of; a test asks that none is forgotten."""

    key: str
    heading: str
    entries: Callable[[Person, Sequence[Case]], Iterable[PackEntry]]
    order: int = 50
    tells: tuple[type[Model], ...] = ()


_sources: list[PackSource] = []


def register_pack_source(source: PackSource) -> None:
    if source.key not in {each.key for each in _sources}:
        _sources.append(source)
        _sources.sort(key=lambda each: (each.order, each.key))


def pack_sources() -> tuple[PackSource, ...]:
    return tuple(_sources)
