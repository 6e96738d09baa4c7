"""Whose whereabouts are kept from whom: the one place that says so.

Whatever one member of a family may come to see (a letter, a copy of their record, a page on a tablet handed over)
asks ``hidden_from`` before it says anything of another: address, telephone, e-mail, safe times, when they came, what
was written to them. Staff see these, on a page that shows them after a click that is written down
(``families.views.whereabouts``), and ask ``guarded_in`` whether that is so.

A household's address is a protected person's own as long as they have not left it and no home of their own is known.
The addresses of a child who may live with them are treated as theirs: where the child sleeps, they do.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from families import phones
from families.columns import Joined, short_name_of, split
from families.models import Address, Case, Family, Membership, Person, Professional, Protection
from families.registry import HeaderFact, HeaderSource, places_of

CHILDREN = (Person.Kind.INFANT, Person.Kind.SIBLING)
NOT_A_HOME = (Address.Kind.LETTERS, Address.Kind.NONE)
LABEL = "Protected"
KEPT_BACK = "[kept back]"
SHORTEST = 2  # letters of a word that is looked for: shorter ones would take others apart


def pattern_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of these words in a text, however somebody wrote it; None without words."""
    found = sorted({word.strip() for word in words if len(word.strip()) >= SHORTEST}, key=len, reverse=True)
    if not found:
        return None
    # A telephone number may be written with spaces anywhere; a name stands between what is not a letter.
    parts = [r"\s?".join(map(re.escape, w)) if w.lstrip("+").isdigit() else re.escape(w) for w in found]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Hidden:
    """What must not reach one reader: of whom, and the words that would tell it."""

    people: Mapping[uuid.UUID, Person] = field(default_factory=dict)
    addresses: Mapping[uuid.UUID, Address] = field(default_factory=dict)
    places: frozenset[str] = frozenset()  # where they alone are met, and who works with them alone

    def __bool__(self) -> bool:
        return bool(self.people)

    def hides(self, person: Person | uuid.UUID | None) -> bool:
        """Whether anything of this person's whereabouts, attendance or letters is kept from the reader."""
        return (person.pk if isinstance(person, Person) else person) in self.people

    def hides_address(self, address: Address) -> bool:
        return address.pk in self.addresses

    @property
    def words(self) -> frozenset[str]:
        """Every way in which a text could tell where somebody hidden is, or how and when to reach them."""
        found = {word for person in self.people.values() for word in ways_to_write(person)}
        for address in self.addresses.values():
            found |= {*lines_that_tell(address), address.postcode, address.postcode.replace(" ", "")}
        return frozenset(word for word in found | self.places if word.strip())

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return pattern_of(self.words) if self else None

    def veil(self, text: str) -> str:
        """A text that somebody typed, without what would tell: for pages that may be seen by whom it is kept from."""
        return self._pattern.sub(KEPT_BACK, text) if text and self._pattern else text

    def unveil(self, typed: str, stood: str) -> str:
        """What a page that showed ``stood`` veiled sends back: unchanged it is what stood."""
        return stood if self and typed.strip() == self.veil(stood).strip() else typed


NOTHING = Hidden()


A_PLACE = 4  # letters
A_SENTENCE = 12  # letters: "mornings" is written of many things, "weekdays while he is at work" of one


def _numbers(number: str) -> tuple[str, str, str]:
    """A telephone number as it is stored, as it is shown and as it is dialled."""
    return number, phones.shown(number), phones.shown(number).replace(" ", "")


def ways_to_write(person: Person) -> Iterator[str]:
    """Somebody's numbers as they are stored and as they are dialled, their e-mail address, what they said is safe."""
    for number in (person.phone, person.other_phone):
        if number:
            yield from _numbers(number)
    if person.email:
        yield person.email
    yield from (said for said in (person.safe_times, person.discreet_words) if len(said) >= A_SENTENCE)


def lines_that_tell(address: Address) -> list[str]:
    """The lines of an address that lead to a door: the first one and any with a number. A town's name does not."""
    lines = [line.strip(" ,") for line in address.lines.splitlines()]
    return [line for number, line in enumerate(lines) if line and (number == 0 or any(map(str.isdigit, line)))]


def _standing(families: Iterable[object]) -> list[Protection]:
    """The protections in force of people of these families."""
    members = Membership.objects.filter(family__in=list(families)).values("person")
    return list(
        Protection.objects.standing()
        .filter(person__in=members)
        .select_related("person")
        .prefetch_related("from_people", "person__addresses", "person__memberships")
    )


