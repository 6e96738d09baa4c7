"""What the apps to the right add to the record, so that ``families`` never has to know them.

Each app registers in its ``AppConfig.ready``. A registry holds plain callables and frozen dataclasses.

**The timeline and the header cost the same whatever is registered.** A source names the rows and the columns that it
needs and gets them back as values: all sources of the timeline are read by one query (a UNION, ordered and cut in the
database), all facts of the header by another. A source therefore never asks the database itself.

How to write a source of the timeline::

    def _letter(row: TimelineRow) -> TimelineEntry:
        return TimelineEntry(
            at=row.at,
            title=f"Letter to {row.data['to']}",
            url=reverse("families:letter", kwargs={"case": row.case.pk, "letter": row.id}),
            detail=row.data["subject"],
            by=row.data["by"],
        )

    registry.register_timeline(
        TimelineSource(
            key="letter",                       # unique among all sources
            kind="letter", kind_label="Letters",  # what the filter offers; several sources may share a kind
            rows=lambda case, user: Letter.objects.visible_to(user).filter(case=case),
            at="sent_at",                       # the DateTimeField by which it is ordered
            columns={"to": "to_name", "subject": "subject", "by": "sent_by__name"},
            entry=_letter,
            people="recipient",                 # the path to the person it is about, for "only what concerns Sam"
        )
    )

- ``rows`` decides who may see what (``visible_to``, restricted notes): what is not in it is not in the timeline.
  No slice, no ``values``, no ``union``; ``none()`` is welcome when the reader's role shows nothing.
- ``columns`` are paths over foreign keys, or expressions (``Case``/``When``, ``Exists``, ``Subquery``). They arrive in
  ``row.data`` as JSON carries them: texts, numbers, booleans (0 and 1 on SQLite), None; a date, a moment or the id of
  another row is read with ``as_date``, ``as_moment`` or ``as_id`` of ``families.columns``. Names of several people in
  one row: ``Joined`` there. Cut long texts with ``Substr``: a row is a line on a page.
- ``entry`` turns one row into words and is called for the rows of the page alone.
- Two moments of one row ("written", "settled") are two sources.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

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
    """One thing that happened, as the case's timeline shows it."""

    at: datetime
    title: str
    url: str = ""
    detail: str = ""
    by: str = ""
    tag: str = ""  # a word that stands out beside the title: "late entry", "entered in error"
    all_day: bool = False  # the day is known, and no time of it is shown


@dataclass(frozen=True)
class TimelineRow:
    """What a source reads of one row: its moment, its primary key as text, the columns it asked for."""

    at: datetime
    id: str
    data: Mapping[str, Any]
    case: Case


@dataclass(frozen=True)
class TimelineSource:
    """Where one kind of entry comes from. How to write one: the top of this module."""

    key: str
    kind: str
    kind_label: str
    rows: Callable[[Case, User], QuerySet[Any]]
    entry: Callable[[TimelineRow], TimelineEntry]
    at: str = "at"
    columns: Mapping[str, Any] = field(default_factory=dict)
    people: str = ""


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
    """One thing that the header of every case page shows: "Next: Thu 10:00 filming, at home".

    A ``pressing`` one is a banner of its own under the others: somebody has to act on it today.
    """

    label: str
    text: str
    url: str = ""
    order: int = 50
    mark: str = ""  # a sign before it, which only helps: "⚑", "⚠"
    pressing: bool = False
    colour: str = ""  # of an NHS tag around the label, which says the same in words


@dataclass(frozen=True)
class HeaderSource:
    """Facts of the header that another app knows.

    ``columns(case, user)``: expressions over ``Case`` (``Exists``, ``Subquery``, ``Count`` in a ``Subquery``), read in
    the one query that reads the facts of all sources; several values of one row come in one ``JSONObject`` with
    ``output_field=JSONField()``. ``facts(case, user, found)`` puts what came back into words and asks nothing.
    """

    columns: Callable[[Case, User], Mapping[str, Any]]
    facts: Callable[[Case, User, Mapping[str, Any]], Iterable[HeaderFact]]


@dataclass(frozen=True)
class InTouch:
    """What shows that a family was in touch: ``rows()`` of the case ``OuterRef("pk")``, by the moment ``at``."""

    rows: Callable[[], QuerySet[Any]]
    at: str


@dataclass(frozen=True)
class Planned:
    """Something that is still planned with a family: after a loss it is talked over, never cancelled by itself."""

    title: str
    url: str
    at: datetime


PlacesOf = Callable[["Person"], Iterable[str]]
PlannedSource = Callable[["Case"], Iterable[Planned]]


@dataclass(frozen=True)
class Occasion:
    """Something that a note may be about and that another app keeps: a session."""

    id: uuid.UUID
    label: str  # "Filming, Tue 24 Nov, 10:00–11:15"
    at: datetime
    url: str = ""


