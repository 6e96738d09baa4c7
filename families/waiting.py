"""What the record asks of somebody: worked out afresh each time, and gone when it is done."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families import queries
from families.ages import due_in_words
from families.models import BreakGlass, Case, CaseTask, Need, Person, RiskFlag, RiskReview
from families.protection import anybody_in
from families.registry import Task

MOST = 50  # of one kind: more than that is a list to work through on the families page


def glass_to_look_at(user: User) -> Iterator[Task]:
    """Managers see, until they say that they have, who opened a record of their teams for a written reason; so do
    the people whom a restriction names."""
    unseen = BreakGlass.objects.unseen_by_managers_of(user).select_related("user", "case__family")
    for glass in unseen.order_by("-at")[:MOST]:
        yield Task(
            title=(
                f"{glass.user.name} asked to open {glass.case.family.reference}, which is restricted"
                if glass.refused
                else f"{glass.user.name} opened {glass.case.family.reference} for a written reason"
            ),
            url=reverse("families:glass-notice", kwargs={"glass": glass.pk}),
            kind="access",
            order=5,
            detail=f"{timezone.localtime(glass.at):%a %-d %b, %H:%M}" + (", films included" if glass.film else ""),
            case_id=str(glass.case_id),
        )


def cases_without_lead(user: User) -> Iterator[Task]:
    """Managers see the cases of their teams that nobody leads."""
    if not user.can(Permission.MANAGE_TEAM):
        return
    waiting = Case.objects.visible_to(user).open().without_lead().filter(team__in=user.teams_managed.all())
    for case in queries.with_members(waiting.select_related("family", "team").order_by("opened_on"))[:MOST]:
        yield Task(
            title=f"Choose who leads the work with {queries.name_of(queries.members(case))}",
            url=reverse("families:allocate", kwargs={"case": case.pk}),
            kind="allocate",
            order=20,
            detail=f"{case.family.reference}, {case.team.name}, opened {case.opened_on:%-d %b %Y}",
            case_id=str(case.pk),
        )


def babies_expected(user: User) -> Iterator[Task]:
    """Whoever leads a case is asked about a baby whose expected date has passed."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    overdue = (
        Person.objects.infants()
        .living()
        .filter(
            date_of_birth__isnull=True,
            expected_on__lt=timezone.localdate(),
            cases__in=Case.objects.visible_to(user).open().filter(lead=user),
        )
        .prefetch_related("cases__family")
        .distinct()
    )
    for person in overdue[:MOST]:
        case = next(case for case in person.cases.all() if case.lead_id == user.pk and not case.is_closed)
        yield Task(
            title=f"Has {person.short_name} been born? ({due_in_words(person.expected_on)})",  # type: ignore[arg-type]
            url=reverse("families:person-born", kwargs={"case": case.pk, "person": person.pk}),
            kind="people",
            order=40,
            detail=case.family.reference,
            case_id=str(case.pk),
        )


def needs_to_review(user: User) -> Iterator[Task]:
    """Whoever leads a case talks again about what somebody needs, once the day for it has come."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    mine = Q(person__lost="", person__cases__lead=user, person__cases__closed_on__isnull=True)
    due = (
        Need.objects.in_force()
        .filter(mine, review_on__lte=timezone.localdate())
        .select_related("person")
        .prefetch_related("person__cases__family")
        .distinct()
        .order_by("review_on")
    )
    for need in due[:MOST]:
        case = next(case for case in need.person.cases.all() if case.lead_id == user.pk and not case.is_closed)
        yield Task(
            title=f"Ask {need.person.short_name} whether this still helps: {need.text}",
            url=reverse("families:need-edit", kwargs={"case": case.pk, "need": need.pk}),
            kind="people",
            order=60,
            detail=case.family.reference,
            case_id=str(case.pk),
        )


def written_down(user: User) -> Iterator[Task]:
    """Tasks that somebody wrote down for this person, or for whoever leads a case that this person leads."""
    if not user.can(Permission.EDIT_CASES):
        return
    theirs = Q(person=user) | Q(person__isnull=True, case__lead=user)
    rows = CaseTask.objects.visible_to(user).open().filter(theirs, case__closed_on__isnull=True)
    for task in rows.annotate(guarded=anybody_in("case__family")).select_related("case__family")[:MOST]:
        yield Task(
            title=task.title if not task.guarded else "A task for a family in which somebody is protected",
            url=f"{reverse('families:tasks', kwargs={'case': task.case_id})}",
            kind="task",
            order=8 if task.overdue else 30,
            detail=task.case.family.reference
            + (f", {'was due' if task.overdue else 'due'} {task.due_on:%a %-d %b}" if task.due_on else ""),
            case_id=str(task.case_id),
        )


def risk_to_review(user: User) -> Iterator[Task]:
    """Whoever leads a case is asked when its risk, or a flag on it, was to be looked at again."""
    if not user.can(Permission.EDIT_CASES):
        return
    today = timezone.localdate()
    latest = RiskReview.objects.filter(case=OuterRef("pk")).order_by("-reviewed_on", "-recorded_at")
    mine = Case.objects.visible_to(user).open().filter(lead=user).select_related("family")
    due = mine.annotate(due=Subquery(latest.values("due_on")[:1])).filter(due__lte=today)
    for case in due.order_by("due")[:MOST]:
        yield Task(
            title=f"Review the risk of {case.family.reference}",
            url=reverse("families:risk-review", kwargs={"case": case.pk}),
            kind="risk",
            order=6,
            detail=f"Due {case.due:%a %-d %b}",
            case_id=str(case.pk),
        )
    flags = RiskFlag.objects.visible_to(user).filter(
        resolved_at__isnull=True, review_on__lte=today, case__lead=user, case__closed_on__isnull=True
    )
    for flag in flags.select_related("case__family").order_by("review_on")[:MOST]:
        yield Task(
            title=f"Does the flag on {flag.case.family.reference} still hold?",
            url=reverse("families:risk", kwargs={"case": flag.case_id}),
            kind="risk",
            order=7,
            detail=f"To be looked at again {flag.review_on:%a %-d %b}",
            case_id=str(flag.case_id),
        )


SOURCES = (written_down, risk_to_review, glass_to_look_at, cases_without_lead, babies_expected, needs_to_review)
