"""What the copy of somebody's record says of sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from families.models import Case, Person
from families.packs.registry import PackEntry, PackSource, unless_hidden
from families.packs.sources import hidden_in
from families.protection import CHILDREN
from sessions.models import Attendance


def sessions(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Sessions that the person came to, or was expected at. A child's tell when whoever brought them came."""
    rows = Attendance.objects.filter(person=who).select_related("session__practitioner", "session__case")
    hidden = hidden_in(who, cases)
    shared: set[object] = set()
    if hidden and who.kind in CHILDREN:
        shared = set(Attendance.objects.filter(person__in=list(hidden.people)).values_list("session", flat=True))
    for each in rows:
        session = each.session
        yield PackEntry(
            f"{session.pk}",
            session.get_kind_display(),
            at=session.starts_at,
            by=session.practitioner.name if session.practitioner else "",
            facts={"Where": session.where, "Attendance": each.get_code_display()},
            **unless_hidden(session.pk in shared),
        )


SOURCES = (PackSource("sessions", "Sessions", sessions, 50),)
