"""How old somebody is, as people say it: weeks to 26, then months, then years; unborn: when they are due."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from families.models import Person

WEEKS_UNTIL = 26  # completed weeks; after them a baby's age is said in months
MONTHS_UNTIL = 36  # months; from then on an age is said in years

# A pregnancy's length, the line of prematurity (WHO, NICE NG72: born before 37 completed weeks) and how long a
# corrected age is used (NICE NG72: until two years).
TERM_DAYS = 280
PRETERM_DAYS = 37 * 7
CORRECTED_UNTIL = 24  # months since birth
EARLIEST_DAYS, LATEST_DAYS = 20 * 7, 45 * 7  # a gestation outside is a date that was written down wrongly


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


def gestation_days(person: Person) -> int | None:
    """Days of the pregnancy at birth: as written down, else worked out from the expected date; None if unknown."""
    if person.date_of_birth is None:
        return None
    if person.gestation_days is not None:
        return person.gestation_days
    if person.expected_on is None:
        return None
    days = TERM_DAYS - (person.expected_on - person.date_of_birth).days
    return days if EARLIEST_DAYS <= days <= LATEST_DAYS else None


def gestation_in_words(days: int) -> str:
    """ "34 weeks and 2 days"."""
    return _some(days // 7, "week") + (f" and {_some(days % 7, 'day')}" if days % 7 else "")


def term_date(person: Person, on: date | None = None) -> date | None:
    """The day from which a premature baby's corrected age counts; None when no correction is made (any more)."""
    days = gestation_days(person)
    born = person.date_of_birth
    if born is None or days is None or days >= PRETERM_DAYS:
        return None
    if completed_months(born, on or timezone.localdate()) >= CORRECTED_UNTIL:
        return None
    return born + timedelta(days=TERM_DAYS - days)


def corrected_in_words(person: Person, on: date | None = None) -> str:
    """ "6 weeks corrected", "5 weeks before the due date"; empty when no correction is made."""
    on = on or timezone.localdate()
    term = term_date(person, on)
    if term is None or person.date_of_birth is None or on < person.date_of_birth:
        return ""
    if on == term:
        return "due date today"
    if on > term:
        return f"{age_in_words(term, on)} corrected"
    days = (term - on).days
    return f"{_some(days // 7, 'week') if days >= 7 else _some(days, 'day')} before the due date"


def age_of(person: Person, on: date | None = None) -> str:
    """What to write behind a name: the age ("11 weeks (6 weeks corrected)"), or when the baby is due.

    Empty when neither is known, and for somebody who died: no age runs on.
    """
    if person.lost:
        return ""
    if person.date_of_birth is not None:
        corrected = corrected_in_words(person, on) if person.kind == Person.Kind.INFANT else ""
        age = age_in_words(person.date_of_birth, on)
        return f"{age} ({corrected})" if corrected else age
    if person.unborn and person.expected_on is not None:
        return due_in_words(person.expected_on, on)
    return ""


def ages_out_on(born: date, months: int) -> date:
    """The day on which somebody is ``months`` old: for the 31st, the last day of a shorter month."""
    years, month = divmod(born.month - 1 + months, 12)
    year = born.year + years
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(born.day, last))


def weeks_left(born: date, months: int, on: date | None = None) -> int:
    """Whole weeks until somebody is ``months`` old; negative when they have been for some weeks."""
    days = (ages_out_on(born, months) - (on or timezone.localdate())).days
    return days // 7 if days >= 0 else -(-days // 7)
