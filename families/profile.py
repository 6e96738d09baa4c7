"""Somebody as their page shows them: what is known, how to reach them, what they need, where else they belong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from families import placements, protection
from families.contact import Reach, ways_to_reach
from families.models import Address, Case, LegalStatus, Membership, Need, Person, PlacementChange, Protection
from families.queries import Member, members

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Elsewhere:
    """Another family that somebody belongs to; ``case`` is the newest one there that the reader may open."""

    reference: str
    case: uuid.UUID | None


@dataclass(frozen=True)
class Profile:
    """Everything that the pages about people show of one person in one case."""

    case: uuid.UUID
    member: Member
    reach: Reach
    elsewhere: tuple[Elsewhere, ...]
    guarded: bool = False  # their address and contact details are shown after a click that is written down
    protection: Protection | None = None

    @property
    def protected_from(self) -> str:
        return protection.from_whom(self.protection) if self.protection else ""

    @property
    def person(self) -> Person:
        return self.member.person

    @property
    def membership(self) -> Membership | None:
        return self.member.membership

    @property
    def is_child(self) -> bool:
        return self.person.kind in {Person.Kind.INFANT, Person.Kind.SIBLING}

    @property
    def addresses(self) -> list[Address]:
        """Their own, those that hold today first."""
        return sorted(self.person.addresses.all(), key=lambda address: not address.is_current)

    @property
    def address_hidden(self) -> bool:
        """Whether an address of theirs stays off any page that somebody might glance at."""
        return (
            self.guarded
            or self.person.address_confidential
            or any(
                address.is_current and address.kind == Address.Kind.REFUGE for address in self.person.addresses.all()
            )
        )

    @property
    def shown_address(self) -> str:
        """Where they live, for the page of everybody; empty when it is hidden or the household's."""
        current = [address for address in self.addresses if address.is_current]
        return "" if self.address_hidden or not current else str(current[0])

    @property
    def needs(self) -> list[Need]:
        return [need for need in self.person.needs.all() if need.ended_on is None]

    @property
    def past_needs(self) -> list[Need]:
        return [need for need in self.person.needs.all() if need.ended_on is not None]

    @property
    def legal_statuses(self) -> list[LegalStatus]:
        return placements.current(self.person)

    @property
    def placement_changes(self) -> list[PlacementChange]:
        """Of this case, the latest first."""
        return [change for change in self.person.placement_changes.all() if change.case_id == self.case]

    @property
    def past_legal_statuses(self) -> list[LegalStatus]:
        return [status for status in self.person.legal_statuses.all() if not status.is_current]

    @property
    def shared_with_authority(self) -> bool:
        return placements.shared_with_authority(self.person)


def profiles(case: Case, user: User) -> list[Profile]:
    """Everybody of a case as the People pages show them, in a fixed number of queries."""
    everybody = members(case)
    people = [member.person for member in everybody]
    prefetch_related_objects(
        people, "addresses", "memberships__family__addresses", "needs", "legal_statuses__keeps", "placement_changes"
    )
    guard = protection.guarded_in(case)
    others = {
        membership.family_id
        for person in people
        for membership in person.memberships.all()
        if membership.family_id != case.family_id
    }
    seen: dict[uuid.UUID, uuid.UUID] = {}
    if others:
        cases = Case.objects.visible_to(user).filter(family__in=others).order_by("-opened_on", "-created_at")
        for family_id, pk in cases.values_list("family", "pk"):
            seen.setdefault(family_id, pk)
    return [
        Profile(
            case=case.pk,
            member=member,
            reach=ways_to_reach(member.person),
            elsewhere=tuple(
                Elsewhere(
                    membership.family.reference if membership.family_id in seen else "", seen.get(membership.family_id)
                )
                for membership in member.person.memberships.all()
                if membership.family_id != case.family_id
            ),
            guarded=guard.covers(member.person, member.person.addresses.all()),
            protection=guard.of(member.person),
        )
        for member in everybody
    ]


@dataclass(frozen=True)
class Household:
    """Where the household lives. ``kept_with``: whose protection keeps those addresses on their own page."""

    addresses: tuple[Address, ...]
    kept_with: tuple[Person, ...] = ()


def household_of(case: Case) -> Household:
    """The household’s addresses, current ones first; none of them where one would tell of somebody protected."""
    guard = protection.guarded_in(case)
    found = sorted(case.family.addresses.all(), key=lambda address: not address.is_current)
    shown = tuple(address for address in found if address.pk not in guard.addresses)
    hidden = len(shown) < len(found)
    return Household(shown, tuple(each.person for each in guard.protections.values()) if hidden else ())


def household_addresses(case: Case) -> list[Address]:
    """All of them: for the page of somebody protected who lives there, once it was opened."""
    return sorted(case.family.addresses.all(), key=lambda address: not address.is_current)
