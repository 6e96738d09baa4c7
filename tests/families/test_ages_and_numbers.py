"""Ages as people say them, and NHS numbers, for any date and any ten digits."""

from __future__ import annotations

from datetime import date, timedelta

import nhs_number
import pytest
from hypothesis import given
from hypothesis import strategies as st

from families import nhs
from families.ages import age_in_words, completed_months, due_in_words

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (DAY, "born today"),
        (DAY - timedelta(days=1), "1 day"),
        (DAY - timedelta(days=6), "6 days"),
        (DAY - timedelta(days=7), "1 week"),
        (DAY - timedelta(weeks=11, days=6), "11 weeks"),
        (DAY - timedelta(weeks=26, days=6), "26 weeks"),
        (DAY - timedelta(weeks=27), "6 months"),
        (date(2025, 11, 23), "12 months"),
        (date(2024, 11, 24), "23 months"),
        (date(2023, 11, 23), "3 years"),
        (DAY + timedelta(days=1), ""),
    ],
)
def test_ages_are_weeks_to_26_then_months(born: date, words: str) -> None:
    assert age_in_words(born, DAY) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (35, "due in 5 weeks"),
        (7, "due in 1 week"),
        (6, "due in 6 days"),
        (0, "due today"),
        (-1, "was due 1 day ago"),
        (-15, "was due 2 weeks ago"),
    ],
)
def test_an_unborn_baby_is_due(days: int, words: str) -> None:
    assert due_in_words(DAY + timedelta(days=days), DAY) == words


@given(born=st.dates(date(1990, 1, 1), date(2030, 1, 1)), days=st.integers(0, 12000))
def test_an_age_never_goes_back_and_months_are_whole(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    months, tomorrow = completed_months(born, on), completed_months(born, on + timedelta(days=1))
    assert 0 <= months <= tomorrow <= months + 1
    assert abs(months - days / 30.4375) < 1.6
    assert age_in_words(born, on)
    unit = age_in_words(born, on).split()[-1].rstrip("s")
    assert unit == ("today" if days == 0 else "day" if days < 7 else "week" if days < 27 * 7 else unit)
    assert "week" not in age_in_words(born, born + timedelta(weeks=27))


@given(nine=st.integers(400_000_001, 499_999_999))
def test_a_right_number_is_taken_in_any_spelling_and_one_slip_is_found(nine: int) -> None:
    check = nhs_number.calculate_checksum(str(nine))
    if check is None or check == 10:
        assert all(nhs.problem_with(f"{nine}{last}") for last in range(10))
        return
    number = f"{nine}{check}"
    for spelled in (number, f"{number[:3]} {number[3:6]} {number[6:]}", f"{number[:3]}-{number[3:6]}-{number[6:]}"):
        assert nhs.problem_with(spelled) == ""
        assert nhs.bare(spelled) == number
        assert nhs.looks_like_one(spelled)
    assert nhs.bare(nhs.shown(number)) == number
    for place in range(10):
        slipped = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert nhs.problem_with(slipped)


@given(text=st.text(max_size=30))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    assert isinstance(nhs.problem_with(text), str)
    assert nhs.problem_with("0000000000")
    assert "It has 9" in nhs.problem_with("999 999 999")
