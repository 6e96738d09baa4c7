"""The list of families: who may be found, by what, and how a row reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from families import nhs, queries
from families.forms.fields import without_controls
from families.models import Case, Membership, Person
from families.references import as_reference
from nhsuk_forms.fields import DateInputField

ROWS_ON_A_PAGE = 25
LONGEST_SEARCH = 100  # characters; nobody's name is longer
MOST_WORDS = 6


@dataclass(frozen=True)
class CaseRow:
    """One case in a list."""

    case: Case
    members: tuple[queries.Member, ...]

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


def _as_date(text: str) -> date | None:
    if not any(letter.isdigit() for letter in text):
        return None
    try:
        return DateInputField(required=False).clean(text)
    except ValidationError:
        return None


def search(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Cases in which somebody has this NHS number or date of birth, or whose names hold every word."""
    people = Membership.objects.filter(family=OuterRef("family"))
    if nhs.looks_like_one(text):
        return cases.filter(Exists(people.filter(person__nhs_number=nhs.bare(text))))
    born = _as_date(text)
    if born is not None:
        return cases.filter(Exists(people.filter(Q(person__date_of_birth=born) | Q(person__expected_on=born))))
    by_name = Q()
    for word in text.split()[:MOST_WORDS]:
        by_name &= Q(
            Exists(
                people.filter(
                    Q(person__first_name__icontains=word)
                    | Q(person__last_name__icontains=word)
                    | Q(person__known_as__icontains=word)
                )
            )
        )
    reference = as_reference(text)
    return cases.filter(by_name | Q(family__reference=reference)) if reference else cases.filter(by_name)


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


def page_of_cases(user: User, *, text: str, scope: str, number: str | int) -> Page[Any]:
    """One page of ``CaseRow``s that this person may see."""
    visible = Case.objects.visible_to(user)
    wanted = search(visible, text) if text else scoped(visible, scope, user)
    cases = queries.with_members(wanted.select_related("family", "lead", "team")).order_by(
        "closed_on", "-opened_on", "family__reference"
    )
    page: Page[Any] = Paginator(cases, ROWS_ON_A_PAGE).get_page(number)
    page.object_list = [CaseRow(case, tuple(queries.members(case))) for case in page.object_list]
    return page
