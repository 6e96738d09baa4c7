"""Sessions as they are read: the next one, a day's, what they ask of somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families import queries as family_queries
from families.consent import Purpose, ask
from families.models import Case, Person, Protection
from families.protection import CHILDREN
from families.registry import Occasion, Planned, Task
from outcomes.registry import Meeting
from sessions.models import Attendance, Cycle, VigSession

Kind = VigSession.Kind
MOST_TASKS = 50
LONGEST = timedelta(hours=8)  # what the database lets a session last
LOOK_BACK, MOST_OCCASIONS = timedelta(days=60), 8  # a note is written about what happened lately
ASK_AHEAD = timedelta(days=7)  # consent still to ask is a task this long before filming


def soon(sessions: QuerySet[VigSession]) -> QuerySet[VigSession]:
    """Planned sessions that are on or still to come, the next one first."""
    lasts = ExpressionWrapper(
        Cast("minutes", IntegerField()) * Value(timedelta(minutes=1)), output_field=DurationField()
    )
    ends = ExpressionWrapper(F("starts_at") + lasts, output_field=DateTimeField())
    now = timezone.now()
    # The first condition says nothing that the second does not, but an index answers it.
    return (
        sessions.filter(status=VigSession.Status.PLANNED, starts_at__gte=now - LONGEST)
        .annotate(over_at=ends)
        .filter(over_at__gt=now)
        .order_by("starts_at")
    )


def next_session(case: Case) -> VigSession | None:
    """The planned session that is on or still to come."""
    return soon(case.vig_sessions.all()).first()


def kept_back() -> Exists:
    """Whether somebody protected is expected at a session, or was: then where and with whom stays on its own page."""
    protected = Protection.objects.standing().values("person")
    return Exists(Attendance.objects.filter(session=OuterRef("pk"), person__in=protected))


def places_of(person: Person) -> Iterator[str]:
    """What is written of where this person is met, and no other grown-up of the family ever."""
    named = VigSession.objects.exclude(place_detail="")
    theirs = named.filter(attendances__person=person)
    grown_up = Attendance.objects.exclude(person__kind__in=CHILDREN).exclude(person=person)
    others = named.filter(pk__in=grown_up.values("session"), case__in=theirs.values("case"))
    yield from set(theirs.values_list("place_detail", flat=True)) - set(others.values_list("place_detail", flat=True))


def occasions(case: Case, user: User) -> Iterator[Occasion]:
    """Sessions of the last weeks that have begun: what a note may be about."""
    now = timezone.now()
    begun = case.vig_sessions.filter(starts_at__lte=now, starts_at__gte=now - LOOK_BACK)
    for session in begun.exclude(status=VigSession.Status.CANCELLED).order_by("-starts_at")[:MOST_OCCASIONS]:
        url = reverse("vig_sessions:session", kwargs={"session": session.pk})
        yield Occasion(session.pk, f"{session.get_kind_display()}, {session.when}", session.starts_at, url)


def contact_by_meeting() -> QuerySet[VigSession]:
    """Sessions that were held, and those to which nobody came: both are contact with a family, the second one tried."""
    when = VigSession.objects.filter(status__in=[VigSession.Status.HELD, VigSession.Status.MISSED])
    return when.annotate(contact_at=F("starts_at"))


def meetings(case: Case) -> Iterator[Meeting]:
    """The sessions that took place: what ratings are tied to, and what pictures over time mark."""
    for session in case.vig_sessions.filter(status=VigSession.Status.HELD):
        yield Meeting(session.pk, session.starts_at, session.get_kind_display())


@dataclass(frozen=True)
class DaySession:
    """A session on somebody's day: who, where, what to bring to mind."""

    session: VigSession
    members: tuple[family_queries.Member, ...]

    @property
    def name(self) -> str:
        return family_queries.name_of(self.members)

    @property
    def who(self) -> list[str]:
        """The grown-ups expected, else all of the case's caregivers."""
        expected = {each.person_id for each in self.session.attendances.all()}
        return [
            f"{member.person.short_name} ({member.word})"
            for member in self.members
            if member.person.kind != Person.Kind.INFANT
            and not member.person.lost
            and (member.person.pk in expected or (not expected and member.person.kind == Person.Kind.CAREGIVER))
        ]

    @property
    def where(self) -> str:
        """Not said of somebody protected: whoever looks over a shoulder would know."""
        return "where: on its own page" if getattr(self.session, "kept", False) else self.session.where

    @property
    def ages(self) -> str:
        """Twins of one age are said once."""
        ages = [member.age for member in self.members if member.person.kind == Person.Kind.INFANT and member.age]
        return ", ".join(dict.fromkeys(ages))

    @property
    def needs(self) -> list[str]:
        return [f"{member.person.short_name}: {need}" for member in self.members for need in member.needs]

    @property
    def over(self) -> bool:
        return self.session.ends_at <= timezone.now()


