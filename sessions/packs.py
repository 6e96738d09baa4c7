"""What the copy of somebody's record says of sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from families.models import Case, Person
from families.packs.registry import PackEntry, PackSource
from sessions.models import Attendance


def sessions(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Sessions that the person came to, or was expected at."""
    rows = Attendance.objects.filter(person=who).select_related("session__practitioner", "session__case")
    for each in rows:
        session = each.session
        yield PackEntry(
            f"{session.pk}",
            session.get_kind_display(),
            at=session.starts_at,
            by=session.practitioner.name if session.practitioner else "",
            facts={"Where": session.where, "Attendance": each.get_code_display()},
        )


SOURCES = (PackSource("sessions", "Sessions", sessions, 50),)
