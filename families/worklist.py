"""The caseload worklist: whose cases, narrowed and ordered as asked, a page at a time.

A fixed number of queries whatever is asked and however many families there are: the page is chosen by columns of the
case alone, and only its rows are joined with people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import User
from families import queries, registry
from families.ages import ages_out_on
from families.case_list import ROWS_ON_A_PAGE, CaseRow, scoped
from families.models import Case, CaseLimits, PathwayStage, Person, RiskConcern, RiskReview

Level = RiskReview.Level

# Before anything that a record can hold; databases differ in what the greatest of something and nothing is.
NEVER = models.Value(datetime(1900, 1, 1, tzinfo=UTC), output_field=models.DateTimeField())


class Sort(models.TextChoices):
    """In which order; what asks for somebody's attention stands first in each."""

    OPENED = "opened", "Opened, the latest first"
    STAGE = "stage", "Longest in their stage"
    CONTACT = "contact", "Longest without contact"
    AGE = "age", "The first to age out"
    REFERENCE = "reference", "Reference"


OPEN_CONCERN = "open"  # beside the levels of a review: whatever was judged, something is not settled
RISKS = [*Level.choices, (OPEN_CONCERN, "An open concern")]


class Silence(models.TextChoices):
    """For how long nobody has been in touch."""

    FORTNIGHT = "14", "14 days"
    MONTH = "28", "28 days"


@dataclass(frozen=True)
class Narrowed:
    """What a worklist is narrowed to; nothing said is everything."""

    stage: str = ""  # what a stage means
    pathway: Any = None
    lead: Any = None
    unled: bool = False
    risk: str = ""
    late: str = ""  # "amber" (red too) or "red"
    ageing: bool = False
    silent: str = ""  # days
    sort: str = Sort.OPENED

    @property
    def any(self) -> bool:
        """Whether something is left out."""
        return any((self.stage, self.pathway, self.lead, self.unled, self.risk, self.late, self.ageing, self.silent))


@dataclass(frozen=True)
class WorkRow(CaseRow):
    """One case of the worklist, with what it asks for."""

    limits: CaseLimits = field(default_factory=CaseLimits)
    last_contact: datetime | None = None
    risk: str = Level.NOT_ASSESSED.value

    @property
    def ages_out(self) -> list[str]:
        born = [member.person.date_of_birth for member in self.infants if not member.person.lost]
        if self.case.is_closed:
            return []
        return list(dict.fromkeys(said for day in born if day and (said := queries.ageing_out(day, self.limits))))

    @property
    def risk_label(self) -> str:
        return str(Level(self.risk).label)

    @property
    def days_silent(self) -> int | None:
        """Whole days since somebody of the family was last in touch or met; None: never."""
        return (timezone.localdate() - timezone.localtime(self.last_contact).date()).days if self.last_contact else None


def born_until(limits: CaseLimits, on: date) -> date:
    """The latest date of birth of whoever has aged out by ``on``."""
    day = on - timedelta(days=limits.ages_out_months * 31 + 31)
    while ages_out_on(day + timedelta(days=1), limits.ages_out_months) <= on:
        day += timedelta(days=1)
    return day


def _infants() -> QuerySet[Person]:
    return Person.objects.infants().filter(cases=OuterRef("pk"), date_of_birth__isnull=False, lost="")


def _risk() -> Any:
    """The level of the latest review; not assessed without one."""
    latest = RiskReview.objects.filter(case=OuterRef("pk")).order_by("-reviewed_on", "-recorded_at")
    return Coalesce(Subquery(latest.values("level")[:1]), models.Value(Level.NOT_ASSESSED.value))


def _last_contact() -> Any:
    """When somebody of the case was last in touch, whichever app knows it; the beginning of time for never."""
    latest = [
        Coalesce(
            Subquery(source.rows().order_by(f"-{source.at}").values(source.at)[:1], output_field=NEVER.output_field),
            NEVER,
        )
        for source in registry.in_touch_sources()
    ]
    return Greatest(*latest) if len(latest) > 1 else latest[0]


def _late(late: str, today: date) -> Q:
    """In its stage for as long as the stage's own limit says, or longer; the stages are few."""
    found = Q(pk__in=[])
    for place in PathwayStage.objects.all():
        days = [limit for limit in (place.red_days, place.amber_days if late == "amber" else None) if limit is not None]
        if days:
            found |= Q(place=place.pk, stage_since__lte=today - timedelta(days=min(days)))
    return found


def narrowed(cases: QuerySet[Case], by: Narrowed, limits: CaseLimits) -> QuerySet[Case]:
    """The cases that are left when a worklist is narrowed."""
    today = timezone.localdate()
    if by.stage:
        cases = cases.filter(stage=by.stage)
    if by.pathway:
        cases = cases.filter(pathway=by.pathway)
    if by.unled:
        cases = cases.filter(lead__isnull=True)
    elif by.lead:
        cases = cases.filter(lead=by.lead)
    if by.risk == OPEN_CONCERN:
        cases = cases.filter(Exists(RiskConcern.objects.open().filter(case=OuterRef("pk"))))
    elif by.risk:
        cases = cases.annotate(risk_now=_risk()).filter(risk_now=by.risk)
    if by.late:
        cases = cases.filter(_late(by.late, today))
    if by.ageing:
        soon = born_until(limits, today + timedelta(weeks=limits.warn_weeks))
        cases = cases.filter(Exists(_infants().filter(date_of_birth__lte=soon)))
    if by.silent:
        since = timezone.make_aware(datetime.combine(today - timedelta(days=int(by.silent)), time.min))
        for source in registry.in_touch_sources():
            cases = cases.exclude(Exists(source.rows().filter(**{f"{source.at}__gte": since})))
        cases = cases.filter(opened_on__lte=today - timedelta(days=int(by.silent)))
    return cases


def ordered(cases: QuerySet[Case], sort: str) -> QuerySet[Case]:
    """The order asked for; the key last, so that no case is on two pages or on none."""
    if sort == Sort.STAGE:
        return cases.order_by("stage_since", "pk")
    if sort == Sort.CONTACT:
        return cases.annotate(contact_sort=_last_contact()).order_by("contact_sort", "pk")
    if sort == Sort.AGE:
        eldest = _infants().order_by("date_of_birth").values("date_of_birth")[:1]
        return cases.annotate(eldest=Subquery(eldest)).order_by(F("eldest").asc(nulls_last=True), "pk")
    if sort == Sort.REFERENCE:
        return cases.order_by("family__reference", "pk")
    return cases.order_by("closed_on", "-opened_on", "pk")


def page_of(user: User, by: Narrowed, *, scope: str, number: str | int) -> Page[Any]:
    """One page of ``WorkRow``s that this person may see."""
    limits = CaseLimits.objects.first() or CaseLimits()
    cases = narrowed(scoped(Case.objects.visible_to(user), scope, user), by, limits)
    page: Page[Any] = Paginator(ordered(cases, by.sort).values_list("pk", flat=True), ROWS_ON_A_PAGE).get_page(number)
    chosen = list(page.object_list)
    cases = Case.objects.visible_to(user).filter(pk__in=chosen).select_related("family", "lead", "team", "place")
    rows: Any = queries.with_members(cases.annotate(last_contact=_last_contact(), risk_state=_risk())).in_bulk()
    page.object_list = [
        WorkRow(
            case,
            tuple(queries.members(case)),
            limits=limits,
            last_contact=None if case.last_contact == NEVER.value else case.last_contact,
            risk=case.risk_state,
        )
        for case in (rows[pk] for pk in chosen if pk in rows)  # one may have closed to this person since the line above
    ]
    return page
