"""What the copy of somebody's record says of sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from families.models import Case, Person
from families.packs.registry import PackEntry, PackSource, unless_hidden
from families.packs.telling import THIRD_PARTY, facts_of, hidden_in
from families.protection import CHILDREN
from sessions.models import Attendance, Cycle, VigSession


def sessions(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Sessions that the person came to, or was expected at. A child's tell when whoever brought them came."""
    rows = Attendance.objects.filter(person=who, session__case__in=cases).select_related("session__practitioner")
    hidden = hidden_in(who, cases)
    shared: set[object] = set()
    if hidden and who.kind in CHILDREN:
        shared = set(Attendance.objects.filter(person__in=list(hidden.people)).values_list("session", flat=True))
    for each in rows:
        yield _told(each.session, {"Attendance": each.get_code_display()}, hides=each.session_id in shared)
    # Nobody was named for these. They may have been another one's, and would then tell when somebody protected came.
    for session in VigSession.objects.filter(case__in=cases, attendances__isnull=True).select_related("practitioner"):
        yield _told(session, {}, hides=bool(hidden))


def _told(session: VigSession, more: dict[str, str], *, hides: bool) -> PackEntry:
    facts = {"Where": session.where, "How long": f"{session.minutes} minutes", "State": session.get_status_display()}
    return PackEntry(
        str(session.pk),
        session.get_kind_display(),
        at=session.starts_at,
        by=session.practitioner.name,
        facts=facts | more,
        **unless_hidden(hides),
    )


def cycles(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Each turn of Video Interaction Guidance, and what it came to."""
    rows = Cycle.objects.filter(case__in=cases).select_related("wording__question", "closed_by")
    hidden = hidden_in(who, cases)
    for each in rows:
        whose = each.wording.question.whose_id
        yield PackEntry(
            str(each.pk),
            f"Video Interaction Guidance, cycle {each.number}",
            at=each.opened_at,
            text=each.summary,
            by=each.closed_by.name if each.closed_by else "",
            facts={"Helping question": each.wording.text} | facts_of(each, {"number", "opened_at", "summary"}),
            **unless_hidden(hidden.hides(whose), THIRD_PARTY if whose not in (None, who.pk) else ""),
        )


SOURCES = (
    PackSource("sessions", "Sessions", sessions, 50, tells=(VigSession, Attendance)),
    PackSource("cycles", "Video Interaction Guidance", cycles, 52, tells=(Cycle,)),
)