def _with_people(sessions: QuerySet[VigSession]) -> QuerySet[VigSession]:
    related = sessions.annotate(kept=kept_back()).select_related("case__family", "practitioner")
    return related.prefetch_related(
        "attendances",
        Prefetch("case__people", Person.objects.order_by("created_at").prefetch_related("memberships")),
    )


def _of_days(user: User, first: date, days: int) -> QuerySet[VigSession]:
    start = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(first + timedelta(days=days), time.min))
    found = VigSession.objects.visible_to(user).standing().filter(starts_at__gte=start, starts_at__lt=end)
    return found.order_by("starts_at")


def _listed(sessions: QuerySet[VigSession]) -> list[DaySession]:
    return [DaySession(session, tuple(family_queries.members(session.case))) for session in _with_people(sessions)]


def sessions_between(user: User, first: date, days: int = 1) -> list[DaySession]:
    """Somebody's own sessions from ``first`` on for so many days, the cancelled ones left out."""
    return _listed(_of_days(user, first, days).filter(practitioner=user))


def team_sessions_between(user: User, first: date, days: int = 1) -> list[DaySession]:
    """Everybody's sessions with families that this person may open."""
    return _listed(_of_days(user, first, days))


def sessions_to_say(user: User) -> Iterator[Task]:
    """Sessions that are over and of which nobody has said how they went: those of this person, and those of somebody
    who does not work here any more, of the cases that this person leads."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    now = timezone.now()
    theirs = Q(practitioner=user) | Q(practitioner__is_active=False, case__lead=user)
    over = VigSession.objects.visible_to(user).planned().filter(theirs, starts_at__lt=now)
    for session in _with_people(over.order_by("starts_at"))[:MOST_TASKS]:
        if session.ends_at > now:
            continue
        name = family_queries.name_of(family_queries.members(session.case))
        yield Task(
            title=f"Say how it went: {session.get_kind_display().lower()} with {name}",
            url=reverse("vig_sessions:session-edit", kwargs={"session": session.pk}),
            kind="session",
            order=15,
            detail=session.when if session.kept else f"{session.when}, {session.where}",  # type: ignore[attr-defined]
            due=session.starts_at,
            case_id=str(session.case_id),
        )


def consent_to_ask(user: User) -> Iterator[Task]:
    """Filming or a shared review comes up within a week, and somebody expected has not agreed yet."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    now = timezone.now()
    soon = (
        VigSession.objects.visible_to(user)
        .planned()
        .filter(
            practitioner=user,
            kind__in=[Kind.FILMING, Kind.SHARED_REVIEW],
            starts_at__gte=now,
            starts_at__lt=now + ASK_AHEAD,
        )
        .order_by("starts_at")
    )
    sessions = list(_with_people(soon)[:MOST_TASKS])
    people = {
        person.pk: person
        for session in sessions
        for person in session.case.people.all()
        if person.kind in {Person.Kind.INFANT, Person.Kind.CAREGIVER} and person.takes_part
    }
    lacking = {
        (each.person.pk, each.purpose) for each in ask(people.values(), Purpose.FILM, Purpose.SHARED_REVIEW).blockers
    }
    told: set[object] = set()
    for session in sessions:
        purpose = Purpose.FILM if session.kind == Kind.FILMING else Purpose.SHARED_REVIEW
        expected = {each.person_id for each in session.attendances.all()}
        names = [
            person.short_name
            for person in session.case.people.all()
            if (person.pk, purpose) in lacking and (not expected or person.pk in expected)
        ]
        if not names or session.case_id in told:
            continue
        told.add(session.case_id)
        yield Task(
            title=f"Consent to settle: {family_queries.in_a_row(names)}",
            url=reverse("families:consent", kwargs={"case": session.case_id}),
            kind="consent",
            order=25,
            detail=f"Before {session.get_kind_display().lower()}, {session.when}",
            due=session.starts_at,
            case_id=str(session.case_id),
        )


def still_planned(case: Case) -> Iterator[Planned]:
    """Sessions to come, for whoever talks with a family about whether they still want them."""
    planned = case.vig_sessions.planned().filter(starts_at__gte=timezone.now()).annotate(kept=kept_back())
    for session in planned.order_by("starts_at"):
        where = "" if session.kept else f", {session.where}"
        yield Planned(
            f"{session.get_kind_display()}, {session.when}{where}",
            reverse("vig_sessions:session", kwargs={"session": session.pk}),
            session.starts_at,
        )


def open_cycles(case: Case) -> QuerySet[Cycle]:
    """Cycles of a case that are not closed, the latest first."""
    return case.cycles.filter(closed_at__isnull=True).select_related("wording").order_by("-number")
