"""The answers as values: what triage compares, lists and carries into a record.

Read through the same forms that asked; what was left open, or never fitted its question, is None or empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeVar

from referrals.questions import step_of
from referrals.written import Written


@dataclass(frozen=True)
class BabyAnswers:
    """One baby. ``gestation``: days of the pregnancy at birth."""

    number: int
    born: str = ""
    born_on: date | None = None
    expected_on: date | None = None
    first_name: str = ""
    last_name: str = ""
    nhs_number: str = ""
    gestation: int | None = None
    neonatal_stay: str = ""
    health: str = ""
    lives_with: str = ""


@dataclass(frozen=True)
class ReachingAnswers:
    """How one caregiver can be reached."""

    phone: str = ""
    email: str = ""
    safe_ways: tuple[str, ...] = ()
    safe_times: str = ""
    discreet: str = ""
    address: str = ""
    postcode: str = ""
    address_confidential: bool = False


@dataclass(frozen=True)
class NeedsAnswers:
    """The language of one caregiver, and what they need."""

    language: str = ""
    interpreter: str = ""
    interpreter_language: str = ""
    needs: str = ""
    needs_what: str = ""
    disability: str = ""


@dataclass(frozen=True)
class CaregiverAnswers:
    """Somebody who looks after the baby. ``relationship``: of ``Membership.Relationship``."""

    number: int
    first_name: str = ""
    last_name: str = ""
    known_as: str = ""
    relationship: str = ""
    relationship_word: str = ""
    born_on: date | None = None
    nhs_number: str = ""
    parental_responsibility: str = ""
    lives_with_baby: str = ""
    ethnicity: str = ""
    pronouns: str = ""
    reaching: ReachingAnswers = field(default_factory=ReachingAnswers)
    needs: NeedsAnswers = field(default_factory=NeedsAnswers)


@dataclass(frozen=True)
class ChildAnswers:
    """Another child."""

    number: int
    first_name: str = ""
    last_name: str = ""
    born_on: date | None = None
    lives: str = ""
    note: str = ""


@dataclass(frozen=True)
class ProfessionalAnswers:
    """Somebody who works with the family. ``role``: of ``Professional.Role``; ``may_contact``: of ``Answer``."""

    number: int
    role: str = ""
    role_word: str = ""
    name: str = ""
    organisation: str = ""
    phone: str = ""
    email: str = ""
    may_contact: str = ""


@dataclass(frozen=True)
class Answers:
    """A whole referral. What stands on one page alone is a dictionary of that page's fields, by their names."""

    babies: tuple[BabyAnswers, ...]
    caregivers: tuple[CaregiverAnswers, ...]
    children: tuple[ChildAnswers, ...]
    professionals: tuple[ProfessionalAnswers, ...]
    pages: dict[str, dict[str, Any]]

    def get(self, page: str, name: str, default: Any = "") -> Any:
        """One answer of a page of its own: ``answers.get("risk", "immediate")``."""
        value = self.pages.get(page, {}).get(name)
        return default if value in (None, "") else value


Read = TypeVar("Read")


def answers_of(written: Written) -> Answers:
    """Everything that was said, as values."""

    def numbers(key: str) -> list[int]:
        step = step_of(key, written.door)
        return written.numbers(step) if step else []

    def caregiver(number: int) -> CaregiverAnswers:
        return _read(
            CaregiverAnswers,
            written.said_at("caregivers", number),
            number=number,
            reaching=_read(ReachingAnswers, written.said_at("reaching", number)),
            needs=_read(NeedsAnswers, written.said_at("needs", number)),
        )

    def each(kind: type[Read], key: str) -> tuple[Read, ...]:
        return tuple(_read(kind, written.said_at(key, number), number=number) for number in numbers(key))

    alone = [step.key for step in written.steps if not step.numbered and step.key != "files"]
    return Answers(
        babies=each(BabyAnswers, "babies"),
        caregivers=tuple(caregiver(number) for number in numbers("caregivers")),
        children=each(ChildAnswers, "children"),
        professionals=each(ProfessionalAnswers, "professionals"),
        pages={key: written.said_at(key) for key in [*alone, "declaration"]},
    )


def _read(kind: type[Read], said: dict[str, Any], **more: Any) -> Read:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return kind(**{name: value for name, value in values.items() if name in known and value is not None}, **more)
