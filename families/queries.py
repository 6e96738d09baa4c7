"""What the pages of the record show, read in a number of queries that does not grow with what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property

from families import registry
from families.ages import age_of
from families.consent import Purpose, Standing, standings
from families.loss import remembered_as
from families.models import BreakGlass, Case, Loss, Membership, Person

if TYPE_CHECKING:
    from accounts.models import User

# Whose agreement the header asks about, and to what: nothing can be filmed or shown together without these.
NEEDED_PURPOSES: tuple[str, ...] = (Purpose.FILM, Purpose.SHARED_REVIEW)


@dataclass(frozen=True)
class Member:
    """Somebody in a case, with their place in the family."""

    person: Person
    membership: Membership | None
    loss: Loss | None = None  # read on the pages of one case only; lists say no day

    @property
    def remembered(self) -> str:
        """ "Rowan, who died on 3 March": how to speak of somebody who died; empty for the living."""
        return remembered_as(self.person, self.loss) if self.person.lost else ""

    @property
    def age(self) -> str:
        return age_of(self.person)

    @property
    def word(self) -> str:
        """Their own word for who they are ("Dad", "Nan"), else the relationship in ours."""
        if self.membership is None:
            return self.person.get_kind_display()
        word = self.membership.relationship_word
        return word if word and word != self.person.short_name else self.membership.get_relationship_display()

    @property
    def responsibility_unsettled(self) -> bool:
        return (
            self.person.kind == Person.Kind.CAREGIVER
            and self.membership is not None
            and self.membership.parental_responsibility == Membership.ParentalResponsibility.UNKNOWN
        )

    @property
    def needs(self) -> list[str]:
        """What somebody needs in order to understand and be understood, in words."""
        needs: list[str] = []
        if self.person.lost:
            return needs
        if self.person.interpreter_needed:
            needs.append(f"interpreter: {self.person.language}" if self.person.language else "interpreter")
        if self.person.communication_needs:
            needs.append(self.person.communication_needs)
        return needs


def with_members(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with their people and those people's memberships, in two more queries whatever the number."""
    return cases.prefetch_related(
        Prefetch("people", Person.objects.order_by("created_at").prefetch_related("memberships"))
    )


def members(case: Case) -> list[Member]:
    """Everybody in a case: infants first, then caregivers, siblings and others, in the order they came,
    those who died after those who live."""
    losses: dict[object, Loss] = {}
    if "people" in getattr(case, "_prefetched_objects_cache", {}):
        people: Iterable[Person] = case.people.all()
    else:
        people = list(case.people.order_by("created_at").prefetch_related("memberships"))
        if died := [person for person in people if person.lost]:
            losses = {loss.person_id: loss for loss in Loss.objects.standing().filter(person__in=died)}
    order = {kind: number for number, kind in enumerate(Person.Kind.values)}
    found = [
        Member(
            person,
            next((m for m in person.memberships.all() if m.family_id == case.family_id), None),
            losses.get(person.pk),
        )
        for person in people
    ]
    return sorted(found, key=lambda member: (order[member.person.kind], bool(member.person.lost)))


@dataclass(frozen=True)
class ConsentGap:
    """One reason why a film could not be made or shown, as the header says it."""

    label: str
    names: tuple[str, ...]


GAP_LABELS = {
    Standing.NOT_ASKED: "Consent to ask",
    Standing.EXPIRED: "Consent to ask",
    Standing.REFUSED: "Does not agree",
    Standing.WITHDRAWN: "No longer agrees",
    Standing.CONFLICT: "Those who decide differ",
}


@dataclass(frozen=True)
class CaseHeader:
    """What every page of a case says first."""

    case: Case
    members: tuple[Member, ...]
    gaps: tuple[ConsentGap, ...]
    open_concerns: int
    any_concern: bool
    facts: tuple[registry.HeaderFact, ...]
    glass: BreakGlass | None

    @cached_property
    def infants(self) -> list[Member]:
        return [member for member in self.members if member.person.kind == Person.Kind.INFANT]

    @cached_property
    def caregivers(self) -> list[Member]:
        return [member for member in self.members if member.person.kind == Person.Kind.CAREGIVER]

    @property
    def title(self) -> str:
        return name_of(self.members)

    @property
    def risk(self) -> str:
        if not self.any_concern:
            return "not assessed"
        if not self.open_concerns:
            return "no open concern"
        return f"{self.open_concerns} open concern{'' if self.open_concerns == 1 else 's'}"

    @property
    def needs(self) -> list[tuple[str, str]]:
        return [(member.person.short_name, need) for member in self.members for need in member.needs]

    @property
    def days_in_stage(self) -> int:
        return self.case.days_in_stage()


def name_of(people: Sequence[Member]) -> str:
    """What to call a case: its infants by the names their family uses ("Rowan", "Ida and Bo"); a baby without a
    name by the family's ("Baby Pepperwood"). After a death it is called by those who live, else by who is
    remembered ("Rowan", "The baby they lost")."""
    everybody = [member for member in people if member.person.kind == Person.Kind.INFANT]
    infants = [member.person for member in everybody if not member.person.lost]
    if everybody and not infants:
        return in_a_row(
            [member.person.known_as or member.person.first_name or member.remembered for member in everybody]
        )
    names = [person.short_name if person.first_name or person.known_as else person.display_name for person in infants]
    return in_a_row(names) or "A family"


def in_a_row(names: Sequence[str]) -> str:
    """ "Ida", "Ida and Bo", "Ida, Bo and Wren"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def consent_gaps(people: Iterable[Person]) -> tuple[ConsentGap, ...]:
    """Who stands in the way of filming and of the shared review, grouped by how; who is not born yet or has died is left out."""
    asked = [
        person for person in people if person.kind in {Person.Kind.INFANT, Person.Kind.CAREGIVER} and person.takes_part
    ]
    worst: dict[str, dict[object, str]] = {}
    found = standings(asked, NEEDED_PURPOSES)
    for person in asked:
        for purpose in NEEDED_PURPOSES:
            standing = found[person.pk, purpose].standing
            if standing != Standing.GIVEN:
                worst.setdefault(GAP_LABELS[Standing(standing)], {})[person.pk] = person.short_name
                break
    return tuple(ConsentGap(label, tuple(names.values())) for label, names in worst.items())


def case_header(case: Case, user: User) -> CaseHeader:
    """Everything that the header of a case page shows."""
    everybody = members(case)
    concerns = list(case.risk_concerns.values_list("settled_at", flat=True))
    glass = BreakGlass.objects.filter(user=user, case=case).standing().first()
    return CaseHeader(
        case=case,
        members=tuple(everybody),
        gaps=consent_gaps(member.person for member in everybody) if not case.is_closed else (),
        open_concerns=sum(1 for settled_at in concerns if settled_at is None),
        any_concern=bool(concerns),
        facts=tuple(registry.header_facts(case, user)),
        glass=glass,
    )
