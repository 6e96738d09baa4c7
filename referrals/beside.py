"""The likely known people that stand beside a referral: found by the record's own search keys, then ``matching``.

The whole record is asked, for a family must not be taken for a new one because its record is restricted. What may be
shown is what the reader may open; of everybody else they are told one thing, to ask the service lead.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from families.finding.duplicates import CHILDREN, facts_of
from families.finding.likeness import Facts
from families.identity import superseded
from families.models import Family, Membership, Person, Restriction, SearchKey
from referrals.matching import Candidate, keys_to_look_for, match

MOST_FOUND = 200  # those with the most keys in common
ASK_THE_LEAD = "Ask the service lead before you decide."


@dataclass(frozen=True)
class KnownPerson:
    """Somebody in the record who may be a person of the referral."""

    person: Person
    candidate: Candidate
    families: tuple[tuple[uuid.UUID, str], ...]  # id and reference of those that the reader may open

    @property
    def matched(self) -> bool:
        return self.candidate.matched

    @property
    def why(self) -> str:
        return ", ".join(self.candidate.reasons)

    @property
    def why_not(self) -> str:
        return ". ".join(self.candidate.cautions)


@dataclass(frozen=True)
class Beside:
    """Who is known of a referral, by the ``id`` of its people; the likeliest first.

    ``kept_back`` are the families behind ``ask_the_lead``: for telling those whom they are open to, never for a page.
    """

    people: Mapping[Any, tuple[KnownPerson, ...]] = field(default_factory=dict)
    kept_back: frozenset[uuid.UUID] = field(default_factory=frozenset, repr=False)
    ask_the_lead: bool = False

    @property
    def settled(self) -> Mapping[Any, KnownPerson]:
        """Who may be offered as the answer. Nobody, while the lead has to be asked."""
        if self.ask_the_lead:
            return {}
        return {key: found[0] for key, found in self.people.items() if found and found[0].matched}


@dataclass
class _Home:
    """In which families somebody is, as far as the reader may know of it."""

    open: dict[uuid.UUID, str] = field(default_factory=dict)
    closed: set[uuid.UUID] = field(default_factory=set)
    kept_out: set[uuid.UUID] = field(default_factory=set)

    @property
    def behind(self) -> set[uuid.UUID]:
        """The families for which the lead is asked: restricted ones, and any other when there is no open one."""
        return self.kept_out if self.open else self.closed


def known_people(user: User, people: Sequence[Facts]) -> Beside:
    """Who of the record the people of a referral seem to be, for this reader; six queries, whoever is found."""
    everybody = _found(people)
    if not everybody:
        return Beside({each.id: () for each in people})
    known, homes = facts_of(everybody), _homes(user, everybody)
    gone = {person.pk for person in everybody if person.lost}

    def matches(ids: Iterable[Any]) -> Mapping[Any, list[Candidate]]:
        return match(people, [known[pk] for pk in ids], gone=gone)

    anywhere = [homes[each.known.id] for candidates in matches(known).values() for each in candidates]
    by_id = {person.pk: person for person in everybody}
    shown = matches(pk for pk in known if homes[pk].open)  # nothing of it comes from a record that is not open
    return Beside(
        people={
            key: tuple(KnownPerson(by_id[c.known.id], c, tuple(homes[c.known.id].open.items())) for c in candidates)
            for key, candidates in shown.items()
        },
        kept_back=frozenset(family for home in anywhere for family in home.behind),
        ask_the_lead=any(home.behind or not home.open for home in anywhere),
    )


def _found(people: Sequence[Facts]) -> list[Person]:
    """Those with a key in common with the referral, the most first, and the children of their households."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, value in sorted(keys_to_look_for(people)):
        by_kind[kind].append(value)
    if not by_kind:
        return []
    asked = Q(pk__in=[])
    for kind, values in by_kind.items():
        asked |= Q(kind=kind, value__in=values)
    keys = (
        SearchKey.objects.filter(asked).exclude(person__in=superseded()).values("person").annotate(shared=Count("pk"))
    )
    ids = list(keys.order_by("-shared", "person").values_list("person", flat=True)[:MOST_FOUND])
    if not ids:
        return []
    households = Membership.objects.filter(person__in=ids).values("family")
    around = Membership.objects.filter(family__in=households, person__kind__in=CHILDREN).values("person")
    found = Person.objects.filter(Q(pk__in=ids) | Q(pk__in=around)).exclude(pk__in=superseded())
    return list(found.order_by("created_at", "pk"))


def _homes(user: User, people: Iterable[Person]) -> dict[uuid.UUID, _Home]:
    homes: dict[uuid.UUID, _Home] = defaultdict(_Home)
    rows = Membership.objects.filter(person__in=[person.pk for person in people]).annotate(
        seen=Exists(Family.objects.visible_to(user).filter(pk=OuterRef("family"))),
        kept_out=Exists(Restriction.objects.keeping_out(user).filter(family=OuterRef("family"))),
    )
    rows = rows.order_by("family__reference")
    for pk, family, reference, seen, kept_out in rows.values_list(
        "person", "family", "family__reference", "seen", "kept_out"
    ):
        home = homes[pk]
        if seen:
            home.open[family] = reference
        else:
            home.closed.add(family)
        if kept_out:
            home.kept_out.add(family)
    return homes
