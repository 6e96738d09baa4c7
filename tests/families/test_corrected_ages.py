"""Ages of babies who came early, for any birth and any day: said beside the age, until they are two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from families.ages import (
    age_in_words,
    age_of,
    completed_months,
    corrected_in_words,
    gestation_days,
    gestation_in_words,
    term_date,
)
from families.forms.fields import GestationField
from families.models import Person

DAY = date(2026, 11, 23)
births = st.dates(date(2000, 1, 1), date(2030, 1, 1))


def baby(born: date, *, weeks: int | None = None, days: int = 0, expected: date | None = None) -> Person:
    return Person(
        kind=Person.Kind.INFANT,
        date_of_birth=born,
        expected_on=expected,
        gestation_days=None if weeks is None else weeks * 7 + days,
    )


@pytest.mark.parametrize(
    ("weeks_old", "born_at", "words"),
    [
        (11, 35, "11 weeks (6 weeks corrected)"),
        (3, 32, "3 weeks (5 weeks before the due date)"),
        (5, 35, "5 weeks (due date today)"),
        (11, 37, "11 weeks"),
        (11, 41, "11 weeks"),
        (40, 28, "9 months (6 months corrected)"),
        (103, 28, "23 months (20 months corrected)"),
        (105, 28, "24 months"),
    ],
)
def test_an_early_baby_has_two_ages(weeks_old: int, born_at: int, words: str) -> None:
    assert age_of(baby(DAY - timedelta(weeks=weeks_old), weeks=born_at), DAY) == words


def test_the_expected_date_tells_how_early_a_baby_came_unless_it_was_written_down_wrongly() -> None:
    born = DAY - timedelta(weeks=11)
    assert age_of(baby(born, expected=born + timedelta(weeks=5)), DAY) == "11 weeks (6 weeks corrected)"
    assert (
        gestation_days(baby(born, weeks=36, expected=born + timedelta(weeks=5))) == 252
    )  # what was counted goes first
    assert age_of(baby(born, expected=born + timedelta(weeks=40)), DAY) == "11 weeks"
    assert age_of(baby(born), DAY) == "11 weeks"


@given(born=births, gestation=st.integers(140, 315), days=st.integers(0, 1500))
def test_a_corrected_age_counts_from_the_day_that_the_baby_was_expected(born: date, gestation: int, days: int) -> None:
    on = born + timedelta(days=days)
    early = baby(born, weeks=gestation // 7, days=gestation % 7)
    same = baby(born, expected=born + timedelta(days=280 - gestation))
    assert gestation_days(same) == gestation
    assert age_of(same, on) == age_of(early, on)
    term = term_date(early, on)
    if gestation >= 259 or completed_months(born, on) >= 24:
        assert term is None
        assert age_of(early, on) == age_in_words(born, on)
        return
    assert term is not None
    assert (term - born).days == 280 - gestation > 21
    words = corrected_in_words(early, on)
    assert words.endswith("before the due date") == (on < term)
    assert age_of(early, on) == f"{age_in_words(born, on)} ({words})"
    if on > term:
        assert words == f"{age_in_words(term, on)} corrected"


@given(born=births, days=st.integers(0, 1500), kind=st.sampled_from(["pregnancy", "stillbirth", "died"]))
def test_no_age_runs_on_after_a_death(born: date, days: int, kind: str) -> None:
    before_birth = kind != "died"
    lost = Person(
        kind=Person.Kind.INFANT,
        lost=kind,
        date_of_birth=None if before_birth else born,
        expected_on=born if before_birth else None,
    )
    assert age_of(lost, born + timedelta(days=days)) == ""
    assert not lost.unborn
    assert not lost.takes_part
    assert lost.was_born is not before_birth


@given(days=st.integers(140, 315))
def test_weeks_are_taken_as_midwives_write_them(days: int) -> None:
    weeks, rest = divmod(days, 7)
    for text in (f"{weeks}+{rest}", f" {weeks} + {rest}", f"{weeks} weeks {rest} days", f"{weeks}w {rest}d"):
        assert GestationField().clean(text) == days
    assert GestationField().clean(GestationField().prepare_value(days)) == days
    assert GestationField().clean(gestation_in_words(days)) == days
    assert GestationField().clean("") is None


@pytest.mark.parametrize("text", ["early", "34+7", "19", "46", "3", "-34", "34.5", "34+2+1", "٣٤", "9" * 400, "\x00"])
def test_weeks_that_cannot_be_are_refused(text: str) -> None:
    field = GestationField()
    if text == "\x00":
        assert field.clean(text) is None
        return
    with pytest.raises(ValidationError):
        field.clean(text)
