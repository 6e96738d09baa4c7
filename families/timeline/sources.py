"""What the record itself adds to a case's timeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, TruncMinute
from django.urls import reverse

from accounts.models import User
from families.columns import Joined, as_date, as_id, short_name_of, split
from families.consent import Purpose
from families.models import (
    BreakGlass,
    Case,
    CaseTask,
    Closure,
    Consent,
    InformationShared,
    LegalStatus,
    Loss,
    Person,
    PlacementChange,
    RiskConcern,
    RiskFlag,
    RiskReview,
    StageChange,
)
from families.pathways import AFTER_LOSS
from families.registry import TimelineEntry, TimelineRow, TimelineSource

AT_ONCE = timedelta(minutes=1)
AT_OPENING = timedelta(seconds=60)  # whoever came with the case itself was not added afterwards


def _page(row: TimelineRow, url_name: str) -> str:
    return reverse(url_name, kwargs={"case": row.case.pk})


# --- Stages -------------------------------------------------------------------------------------------------


def _stages(case: Case, user: User) -> QuerySet[StageChange]:
    earlier = Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk"))
    before = StageChange.objects.filter(earlier, case=OuterRef("case")).order_by("-at", "-pk")
    closed = Closure.objects.filter(case=OuterRef("case"), at__gte=OuterRef("at")).order_by("at")
    return StageChange.objects.filter(case=case).annotate(
        before=Subquery(before.values("stage")[:1]), why=Subquery(closed.values("why__key")[:1])
    )


def _stage(row: TimelineRow) -> TimelineEntry:
    """Stages entered, closing and opening again included."""
    stage, before, pathway = row.data["stage"], row.data["before"], row.data["pathway"]
    label = row.data["label"] or Case.Stage(stage).label
    if stage == Case.Stage.CLOSED:
        title = "The work came to its close" if row.data["why"] == AFTER_LOSS else "Case closed"
    elif before is None:
        title = f"Case opened: {label}"
    elif before == Case.Stage.CLOSED:
        title = f"Case opened again: {label}"
    elif pathway:
        title = f"Pathway: {pathway}, {label}"
    else:
        title = f"Stage: {label}"
    return TimelineEntry(at=row.at, title=title, detail=row.data["reason"], by=row.data["by"] or "")


# --- Consent ------------------------------------------------------------------------------------------------


def _of(case: Case) -> QuerySet[Consent]:
    return Consent.objects.filter(person__in=Case.people.through.objects.filter(case=case).values("person"))


def _decisions(case: Case, user: User) -> QuerySet[Consent]:
    """What was decided in one conversation is one entry: its first row, with the purposes of all."""
    decider = Q(decided_by=OuterRef("decided_by")) | Q(
        decided_by__isnull=True, decided_by_name=OuterRef("decided_by_name")
    )
    together = (
        Consent.objects.annotate(minute=TruncMinute("decided_at"))
        .filter(decider, person=OuterRef("person"), decision=OuterRef("decision"), minute=OuterRef("minute"))
        .order_by()
    )
    purposes = together.values("person").annotate(purposes=Joined("purpose")).values("purposes")
    return (
        _of(case)
        .annotate(minute=TruncMinute("decided_at"))
        .annotate(first=Subquery(together.order_by("decided_at", "pk").values("pk")[:1]), purposes=Subquery(purposes))
        .filter(pk=F("first"))
    )


def _decision(row: TimelineRow) -> TimelineEntry:
    data = row.data
    who = data["decider"] if data["decided_by"] else data["decided_by_name"]
    agrees = "agrees" if data["decision"] == Consent.Decision.GIVEN else "does not agree"
    about = "" if data["decided_by"] == data["person"] else f" for {data['name']}"
    said = sorted(split(data["purposes"]), key=list(Purpose.values).index)
    return TimelineEntry(
        at=row.at,
        title=f"{who} {agrees}{about}",
        detail=", ".join(Purpose(purpose).label for purpose in said),
        url=_page(row, "families:consent"),
        by=data["by"],
    )


def _withdrawal(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"Agreement stopped: {row.data['name']}, {Purpose(row.data['purpose']).label.lower()}",
        detail=f"{row.data['said']} said so",
        url=_page(row, "families:consent"),
    )


# --- Concerns, people, glass --------------------------------------------------------------------------------


def _concern(row: TimelineRow) -> TimelineEntry:
    """That a concern was written down: never its words, which stay on their own page."""
    return TimelineEntry(
        at=row.at, title="A concern was written down", url=_page(row, "families:risk"), by=row.data["by"]
    )


def _settled(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title="What came of a concern was written down",
        url=_page(row, "families:risk"),
        by=row.data["by"] or "",
    )


def _added(row: TimelineRow) -> TimelineEntry:
    """Who was added after the case was opened."""
    return TimelineEntry(at=row.at, title=f"{row.data['name']} was added", url=_page(row, "families:people"))


def _came(case: Case, user: User) -> QuerySet[Person]:
    """Who was added after the case was opened, but for those who came with a change of placement: that is one line."""
    placed = PlacementChange.objects.filter(
        case=case,
        carers=OuterRef("pk"),
        at__gte=OuterRef("created_at"),
        at__lt=OuterRef("created_at") + AT_ONCE,
    )
    return Person.objects.filter(~Exists(placed), cases=case, created_at__gt=case.created_at + AT_OPENING)


def _placement(row: TimelineRow) -> TimelineEntry:
    """That a child lives somewhere else, since when, under what: never with whom, nor where."""
    data = row.data
    since = as_date(data["since"])
    order = LegalStatus.Kind(data["order"]).label if data["order"] else ""
    detail = ". ".join(said for said in (f"From {since:%-d %B %Y}" if since else "", order) if said)
    return TimelineEntry(
        at=row.at,
        title=f"{data['name']}: {PlacementChange.Kind(data['kind']).label.lower()}",
        detail=f"Struck out: {data['why']}" if data["struck"] else detail,
        by=data["by"],
        tag="entered in error" if data["struck"] else "",
        url=reverse("families:placement", kwargs={"case": row.case.pk, "placement": as_id(row.id)}),
    )


def _births(case: Case, user: User) -> QuerySet[Person]:
    """Babies who were born while the case was open. Only the day is known; the database's moment is its beginning."""
    born = Person.objects.filter(cases=case, kind=Person.Kind.INFANT, date_of_birth__gte=case.opened_on)
    return born.annotate(day=Cast("date_of_birth", DateTimeField()))


