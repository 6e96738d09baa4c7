"""Until when a referral should be decided."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def working_day_after(day: date, days: int) -> date:
    """The day that is ``days`` days from Monday to Friday after ``day``; the day itself is not counted.

    Bank holidays are counted as working days here: a date that is promised is rather early than late.
    """
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day
