"""What waits for whom: today's sessions, and tasks gathered from every app, by what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Permission, User
from families import registry
from families.duty.reading import AlertView, open_alerts_told, why_nobody_hears
from sessions.queries import DaySession, sessions_between, team_sessions_between

# What a group of tasks is called. A kind that is not here is called by its own name.
GROUPS: dict[str, str] = {
    "erase": "Copies to erase",
    "film": "Films",
    "moments": "Moments",
    "review": "Shared reviews",
    "words": "Words to write down",
    "cycle": "VIG cycles",
    "session": "Sessions",
    "note": "Notes to sign",
    "consent": "Consent",
    "people": "People",
    "task": "Tasks",
    "risk": "Risk",
    "allocate": "Families without a lead",
    "evidence": "Films kept as evidence",
    "access": "Records opened for a written reason",
    "retention": "Records kept long enough",
}


@dataclass(frozen=True)
class Group:
    """Tasks of one kind, the most pressing first."""

    label: str
    tasks: tuple[registry.Task, ...]


@dataclass(frozen=True)
class Day:
    """Everything on somebody's day."""

    today: date
    sessions: tuple[DaySession, ...]
    tomorrow: tuple[DaySession, ...]
    team: tuple[DaySession, ...]
    groups: tuple[Group, ...]
    alerts: tuple[AlertView, ...] = ()
    nobody_hears: str = ""  # why an alert is told to nobody outside this service; only said where there is one

    @property
    def waiting(self) -> int:
        return sum(len(group.tasks) for group in self.groups)


def grouped(tasks: Sequence[registry.Task]) -> list[Group]:
    """Tasks by kind; the group with the most pressing task comes first."""
    kinds: dict[str, list[registry.Task]] = {}
    for task in tasks:  # in the order of how pressing they are
        kinds.setdefault(task.kind, []).append(task)
    return [Group(GROUPS.get(kind, kind.capitalize()), tuple(found)) for kind, found in kinds.items()]


def day_of(user: User) -> Day:
    """Somebody's day, from what their role may see."""
    today = timezone.localdate()
    works = user.can(Permission.ANALYSE_FILM)
    sees = user.can(Permission.SEE_CASES)
    alerts = tuple(open_alerts_told(user))
    return Day(
        today=today,
        sessions=tuple(sessions_between(user, today)) if works else (),
        tomorrow=tuple(sessions_between(user, today + timedelta(days=1))) if works else (),
        team=tuple(team_sessions_between(user, today)) if sees and not works else (),
        groups=tuple(grouped(registry.tasks_for(user))),
        alerts=alerts,
        nobody_hears=why_nobody_hears() if alerts else "",
    )
