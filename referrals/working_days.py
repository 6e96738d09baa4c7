"""Working days in England: Monday to Friday without bank holidays. A target is a number of these.

The day on which something arrives is not counted: what comes on a Friday and is to be decided within two working days
is to be decided by Tuesday, and so is what comes on the Saturday.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

SATURDAY = 5
A_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> tuple[date, ...]:
    """England's bank holidays of a year, in order, substitute days and days proclaimed once among them.

    A day proclaimed later comes with a new version of the library; a date that was promised before stays as promised.
    """
    return tuple(sorted(country_holidays("GB", subdiv="ENG", years=year)))


@lru_cache(maxsize=64)
def _lost(year: int) -> tuple[date, ...]:
    """The bank holidays that take away a working day: those from Monday to Friday."""
    return tuple(day for day in bank_holidays(year) if day.weekday() < SATURDAY)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def after(day: date, days: int) -> date:
    """The working day that is ``days`` working days after ``day``; with 0 ``day`` itself or the next working day.

    Raises ValueError for less than 0.
    """
    if days < 0:
        raise ValueError("A target is no number of days in the past.")
    if days == 0:
        while not is_working_day(day):
            day += A_DAY
        return day
    left = days
    while left:
        day += A_DAY
        left -= is_working_day(day)
    return day


def _weekdays_until(day: date) -> int:
    """How many days from Monday to Friday there were from the calendar's first (a Monday) to ``day``, included."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def between(first: date, last: date) -> int:
    """How many working days come after ``first``, up to and with ``last``; below 0 when ``last`` is the earlier."""
    if last < first:
        return -between(last, first)
    free = sum(
        bisect_right(days, last) - bisect_right(days, first)
        for year in range(first.year, last.year + 1)
        if (days := _lost(year))
    )
    return _weekdays_until(last) - _weekdays_until(first) - free


@dataclass(frozen=True)
class Wait:
    """How long something waits against the day by which it was promised. All numbers are working days."""

    waited: int
    left: int  # until ``decide_by``; never below 0
    over: int  # since ``decide_by``; 0 too on the weekend that follows it
    late: bool
    decide_by: date

    @property
    def words(self) -> str:
        """ "3 working days left", "Decide today", "2 working days late"."""
        if self.late:
            return f"{_days(self.over)} late" if self.over else "Late"
        return f"{_days(self.left)} left" if self.left else "Decide today"


def _days(number: int) -> str:
    return f"{number} working {'day' if number == 1 else 'days'}"


def wait(*, since: date, decide_by: date, today: date) -> Wait:
    """The wait of what came on ``since``, as it is on ``today``: the day on which it was decided, or this one."""
    return Wait(
        waited=max(0, between(since, today)),
        left=max(0, between(today, decide_by)),
        over=max(0, between(decide_by, today)),
        late=today > decide_by,
        decide_by=decide_by,
    )
