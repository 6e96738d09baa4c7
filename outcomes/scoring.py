"""From answers to scores, from scores to words, from two scores to a change. Pure: no family, no database.

What is published is done as published and says so; nothing is interpreted beyond that. A band is the label of the
line that a score has reached, a change is "reliable" only where somebody published how much that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from outcomes.definitions import (
    FROM,
    HIGHER,
    LOWER,
    MEAN,
    NOT_APPLICABLE,
    PRORATE,
    CriticalItem,
    CutOff,
    Definition,
    Item,
    Subscale,
    written,
)

Answer = int | str | None  # the figure chosen, "na", or None for a question that was left out
Answers = Mapping[int, Answer]

# Of goals rated 0 to 10 on the Goal Based Outcomes scale: about 2.45 points, in whole points 3 or more.
GOAL_RELIABLE_CHANGE = 3


@dataclass(frozen=True)
class Value:
    """One score. ``value`` is None when too much was left out; ``left_out`` counts the questions without an answer."""

    key: str
    value: Decimal | None
    left_out: int = 0

    @property
    def prorated(self) -> bool:
        return self.value is not None and self.left_out > 0


def counted(item: Item, answer: Answer) -> int | None:
    """What an answer counts, reversed where the item is; None for none. ValueError: it is no answer to that."""
    if answer is None:
        return None
    if answer == NOT_APPLICABLE:
        if item.not_applicable is None:
            raise ValueError(f"“Does not apply” is no answer to question {item.number}.")
        return item.not_applicable
    if isinstance(answer, bool) or answer not in {option.value for option in item.options}:
        raise ValueError(f"{answer!r} is no answer to question {item.number}.")
    figure = int(answer)
    return item.low + item.high - figure if item.reversed else figure


def value_of(definition: Definition, subscale: Subscale, answers: Answers) -> Value:
    """One score from the answers, with the definition's rule for what was left out."""
    figures = []
    for number in subscale.items:
        item = definition.item(number)
        if item is not None:
            figures.append(counted(item, answers.get(number)))
    given = [figure for figure in figures if figure is not None]
    left_out = len(figures) - len(given)
    allowed = definition.missing.most if definition.missing.then == PRORATE else 0
    if not given or left_out > allowed:
        return Value(subscale.key, None, left_out)
    mean = Decimal(sum(given)) / len(given)
    if subscale.how == MEAN:
        return Value(subscale.key, mean.quantize(Decimal("0.01"), ROUND_HALF_UP), left_out)
    total = Decimal(sum(given)) if not left_out else (mean * len(figures)).quantize(Decimal(1), ROUND_HALF_UP)
    return Value(subscale.key, total, left_out)


def values_of(definition: Definition, answers: Answers) -> tuple[Value, ...]:
    """Every score of a measure, in its order."""
    return tuple(value_of(definition, subscale, answers) for subscale in definition.subscales)


def line_reached(definition: Definition, key: str, value: Decimal) -> CutOff | None:
    """The outermost published line that a score has reached, or None when it reached none."""
    lines = definition.lines_of(key)
    above = [line for line in lines if line.side == FROM and value >= line.at]
    if above:
        return above[-1]
    return next((line for line in lines if line.side != FROM and value <= line.at), None)


def critical_answers(definition: Definition, answers: Answers) -> list[tuple[CriticalItem, int]]:
    """The critical questions answered above their figure, with the answer. Asked even of half a questionnaire."""
    found = []
    for critical in definition.critical:
        answer = answers.get(critical.item)
        if isinstance(answer, int) and not isinstance(answer, bool) and answer > critical.above:
            found.append((critical, answer))
    return found


@dataclass(frozen=True)
class Change:
    """From the first to the last of the same measure, the same person answering."""

    before: Decimal
    after: Decimal
    better: bool | None  # None: the same, or a measure without a better end
    reliable: bool | None  # None: nobody published how much is more than chance
    needed: Decimal | None = None

    @property
    def points(self) -> Decimal:
        return self.after - self.before

    @property
    def in_words(self) -> str:
        """ "7 points lower, which is better; more than chance would do (6 points or more)"."""
        points = abs(self.points)
        if not points:
            return "the same"
        said = f"{written(points)} point{'' if points == 1 else 's'} {'higher' if self.points > 0 else 'lower'}"
        if self.better is not None:
            said += ", which is better" if self.better else ", which is harder"
        if self.reliable is not None and self.needed is not None:
            by_chance = "more than chance would do" if self.reliable else "not more than chance may do"
            said += f"; {by_chance} (reliable from {written(self.needed)} points)"
        return said


def change(subscale: Subscale, better: str, before: Decimal, after: Decimal) -> Change:
    """What changed between two scores. ``better`` is the definition's direction."""
    points = after - before
    towards = None if not points or better not in (LOWER, HIGHER) else (points > 0) == (better == HIGHER)
    needed = subscale.reliable_change
    return Change(before, after, towards, None if needed is None else abs(points) >= needed, needed)


def goal_change(before: int, after: int) -> Change:
    """How far a goal has moved; higher is nearer to it."""
    scale = Subscale("goal", "Goal", reliable_change=Decimal(GOAL_RELIABLE_CHANGE))
    return change(scale, HIGHER, Decimal(before), Decimal(after))
