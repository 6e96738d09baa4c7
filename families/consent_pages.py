"""What the consent page of a case shows: where everybody stands, and every decision ever made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from families.consent import Purpose, Standing, decider, decides_alone, decisions_of, standings
from families.models import Consent, Person
from families.queries import Member

# Short words for a cell, and a colour that only helps.
CELL_WORDS: dict[str, tuple[str, str]] = {
    Standing.GIVEN: ("Agreed", "green"),
    Standing.REFUSED: ("Does not agree", "orange"),
    Standing.CONFLICT: ("They differ", "yellow"),
    Standing.WITHDRAWN: ("Withdrawn", "orange"),
    Standing.EXPIRED: ("Run out: ask again", "blue"),
    Standing.NOT_ALONE: ("Not alone yet", "blue"),
    Standing.NOT_ASKED: ("Not asked yet", "grey"),
}


@dataclass(frozen=True)
class Decision:
    """One decision as it is read: who decided, for whom, what, when."""

    row: Consent
    counts: bool  # for a child: whoever decided holds parental responsibility as the record stands now

    @property
    def who(self) -> str:
        return self.row.decided_by.display_name if self.row.decided_by else self.row.decided_by_name

    @property
    def first_name(self) -> str:
        return self.row.decided_by.short_name if self.row.decided_by else self.row.decided_by_name

    @property
    def short(self) -> str:
        """ "Sam, 3 Nov 2026"."""
        at = timezone.localtime(self.row.withdrawn_at or self.row.decided_at)
        said = self.row.withdrawn_by if self.row.withdrawn_at else self.first_name
        return f"{said}, {at.day} {at:%b %Y}"

    @property
    def answer(self) -> str:
        if self.row.withdrawn_at:
            return "withdrawn"
        return "agrees" if self.row.decision == Consent.Decision.GIVEN else "does not agree"


@dataclass(frozen=True)
class Cell:
    """Where one person stands for one purpose."""

    purpose: str
    standing: str
    text: str
    colour: str
    latest: tuple[Decision, ...]

    @property
    def label(self) -> str:
        return Purpose(self.purpose).label

    @property
    def detail(self) -> list[str]:
        if self.standing == Standing.CONFLICT:
            return [f"{each.first_name} {each.answer}, {each.short.rsplit(', ', 1)[1]}" for each in self.latest]
        return [each.short for each in self.latest[:1]]

    @property
    def until(self) -> object:
        return next((each.row.expires_on for each in self.latest if each.row.expires_on), None)


@dataclass(frozen=True)
class MatrixRow:
    """One person with their standing for every purpose."""

    member: Member
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ConsentPage:
    """The matrix and the history under it."""

    rows: tuple[MatrixRow, ...]
    history: tuple[Decision, ...]


def consent_page(everybody: Sequence[Member]) -> ConsentPage:
    """Everything about the consent of these people, in two queries."""
    people = [member.person for member in everybody]
    now = standings(people, Purpose.values)
    history = [
        Decision(row, row.by_right or decides_alone(row.person))  # type: ignore[attr-defined]  # annotated
        for row in decisions_of(people, Purpose.values).select_related("person", "decided_by", "wording", "recorded_by")
    ]
    latest: dict[tuple[object, str], dict[str, Decision]] = {}
    for decision in history:
        row = decision.row
        if decision.counts:
            voice = "own" if decides_alone(row.person) else decider(row)
            latest.setdefault((row.person_id, row.purpose), {}).setdefault(voice, decision)
    rows = []
    for member in everybody:
        cells = []
        for purpose in Purpose.values:
            standing = now[member.person.pk, purpose].standing
            text, colour = CELL_WORDS[Standing(standing)]
            # what was decided before a birth no longer counts, so its maker is not named as if it did
            made = () if standing == Standing.NOT_ASKED else latest.get((member.person.pk, purpose), {}).values()
            cells.append(Cell(purpose, standing, text, colour, tuple(made)))
        rows.append(MatrixRow(member, tuple(cells)))
    return ConsentPage(tuple(rows), tuple(history))


def standing_agreements(people: Sequence[Person]) -> list[tuple[Person, str]]:
    """What can be taken back: each person and purpose for which somebody's agreement stands."""
    found = standings(people, Purpose.values)
    return [
        (person, purpose)
        for person in people
        for purpose in Purpose.values
        if found[person.pk, purpose].standing in {Standing.GIVEN, Standing.CONFLICT}
    ]