OccasionSource = Callable[["Case", "User"], Iterable[Occasion]]
TaskSource = Callable[["User"], Iterable[Task]]
# Called inside the transaction in which somebody's standing for a purpose changed.
Holder = Callable[["Person", str], None]

_tabs: list[CaseTab] = []
_timeline: list[TimelineSource] = []
_tasks: list[TaskSource] = []
_occasions: list[OccasionSource] = []
_holders: list[Holder] = []
_header: list[HeaderSource] = []
_actions: list[CaseAction] = []
_in_touch: list[InTouch] = []
_planned: list[PlannedSource] = []
_places: list[PlacesOf] = []


def register_tab(tab: CaseTab) -> None:
    if tab not in _tabs:
        _tabs.append(tab)
        _tabs.sort(key=lambda each: each.order)


def register_timeline(source: TimelineSource) -> None:
    if source.key not in {each.key for each in _timeline}:
        _timeline.append(source)
        _timeline.sort(key=lambda each: each.key)


def timeline_sources() -> tuple[TimelineSource, ...]:
    """Every source, in the order of their keys."""
    return tuple(_timeline)


def register_tasks(source: TaskSource) -> None:
    if source not in _tasks:
        _tasks.append(source)


def register_occasions(source: OccasionSource) -> None:
    """``source`` yields what has begun lately in a case; each source asks the database once."""
    if source not in _occasions:
        _occasions.append(source)


def occasions(case: Case, user: User) -> list[Occasion]:
    """What a note of this case may be about, the latest first."""
    return sorted(
        (each for source in _occasions for each in source(case, user)), key=lambda each: each.at, reverse=True
    )


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


def register_places(source: PlacesOf) -> None:
    """Where somebody is met and nobody else: asked of protected people alone (``families.protection``)."""
    if source not in _places:
        _places.append(source)


def places_of(person: Person) -> list[str]:
    return [place for source in _places for place in source(person)]


def register_header(source: HeaderSource) -> None:
    if source not in _header:
        _header.append(source)


def register_in_touch(source: InTouch) -> None:
    if source not in _in_touch:
        _in_touch.append(source)


def in_touch_sources() -> tuple[InTouch, ...]:
    """Every way in which it is known when a family was last in touch."""
    return tuple(_in_touch)


def header_sources() -> tuple[HeaderSource, ...]:
    return tuple(_header)


def tabs_for(user: User) -> list[CaseTab]:
    """The tabs of a case page that this person's role shows."""
    return [tab for tab in _tabs if not tab.permission or user.can(tab.permission)]


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


@dataclass(frozen=True)
class HeldThing:
    """Something that is kept as evidence: a line on the risk page."""

    title: str
    detail: str
    url: str


HeldSource = Callable[[Collection["Case"], "User"], Iterable[HeldThing]]
_held: list[HeldSource] = []


def register_held(source: HeldSource) -> None:
    if source not in _held:
        _held.append(source)


def held_for(cases: Collection[Case], user: User) -> list[HeldThing]:
    """What of these cases is kept as evidence; as many queries for many as for one."""
    return [each for source in _held for each in source(cases, user)]


# --- Two records brought together ------------------------------------------------------------------------------


@dataclass(frozen=True)
class MergeRule:
    """What an app has to say when two records of one person, or of one household, are brought together.

    ``veto(kept, gone)``: why it must not be, as a sentence, or "". ``reconcile`` maps models to what is done, before a
    row goes, when both have one where there can be only one: ``(row, column, kept, ledger)``, writing through
    ``families.merging.moving.change`` so that it can be taken back. ``merged(kept, gone)`` and ``undone(kept, gone)``
    come afterwards, in the transaction, for what no foreign key tells of.
    """

    veto: Callable[[Person, Person], str] | None = None
    reconcile: tuple[tuple[type[Model], Callable[[Any, str, Any, Any], None]], ...] = ()
    merged: Callable[[Person, Person], None] | None = None
    undone: Callable[[Person, Person], None] | None = None


_merge_rules: list[MergeRule] = []


def register_merge_rule(rule: MergeRule) -> None:
    if rule not in _merge_rules:
        _merge_rules.append(rule)


def merge_vetoes(kept: Person, gone: Person) -> list[str]:
    """Why two records must not be brought together, in sentences; nothing when they may."""
    return [said for rule in _merge_rules if rule.veto is not None and (said := rule.veto(kept, gone))]


def reconcile(row: Model, column: str, kept: Model, ledger: Any) -> None:
    """Ask the app that ``row`` belongs to what to keep of it before it goes; most keep nothing."""
    for rule in _merge_rules:
        for model, settle in rule.reconcile:
            if isinstance(row, model):
                settle(row, column, kept, ledger)


def tell_merged(kept: Person, gone: Person) -> None:
    for rule in _merge_rules:
        if rule.merged is not None:
            rule.merged(kept, gone)


def tell_undone(kept: Person, gone: Person) -> None:
    for rule in _merge_rules:
        if rule.undone is not None:
            rule.undone(kept, gone)
