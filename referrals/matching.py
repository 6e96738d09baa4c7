"""Who of the record is it that a referral tells of? From plain facts, without a database.

``families.finding.likeness`` says how much two people are alike. A referral asks for more: what may be taken as settled
before anybody looked (``Candidate.matched``), and what is only shown for somebody to look at, with the reason. The
rules, in their order:

- The same NHS number is the same person. A different NHS number never is, whatever else is alike.
- An adult: name, date of birth, and one of phone, e-mail and postcode.
- An infant: by NHS number; or through a caregiver who is matched, the same date of birth and the same first name.
- An unborn infant: through a caregiver who is matched, and expected dates within 28 days.
- **Nothing is settled between twins or between brothers and sisters.** Where several were born, or are expected,
  together, on either side, a person says which is which, unless each has an NHS number and the name that goes with it.
- Where two answer to one, on either side, a person says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from families.finding.likeness import EXPECTED_WITHIN, TOGETHER, Facts, Reason, compare
from families.finding.names import How, best, words_of
from families.models import SearchKey

Kind = SearchKey.Kind
Key = tuple[str, str]

BY_NAME = frozenset({Reason.NAME, Reason.NAME_ALIKE, Reason.EARLIER})
PERSONAL = frozenset({Reason.PHONE, Reason.EMAIL})
REACHED = PERSONAL | {Reason.POSTCODE}


class Caution(StrEnum):
    """Why somebody has to look before this is taken for the same person, in the words that they read."""

    FACTS = "Too little is the same to be sure"
    CONTRADICTED = "The NHS number is the same, the name or the date of birth is not"
    NUMBER_TWICE = "The referral gives this NHS number for more than one person"
    SPELLING = "The name is spelt another way, and only the postcode says that it is the same person"
    SURNAME = "The surname is another"
    UNNAMED = "No first name to compare"
    BORN_SINCE = "Expected in one record, born in the other"
    TOGETHER = "Born or expected together with another baby: say which is which"
    SEVERAL = "More than one person in the record is like this one"
    TWICE = "Another person of the referral is like the same record"
    DIED = "Died"


@dataclass(frozen=True)
class Candidate:
    """Somebody of the record who may be the person of the referral: the likeliest first, with why, and why not."""

    known: Facts
    reasons: tuple[Reason, ...]
    cautions: tuple[Caution, ...] = ()

    @property
    def matched(self) -> bool:
        """Whether the rules settle it, so that it may be offered as the answer; a person still confirms it."""
        return not self.cautions

    @property
    def order(self) -> tuple[bool, bool, int, int]:
        """Smaller is likelier."""
        return (not self.matched, Reason.NHS not in self.reasons, len(self.cautions), -len(self.reasons))

    def but(self, caution: Caution) -> Candidate:
        return self if caution in self.cautions else replace(self, cautions=(*self.cautions, caution))


def as_sent(caregivers: Iterable[Facts], children: Iterable[Facts], others: Iterable[Facts] = ()) -> list[Facts]:
    """The people of one referral as one household: every child with its caregivers and the other children.

    Their ``id`` says who of the referral each is; nobody of ``others`` leads to a child.
    """
    adults, young = tuple(caregivers), list(children)
    around = [
        replace(child, caregivers=adults, other_children=tuple(other for other in young if other.id != child.id))
        for child in young
    ]
    return [*adults, *others, *around]


def keys_to_look_for(people: Iterable[Facts]) -> set[Key]:
    """What the people of a referral are looked for by in the record, as (kind, value) of ``SearchKey``.

    A child's date of birth is none of these: a child is found by number, or in the households of the adults.
    """
    found: set[Key] = set()
    for each in people:
        if each.nhs_number:
            found.add((Kind.NHS.value, each.nhs_number))
        if each.child:
            continue
        found |= {(Kind.PHONE.value, phone) for phone in each.phones}
        found |= {(Kind.EMAIL.value, email) for email in each.emails}
        if each.date_of_birth:
            found.add((Kind.BORN.value, each.date_of_birth.isoformat()))
    return found


def _first(one: Facts, other: Facts) -> How | None:
    """How the first names, or what people are called, are alike; the surest way."""
    mine, theirs = (words_of(f"{each.first_name} {each.known_as}") for each in (one, other))
    found = {how for word in mine if len(word) > 1 and (how := best(word, theirs)) is not None}
    return next((how for how in How if how in found), None)


def _named(one: Facts) -> bool:
    return bool(words_of(f"{one.first_name} {one.known_as}"))


def _due(child: Facts) -> date | None:
    return child.expected_on or child.date_of_birth


def _one_of_several(child: Facts) -> bool:
    """Whether another child of the household was, or may have been, born at the same time."""

    def together(other: Facts) -> bool:
        if child.date_of_birth and other.date_of_birth:
            return abs(child.date_of_birth - other.date_of_birth) <= TOGETHER
        mine, theirs = _due(child), _due(other)
        return bool(mine and theirs and abs(mine - theirs) <= EXPECTED_WITHIN)

    return any(together(other) for other in child.other_children)


def _by_number(one: Facts, known: Facts) -> Candidate:
    """Two with one NHS number. One who shares a birthday with a twin needs the name too: numbers are mixed up."""
    born = bool(one.date_of_birth and one.date_of_birth == known.date_of_birth)
    apart = bool(one.date_of_birth and known.date_of_birth and not born)
    first = _first(one, known)
    several = one.child and (_one_of_several(one) or _one_of_several(known))
    agrees = first is How.SAME if several else (born or (first is not None and not apart))
    reasons = [Reason.NHS]
    reasons += [Reason.NAME] if first is How.SAME else []
    reasons += [Reason.BORN] if born else []
    return Candidate(known, tuple(reasons), () if agrees else (Caution.CONTRADICTED,))


def _adult(one: Facts, known: Facts) -> Candidate | None:
    alike = compare(one, known)
    reasons = frozenset(alike.reasons)
    if alike:
        if not (reasons & BY_NAME and Reason.BORN in reasons and reasons & REACHED):
            return Candidate(known, alike.reasons, (Caution.FACTS,))
        if Reason.NAME_ALIKE in reasons and not reasons & PERSONAL:
            return Candidate(known, alike.reasons, (Caution.SPELLING,))
        return Candidate(known, alike.reasons)
    # Whoever married since is in the record under a surname that the referrer does not know.
    born = one.date_of_birth is not None and one.date_of_birth == known.date_of_birth
    shared = [
        reason
        for reason, same in ((Reason.PHONE, one.phones & known.phones), (Reason.EMAIL, one.emails & known.emails))
        if same
    ]
    if born and shared and _first(one, known) is How.SAME:
        return Candidate(known, (Reason.BORN, *shared), (Caution.SURNAME,))
    return None


def _child(one: Facts, known: Facts) -> Candidate | None:
    """Two children of whom a caregiver is the same."""
    first = _first(one, known)
    if _named(one) and _named(known) and first is None:
        return None
    reasons: list[Reason] = []
    cautions: list[Caution] = []
    if first is not None:
        reasons.append(Reason.NAME if first is How.SAME else Reason.NAME_ALIKE)
    if one.date_of_birth and known.date_of_birth:
        if one.date_of_birth != known.date_of_birth:
            return None
        reasons.append(Reason.BORN)
        if first is not How.SAME:
            # A twin whom nobody mentioned has the same birthday and often a name that rhymes.
            cautions.append(Caution.UNNAMED if first is None else Caution.FACTS)
    else:
        mine, theirs = _due(one), _due(known)
        if mine is None or theirs is None or abs(mine - theirs) > EXPECTED_WITHIN:
            return None
        reasons.append(Reason.EXPECTED)
        if one.date_of_birth or known.date_of_birth:
            cautions.append(Caution.BORN_SINCE)
    if _one_of_several(one) or _one_of_several(known):
        cautions.append(Caution.TOGETHER)
    return Candidate(known, (*reasons, Reason.CAREGIVER), tuple(cautions))


@dataclass
class _Matching:
    """One referral against everybody who was found; ``found`` grows, adults first."""

    known: Sequence[Facts]
    gone: Collection[Any]
    found: dict[Any, list[Candidate]] = field(default_factory=dict)

    def look(self, one: Facts) -> Iterator[Candidate]:
        for known in self.known:
            if one.child is not known.child:
                continue
            if one.nhs_number and known.nhs_number:
                if one.nhs_number != known.nhs_number:
                    continue  # another number is another person, whatever else is alike
                candidate: Candidate | None = _by_number(one, known)
            else:
                candidate = self.through_caregivers(one, known) if one.child else _adult(one, known)
            if candidate is not None:
                yield candidate.but(Caution.DIED) if known.id in self.gone else candidate

    def through_caregivers(self, child: Facts, known: Facts) -> Candidate | None:
        """Through a caregiver who is settled; through one who is only like somebody it is for a person to say."""
        theirs = {caregiver.id for caregiver in known.caregivers}
        same = [
            candidate
            for caregiver in child.caregivers
            for candidate in self.found.get(caregiver.id, ())
            if candidate.known.id in theirs
        ]
        if not same or (found := _child(child, known)) is None:
            return None
        return found if any(candidate.matched for candidate in same) else found.but(Caution.FACTS)

    def settle(self, people: Sequence[Facts]) -> None:
        """Where two answer to one nothing is settled, on whichever side they are."""
        numbers = Counter(each.nhs_number for each in people if each.nhs_number)
        mine = {each.id: list(self.look(each)) for each in people}
        claims = Counter(each.known.id for some in mine.values() for each in some if each.matched)
        for one in people:
            several = sum(candidate.matched for candidate in mine[one.id]) > 1
            settled = []
            for candidate in mine[one.id]:
                if candidate.matched:
                    if Reason.NHS in candidate.reasons and numbers[one.nhs_number] > 1:
                        candidate = candidate.but(Caution.NUMBER_TWICE)
                    if claims[candidate.known.id] > 1:
                        candidate = candidate.but(Caution.TWICE)
                    if several:
                        candidate = candidate.but(Caution.SEVERAL)
                settled.append(candidate)
            self.found[one.id] = sorted(settled, key=lambda candidate: candidate.order)


def match(
    people: Sequence[Facts], known: Iterable[Facts], *, gone: Collection[Any] = frozenset()
) -> Mapping[Any, list[Candidate]]:
    """Whom of ``known`` each of a referral's ``people`` may be, by the ``id`` of the latter; the likeliest first.

    At most one candidate of each is ``matched``, and nobody of the record is the match of two. ``gone``: the ids of
    those of the record who died or were lost before birth; a baby expected now is never taken for one of them.
    """
    matching = _Matching(list(known), gone)
    for young in (False, True):  # an infant is reached through adults who are settled
        matching.settle([each for each in people if each.child is young])
    return matching.found
