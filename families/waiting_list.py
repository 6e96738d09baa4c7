"""The waiting list: families who were taken on and whom nobody works with yet, the longest waiting first.

What counts is how long they waited for us: while they cannot take part they do not wait, and whoever cannot begin now
stands after those who can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import queries
from families.ages import ages_out_on
from families.case_list import CaseRow
from families.models import Case, CaseLimits, Unavailability
from families.registry import HeaderFact, HeaderSource

ROWS_ON_A_PAGE = 25


def days_waited(opened_on: date, periods: Iterable[Unavailability], today: date) -> int:
    """Whole days since a case was opened, without those on which the family could not take part."""
    days = {opened_on + timedelta(days=number) for number in range((today - opened_on).days)}
    for each in periods:
        last = min(each.until_on or today, today)
        days -= {each.from_on + timedelta(days=number) for number in range((last - each.from_on).days + 1)}
    return len(days)


@dataclass(frozen=True)
class WaitingRow(CaseRow):
    """One family that waits."""

    limits: CaseLimits | None = None
    today: date | None = None

    @property
    def periods(self) -> list[Unavailability]:
        return list(self.case.unavailabilities.all())

    @property
    def waited(self) -> int:
        return days_waited(self.case.opened_on, self.periods, self._today)

    @property
    def away(self) -> Unavailability | None:
        """The while in which they cannot take part, if it is now."""
        now = (each for each in self.periods if each.from_on <= self._today)
        return next((each for each in now if each.until_on is None or each.until_on >= self._today), None)

    @property
    def back_in(self) -> int | None:
        """Days until they can begin; None when nobody knows."""
        away = self.away
        return (away.until_on - self._today).days + 1 if away and away.until_on else None

    @property
    def ages_out(self) -> str:
        """How long until the eldest baby ages out; "" while that is far off."""
        born = [each.person.date_of_birth for each in self.infants if each.person.date_of_birth]
        if not born or self.limits is None:
            return ""
        weeks = (ages_out_on(min(born), self.limits.ages_out_months) - self._today).days // 7
        if weeks > self.limits.warn_weeks:
            return ""
        return f"Ages out in {weeks} week{'' if weeks == 1 else 's'}" if weeks >= 0 else "Has aged out"

    @property
    def _today(self) -> date:
        return self.today or timezone.localdate()


def page_of(user: User, number: str | int) -> Page[Any]:
    """One page of those whom somebody may see; a fixed number of queries."""
    away = Unavailability.objects.now().filter(case=OuterRef("pk"))
    waiting = Case.objects.visible_to(user).open().without_lead().annotate(is_away=Exists(away))
    rows = waiting.select_related("family", "team", "place").prefetch_related("unavailabilities")
    page: Page[Any] = Paginator(
        queries.with_members(rows.order_by("is_away", "opened_on", "pk")), ROWS_ON_A_PAGE
    ).get_page(number)
    limits, today = CaseLimits.objects.first() or CaseLimits(), timezone.localdate()
    page.object_list = [
        WaitingRow(case, tuple(queries.members(case)), limits=limits, today=today) for case in page.object_list
    ]
    return page


def _facts(case: Case, user: Any, found: Mapping[str, Any]) -> Iterator[HeaderFact]:
    if not found["away_since"]:
        return
    until = found["away_until"]
    said = f"until {until:%-d %B}" if until else "for now"
    kwargs = {"case": case.pk, "period": found["away_id"]}
    yield HeaderFact("Cannot take part", said, reverse("families:unavailable-edit", kwargs=kwargs), order=6)


def _away(column: str) -> Subquery:
    return Subquery(Unavailability.objects.now().filter(case=OuterRef("pk")).values(column)[:1])


IN_HEADER = HeaderSource(
    columns=lambda case, user: {
        "away_since": _away("from_on"),
        "away_until": _away("until_on"),
        "away_id": _away("pk"),
    },
    facts=_facts,
)
