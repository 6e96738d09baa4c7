"""How old somebody is, as people say it: weeks to 26, then months, then years; unborn: when they are due."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from families.models import Person

WEEKS_UNTIL = 26  # completed weeks; after them a baby's age is said in months
MONTHS_UNTIL = 36  # months; from then on an age is said in years


def _some(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def completed_months(born: date, on: date) -> int:
    """Whole calendar months from ``born`` to ``on``; a baby born on the 31st turns a month old on the last day."""
    months = (on.year - born.year) * 12 + on.month - born.month
    if on.day < born.day and not _last_of_month(on):
        months -= 1
    return months


def _last_of_month(day: date) -> bool:
    return day == date.max or day.month != date.fromordinal(day.toordinal() + 1).month


def years_old(born: date, on: date | None = None) -> int:
    """Completed years on that day (today by default)."""
    return completed_months(born, on or timezone.localdate()) // 12


def age_in_words(born: date, on: date | None = None) -> str:
    """ "4 days", "11 weeks", "7 months", "4 years"; empty for a date that is still to come."""
    on = on or timezone.localdate()
    days = (on - born).days
    if days < 0:
        return ""
    if days == 0:
        return "born today"
    if days < 7:
        return _some(days, "day")
    weeks = days // 7
    if weeks <= WEEKS_UNTIL:
        return _some(weeks, "week")
    months = completed_months(born, on)
    if months < MONTHS_UNTIL:
        return _some(months, "month")
    return _some(months // 12, "year")


def due_in_words(expected: date, on: date | None = None) -> str:
    """ "due in 5 weeks", "due today", "was due 3 days ago"."""
    days = (expected - (on or timezone.localdate())).days
    if days == 0:
        return "due today"
    distance = _some(abs(days) // 7, "week") if abs(days) >= 7 else _some(abs(days), "day")
    return f"due in {distance}" if days > 0 else f"was due {distance} ago"


def age_of(person: Person, on: date | None = None) -> str:
    """What to write behind a name: the age, or when the baby is due; empty when neither is known."""
    if person.date_of_birth is not None:
        return age_in_words(person.date_of_birth, on)
    if person.unborn and person.expected_on is not None:
        return due_in_words(person.expected_on, on)
    return ""
