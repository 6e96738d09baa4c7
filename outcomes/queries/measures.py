"""Scores as they are read: by measure and by who gave them, with the change from the first to the last."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max

from families.models import Case
from outcomes.chart import Chart, Series, draw
from outcomes.definitions import Definition, Subscale, written
from outcomes.models import Measure, MeasureVersion, Score
from outcomes.registry import Meeting
from outcomes.scoring import Change, change, line_reached


@dataclass(frozen=True)
class Reading:
    """One figure of a score in words: "12", "Moderate: 10 or more"."""

    subscale: Subscale
    value: Decimal | None
    left_out: int
    band: str

    @property
    def figure(self) -> str:
        return "not scored" if self.value is None else written(self.value)


@dataclass(frozen=True)
class ScoreView:
    """One completed measure with its figures in the measure's own order."""

    score: Score
    readings: tuple[Reading, ...]

    @property
    def definition(self) -> Definition:
        return self.score.version.definition

    def reading(self, key: str) -> Reading | None:
        return next((each for each in self.readings if each.subscale.key == key), None)


@dataclass(frozen=True)
class Picture:
    """One subscale over time: drawn, and what changed for each pair of who gave it and about whom."""

    subscale: Subscale
    chart: Chart | None
    changes: tuple[tuple[str, Change], ...]


@dataclass(frozen=True)
class MeasureView:
    """Everything of one measure in a case, oldest first, under its newest definition there."""

    definition: Definition
    scores: tuple[ScoreView, ...]  # those struck out among them
    pictures: tuple[Picture, ...]

    @property
    def standing(self) -> tuple[ScoreView, ...]:
        return tuple(view for view in self.scores if view.score.struck_at is None)


def score_view(score: Score) -> ScoreView:
    """A score with its figures read under the version it was scored under. ``values`` and ``version`` loaded."""
    definition = score.version.definition
    kept = {value.key: value for value in score.values.all()}
    readings = []
    for subscale in definition.subscales:
        value = kept.get(subscale.key)
        figure = value.value if value else None
        line = line_reached(definition, subscale.key, figure) if figure is not None else None
        readings.append(Reading(subscale, figure, value.left_out if value else 0, line.in_words if line else ""))
    return ScoreView(score, tuple(readings))


def scores_of(case: Case) -> list[Score]:
    """Every score of a case, oldest first, in two queries."""
    return list(
        Score.objects.filter(case=case)
        .select_related(
            "version__measure", "respondent", "about_caregiver", "about_infant", "rater", "recorded_by", "struck_by"
        )
        .prefetch_related("values")
    )


def measures_of(case: Case, meetings: list[Meeting]) -> list[MeasureView]:
    """What was measured in a case, in the service's order of measures, in two queries whatever the number."""
    by_measure: dict[object, list[Score]] = {}
    for score in scores_of(case):
        by_measure.setdefault(score.version.measure_id, []).append(score)
    rows = sorted(by_measure.values(), key=lambda scores: (scores[0].version.measure.position, str(scores[0].version)))
    return [_measure_view(scores, meetings) for scores in rows]


def _measure_view(scores: list[Score], meetings: list[Meeting]) -> MeasureView:
    views = tuple(score_view(score) for score in scores)
    newest = max(scores, key=lambda score: score.version.version).version.definition
    standing = [view for view in views if view.score.struck_at is None]
    return MeasureView(
        newest, views, tuple(_picture(newest, subscale, standing, meetings) for subscale in newest.subscales)
    )


def _line_name(score: Score) -> str:
    """Whose line it is: who gave the score, and about whom where that is not plain."""
    if score.about_caregiver_id == score.respondent_id and score.about_infant is None:
        return score.given_by
    about = score.about_infant.short_name if score.about_infant and score.respondent else score.about
    return f"{score.given_by}, {about}" if about else score.given_by


def _picture(definition: Definition, subscale: Subscale, views: list[ScoreView], meetings: list[Meeting]) -> Picture:
    lines: dict[tuple[object, ...], list[tuple[Score, Decimal]]] = {}
    for view in views:
        reading = view.reading(subscale.key)
        if reading is not None and reading.value is not None:
            score = view.score
            whose = (score.respondent_id, score.rater_id, score.about_caregiver_id, score.about_infant_id)
            lines.setdefault(whose, []).append((score, reading.value))
    series = [
        Series(_line_name(rows[0][0]), tuple((score.completed_on, value) for score, value in rows))
        for rows in lines.values()
    ]
    changes = tuple(
        (_line_name(rows[0][0]), change(subscale, definition.better, rows[0][1], rows[-1][1]))
        for rows in lines.values()
        if len(rows) > 1
    )
    low, high = _range(subscale, [value for rows in lines.values() for _, value in rows])
    chart = draw(
        series,
        low=low,
        high=high,
        rules=(low, high),
        cut_offs=definition.lines_of(subscale.key),
        meetings=meetings,
        out_of=f" of {written(subscale.high)}" if subscale.high is not None else "",
    )
    return Picture(subscale, chart, changes)


def _range(subscale: Subscale, values: list[Decimal]) -> tuple[Decimal, Decimal]:
    """The published range, or the values' own where none is published or an older version counted otherwise."""
    low = min([*values, *([subscale.low] if subscale.low is not None else [])], default=Decimal(0))
    high = max([*values, *([subscale.high] if subscale.high is not None else [])], default=Decimal(1))
    return (low, high) if high > low else (low, low + 1)


def versions_offered() -> list[MeasureVersion]:
    """The newest version of every measure that the service uses now, in its order."""
    newest = Measure.objects.offered().annotate(newest=Max("versions__version"))
    wanted = {measure.pk: measure.newest for measure in newest}
    versions = MeasureVersion.objects.filter(measure__in=wanted).select_related("measure")
    found = [version for version in versions if version.version == wanted[version.measure_id]]
    return sorted(found, key=lambda version: (version.measure.position, version.measure.key))


def every_measure() -> list[MeasureVersion]:
    """The newest version of every measure that the service knows, those it uses first."""
    newest: dict[object, MeasureVersion] = {}
    for version in MeasureVersion.objects.select_related("measure").order_by("version"):
        newest[version.measure_id] = version
    return sorted(newest.values(), key=lambda each: (not each.measure.active, each.measure.position, each.short_name))


def version_offered(key: str) -> MeasureVersion | None:
    """The newest version of one measure that the service uses now."""
    return (
        MeasureVersion.objects.filter(measure__key=key, measure__active=True)
        .select_related("measure")
        .order_by("-version")
        .first()
    )
