"""What families said about the service, counted so that nobody can be guessed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from families.models import Case
from outcomes.experience import ANSWERS, STATEMENTS
from outcomes.models import Experience

FEWEST = 5  # answers of a kind before they are shown: fewer could be laid at a family's door


@dataclass(frozen=True)
class Statement:
    """One statement and how many chose each answer, from "yes, very much" down."""

    text: str
    counts: tuple[tuple[str, int], ...]

    @property
    def answered(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True)
class Said:
    """What families said between two months; empty until enough have said something."""

    many: int
    statements: tuple[Statement, ...] = ()
    best: tuple[str, ...] = ()
    better: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        return self.many >= FEWEST


def what_families_said(user: User, since: date | None = None) -> Said:
    """What this person may read of what families said, from the month of ``since`` on, in one query."""
    rows = Experience.objects.visible_to(user)
    if since is not None:
        rows = rows.filter(month__gte=since.replace(day=1))
    found = list(rows)
    if len(found) < FEWEST:
        return Said(len(found))
    return Said(
        len(found),
        tuple(_statement(key, text, found) for key, text in STATEMENTS.items()),
        tuple(sorted(row.best for row in found if row.best)),
        tuple(sorted(row.better for row in found if row.better)),
    )


def _statement(key: str, text: str, rows: list[Experience]) -> Statement:
    counted = Counter(row.answers.get(key) for row in rows)
    return Statement(text, tuple((words, counted[figure]) for figure, words in ANSWERS.items()))


@dataclass(frozen=True)
class Named:
    """What one family said with its name: each statement with their answer, and their words."""

    month: date
    answers: tuple[tuple[str, str], ...]
    best: str
    better: str


def experience_of(case: Case) -> list[Named]:
    """What this family said of us, where they let their name stand."""
    return [
        Named(
            row.month,
            tuple((text, ANSWERS[row.answers[key]]) for key, text in STATEMENTS.items() if key in row.answers),
            row.best,
            row.better,
        )
        for row in Experience.objects.filter(case=case)
    ]
