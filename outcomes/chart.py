"""Figures over time as a picture: the server works out where every line goes; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils import timezone

from outcomes.definitions import CutOff, written
from outcomes.models import GoalRating, HelpingQuestionRating
from outcomes.registry import Meeting

WIDTH, HEIGHT = 640, 220  # of the drawing's own units
LEFT, RIGHT, TOP, BOTTOM = 36, 104, 14, 28
APART = 17  # units between two labels, one under the other


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    value: Decimal
    on: date


@dataclass(frozen=True)
class Line:
    """One person's figures; ``number`` (1, 2, 3…) picks colour, dash and shape in the style sheet."""

    name: str
    number: int
    points: tuple[Point, ...]
    label_y: float

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def end(self) -> Point:
        return self.points[-1]

    @property
    def label(self) -> str:
        return f"{self.name}: {written(self.end.value)}"


@dataclass(frozen=True)
class Level:
    """A published line across the picture, with its words."""

    y: float
    label: str

    @property
    def label_y(self) -> float:
        """The words stand on their line."""
        return self.y - 3


@dataclass(frozen=True)
class Mark:
    """A session on the time line."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    lines: tuple[Line, ...]
    rules: tuple[tuple[str, float], ...]  # (figure, y)
    first: date
    last: date
    levels: tuple[Level, ...] = ()
    marks: tuple[Mark, ...] = ()
    out_of: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    floor: int = HEIGHT - BOTTOM
    baseline: int = HEIGHT - 8

    @property
    def in_words(self) -> str:
        """What the picture shows, for those who do not see it."""
        said = []
        for line in self.lines:
            end = f"{written(line.end.value)}{self.out_of}"
            start = line.points[0].value
            said.append(
                f"{line.name}: {end}" if len(line.points) == 1 else f"{line.name}: from {written(start)} to {end}"
            )
        if self.marks:
            sessions = "session" if len(self.marks) == 1 else "sessions"
            said.append(f"{len(self.marks)} {sessions} marked in this time")
        return "; ".join(said)


@dataclass(frozen=True)
class Series:
    """What one line is drawn from: a name and its (day, figure), in any order."""

    name: str
    figures: tuple[tuple[date, Decimal], ...]


def draw(
    series: Sequence[Series],
    *,
    low: Decimal,
    high: Decimal,
    rules: Iterable[Decimal],
    cut_offs: Iterable[CutOff] = (),
    meetings: Iterable[Meeting] = (),
    out_of: str = "",
) -> Chart | None:
    """The picture of these series between ``low`` and ``high``, or None when there is nothing to draw."""
    days = [on for each in series for on, _ in each.figures]
    if not days:
        return None
    first, last = min(days), max(days)
    span = (last - first).days
    inner_w, inner_h = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(on: date) -> float:
        return LEFT + inner_w * ((on - first).days / span if span else 0.5)

    def y(value: Decimal) -> float:
        return TOP + inner_h * (1 - float((value - low) / (high - low)))

    drawn = []
    for each in series:
        if each.figures:
            points = (Point(x(on), y(value), value, on) for on, value in sorted(each.figures, key=lambda one: one[0]))
            drawn.append((each.name, tuple(points)))
    beside = _apart([points[-1].y for _, points in drawn])
    lines = tuple(
        Line(name, index % 4 + 1, points, label_y)
        for index, ((name, points), label_y) in enumerate(zip(drawn, beside, strict=True))
    )
    held = sorted((timezone.localtime(meeting.at).date(), meeting.label) for meeting in meetings)
    return Chart(
        lines,
        tuple((written(value), y(value)) for value in rules),
        first,
        last,
        tuple(Level(y(cut_off.at), cut_off.in_words) for cut_off in cut_offs if low <= cut_off.at <= high),
        tuple(Mark(x(on), f"{label}, {on.day} {on:%b %Y}") for on, label in held if first <= on <= last),
        out_of,
    )


def _apart(wanted: Sequence[float]) -> list[float]:
    """The heights of labels, moved so far apart that no two lie on one another."""
    placed = list(wanted)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + APART)
    return placed


def chart_of(ratings: Sequence[HelpingQuestionRating | GoalRating], meetings: Iterable[Meeting] = ()) -> Chart | None:
    """The picture of ratings from 0 to 10, a line a person; None without any."""
    by_person: dict[object, list[HelpingQuestionRating | GoalRating]] = {}
    in_order: list[HelpingQuestionRating | GoalRating] = sorted(ratings, key=lambda each: each.at)
    for rating in in_order:
        by_person.setdefault(rating.rated_by_id, []).append(rating)
    series = [
        Series(
            rows[0].rated_by.short_name,
            tuple((timezone.localtime(row.at).date(), Decimal(row.value)) for row in rows),
        )
        for rows in by_person.values()
    ]
    return draw(
        series,
        low=Decimal(0),
        high=Decimal(10),
        rules=(Decimal(0), Decimal(5), Decimal(10)),
        meetings=meetings,
        out_of=" of 10",
    )
