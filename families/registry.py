"""What the apps to the right add to the record, so that ``families`` never has to know them.

Each app registers in its ``AppConfig.ready``. A registry holds plain callables and frozen dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from families.models import Case, Person


@dataclass(frozen=True)
class CaseTab:
    """A tab of the case pages: ``url_name`` takes the case's id as ``case``."""

    label: str
    url_name: str
    order: int
    permission: str = ""


@dataclass(frozen=True)
class CaseAction:
    """Something often begun from a case: a link in its header ("Log a session"). Shown while the case is open."""

    label: str
    url_name: str  # takes the case's id as ``case``
    order: int
    permission: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened, for the case's timeline."""

    at: datetime
    kind: str  # "session", "film", "consent" …: the filter's value
    kind_label: str
    title: str
    url: str = ""
    detail: str = ""
    by: str = ""


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody, worked out from the record; it vanishes when the record changes."""

    title: str
    url: str
    kind: str
    order: int = 50  # smaller is more pressing
    detail: str = ""
    due: datetime | None = None
    case_id: str = ""


@dataclass(frozen=True)
class HeaderFact:
    """One thing that the header of every case page shows: "Next: Thu 10:00 filming, at home"."""

    label: str
    text: str
    url: str = ""
    order: int = 50


@dataclass(frozen=True)
class Planned:
    """Something that is still planned with a family: after a loss it is talked over, never cancelled by itself."""

    title: str
    url: str
    at: datetime


PlannedSource = Callable[["Case"], Iterable[Planned]]
TimelineSource = Callable[["Case", "User"], Iterable[TimelineEntry]]
TaskSource = Callable[["User"], Iterable[Task]]
# Called inside the transaction in which somebody's standing for a purpose changed.
Holder = Callable[["Person", str], None]

HeaderSource = Callable[["Case", "User"], Iterable[HeaderFact]]

_tabs: list[CaseTab] = []
_timeline: list[TimelineSource] = []
_tasks: list[TaskSource] = []
_holders: list[Holder] = []
_header: list[HeaderSource] = []
_actions: list[CaseAction] = []
_planned: list[PlannedSource] = []


def register_tab(tab: CaseTab) -> None:
    if tab not in _tabs:
        _tabs.append(tab)
        _tabs.sort(key=lambda each: each.order)


def register_timeline(source: TimelineSource) -> None:
    if source not in _timeline:
        _timeline.append(source)


def register_tasks(source: TaskSource) -> None:
    if source not in _tasks:
        _tasks.append(source)


def register_holder(holder: Holder) -> None:
    if holder not in _holders:
        _holders.append(holder)


def register_planned(source: PlannedSource) -> None:
    if source not in _planned:
        _planned.append(source)


def planned(case: Case) -> list[Planned]:
    """What is still planned with a family, the nearest first."""
    return sorted((each for source in _planned for each in source(case)), key=lambda each: each.at)


def register_action(action: CaseAction) -> None:
    if action not in _actions:
        _actions.append(action)
        _actions.sort(key=lambda each: each.order)


def actions_for(user: User) -> list[CaseAction]:
    """What this person's role may begin from the header of an open case."""
    return [action for action in _actions if not action.permission or user.can(action.permission)]


def register_header(source: HeaderSource) -> None:
    if source not in _header:
        _header.append(source)


def header_facts(case: Case, user: User) -> list[HeaderFact]:
    """What the apps to the right add to a case's header, in its order."""
    return sorted((fact for source in _header for fact in source(case, user)), key=lambda fact: fact.order)


def tabs_for(user: User) -> list[CaseTab]:
    """The tabs of a case page that this person's role shows."""
    return [tab for tab in _tabs if not tab.permission or user.can(tab.permission)]


def timeline(case: Case, user: User) -> list[TimelineEntry]:
    """Everything that happened in a case, newest first."""
    return sorted((entry for source in _timeline for entry in source(case, user)), key=lambda e: e.at, reverse=True)


def _all_tasks(user: User) -> list[Task]:
    return sorted((task for source in _tasks for task in source(user)), key=lambda task: (task.order, task.title))


def tasks_for(user: User) -> list[Task]:
    """What waits for this person, the most pressing first. After the death of a baby what asks for the next step
    with them falls silent; what protects somebody goes on asking."""
    from families.loss import FALL_SILENT, mourning

    found = _all_tasks(user)
    silent = {task.case_id for task in found if task.case_id and task.kind in FALL_SILENT}
    silent = mourning(silent) if silent else set()
    return [task for task in found if task.kind not in FALL_SILENT or task.case_id not in silent]


def tasks_fallen_silent(case: Case, user: User) -> list[Task]:
    """What would ask this person for the next step in a case, and does not any more after the death of a baby."""
    from families.loss import FALL_SILENT

    return [task for task in _all_tasks(user) if task.case_id == str(case.pk) and task.kind in FALL_SILENT]


def tell_holders(person: Person, purpose: str) -> None:
    """Somebody's consent for ``purpose`` changed: whoever holds what it covered ends or resumes it."""
    for holder in _holders:
        holder(person, purpose)
