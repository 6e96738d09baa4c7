"""What the apps to the right keep in files of their own, and how the record has them destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from families.models import Case


@dataclass(frozen=True)
class Gone:
    """How many files of one sort were destroyed, and their bytes."""

    files: int
    bytes: int


@dataclass(frozen=True)
class Copy:
    """Something that could be given to the family, and where whoever gives it has it from."""

    label: str
    url: str


class Destroy(Protocol):
    def __call__(self, case_id: uuid.UUID, before: datetime, reason: str, *, once_more: bool) -> Mapping[str, Gone]: ...


@dataclass(frozen=True)
class Keeper:
    """An app that keeps films, or anything else that is no file of ``families.files``.

    ``kept(cases, before)``: how many things it still keeps for each of these cases, those with none left out, made
    before that moment where one is given; one query.

    ``only_account(case)``: what would be lost to the written record if these went and it stayed, as sentences: asked
    before films are deleted alone, and not before the whole record is, since then its time is over as well. What stops
    both (evidence, a legal hold) is no matter of a keeper: ``families.registry.register_held`` and ``LegalHold``.

    ``copies(cases)``: what of these cases could be given to the family, since everybody in it agrees to that; as many
    queries for many as for one.

    ``destroy(case_id, before, reason, once_more=)``: destroy all that was made before that moment; what went for that
    reason, by sort. Called again after a crash it goes on, and says the same; it raises when a file remains.
    ``once_more``: a restored backup had brought it back, and what the backup says of holds is older than the decision
    to delete.
    """

    key: str
    label: str
    kept: Callable[[Collection[uuid.UUID], datetime | None], Mapping[uuid.UUID, int]]
    only_account: Callable[[Case], Iterable[str]]
    copies: Callable[[Collection[Case]], Iterable[Copy]]
    destroy: Destroy


_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Called from the ``ready`` of the app that keeps the files."""
    if keeper.key not in {each.key for each in _keepers}:
        _keepers.append(keeper)


def keepers() -> tuple[Keeper, ...]:
    return tuple(_keepers)


def films_kept(cases: Collection[uuid.UUID], before: datetime | None = None) -> dict[uuid.UUID, int]:
    """How many things in files of their own there still are, for those of these cases that have any."""
    found: dict[uuid.UUID, int] = {}
    for keeper in _keepers:
        for case, count in keeper.kept(cases, before).items():
            found[case] = found.get(case, 0) + count
    return found
