"""Targets in working days, with England's bank holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from referrals.working_days import after, bank_holidays, between, is_working_day, wait

DAYS = st.dates(date(2019, 12, 1), date(2032, 2, 1))

# Written down by hand, apart from the library: England's days off that fall on Monday to Friday.
BY_HAND = {
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


def plain(day: date) -> bool:
    """A working day as one would say it, from the library's days and nothing of ours."""
    return day.isoweekday() <= 5 and day not in set(bank_holidays(day.year))


@pytest.mark.parametrize("year", BY_HAND)
def test_the_days_off_are_those_written_down_by_hand(year: int) -> None:
    ours = [f"{day:%m-%d}" for day in bank_holidays(year) if day.isoweekday() <= 5]
    assert ours == BY_HAND[year].split()


def test_scotland_has_other_days() -> None:
    assert is_working_day(date(2026, 1, 2))
    assert is_working_day(date(2026, 11, 30))
    assert not is_working_day(date(2026, 4, 6))  # Easter Monday


@pytest.mark.parametrize(
    ("came", "days", "by"),
    [
        (date(2026, 11, 26), 2, date(2026, 11, 30)),  # Thursday → Monday
        (date(2026, 11, 27), 2, date(2026, 12, 1)),  # Friday → Tuesday
        (date(2026, 11, 28), 2, date(2026, 12, 1)),  # Saturday → Tuesday
        (date(2026, 11, 29), 1, date(2026, 11, 30)),  # Sunday → Monday
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # the Thursday before Easter → the Tuesday after it
        (date(2026, 12, 24), 2, date(2026, 12, 30)),  # Boxing Day falls on a Saturday: Monday is its substitute
        (date(2026, 12, 25), 0, date(2026, 12, 29)),
        (date(2026, 11, 26), 0, date(2026, 11, 26)),
    ],
)
def test_the_day_by_which_it_is_to_be_decided(came: date, days: int, by: date) -> None:
    assert after(came, days) == by


def test_no_target_lies_in_the_past() -> None:
    with pytest.raises(ValueError, match="past"):
        after(date(2026, 11, 26), -1)


@given(first=DAYS, last=DAYS)
@example(first=date(2026, 12, 24), last=date(2027, 1, 4))
def test_counting_agrees_with_going_from_day_to_day(first: date, last: date) -> None:
    one, other = sorted((first, last))
    counted = sum(plain(one + timedelta(days=number)) for number in range(1, (other - one).days + 1))
    assert between(one, other) == counted
    assert between(other, one) == -counted


@given(day=DAYS, days=st.integers(1, 60))
def test_a_target_is_a_working_day_and_exactly_so_many_of_them_later(day: date, days: int) -> None:
    by = after(day, days)
    assert plain(by)
    assert between(day, by) == days
    assert between(day, by - timedelta(days=1)) == days - 1


@pytest.mark.parametrize(
    ("today", "words", "waited"),
    [
        (date(2026, 11, 26), "2 working days left", 0),  # Thursday, the day it came; to be decided by Monday
        (date(2026, 11, 27), "1 working day left", 1),
        (date(2026, 11, 29), "1 working day left", 1),  # Sunday
        (date(2026, 11, 30), "Decide today", 2),
        (date(2026, 12, 1), "1 working day late", 3),
        (date(2026, 12, 5), "4 working days late", 6),  # Saturday
    ],
)
def test_what_is_said_of_a_wait(today: date, words: str, waited: int) -> None:
    now = wait(since=date(2026, 11, 26), decide_by=date(2026, 11, 30), today=today)
    assert (now.words, now.waited) == (words, waited)


def test_on_the_weekend_after_a_friday_it_is_late_without_a_number() -> None:
    now = wait(since=date(2026, 11, 25), decide_by=date(2026, 11, 27), today=date(2026, 11, 28))
    assert now.late
    assert now.words == "Late"