def _born(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at, title=f"{row.data['name']} was born", url=_page(row, "families:people"), all_day=True
    )


def _lost(row: TimelineRow) -> TimelineEntry:
    """That a death was written down, and that it was struck out; nothing of what the family said."""
    data = row.data
    struck = f"Struck out, written down by mistake: {data['why']}" if data["struck"] else ""
    title = f"{data['name']}: a loss was written down"
    return TimelineEntry(at=row.at, title=title, detail=struck, by=data["by"], url=_page(row, "families:people"))


def _opened(row: TimelineRow) -> TimelineEntry:
    """Who opened the record for a written reason, or asked to while it was restricted."""
    films = ", films included" if row.data["film"] else ""
    did = (
        "asked to open this record and was refused"
        if row.data["refused"]
        else f"opened this record for a written reason{films}"
    )
    return TimelineEntry(
        at=row.at,
        title=f"{row.data['by']} {did}",
        detail=row.data["reason"],
    )


def _risk(title: str, url_name: str = "families:risk") -> Callable[[TimelineRow], TimelineEntry]:
    """That something of the risk section happened: never its words, which stay on their own page."""
    return lambda row: TimelineEntry(at=row.at, title=title, url=_page(row, url_name), by=row.data["by"] or "")


def _review(row: TimelineRow) -> TimelineEntry:
    level = RiskReview.Level(row.data["level"]).label.lower()
    return TimelineEntry(at=row.at, title=f"Risk reviewed: {level}", url=_page(row, "families:risk"), by=row.data["by"])


def _task(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at, title=f"Done: {row.data['title']}", url=_page(row, "families:tasks"), by=row.data["by"] or ""
    )


def _source(key: str, kind: str, kind_label: str, **more: Any) -> TimelineSource:
    return TimelineSource(key=key, kind=kind, kind_label=kind_label, **more)


