"""What sessions and cycles add to a case's timeline and to its header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from accounts.models import User
from families.columns import Joined, as_id, as_moment, short_name_of, split
from families.models import Case
from families.queries import in_a_row
from families.registry import HeaderFact, HeaderSource, InTouch, TimelineEntry, TimelineRow, TimelineSource
from nhsuk_forms.wording import sentence_start
from sessions.models import Attendance, Cycle, VigSession
from sessions.queries import kept_back, soon

# --- Header -------------------------------------------------------------------------------------------------


def _next_columns(case: Case, user: User) -> dict[str, Any]:
    """The planned session that is on or still to come."""
    if case.is_closed:
        return {}
    said = JSONObject(
        id="pk",
        kind="kind",
        place="place",
        place_detail="place_detail",
        starts_at="starts_at",
        minutes="minutes",
        kept="kept",
    )
    rows = soon(VigSession.objects.filter(case=OuterRef("pk"))).annotate(kept=kept_back())
    return {"next": Subquery(rows.values(said=said)[:1], output_field=JSONField())}


def _next_facts(case: Case, user: User, found: Mapping[str, Any]) -> Iterable[HeaderFact]:
    """ "Next: Filming, Thu 26 Nov, 10:00–11:15, at home". Of somebody protected that there is one: a family may see
    the header."""
    if case.is_closed:
        return
    said = found["next"]
    if said is None:
        yield HeaderFact("Next", "no session planned", order=90)
        return
    kept = said.pop("kept")
    session = VigSession(**{**said, "id": as_id(said["id"]), "starts_at": as_moment(said["starts_at"])})
    yield HeaderFact(
        "Next",
        "one is planned: when and where is on its page"
        if kept
        else f"{session.get_kind_display()}, {session.when}, {session.where}",
        reverse("vig_sessions:session", kwargs={"session": session.pk}),
        order=90,
    )


NEXT = HeaderSource(columns=_next_columns, facts=_next_facts)

# --- Timeline -----------------------------------------------------------------------------------------------


def _sessions(case: Case, user: User) -> QuerySet[VigSession]:
    """Sessions, planned ones too, with who came."""
    came = Attendance.objects.filter(session=OuterRef("pk"), code__in=Attendance.SEEN).order_by()
    names = came.values("session").annotate(names=Joined(short_name_of("person"))).values("names")
    return VigSession.objects.filter(case=case).annotate(came=Subquery(names), kept=kept_back())


def _session(row: TimelineRow) -> TimelineEntry:
    data = row.data
    session = VigSession(kind=data["kind"], place=data["place"], place_detail=data["detail"], status=data["status"])
    said = ["Where, and with whom: on its own page" if data["kept"] else session.where]
    if session.status != VigSession.Status.HELD:
        said.append(session.get_status_display().lower())
    elif not data["kept"] and (came := split(data["came"])):
        said.append(f"with {in_a_row(came)}")
    return TimelineEntry(
        at=row.at,
        title=session.get_kind_display(),
        detail=sentence_start(", ".join(said)),
        url=reverse("vig_sessions:session", kwargs={"session": row.id}),
        by=data["by"],
    )


def _cycle_began(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(at=row.at, title=f"Cycle {row.data['number']} began", detail=f"“{row.data['text']}”")


def _cycle_closed(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"Cycle {row.data['number']} closed",
        detail=row.data["summary"],
        by=row.data["by"] or "",
    )


SOURCES = (
    TimelineSource(
        key="session",
        kind="session",
        kind_label="Sessions",
        rows=_sessions,
        at="starts_at",
        columns={
            "kind": "kind",
            "place": "place",
            "detail": "place_detail",
            "status": "status",
            "came": "came",
            "kept": "kept",
            "by": "practitioner__name",
        },
        entry=_session,
        people="attendances__person",
    ),
    TimelineSource(
        key="cycle",
        kind="cycle",
        kind_label="VIG cycles",
        rows=lambda case, user: Cycle.objects.filter(case=case),
        at="opened_at",
        columns={"number": "number", "text": "wording__text"},
        entry=_cycle_began,
    ),
    TimelineSource(
        key="cycle-closed",
        kind="cycle",
        kind_label="VIG cycles",
        rows=lambda case, user: Cycle.objects.filter(case=case, closed_at__isnull=False),
        at="closed_at",
        columns={"number": "number", "summary": "summary", "by": "closed_by__name"},
        entry=_cycle_closed,
    ),
)

# --- In touch -----------------------------------------------------------------------------------------------


def _met() -> QuerySet[VigSession]:
    return VigSession.objects.filter(case=OuterRef("pk"), status=VigSession.Status.HELD)


MET = InTouch(rows=_met, at="starts_at")
