"""Ratings over time as a picture: the server works out where every line goes; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from outcomes.models import HelpingQuestionRating

WIDTH, HEIGHT = 640, 220  # of the drawing's own units
LEFT, RIGHT, TOP, BOTTOM = 32, 96, 12, 28


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    value: int
    on: date


@dataclass(frozen=True)
class Line:
    """One person's ratings; ``number`` (1, 2, 3…) picks colour and dash in the style sheet."""

    name: str
    number: int
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def end(self) -> Point:
        return self.points[-1]


@dataclass(frozen=True)
class Chart:
    lines: tuple[Line, ...]
    rules: tuple[tuple[int, float], ...]  # (value, y): 0, 5, 10
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    baseline: int = HEIGHT - 8

    @property
    def in_words(self) -> str:
        """What the picture shows, for those who do not see it."""
        said = []
        for line in self.lines:
            if len(line.points) == 1:
                said.append(f"{line.name}: {line.end.value} of 10")
            else:
                said.append(f"{line.name}: from {line.points[0].value} to {line.end.value} of 10")
        return "; ".join(said)


def chart_of(ratings: Sequence[HelpingQuestionRating]) -> Chart | None:
    """The picture of these ratings, or None without any."""
    if not ratings:
        return None
    days = [timezone.localtime(rating.at).date() for rating in ratings]
    first, last = min(days), max(days)
    span = max((last - first).days, 1)
    inner_w, inner_h = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(on: date) -> float:
        return LEFT + inner_w * ((on - first).days / span if last > first else 0.5)

    def y(value: int) -> float:
        return TOP + inner_h * (1 - value / 10)

    by_person: dict[object, list[HelpingQuestionRating]] = {}
    for rating in sorted(ratings, key=lambda each: each.at):
        by_person.setdefault(rating.rated_by_id, []).append(rating)
    lines = []
    for number, rows in enumerate(by_person.values(), start=1):
        points = tuple(
            Point(x(on), y(row.value), row.value, on)
            for row, on in ((row, timezone.localtime(row.at).date()) for row in rows)
        )
        lines.append(Line(rows[0].rated_by.short_name, (number - 1) % 4 + 1, points))
    return Chart(tuple(lines), tuple((value, y(value)) for value in (0, 5, 10)), first, last)
