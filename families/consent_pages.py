"""What the consent page of a case shows: where everybody stands, and every decision ever made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from families import wordings
from families.consent import (
    PersonStanding,
    Purpose,
    Standing,
    Verdict,
    decider,
    decides_alone,
    decisions_of,
    is_young,
    standings,
)
from families.models import Consent, Person
from families.queries import Member

STANDS = frozenset({Standing.GIVEN, Standing.CONFLICT, Standing.NOT_ALONE})  # somebody's yes can be taken back
# A sign and short words for a cell, and a colour that only helps.
CELL_WORDS: dict[str, tuple[str, str, str]] = {
    Standing.GIVEN: ("✓", "Agreed", "green"),
    Standing.REFUSED: ("✕", "Does not agree", "orange"),
    Standing.CONFLICT: ("⇄", "They differ", "yellow"),
    Standing.WITHDRAWN: ("✕", "Withdrawn", "orange"),
    Standing.EXPIRED: ("↻", "Run out: ask again", "blue"),
    Standing.NOT_ALONE: ("…", "Not alone yet", "blue"),
    Standing.NOT_ASKED: ("?", "Not asked yet", "grey"),
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
    until: date | None
    sign: str
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
    def can_be_stopped(self) -> bool:
        return self.standing in STANDS


def asked_still(person: Person) -> bool:
    """Whether a decision of this person, or for them, can still be written down."""
    return not person.lost or (person.was_born and not decides_alone(person))


@dataclass(frozen=True)
class MatrixRow:
    """One person with their standing for every purpose."""

    member: Member
    cells: tuple[Cell, ...]

    @property
    def signs(self) -> bool:
        """Whether this person decides for themselves, and so signs and has a copy of their own."""
        return decides_alone(self.member.person) and not self.member.person.lost

    @property
    def asked(self) -> bool:
        """Whether there is anything to ask: not of somebody who died, nor about a baby who was lost before birth. Of a
        baby who lived, whoever decides may still say what becomes of the films there are."""
        return asked_still(self.member.person)

    @property
    def decided(self) -> bool:
        """Whether anything was ever decided that is still counted."""
        return any(cell.latest for cell in self.cells)

    @property
    def young(self) -> bool:
        return is_young(self.member.person, timezone.localdate())


@dataclass(frozen=True)
class Meaning:
    """What all of it comes to, in one sentence and the reasons."""

    allowed: bool
    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ConsentPage:
    """What it means, the matrix, and the history under it."""

    meanings: tuple[Meaning, ...]
    rows: tuple[MatrixRow, ...]
    history: tuple[Decision, ...]


# What may be done today, what may not yet, and the purposes that everybody in shot has to agree to for it.
MEANINGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Films may be made and looked at today.", "No film may be made or looked at yet.", (Purpose.FILM,)),
    (
        "Moments may be shown in a shared review.",
        "Nothing may be shown in a shared review yet.",
        (Purpose.FILM, Purpose.SHARED_REVIEW),
    ),
)


NOTHING_ASKED = Meaning(
    False,
    "Nothing is filmed, and nobody is asked any more.",
    ("What was agreed still holds for the films there are. Anybody may take back what they agreed to.",),
)


def what_it_means(everybody: Sequence[Member], now: dict[tuple[object, str], PersonStanding]) -> tuple[Meaning, ...]:
    """For films with the infants and the caregivers of a case in shot. With fewer in shot, only those count."""
    in_shot = [
        each.person
        for each in everybody
        if each.person.kind in {Person.Kind.INFANT, Person.Kind.CAREGIVER}
        and not each.person.unborn
        and not each.person.lost
    ]
    found, said = [], set()
    for may, may_not, purposes in MEANINGS:
        verdict = Verdict(tuple(now[person.pk, purpose] for person in in_shot for purpose in purposes))
        reasons = verdict.reasons if in_shot else ["Nobody who could be filmed is in this case yet."]
        fresh = [reason for reason in reasons if reason not in said]
        said.update(fresh)
        found.append(Meaning(verdict.allowed, may if verdict.allowed else may_not, tuple(fresh)))
    return tuple(found)


@dataclass(frozen=True)
class Agreed:
    """One decision as whoever made it reads it, on their own copy."""

    row: Consent

    @property
    def title(self) -> str:
        return wordings.TITLES[self.row.purpose]

    @property
    def themselves(self) -> bool:
        return self.row.person_id == self.row.decided_by_id

    @property
    def answer(self) -> str:
        if self.row.withdrawn_at:
            return f"you said yes, and took it back on {timezone.localtime(self.row.withdrawn_at):%-d %B %Y}"
        return "yes" if self.row.decision == Consent.Decision.GIVEN else "no"

    @property
    def until(self) -> date | None:
        return None if self.row.withdrawn_at else self.row.expires_on

    @property
    def how(self) -> str:
        return {"spoken": "said aloud", "paper": "signed on paper", "screen": "signed on screen"}[self.row.evidence]


def copy_for(person: Person, people: Sequence[Person]) -> list[Agreed]:
    """What this person decided last about each purpose, for themselves and for children; nobody else's decisions."""
    latest: dict[tuple[object, str], Consent] = {}
    rows = decisions_of(people, Purpose.values).filter(decided_by=person)
    for row in rows.select_related("person", "wording", "signature"):
        latest.setdefault((row.person_id, row.purpose), row)
    order = list(Purpose.values)
    found = sorted(latest.values(), key=lambda row: (order.index(row.purpose), row.person_id != person.pk))
    return [Agreed(row) for row in found]


def consent_page(everybody: Sequence[Member], *, ended: bool = False) -> ConsentPage:
    """Everything about the consent of these people, in two queries.

    ``ended``: no film will be made any more (the case is closed, or no baby of it is living).
    """
    people = [member.person for member in everybody]
    now = standings(people, Purpose.values)
    history = [
        Decision(row, row.by_right or decides_alone(row.person))  # type: ignore[attr-defined]  # annotated
        for row in decisions_of(people, Purpose.values).select_related(
            "person", "decided_by", "wording", "recorded_by", "signature", "paper"
        )
    ]
    latest: dict[tuple[object, str], dict[str, Decision]] = {}
    for decision in history:
        row = decision.row
        if decision.counts:
            voice = decider(row)
            latest.setdefault((row.person_id, row.purpose), {}).setdefault(voice, decision)
    rows = []
    for member in everybody:
        cells = []
        for purpose in Purpose.values:
            found = now[member.person.pk, purpose]
            standing = found.standing
            sign, text, colour = CELL_WORDS[Standing(standing)]
            # what was decided before a birth no longer counts, so its maker is not named as if it did
            made = () if standing == Standing.NOT_ASKED else latest.get((member.person.pk, purpose), {}).values()
            cells.append(Cell(purpose, standing, found.until, sign, text, colour, tuple(made)))
        rows.append(MatrixRow(member, tuple(cells)))
    meanings = (NOTHING_ASKED,) if ended else what_it_means(everybody, now)
    return ConsentPage(meanings, tuple(rows), tuple(history))


def standing_agreements(people: Sequence[Person]) -> list[tuple[Person, str]]:
    """What can be taken back: each person and purpose for which somebody's agreement stands."""
    found = standings(people, Purpose.values)
    return [
        (person, purpose)
        for person in people
        for purpose in Purpose.values
        if found[person.pk, purpose].standing in STANDS
    ]
