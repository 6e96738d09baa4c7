"""The queue: which referrals wait, in which order, and how a row reads. It stands apart from the record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from families.ages import age_in_words, ages_out_on, due_in_words
from families.models import CaseLimits
from referrals import working_days
from referrals.models import Exchange, Referral, ReferredPerson

ROWS_ON_A_PAGE = 25
Kind, State = ReferredPerson.Kind, Referral.State


class Show(models.TextChoices):
    """Which part of the queue."""

    OPEN = "open", "To decide"
    MINE = "mine", "Mine"
    UNALLOCATED = "nobody", "Nobody looks at it yet"
    ASKED = "asked", "Waiting for an answer"
    DECIDED = "decided", "Decided"


class Sort(models.TextChoices):
    TARGET = "target", "The most pressing first"
    RECEIVED = "received", "The longest waiting first"
    AGE = "age", "The eldest baby first"


@dataclass(frozen=True)
class Narrowed:
    """What the queue is narrowed to; nothing said is everything."""

    priority: str = ""
    late: bool = False
    same_day: bool = False
    triager: Any = None
    source: str = ""
    sort: str = Sort.TARGET

    @property
    def any(self) -> bool:
        return any((self.priority, self.late, self.same_day, self.triager, self.source))


@dataclass(frozen=True)
class Row:
    """One referral of the queue."""

    referral: Referral
    people: tuple[ReferredPerson, ...]
    limits: CaseLimits
    today: date

    @property
    def babies(self) -> str:
        """ "Robin, 10 weeks; unborn, due in 9 weeks": a name only where there is one; "2 unborn babies" of one day."""
        counted = Counter(_baby(each) for each in self._of(Kind.INFANT))
        said = [
            words.replace("unborn", f"{number} unborn babies", 1) if number > 1 else words
            for words, number in counted.items()
        ]
        return "; ".join(said) or "No baby named yet"

    @property
    def ages(self) -> str:
        """The same without a name: "10 weeks; unborn, due in 9 weeks"."""
        return "; ".join(filter(None, (_when(each) for each in self._of(Kind.INFANT))))

    @property
    def caregivers(self) -> str:
        named = [" ".join(filter(None, (p.known_as or p.first_name, p.last_name))) for p in self._of(Kind.CAREGIVER)]
        return ", ".join(filter(None, named))

    def _of(self, kind: str) -> list[ReferredPerson]:
        return [each for each in self.people if each.kind == kind]

    @property
    def wait(self) -> working_days.Wait:
        until = self.today if self.referral.is_open else timezone.localdate(self.referral.state_since)
        since = timezone.localdate(self.referral.received_at)
        return working_days.wait(since=since, decide_by=self.referral.decide_by, today=until)

    @property
    def ages_out(self) -> str:
        """How long until the eldest baby ages out; "" while that is far off."""
        born = [each.date_of_birth for each in self._of(Kind.INFANT) if each.date_of_birth]
        if not born or not self.referral.is_open:
            return ""
        weeks = (ages_out_on(min(born), self.limits.ages_out_months) - self.today).days // 7
        if weeks > self.limits.warn_weeks:
            return ""
        return f"Ages out in {weeks} week{'' if weeks == 1 else 's'}" if weeks >= 0 else "Has aged out"


def _when(person: ReferredPerson) -> str:
    if person.date_of_birth:
        return age_in_words(person.date_of_birth)
    return f"unborn, {due_in_words(person.expected_on)}" if person.expected_on else ""


def _baby(person: ReferredPerson) -> str:
    return ", ".join(filter(None, (person.first_name, _when(person)))) or str(person)


def _shown(rows: QuerySet[Referral], show: str, user: User) -> QuerySet[Referral]:
    if show == Show.DECIDED:
        return rows.exclude(state__in=Referral.OPEN)
    rows = rows.filter(state__in=Referral.OPEN)
    if show == Show.MINE:
        return rows.filter(triager=user)
    if show == Show.UNALLOCATED:
        return rows.filter(triager__isnull=True)
    return rows.filter(state=State.ASKED) if show == Show.ASKED else rows


def _narrowed(rows: QuerySet[Referral], by: Narrowed) -> QuerySet[Referral]:
    if by.priority:
        rows = rows.filter(priority=by.priority)
    if by.same_day:
        rows = rows.filter(same_day=True)
    if by.late:
        rows = rows.filter(decide_by__lt=timezone.localdate())
    if by.triager:
        rows = rows.filter(triager=by.triager)
    return rows.filter(source=by.source) if by.source else rows


def _ordered(rows: QuerySet[Referral], by: Narrowed, show: str) -> QuerySet[Referral]:
    if show == Show.DECIDED:
        return rows.order_by("-state_since", "pk")
    if by.sort == Sort.RECEIVED:
        return rows.order_by("received_at", "pk")
    if by.sort == Sort.AGE:
        babies = ReferredPerson.objects.filter(referral=OuterRef("pk"), kind=Kind.INFANT, date_of_birth__isnull=False)
        eldest = babies.order_by("date_of_birth").values("date_of_birth")[:1]
        return rows.annotate(eldest=models.Subquery(eldest)).order_by(
            models.F("eldest").asc(nulls_last=True), "received_at", "pk"
        )
    first = models.Case(When(same_day=True, then=Value(0)), default=Value(1), output_field=models.IntegerField())
    return rows.annotate(first=first).order_by("first", "decide_by", "received_at", "pk")


def _with_news(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """With whether its referrer said something that nobody has read."""
    news = Exchange.objects.filter(
        referral=OuterRef("pk"), direction=Exchange.Direction.FROM_REFERRER, read_at__isnull=True
    )
    return rows.annotate(has_news=Exists(news))


def in_order(user: User, *, show: str, by: Narrowed) -> QuerySet[Referral]:
    """The referrals of one part of the queue that somebody may see, as they stand in it."""
    return _ordered(_narrowed(_shown(Referral.objects.visible_to(user), show, user), by), by, show)


def page_of(user: User, *, show: str, by: Narrowed, number: str | int) -> Page[Any]:
    """One page of :class:`Row` that somebody may see; four queries whatever it shows."""
    rows = in_order(user, show=show, by=by)
    shown = _with_news(rows.select_related("reference", "triager", "team", "case__family")).defer("answers")
    page: Page[Any] = Paginator(shown, ROWS_ON_A_PAGE).get_page(number)
    page.object_list = rows_of(list(page.object_list))
    return page


def rows_of(referrals: Iterable[Referral]) -> list[Row]:
    referrals = list(referrals)
    people: dict[Any, list[ReferredPerson]] = defaultdict(list)
    for person in ReferredPerson.objects.filter(referral__in=[each.pk for each in referrals]):
        people[person.referral_id].append(person)
    limits, today = CaseLimits.objects.first() or CaseLimits(), timezone.localdate()
    return [Row(each, tuple(people[each.pk]), limits, today) for each in referrals]


def following(user: User, referral: Referral) -> Referral | None:
    """The next one to decide after this, in the order of the queue; the first again at its end."""
    waiting = list(_ordered(Referral.objects.visible_to(user).undecided(), Narrowed(), Show.OPEN).values_list("pk"))
    keys = [pk for (pk,) in waiting if pk != referral.pk]
    return Referral.objects.filter(pk=keys[0]).first() if keys else None


@dataclass(frozen=True)
class Waiting:
    """How many wait, for the head of the queue and for my day."""

    open: int
    late: int
    same_day: int
    news: int


def waiting_for(user: User) -> Waiting:
    """Counted in one query."""
    news = Exchange.objects.filter(
        referral=OuterRef("pk"), direction=Exchange.Direction.FROM_REFERRER, read_at__isnull=True
    )
    today = timezone.localdate()
    found = (
        Referral.objects.visible_to(user)
        .undecided()
        .annotate(has_news=Exists(news))
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=Q(decide_by__lt=today)),
            same_day=Count("pk", filter=Q(same_day=True)),
            news=Count("pk", filter=Q(has_news=True)),
        )
    )
    return Waiting(**found)