SOURCES = (
    _source(
        "stage",
        "stage",
        "Stages",
        rows=_stages,
        columns={
            "stage": "stage",
            "label": "label",
            "pathway": "pathway_label",
            "before": "before",
            "why": "why",
            "reason": "reason",
            "by": "by__name",
        },
        entry=_stage,
    ),
    _source(
        "consent",
        "consent",
        "Consent",
        rows=_decisions,
        at="decided_at",
        columns={
            "person": "person_id",
            "name": short_name_of("person"),
            "decision": "decision",
            "decided_by": "decided_by_id",
            "decider": short_name_of("decided_by"),
            "decided_by_name": "decided_by_name",
            "purposes": "purposes",
            "by": "recorded_by__name",
        },
        entry=_decision,
        people="person",
    ),
    _source(
        "consent-withdrawn",
        "consent",
        "Consent",
        rows=lambda case, user: _of(case).filter(withdrawn_at__isnull=False),
        at="withdrawn_at",
        columns={"name": short_name_of("person"), "purpose": "purpose", "said": "withdrawn_by"},
        entry=_withdrawal,
        people="person",
    ),
    _source(
        "concern",
        "risk",
        "Risk",
        rows=lambda case, user: RiskConcern.objects.filter(case=case),
        at="recorded_at",
        columns={"by": "recorded_by__name"},
        entry=_concern,
    ),
    _source(
        "concern-settled",
        "risk",
        "Risk",
        rows=lambda case, user: RiskConcern.objects.filter(case=case, settled_at__isnull=False),
        at="settled_at",
        columns={"by": "settled_by__name"},
        entry=_settled,
    ),
    _source(
        "person",
        "people",
        "People",
        rows=_came,
        at="created_at",
        columns={"name": short_name_of()},
        entry=_added,
        people="pk",
    ),
    _source(
        "placement",
        "people",
        "People",
        rows=lambda case, user: PlacementChange.objects.filter(case=case),
        columns={
            "name": short_name_of("child"),
            "kind": "kind",
            "since": "from_on",
            "order": "legal__kind",
            "by": "by__name",
            "struck": "struck_at",
            "why": "struck_reason",
        },
        entry=_placement,
        people="child",
    ),
    _source(
        "birth",
        "people",
        "People",
        rows=_births,
        at="day",
        columns={"name": short_name_of()},
        entry=_born,
        people="pk",
    ),
    _source(
        "loss",
        "people",
        "People",
        rows=lambda case, user: Loss.objects.filter(person__cases=case),
        at="recorded_at",
        columns={
            "name": short_name_of("person"),
            "by": "recorded_by__name",
            "struck": "struck_at",
            "why": "struck_reason",
        },
        entry=_lost,
        people="person",
    ),
    _source(
        "glass",
        "access",
        "Access",
        rows=lambda case, user: BreakGlass.objects.filter(case=case),
        columns={"by": "user__name", "film": "film", "refused": "refused", "reason": "reason"},
        entry=_opened,
    ),
    _source(
        "risk-review",
        "risk",
        "Risk",
        rows=lambda case, user: RiskReview.objects.filter(case=case),
        at="recorded_at",
        columns={"level": "level", "by": "recorded_by__name"},
        entry=_review,
    ),
    _source(
        "flag",
        "risk",
        "Risk",
        rows=lambda case, user: RiskFlag.objects.filter(case=case),
        at="raised_at",
        columns={"by": "raised_by__name"},
        entry=_risk("A flag was put up"),
    ),
    _source(
        "flag-down",
        "risk",
        "Risk",
        rows=lambda case, user: RiskFlag.objects.filter(case=case, resolved_at__isnull=False),
        at="resolved_at",
        columns={"by": "resolved_by__name"},
        entry=_risk("A flag was taken down"),
    ),
    _source(
        "information-shared",
        "risk",
        "Risk",
        rows=lambda case, user: InformationShared.objects.filter(case=case),
        at="recorded_at",
        columns={"by": "recorded_by__name"},
        entry=_risk("Information was shared outside the service"),
    ),
    _source(
        "task-done",
        "task",
        "Tasks",
        rows=lambda case, user: CaseTask.objects.filter(case=case, done_at__isnull=False),
        at="done_at",
        columns={"title": "title", "by": "done_by__name"},
        entry=_task,
    ),
)