def addresses_of(people: Iterable[Person]) -> list[Address]:
    """Every address that tells where one of these people is: their own, their household's, their children's."""
    found: list[Address] = []
    for person in people:
        places = [each for each in person.memberships.all() if not each.has_left]
        own_home = any(each.is_current and each.kind not in NOT_A_HOME for each in person.addresses.all())
        households = [] if own_home else [each.family_id for each in places]
        with_children = [each.family_id for each in places if each.lives_with_infant is not False]
        children = Membership.objects.filter(family__in=with_children, person__kind__in=CHILDREN).values("person")
        wanted = Q(person=person) | Q(family__in=households)
        if with_children:
            wanted |= Q(person__in=children)
        found += Address.objects.filter(wanted)
    return found


def hidden_from(viewer: Person | None, *families: Family) -> Hidden:
    """What ``viewer`` must not learn of others in these families.

    ``viewer`` None is the family together, or whoever might look over a shoulder: nobody protected is shown to them. A
    child's letters and copies are read by whoever asks for the child, so a child sees as much as the family does.
    """
    as_family = viewer is None or viewer.kind in CHILDREN
    found = {
        each.person_id: each.person
        for each in _standing(family.pk for family in families)
        if as_family
        or (
            viewer is not None
            and each.person_id != viewer.pk
            and (each.from_everyone or any(other.pk == viewer.pk for other in each.from_people.all()))
        )
    }
    if not found:
        return NOTHING
    places = {place for each in found.values() for place in (*who_works_with(each), *places_of(each))}
    places = {place for place in places if len(place.strip()) >= A_PLACE}
    return Hidden(found, {address.pk: address for address in addresses_of(found.values())}, frozenset(places))


def who_works_with(person: Person) -> Iterator[str]:
    """The professionals who are there for this person alone in the family: a refuge has a name and a number."""
    theirs = Professional.objects.filter(about=person)
    shared = Professional.objects.filter(family__in=theirs.values("family")).exclude(about=person)
    known = {each for row in shared for each in (row.organisation, row.name, row.phone, row.email)}
    for row in theirs:
        yield from {row.organisation, row.name, row.email} - known
        if row.phone and row.phone not in known:
            yield from _numbers(row.phone)


@dataclass(frozen=True)
class Guarded:
    """What the pages of a case show to staff only behind a click that is written down."""

    protections: Mapping[uuid.UUID, Protection]
    addresses: frozenset[uuid.UUID]

    def of(self, person: Person) -> Protection | None:
        return self.protections.get(person.pk)

    def covers(self, person: Person, addresses: Iterable[Address] = ()) -> bool:
        """Whether this person is protected, or lives where somebody protected does."""
        return person.pk in self.protections or any(each.pk in self.addresses for each in addresses)

    @property
    def names(self) -> list[str]:
        return [each.person.short_name for each in self.protections.values()]


def guarded_in(case: Case) -> Guarded:
    """Who of a case is protected; one query where nobody is."""
    standing = _standing([case.family_id])
    found = {each.person_id: each for each in standing}
    addresses = addresses_of(each.person for each in standing)
    return Guarded(found, frozenset(address.pk for address in addresses))


def anybody_in(family: str) -> Exists:
    """Whether somebody of the family named by a column is protected: for lists that have no header which says so, and
    therefore do not repeat what was typed about such a family."""
    return Exists(Protection.objects.standing().filter(person__memberships__family=OuterRef(family)))


def from_whom(protection: Protection) -> str:
    """In words: from whom somebody is protected."""
    if protection.from_everyone:
        return "everybody else in the family"
    names = [person.short_name for person in protection.from_people.all()]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _facts(case: Case, user: Any, found: Mapping[str, Any]) -> Iterator[HeaderFact]:
    if names := sorted(split(found["protected"])):
        said = f"{' and '.join(names)}: tell nobody in the family where they are or when they come"
        yield HeaderFact(LABEL, said, order=2, mark="⚑", colour="orange")


IN_HEADER = HeaderSource(
    columns=lambda case, user: {
        "protected": Subquery(
            Membership.objects.filter(
                family=OuterRef("family"), person__protections__isnull=False, person__protections__lifted_at=None
            )
            .annotate(called=short_name_of("person"))
            .order_by()
            .values("family")
            .annotate(all=Joined("called"))
            .values("all")
        )
    },
    facts=_facts,
)
