"""What somebody is asked in the frame, and what they have answered so far: kept with the lease, on the server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from families import wordings
from families.consent import Purpose, decides_alone
from families.models import Case, Consent, ConsentWording, FrameLease, Person
from families.responsibility import holders

YES, NO, LATER = Consent.Decision.GIVEN, Consent.Decision.REFUSED, "later"
ANSWERS = (YES, NO, LATER)


def decided_for(signer: Person, people: Iterable[Person]) -> list[Person]:
    """Whom somebody can sign for: themselves first, and the children for whom they hold parental responsibility."""
    children = [
        person for person in people if not decides_alone(person) and not person.lost and signer in holders(person)
    ]
    return [signer, *children]


def begin(people: Sequence[Person], purposes: Sequence[str]) -> dict[str, Any]:
    """The draft that a frame begins with: whom it is about, and the wordings in force at this moment."""
    texts = wordings.all_current(purposes)
    return {
        "at": -1,
        "people": [str(person.pk) for person in people],
        "asked": [[purpose, texts[purpose].pk] for purpose in Purpose.values if purpose in purposes],
        "answers": {},
    }


@dataclass(frozen=True)
class Question:
    """One answer that is asked for: of whom it is, and what was said."""

    person: Person
    themselves: bool
    answer: str

    @property
    def key(self) -> str:
        return str(self.person.pk)

    @property
    def whom(self) -> str:
        """ "you", or the child's name."""
        return "you" if self.themselves else self.person.short_name

    @property
    def said(self) -> str:
        return {YES: "yes", NO: "no", LATER: "not today"}.get(self.answer, "")


@dataclass(frozen=True)
class Asked:
    """One purpose, in the wording that was in force when the frame was opened."""

    wording: ConsentWording
    questions: tuple[Question, ...]

    @property
    def purpose(self) -> str:
        return self.wording.purpose

    @property
    def title(self) -> str:
        return wordings.TITLES[self.purpose]

    @property
    def answered(self) -> bool:
        return all(each.answer for each in self.questions)


@dataclass(frozen=True)
class Script:
    """All of it, as the lease has it now."""

    signer: Person
    at: int  # -1 before the first question; one past the last: what was said, and the signature
    asked: tuple[Asked, ...] = field(default=())

    @property
    def now(self) -> Asked | None:
        return self.asked[self.at] if 0 <= self.at < len(self.asked) else None

    @property
    def decided(self) -> list[tuple[Asked, Question]]:
        """What was answered with yes or no."""
        return [(asked, each) for asked in self.asked for each in asked.questions if each.answer in {YES, NO}]

    @property
    def others(self) -> list[Person]:
        """The children it is about too."""
        return [each.person for each in self.asked[0].questions if not each.themselves] if self.asked else []


def signer_of(case: Case, person_id: str) -> Person | None:
    """The person of this case who signs."""
    return case.people.filter(pk=person_id).first()


def read(lease: FrameLease) -> Script | None:
    """The script of a lease; None when whoever signs is no longer in the case."""
    signer = signer_of(lease.case, lease.subject_id)
    if signer is None:
        return None
    draft = lease.draft
    known = {str(person.pk): person for person in lease.case.people.all()}
    people = [known[pk] for pk in draft["people"] if pk in known]
    texts = ConsentWording.objects.in_bulk([pk for _, pk in draft["asked"]])
    answers = draft["answers"]
    asked = tuple(
        Asked(
            texts[pk],
            tuple(Question(person, person == signer, answers.get(f"{purpose}:{person.pk}", "")) for person in people),
        )
        for purpose, pk in draft["asked"]
    )
    return Script(signer, draft["at"], asked)
