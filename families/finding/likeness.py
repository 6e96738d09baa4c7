"""Are these two the same person? One answer, with a score and reasons, from plain facts and without a database.

Asked while somebody is added, in the list of likely duplicates, before a merge, and by whatever takes in people from
elsewhere. The rules:

- Two different NHS numbers are two people. The same number is one, whatever else differs.
- An adult: name, date of birth, and one of phone, e-mail and postcode. Name and date of birth without any of these is
  possible, and said to be no more.
- An infant: only by NHS number, or through a caregiver who is the same and the same date of birth.
- An unborn infant: through a caregiver who is the same, and expected dates within 28 days.
- **Twins, brothers and sisters are never one person.** Children of one household are not compared; where several were
  born (or are expected) together, nothing but the same first name or NHS number tells which is which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from families.finding.names import WORTH, How, best, words_of

EXPECTED_WITHIN = timedelta(days=28)
TOGETHER = timedelta(days=2)  # twins may be born on either side of midnight, seldom further apart
CERTAIN, LIKELY, POSSIBLE = 100, 80, 60


class Reason(StrEnum):
    """What speaks for it, in the words that a person reads."""

    NHS = "the same NHS number"
    NAME = "the same name"
    NAME_ALIKE = "a name that sounds or is spelt alike"
    EARLIER = "an earlier surname"
    BORN = "the same date of birth"
    BORN_SLIP = "a date of birth that differs by one slip"
    PHONE = "the same phone"
    EMAIL = "the same e-mail"
    POSTCODE = "the same postcode"
    CAREGIVER = "a caregiver who seems to be the same"
    EXPECTED = "expected at about the same time"


@dataclass(frozen=True)
class Facts:
    """What is known of one person. ``id`` is None for somebody who is not in the record yet."""

    id: Any = None
    child: bool = False
    first_name: str = ""
    last_name: str = ""
    known_as: str = ""
    earlier_surnames: frozenset[str] = frozenset()
    date_of_birth: date | None = None
    expected_on: date | None = None
    nhs_number: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()
    families: frozenset[Any] = frozenset()
    caregivers: tuple[Facts, ...] = ()  # of a child
    other_children: tuple[Facts, ...] = ()  # in the same households


@dataclass(frozen=True)
class Likeness:
    """How much two people are alike: ``score`` 0 to 100, and why. Falsy when they are not worth asking about."""

    score: int = 0
    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        return self.score >= POSSIBLE

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY


NOBODY = Likeness()


def _first_names(one: Facts) -> tuple[str, ...]:
    return words_of(f"{one.first_name} {one.known_as}")


def _like(these: tuple[str, ...], those: tuple[str, ...]) -> How | None:
    """The surest way in which any of these words is like any of those, both having some."""
    found = [how for word in these if len(word) > 1 and (how := best(word, those)) is not None]
    return max(found, key=WORTH.__getitem__, default=None)


def _names(one: Facts, other: Facts) -> Reason | None:
    """Whether first name and surname are the same, alike, or the surname was another before."""
    first = _like(_first_names(one), _first_names(other))
    if first is None:
        return None
    last = _like(words_of(one.last_name), words_of(other.last_name))
    if last is not None:
        return Reason.NAME if first == last == How.SAME else Reason.NAME_ALIKE
    before = [words_of(name) for name in (*one.earlier_surnames, one.last_name)]
    after = [words_of(name) for name in (*other.earlier_surnames, other.last_name)]
    return Reason.EARLIER if any(_like(these, those) for these in before for those in after) else None


def _slip(one: date, other: date) -> bool:
    """Day and month the other way round, or one of the three numbers wrong by a digit: an ordinary slip."""
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    pairs = zip(one.strftime("%d%m%Y"), other.strftime("%d%m%Y"), strict=True)
    return sum(a != b for a, b in pairs) == 1


def _born(one: Facts, other: Facts) -> Reason | None:
    if one.date_of_birth is None or other.date_of_birth is None:
        return None
    if one.date_of_birth == other.date_of_birth:
        return Reason.BORN
    return Reason.BORN_SLIP if _slip(one.date_of_birth, other.date_of_birth) else None


def _reached(one: Facts, other: Facts) -> list[Reason]:
    return [
        reason
        for reason, shared in (
            (Reason.PHONE, one.phones & other.phones),
            (Reason.EMAIL, one.emails & other.emails),
            (Reason.POSTCODE, one.postcodes & other.postcodes),
        )
        if shared
    ]


def _adults(one: Facts, other: Facts) -> Likeness:
    name = _names(one, other)
    if name is None:
        return NOBODY
    born, reached = _born(one, other), _reached(one, other)
    contradicted = one.date_of_birth and other.date_of_birth and born is None
    if contradicted:
        return NOBODY  # a mother and daughter of one name share a phone and a postcode
    personal = [reason for reason in reached if reason != Reason.POSTCODE]
    score = 0
    if born == Reason.BORN:
        score = 60 if name == Reason.NAME else 50
        score += 25 + 5 * (len(reached) - 1) if reached else 0
        score += 5 if reached and name != Reason.NAME else 0
    elif born == Reason.BORN_SLIP and personal:
        score = 80 if name == Reason.NAME else 65
    elif born is None and personal:  # one date is not known
        score = 70 if name == Reason.NAME else 60
    return Likeness(min(score, 99), tuple(each for each in (name, born, *reached) if each))


def _same_caregiver(one: Facts, other: Facts) -> bool:
    """Whether somebody who cares for one is very likely somebody who cares for the other: the same row, or alike."""
    return any(
        (mine.id is not None and mine.id == theirs.id) or compare(mine, theirs).likely
        for mine in one.caregivers
        for theirs in other.caregivers
    )


def _born_with(child: Facts) -> list[Facts]:
    """The children who were born, or are expected, together with this one."""

    def together(sibling: Facts) -> bool:
        if child.date_of_birth and sibling.date_of_birth:
            return abs(child.date_of_birth - sibling.date_of_birth) <= TOGETHER
        if child.expected_on and sibling.expected_on:
            return abs(child.expected_on - sibling.expected_on) <= EXPECTED_WITHIN
        return False

    return [sibling for sibling in child.other_children if together(sibling)]


def _told_from_a_twin(one: Facts, other: Facts) -> bool:
    """Whether the first names tell which of several born together is meant; so too when there is only one."""
    for child, meant in ((one, other), (other, one)):
        for twin in _born_with(child):
            if _like(_first_names(child), _first_names(meant)) != How.SAME:
                return False
            if _like(_first_names(twin), _first_names(meant)) == How.SAME:
                return False
    return True


def _due(child: Facts) -> date | None:
    return child.expected_on or child.date_of_birth


def _children(one: Facts, other: Facts) -> Likeness:
    first = _like(_first_names(one), _first_names(other))
    if not _told_from_a_twin(one, other):
        return NOBODY
    both_named = bool(_first_names(one) and _first_names(other))
    if both_named and first is None:
        return NOBODY
    named = {How.SAME: Reason.NAME}.get(first, Reason.NAME_ALIKE) if first else None
    if one.date_of_birth and other.date_of_birth:
        if one.date_of_birth != other.date_of_birth or not _same_caregiver(one, other):
            return NOBODY
        score = 92 if named == Reason.NAME else 84 if named else 70
        return Likeness(score, tuple(each for each in (named, Reason.BORN, Reason.CAREGIVER) if each))
    due, other_due = _due(one), _due(other)
    if due is None or other_due is None or abs(due - other_due) > EXPECTED_WITHIN or not _same_caregiver(one, other):
        return NOBODY
    return Likeness(84 if named else 80, tuple(each for each in (named, Reason.EXPECTED, Reason.CAREGIVER) if each))


def compare(one: Facts, other: Facts) -> Likeness:
    """How much ``one`` and ``other`` are alike. The same in either order; nobody is like themselves."""
    if one.id is not None and one.id == other.id:
        return NOBODY
    if one.child != other.child:
        return NOBODY
    if one.child and one.families & other.families:
        return NOBODY  # twins, brothers, sisters
    if one.nhs_number and other.nhs_number:
        return Likeness(CERTAIN, (Reason.NHS,)) if one.nhs_number == other.nhs_number else NOBODY
    return _children(one, other) if one.child else _adults(one, other)
