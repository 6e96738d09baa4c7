"""The list of families: which of them, in which order, and how a row reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from accounts.models import User
from families import queries
from families.finding import search
from families.forms.fields import without_controls
from families.models import Case, Person

ROWS_ON_A_PAGE = 25
LONGEST_SEARCH = 100  # characters; nobody's name is longer


@dataclass(frozen=True)
class CaseRow:
    """One case in a list."""

    case: Case
    members: tuple[queries.Member, ...]
    found: search.Found | None = None  # when it was searched for

    @property
    def infants(self) -> list[queries.Member]:
        return [member for member in self.members if member.person.kind == Person.Kind.INFANT]

    @property
    def caregivers(self) -> list[queries.Member]:
        return [member for member in self.members if member.person.kind == Person.Kind.CAREGIVER]

    @property
    def name(self) -> str:
        living = [member.person.display_name for member in self.infants if not member.person.lost]
        return queries.in_a_row(living) or queries.name_of(self.members)

    @property
    def needs(self) -> list[str]:
        return [f"{member.person.short_name}: {need}" for member in self.members for need in member.needs]

    @property
    def why(self) -> list[str]:
        """Why it was found: "Sam Smyth: name sounds alike, date of birth"."""
        if self.found is None:
            return []
        names = {member.person.pk: member.person.display_name for member in self.members}
        said = [
            f"{names.get(each.person_id, 'Somebody of the household')}: {', '.join(each.reasons)}"
            for each in self.found.why
        ]
        return ["reference", *said] if self.found.reference else said

    @property
    def days_in_stage(self) -> int:
        return self.case.days_in_stage()


@dataclass(frozen=True)
class Scope:
    """Which part of what somebody may open is listed."""

    value: str
    label: str


MINE, TEAM, EVERYTHING, CLOSED = "mine", "team", "all", "closed"


def scopes_for(user: User) -> list[Scope]:
    """The filters that make sense for this person; the first is what they see without choosing."""
    everything = Scope(EVERYTHING, "All that I may open")
    found = [Scope(MINE, "Mine")] if user.can("analyse_film") else []
    if user.team_id or user.teams_managed.exists():
        found.append(Scope(TEAM, "My team"))
    return [*found, everything, Scope(CLOSED, "Closed")]


def cleaned_search(text: str) -> str:
    return " ".join(without_controls(text, keep="\t\n").split())[:LONGEST_SEARCH]


def scoped(cases: QuerySet[Case], scope: str, user: User) -> QuerySet[Case]:
    """The part of ``cases`` that a filter asks for; a search looks in all of them, closed ones too."""
    if scope == CLOSED:
        return cases.closed()  # type: ignore[attr-defined]
    cases = cases.open()  # type: ignore[attr-defined]
    if scope == MINE:
        joined = Case.co_workers.through.objects.filter(user=user).values("case")
        return cases.filter(Q(lead=user) | Q(pk__in=joined))
    if scope == TEAM:
        return cases.filter(Q(team=user.team_id) | Q(team__in=user.teams_managed.all()))
    return cases


def _rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    return queries.with_members(cases.select_related("family", "lead", "team", "place"))


def page_found(user: User, *, text: str, number: str | int) -> Page[Any]:
    """One page of the ``CaseRow``s that are like what was typed, the likeliest first, closed ones included."""
    found = search.families(user, text)
    why = {each.family_id: each for each in found}
    page: Page[Any] = Paginator(search.cases(user, found), ROWS_ON_A_PAGE).get_page(number)
    cases = _rows(Case.objects.visible_to(user).filter(pk__in=list(page.object_list))).in_bulk()
    page.object_list = [
        CaseRow(cases[pk], tuple(queries.members(cases[pk])), why[cases[pk].family_id])
        for pk in page.object_list
        if pk in cases  # closed to this person since the line above
    ]
    return page
