"""What the pages of the record show, read in a number of queries that does not grow with what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, JSONField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import cached_property

from families import identity, protection, registry
from families.ages import age_of, ages_out_on, weeks_left
from families.columns import Joined, as_id, as_moment, split
from families.consent import Purpose, Standing, standings
from families.loss import remembered_as
from families.models import BreakGlass, Case, CaseLimits, Closure, Loss, Membership, Person, RiskConcern
from families.risk import Risk, risk_from
from families.risk import header_column as risk_column

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
    Standing.NOT_ALONE: "Consent to settle",
    Standing.REFUSED: "Does not agree",
    Standing.WITHDRAWN: "No longer agrees",
    Standing.CONFLICT: "Those who decide differ",
}
RUNS_OUT = "Consent runs out soon"


@dataclass(frozen=True)
class OpenGlass:
    """That somebody reads this record for a written reason, and until when."""

    film: bool
    until: datetime | None


@dataclass(frozen=True)
class CaseHeader:
    """What every page of a case says first."""

    case: Case
    members: tuple[Member, ...]
    gaps: tuple[ConsentGap, ...]
    open_concerns: int
    any_concern: bool
    risk_standing: Risk
    facts: tuple[registry.HeaderFact, ...]
    glass: OpenGlass | None
    co_workers: tuple[str, ...]
    limits: CaseLimits
    others: bool  # whether there are other episodes of somebody in it
    hidden: protection.Hidden  # what no page that a family may see over a shoulder says

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
        """How risk stands, in words, and how many concerns are open."""
        many = self.open_concerns
        return self.risk_standing.text + (f"; {many} open concern{'' if many == 1 else 's'}" if many else "")

    @property
    def needs(self) -> list[tuple[str, str]]:
        return [(member.person.short_name, need) for member in self.members for need in member.needs]

    @property
    def careful(self) -> list[Person]:
        """Those with safe times, or words to use, that must be read before anybody calls or writes."""
        return [member.person for member in self.members if member.person.contact_with_care]

    @property
    def days_in_stage(self) -> int:
        return self.case.days_in_stage()

    @property
    def ages_out(self) -> list[str]:
        """How soon an infant grows past the age that the service works with, once it is near; twins are said once."""
        if self.case.is_closed:
            return []
        born = [member.person.date_of_birth for member in self.infants if not member.person.lost]
        return list(dict.fromkeys(said for day in born if day and (said := ageing_out(day, self.limits))))


def ageing_out(born: date, limits: CaseLimits) -> str:
    """ "ages out in 9 weeks", "past the age limit"; nothing while that is far away."""
    left = weeks_left(born, limits.ages_out_months)
    if left > limits.warn_weeks:
        return ""
    if timezone.localdate() >= ages_out_on(born, limits.ages_out_months):
        return "past the age limit"
    return "ages out this week" if left == 0 else f"ages out in {left} week{'' if left == 1 else 's'}"


def _others(case: Case) -> QuerySet[Case]:
    """Other episodes of a family, or of somebody in the case, whoever may open them."""
    table = Case.people.through.objects
    shared = table.filter(person__in=table.filter(case=case.pk).values("person")).values("case")
    return Case.objects.filter(Q(family=case.family_id) | Q(pk__in=shared)).exclude(pk=case.pk)


def other_cases(case: Case, user: User) -> list[Case]:
    """Other episodes of this family, or of somebody in it, that ``user`` may open; the latest first."""
    why = Closure.objects.filter(case=OuterRef("pk")).order_by("-at").values("why__label")
    found = Case.objects.visible_to(user).filter(pk__in=_others(case).values("pk"))
    return list(
        found.select_related("family", "place", "lead")
        .annotate(why=Subquery(why[:1]))
        .order_by("-opened_on", "-created_at")[:20]
    )


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


def mourns(people: Sequence[Member]) -> bool:
    """Whether a baby of these has died and none is living or expected: nothing will be filmed, nobody is asked."""
    infants = [member.person for member in people if member.person.kind == Person.Kind.INFANT]
    return bool(infants) and all(person.lost for person in infants)


def consent_gaps(people: Iterable[Person]) -> tuple[ConsentGap, ...]:
    """Who stands in the way of filming and of the shared review, grouped by how; not who is yet unborn or has died."""
    asked = [
        person for person in people if person.kind in {Person.Kind.INFANT, Person.Kind.CAREGIVER} and person.takes_part
    ]
    worst: dict[str, dict[object, str]] = {}
    found = standings(asked, NEEDED_PURPOSES)
    soon: dict[object, str] = {}
    today = timezone.localdate()
    for person in asked:
        theirs = [found[person.pk, purpose] for purpose in NEEDED_PURPOSES]
        missing = next((each for each in theirs if not each.agreed), None)
        if missing is not None:
            worst.setdefault(GAP_LABELS[Standing(missing.standing)], {})[person.pk] = person.short_name
        elif any(each.runs_out_soon(today) for each in theirs):
            soon[person.pk] = person.short_name
    if soon:
        worst[RUNS_OUT] = soon
    return tuple(ConsentGap(label, tuple(names.values())) for label, names in worst.items())


def _own_columns(case: Case, user: User) -> dict[str, Any]:
    """What the record itself knows for the header, beside what ``registry.header_sources`` add."""
    concerns = RiskConcern.objects.filter(case=OuterRef("pk")).order_by()
    unsettled = concerns.open().values("case").annotate(number=Count("pk")).values("number")
    glass = BreakGlass.objects.filter(user=user, case=OuterRef("pk")).standing().order_by("-until")
    joined = Case.co_workers.through.objects.filter(case=OuterRef("pk")).order_by().values("case")
    names = joined.annotate(names=Joined("user__name")).values("names")  # type: ignore[misc]  # of a table without model
    return {
        "any_concern": Exists(concerns),
        "risk": risk_column(),
        "open_concerns": Subquery(unsettled),
        "glass": Subquery(glass.values(said=JSONObject(film="film", until="until"))[:1], output_field=JSONField()),
        "co_workers": Subquery(names),
        "others": Exists(_others(case)),
        "superseded": identity.superseded_column(),
        "limits": Subquery(
            CaseLimits.objects.values(said=JSONObject(months="ages_out_months", weeks="warn_weeks"))[:1],
            output_field=JSONField(),
        ),
    }


def case_header(case: Case, user: User) -> CaseHeader:
    """Everything that the header of a case page shows: who is in it, how they stand, and all facts in one query."""
    everybody = members(case)
    sources = registry.header_sources()
    asked = [_own_columns(case, user), *(source.columns(case, user) for source in sources)]
    columns = {f"f{number}_{name}": what for number, own in enumerate(asked) for name, what in own.items()}
    row = Case.objects.filter(pk=case.pk).annotate(**columns).values(*columns).get()
    found = [{name: row[f"f{number}_{name}"] for name in own} for number, own in enumerate(asked)]
    glass, limits = found[0]["glass"], found[0]["limits"]
    facts = [fact for source, its in zip(sources, found[1:], strict=True) for fact in source.facts(case, user, its)]
    protected = any(fact.label == protection.LABEL for fact in facts)
    hidden = protection.hidden_from(None, case.family) if protected else protection.NOTHING
    if hidden:
        facts = [replace(fact, text=hidden.veil(fact.text)) for fact in facts]
    gone_on = {as_id(each) for each in split(found[0]["superseded"])}
    still_here = [each.person for each in everybody if each.person.pk not in gone_on]
    return CaseHeader(
        case=case,
        members=tuple(everybody),
        gaps=() if case.is_closed or mourns(everybody) else consent_gaps(still_here),
        open_concerns=found[0]["open_concerns"] or 0,
        any_concern=bool(found[0]["any_concern"]),
        risk_standing=risk_from(found[0]["risk"]),
        facts=tuple(sorted(facts, key=lambda fact: fact.order)),
        glass=OpenGlass(bool(glass["film"]), as_moment(glass["until"])) if glass else None,
        co_workers=tuple(sorted(split(found[0]["co_workers"]))),
        limits=CaseLimits(ages_out_months=limits["months"], warn_weeks=limits["weeks"]) if limits else CaseLimits(),
        others=bool(found[0]["others"]),
        hidden=hidden,
    )
