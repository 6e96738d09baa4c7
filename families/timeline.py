"""What the record itself adds to a case's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.urls import reverse

from accounts.models import User
from families.consent import Purpose
from families.models import BreakGlass, Case, Consent, RiskConcern
from families.registry import TimelineEntry


def stages(case: Case, user: User) -> Iterable[TimelineEntry]:
    """Stages entered, closing and opening again included."""
    before = None
    for change in case.stage_changes.select_related("by"):
        if before is None:
            title = f"Case opened: {change.get_stage_display()}"
        elif change.stage == Case.Stage.CLOSED:
            title = "Case closed"
        elif before == Case.Stage.CLOSED:
            title = f"Case opened again: {change.get_stage_display()}"
        else:
            title = f"Stage: {change.get_stage_display()}"
        before = change.stage
        yield TimelineEntry(
            at=change.at,
            kind="stage",
            kind_label="Stage",
            title=title,
            detail=change.reason,
            by=change.by.name if change.by else "",
        )


def consents(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Decisions about film: what was decided in one conversation is one entry."""
    url = reverse("families:consent", kwargs={"case": case.pk})
    order = list(Purpose.values)
    rows = list(
        Consent.objects.filter(person__in=case.people.all()).select_related("person", "decided_by", "recorded_by")
    )

    def together(row: Consent) -> tuple[str, ...]:
        minute = row.decided_at.replace(second=0, microsecond=0).isoformat()
        return (minute, str(row.person_id), row.decision, str(row.decided_by_id), row.decided_by_name)

    rows.sort(key=lambda row: (together(row), order.index(row.purpose)))
    for _, group in groupby(rows, together):
        said = list(group)
        first = said[0]
        who = first.decided_by.short_name if first.decided_by else first.decided_by_name
        agrees = "agrees" if first.decision == Consent.Decision.GIVEN else "does not agree"
        about = "" if first.decided_by_id == first.person_id else f" for {first.person.short_name}"
        yield TimelineEntry(
            at=first.decided_at,
            kind="consent",
            kind_label="Consent",
            title=f"{who} {agrees}{about}",
            detail=", ".join(Purpose(row.purpose).label for row in said),
            url=url,
            by=first.recorded_by.name,
        )
    for row in rows:
        if row.withdrawn_at:
            yield TimelineEntry(
                at=row.withdrawn_at,
                kind="consent",
                kind_label="Consent",
                title=f"Agreement stopped: {row.person.short_name}, {Purpose(row.purpose).label.lower()}",
                detail=f"{row.withdrawn_by} said so",
                url=url,
            )


def concerns(case: Case, user: User) -> Iterator[TimelineEntry]:
    """That a concern was written down and settled: never its words, which stay on their own page."""
    url = reverse("families:risk", kwargs={"case": case.pk})
    for concern in RiskConcern.objects.filter(case=case).select_related("recorded_by", "settled_by"):
        yield TimelineEntry(
            at=concern.recorded_at,
            kind="risk",
            kind_label="Risk",
            title="A concern was written down",
            url=url,
            by=concern.recorded_by.name,
        )
        if concern.settled_at and concern.settled_by:
            yield TimelineEntry(
                at=concern.settled_at,
                kind="risk",
                kind_label="Risk",
                title="What came of a concern was written down",
                url=url,
                by=concern.settled_by.name,
            )


def people(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Who was added after the case was opened."""
    for person in case.people.filter(created_at__gt=case.created_at).order_by("created_at"):
        if (person.created_at - case.created_at).total_seconds() > 60:
            yield TimelineEntry(
                at=person.created_at,
                kind="people",
                kind_label="People",
                title=f"{person.short_name} was added",
                url=reverse("families:people", kwargs={"case": case.pk}),
            )


def glass(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Who opened the record for a written reason."""
    for each in BreakGlass.objects.filter(case=case).select_related("user"):
        yield TimelineEntry(
            at=each.at,
            kind="access",
            kind_label="Access",
            title=f"{each.user.name} asked to open this record and was refused"
            if each.refused
            else f"{each.user.name} opened this record for a written reason"
            + (", films included" if each.film else ""),
            detail=each.reason,
        )


SOURCES = (stages, consents, concerns, people, glass)
