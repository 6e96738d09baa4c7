"""Arithmetic on frame times: observed times lead to the frame that was on screen."""

from __future__ import annotations

from fractions import Fraction

import pytest

from clips.media import frames
from clips.media.probe import microseconds

TIMES = [0, 33_367, 66_733, 100_100]


def test_a_time_means_the_last_frame_that_had_begun_give_or_take_half_a_millisecond() -> None:
    assert frames.index_at(TIMES, 33_367) == 1
    assert frames.index_at(TIMES, 33_366 - 499) == 1
    assert frames.index_at(TIMES, 33_367 - 501) == 0
    assert frames.index_at(TIMES, 66_000) == 1


def test_times_outside_the_film_mean_its_first_and_last_frame() -> None:
    assert frames.index_at(TIMES, -5_000_000) == 0
    assert frames.index_at(TIMES, 10**12) == 3


def test_a_film_without_frames_shows_none() -> None:
    with pytest.raises(ValueError, match="no frame to show"):
        frames.index_at([], 0)


def test_seeking_goes_to_the_middle_of_a_frame() -> None:
    assert frames.middle_us(TIMES, 0, 133_467) == 16_683
    assert frames.middle_us(TIMES, 3, 133_467) == 116_783


def test_the_last_frame_has_a_middle_even_when_the_end_is_not_known() -> None:
    assert TIMES[3] <= frames.middle_us(TIMES, 3, TIMES[3]) < TIMES[3] + 500


@pytest.mark.parametrize("index", [-1, 4])
def test_there_is_no_middle_off_the_film(index: int) -> None:
    with pytest.raises(IndexError):
        frames.middle_us(TIMES, index, 133_467)


def test_snapping_finds_a_frame_within_half_a_millisecond_or_none() -> None:
    base = Fraction(1, 30_000)
    times, end = [0, 1001, 2002], 3003
    assert frames.snap(times, base, end, Fraction(1001, 30_000)) == 1
    assert frames.snap(times, base, end, Fraction(1001, 30_000) + Fraction(49, 100_000)) == 1
    assert frames.snap(times, base, end, Fraction(1001, 30_000) - Fraction(49, 100_000)) == 1
    assert frames.snap(times, base, end, Fraction(1001, 30_000) + Fraction(51, 100_000)) is None
    assert frames.snap(times, base, end, Fraction(3003, 30_000)) == 3
    assert frames.snap(times, base, end, Fraction(-1, 1000)) is None


def test_of_two_near_frames_the_nearer_one_is_meant() -> None:
    base = Fraction(1, 10_000)
    assert frames.snap([0, 4, 8], base, 12, Fraction(3, 10_000)) == 1
    assert frames.snap([0, 4, 8], base, 12, Fraction(1, 10_000)) == 0


def test_microseconds_are_rounded_as_the_check_of_the_film_rounds_them() -> None:
    base = Fraction(1001, 30_000)
    assert frames.times_us(range(200), base) == [microseconds(index, base) for index in range(200)]


def test_the_busiest_second_counts_frames_however_they_are_spread() -> None:
    assert frames.busiest_second([0, 1, 2, 3, 10, 20], Fraction(1, 4)) == 4
    assert frames.busiest_second(list(range(0, 90_000, 3000)), Fraction(1, 90_000)) == 30
    assert frames.busiest_second([5], Fraction(1, 4)) == 1
