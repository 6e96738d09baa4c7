"""What the apps to the right tell the outcomes: on which sessions something was said or answered.

Registered in ``AppConfig.ready``, as in ``families.registry``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from families.models import Case


@dataclass(frozen=True)
class Meeting:
    """A session that took place: what a rating may be tied to, and what is marked in the pictures."""

    id: uuid.UUID
    at: datetime
    label: str


MeetingSource = Callable[["Case"], Iterable[Meeting]]
_meetings: list[MeetingSource] = []


def register_meetings(source: MeetingSource) -> None:
    if source not in _meetings:
        _meetings.append(source)


def meetings_of(case: Case) -> list[Meeting]:
    """The sessions of a case that took place, newest first."""
    return sorted((each for source in _meetings for each in source(case)), key=lambda each: each.at, reverse=True)
