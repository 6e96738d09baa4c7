"""The schedule: how long each class is kept, counted from what, and where that comes from.

The defaults are those of the NHS Records Management Code as the guidance of defence bodies gives it (a child to the
25th birthday, 26th if 17 at the end; mental health 20 years after treatment, 10 after death; maternity 25 years; the
longest that applies), and of the consent to filming that families sign (erased within two months of the ending).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from families.ages import ages_out_on
from families.models import RetentionRule

Key = RetentionRule.Key
NHS = "NHS Records Management Code of Practice, appendix on retention"


@dataclass(frozen=True)
class Class:
    """What code knows of one line: its unit, what it counts from, what it is at first."""

    key: str
    unit: str  # "years", "months" or "weeks"
    counted_from: str
    amount: int
    source: str
    hint: str = ""


CLASSES: tuple[Class, ...] = (
    Class(
        Key.FILMS,
        "months",
        "the day the case was closed",
        2,
        "The consent to filming: erased within two months of the ending",
        "Only once each cycle has its written summary: a film that is the only record is kept as long as the record.",
    ),
    Class(
        Key.CHILD,
        "years",
        "the child’s birth; a year more if they were 17 when the work ended",
        25,
        f"{NHS}: children’s records, until the 25th birthday, or the 26th if 17 at the end of treatment",
    ),
    Class(
        Key.MATERNITY,
        "years",
        "the birth, or the day it was expected on",
        25,
        f"{NHS}: maternity records, 25 years after the birth",
    ),
    Class(
        Key.WORK,
        "years",
        "the day the last case was closed",
        20,
        f"{NHS}: mental health records, psychology included, 20 years after the end of treatment",
        "For everybody who was worked with, children too: the longest that applies.",
    ),
    Class(
        Key.DEATH,
        "years",
        "the day of their death",
        10,
        f"{NHS}: mental health records, 10 years after death",
    ),
    Class(
        Key.ANSWER,
        "weeks",
        "the day copies were offered",
        6,
        "The service’s own",
        "When it is over without an answer a manager may decide.",
    ),
    Class(
        Key.REFERRAL,
        "years",
        "the day of its outcome",
        2,
        "The service’s own, after what is usual in the NHS",
        "One that was taken on is part of the family’s record. These go by themselves, with no decision.",
    ),
)
BY_KEY: Mapping[str, Class] = {each.key: each for each in CLASSES}


@dataclass(frozen=True)
class Line:
    """One line of the schedule as it stands."""

    rule: RetentionRule
    about: Class

    @property
    def length(self) -> str:
        """ "25 years", "1 month"."""
        unit = self.about.unit
        return f"{self.rule.amount} {unit if self.rule.amount != 1 else unit.removesuffix('s')}"

    @property
    def words(self) -> str:
        """The whole rule in a sentence, for the certificate."""
        return f"{self.rule.get_key_display()}: {self.length} from {self.about.counted_from}. {self.rule.source}"

    def until(self, start: date) -> date:
        """The day on which it is over, counted from ``start``."""
        return after(start, self.rule.amount, self.about.unit)


def after(start: date, amount: int, unit: str) -> date:
    """``amount`` weeks, months or years after a day; the last day of a shorter month."""
    if unit == "weeks":
        return date.fromordinal(start.toordinal() + 7 * amount)
    return ages_out_on(start, amount * (12 if unit == "years" else 1))


def lines() -> dict[str, Line]:
    """The schedule by key, in one query; a line that is missing stands as it was at first."""
    kept = {rule.key: rule for rule in RetentionRule.objects.all()}
    return {
        each.key: Line(kept.get(each.key) or RetentionRule(key=each.key, amount=each.amount, source=each.source), each)
        for each in CLASSES
    }
