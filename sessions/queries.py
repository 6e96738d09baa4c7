"""Sessions as they are read: the next one, a day's, what they add to the case header and the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families import queries as family_queries
from families.consent import Purpose, ask
from families.models import Case, Person
from families.registry import HeaderFact, Planned, Task, TimelineEntry
from nhsuk_forms.wording import sentence_start
from sessions.models import Attendance, Cycle, VigSession

Kind = VigSession.Kind
MOST_TASKS = 50
ASK_AHEAD = timedelta(days=7)  # consent still to ask is a task this long before filming


def next_session(case: Case) -> VigSession | None:
    """The planned session that is on or still to come."""
    now = timezone.now()
    soon = case.vig_sessions.planned().filter(starts_at__gte=now - timedelta(hours=8)).order_by("starts_at")
    return next((session for session in soon[:5] if session.ends_at > now), None)


def next_in_header(case: Case, user: User) -> Iterable[HeaderFact]:
    """ "Next: Filming, Thu 26 Nov, 10:00–11:15, at home"."""
    if case.is_closed:
        return
    session = next_session(case)
    if session is None:
        yield HeaderFact("Next", "no session planned", order=90)
        return
    yield HeaderFact(
        "Next",
        f"{session.get_kind_display()}, {session.when}, {session.where}",
        reverse("vig_sessions:session", kwargs={"session": session.pk}),
        order=90,
    )


def timeline(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Sessions (planned ones too) and cycles."""
    attendance = Prefetch("attendances", Attendance.objects.select_related("person"))
    for session in case.vig_sessions.select_related("practitioner").prefetch_related(attendance):
        came = [each.person.short_name for each in session.attendances.all() if each.code in Attendance.SEEN]
        said = [session.where]
        if session.status == VigSession.Status.HELD and came:
            said.append(f"with {family_queries.in_a_row(came)}")
        if session.status != VigSession.Status.HELD:
            said.append(session.get_status_display().lower())
        yield TimelineEntry(
            at=session.starts_at,
            kind="session",
            kind_label="Sessions",
            title=session.get_kind_display(),
            detail=sentence_start(", ".join(said)),
            url=reverse("vig_sessions:session", kwargs={"session": session.pk}),
            by=session.practitioner.name,
        )
    for cycle in case.cycles.select_related("wording", "closed_by"):
        yield TimelineEntry(
            at=cycle.opened_at,
            kind="cycle",
            kind_label="VIG cycles",
            title=f"Cycle {cycle.number} began",
            detail=f"“{cycle.wording.text}”",
        )
        if cycle.closed_at:
            yield TimelineEntry(
                at=cycle.closed_at,
                kind="cycle",
                kind_label="VIG cycles",
                title=f"Cycle {cycle.number} closed",
                detail=cycle.summary,
                by=cycle.closed_by.name if cycle.closed_by else "",
            )


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
    return sessions.select_related("case__family", "practitioner").prefetch_related(
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
    """Sessions that are over and of which nobody has said how they went."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    now = timezone.now()
    over = VigSession.objects.visible_to(user).planned().filter(practitioner=user, starts_at__lt=now)
    for session in _with_people(over.order_by("starts_at"))[:MOST_TASKS]:
        if session.ends_at > now:
            continue
        name = family_queries.name_of(family_queries.members(session.case))
        yield Task(
            title=f"Say how it went: {session.get_kind_display().lower()} with {name}",
            url=reverse("vig_sessions:session-edit", kwargs={"session": session.pk}),
            kind="session",
            order=15,
            detail=f"{session.when}, {session.where}",
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
    for session in case.vig_sessions.planned().filter(starts_at__gte=timezone.now()).order_by("starts_at"):
        yield Planned(
            f"{session.get_kind_display()}, {session.when}, {session.where}",
            reverse("vig_sessions:session", kwargs={"session": session.pk}),
            session.starts_at,
        )


def open_cycles(case: Case) -> QuerySet[Cycle]:
    """Cycles of a case that are not closed, the latest first."""
    return case.cycles.filter(closed_at__isnull=True).select_related("wording").order_by("-number")
