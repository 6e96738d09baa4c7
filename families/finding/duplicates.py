"""Who in the record seems to be somebody: candidates by their search keys, then ``families.finding.likeness``.

Only among the people whom the user may see; there is no hint of anybody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from families.finding.keys import earlier_surnames
from families.finding.likeness import Facts, Likeness, compare
from families.models import Family, Membership, Person, SearchKey, TwoPeople

Kind = SearchKey.Kind
MOST_CANDIDATES = 200
MOST_PAIRS = 100
CHILDREN = (Person.Kind.INFANT, Person.Kind.SIBLING)


@dataclass(frozen=True)
class Match:
    """Somebody in the record who seems to be the same, with how much and why."""

    person: Person
    likeness: Likeness
    families: tuple[tuple[Any, str], ...] = ()  # id and reference of those that the user may see

    @property
    def why(self) -> str:
        return ", ".join(self.likeness.reasons)


def _plain(person: Person, keys: dict[str, set[str]], earlier: Iterable[str], families: Iterable[Any]) -> Facts:
    return Facts(
        id=person.pk,
        child=person.kind in CHILDREN,
        first_name=person.first_name,
        last_name=person.last_name,
        known_as=person.known_as,
        earlier_surnames=frozenset(earlier),
        date_of_birth=person.date_of_birth,
        expected_on=person.expected_on,
        nhs_number=person.nhs_number,
        phones=frozenset(keys.get(Kind.PHONE, ())),
        emails=frozenset(keys.get(Kind.EMAIL, ())),
        postcodes=frozenset(keys.get(Kind.POSTCODE, ())),
        families=frozenset(families),
    )


def facts_of(people: Iterable[Person]) -> dict[Any, Facts]:
    """The facts of these people, those around a child included; four queries whatever their number."""
    asked = [person.pk for person in people]
    households: dict[Any, set[Any]] = defaultdict(set)
    members: dict[Any, set[Any]] = defaultdict(set)
    known: dict[Any, Person] = {}
    rows = Membership.objects.filter(family__memberships__person__in=asked).select_related("person").distinct()
    for row in rows:
        known[row.person_id] = row.person
        households[row.person_id].add(row.family_id)
        members[row.family_id].add(row.person_id)
    for person in people:
        known.setdefault(person.pk, person)
    keys: dict[Any, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    reached = SearchKey.objects.filter(person__in=list(known), kind__in=[Kind.PHONE, Kind.EMAIL, Kind.POSTCODE])
    for pk, kind, value in reached.values_list("person", "kind", "value"):
        keys[pk][kind].add(value)
    earlier = earlier_surnames(known.values())
    plain = {pk: _plain(person, keys[pk], earlier[pk], households[pk]) for pk, person in known.items()}

    def whole(facts: Facts) -> Facts:
        if not facts.child:
            return facts
        around = {pk for family in facts.families for pk in members[family]} - {facts.id}
        return replace(
            facts,
            caregivers=tuple(plain[pk] for pk in around if known[pk].kind == Person.Kind.CAREGIVER),
            other_children=tuple(plain[pk] for pk in around if plain[pk].child),
        )

    return {pk: whole(plain[pk]) for pk in asked}


def _keys_to_look_for(facts: Facts) -> Q:
    found = Q(pk__in=[])
    for kind, values in ((Kind.PHONE, facts.phones), (Kind.EMAIL, facts.emails)):
        if values:
            found |= Q(kind=kind, value__in=sorted(values))
    if facts.nhs_number:
        found |= Q(kind=Kind.NHS, value=facts.nhs_number)
    if facts.date_of_birth:
        found |= Q(kind=Kind.BORN, value=facts.date_of_birth.isoformat())
    return found


def _candidates(user: User, facts: Facts) -> list[Person]:
    """People whom the user may see and who share a number or a date with ``facts``; a child's are found through the
    caregivers too, whose households they are in."""
    visible = Person.objects.visible_to(user)
    kinds = CHILDREN if facts.child else (Person.Kind.CAREGIVER, Person.Kind.OTHER)
    own = SearchKey.objects.filter(_keys_to_look_for(facts)).values("person")
    asked = Q(pk__in=own)
    if facts.child:
        through = Q(pk__in=[each.id for each in facts.caregivers if each.id is not None])
        for caregiver in facts.caregivers:
            through |= Q(pk__in=SearchKey.objects.filter(_keys_to_look_for(caregiver)).values("person"))
        families = Membership.objects.filter(person__in=Person.objects.filter(through)).values("family")
        asked |= Q(memberships__family__in=families)
    found = visible.filter(asked, kind__in=kinds)
    if facts.id is not None:
        found = found.exclude(pk=facts.id)
    return list(found.distinct().order_by("created_at", "pk")[:MOST_CANDIDATES])


def _told_apart(facts: Facts) -> set[Any]:
    """Of whom somebody said already that they are two people."""
    if facts.id is None:
        return set()
    pairs = TwoPeople.objects.filter(Q(one=facts.id) | Q(other=facts.id)).values_list("one", "other")
    return {pk for pair in pairs for pk in pair if pk != facts.id}


def likely_same(user: User, facts: Facts, *, but: Iterable[Any] = ()) -> list[Match]:
    """Who seems to be the same person as ``facts``, the likeliest first; nobody of ``but``."""
    left_out = {*but, *_told_apart(facts)}
    people = [person for person in _candidates(user, facts) if person.pk not in left_out]
    if not people:
        return []
    known = facts_of(people)
    alike = [(person, found) for person in people if (found := compare(facts, known[person.pk]))]
    alike.sort(key=lambda pair: -pair[1].score)
    return with_families(user, alike)


def with_families(user: User, alike: Sequence[tuple[Person, Likeness]]) -> list[Match]:
    """Matches with the households in which the user may see each of them; one query."""
    families: dict[Any, list[tuple[Any, str]]] = defaultdict(list)
    rows = Membership.objects.filter(
        person__in=[person.pk for person, _ in alike], family__in=Family.objects.visible_to(user)
    )
    for pk, family, reference in rows.values_list("person", "family", "family__reference"):
        families[pk].append((family, reference))
    return [Match(person, found, tuple(families[person.pk])) for person, found in alike]


@dataclass(frozen=True)
class Pair:
    """Two people of the record who seem to be one."""

    one: Person
    other: Person
    likeness: Likeness

    @property
    def why(self) -> str:
        return ", ".join(self.likeness.reasons)


def pairs(user: User) -> list[Pair]:
    """The likeliest duplicates among the people whom the user may see, at most a hundred.

    Adults who share a phone, an e-mail or an NHS number, or a date of birth and a surname; then the children of the
    households that these adults are in. Twelve queries, whatever the number of people.
    """
    visible = Person.objects.visible_to(user)
    people = list(visible.filter(pk__in=_sharing(user)).order_by("created_at", "pk")[: MOST_PAIRS * 8])
    if not people:
        return []
    apart = {frozenset(pair) for pair in TwoPeople.objects.values_list("one", "other")}
    known = facts_of(people)
    found = _alike(people, known, apart, _by_what_they_share)
    same: dict[Any, set[Any]] = defaultdict(set)  # adult → the marks under which a child's caregivers are one
    for person in people:
        if not known[person.pk].child and len(known[person.pk].families) > 1:
            same[person.pk].add(person.pk)
    for pair in found.values():
        if pair.likeness.likely and not known[pair.one.pk].child:
            for person in (pair.one, pair.other):
                same[person.pk].add(frozenset({pair.one.pk, pair.other.pk}))
    households = Membership.objects.filter(person__in=list(same)).values("family")
    around = visible.filter(memberships__family__in=households, kind__in=CHILDREN).distinct()
    children = list(around.order_by("created_at", "pk")[: MOST_PAIRS * 8])

    def by_caregiver(child: Facts) -> set[Hashable]:
        return {mark for caregiver in child.caregivers for mark in same.get(caregiver.id, ())}

    found |= _alike(children, facts_of(children), apart, by_caregiver)
    return sorted(found.values(), key=lambda pair: -pair.likeness.score)[:MOST_PAIRS]


def _sharing(user: User) -> set[Any]:
    """Whom the user may see and who share a number, or a date of birth and a surname, with somebody else."""
    visible = Person.objects.visible_to(user)
    keys = SearchKey.objects.filter(person__in=visible, kind__in=[Kind.PHONE, Kind.EMAIL, Kind.NHS])
    shared = (
        keys.values("kind", "value")
        .annotate(people=Count("person", distinct=True))
        .filter(people__gt=1, people__lte=10)
        .order_by("kind", "value")
        .values("value")[: MOST_PAIRS * 4]
    )
    found = set(keys.filter(value__in=shared).values_list("person", flat=True))
    adults = visible.filter(kind__in=[Person.Kind.CAREGIVER, Person.Kind.OTHER]).exclude(last_name="")
    days_and_names = set(
        adults.exclude(date_of_birth=None)
        .values("date_of_birth", "last_name")
        .annotate(people=Count("pk", distinct=True))
        .filter(people__gt=1)
        .order_by("date_of_birth", "last_name")
        .values_list("date_of_birth", "last_name")[: MOST_PAIRS * 2]
    )
    # All who were born on one of the days, by one plain list, and the names looked at here: two hundred days each with
    # a name of its own are slow to ask for.
    born = adults.filter(date_of_birth__in={day for day, _ in days_and_names})
    rows = born.values_list("pk", "date_of_birth", "last_name")
    found.update(pk for pk, day, name in rows if (day, name) in days_and_names)
    return found


def _by_what_they_share(facts: Facts) -> set[Hashable]:
    marks: set[Hashable] = {("reached", value) for value in facts.phones | facts.emails}
    if facts.nhs_number:
        marks.add(("nhs", facts.nhs_number))
    if facts.date_of_birth and not facts.child:
        marks.add(("born", facts.date_of_birth))
    return marks


def _alike(
    people: list[Person],
    known: dict[Any, Facts],
    apart: set[frozenset[Any]],
    marks: Callable[[Facts], set[Hashable]],
) -> dict[frozenset[Any], Pair]:
    """The pairs that are alike among those who have a mark in common; nobody else is compared with anybody."""
    together: dict[Hashable, list[Person]] = defaultdict(list)
    for person in people:
        for mark in marks(known[person.pk]):
            together[mark].append(person)
    found: dict[frozenset[Any], Pair] = {}
    compared = set(apart)
    for those in together.values():
        for one, other in combinations(those, 2):
            pair = frozenset({one.pk, other.pk})
            if pair in compared:
                continue
            compared.add(pair)
            if alike := compare(known[one.pk], known[other.pk]):
                found[pair] = Pair(one, other, alike)
    return found
