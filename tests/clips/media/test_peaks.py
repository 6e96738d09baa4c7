"""The outline of the sound lies where the sound is."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from clips.media import peaks
from tests.clips.media import numbered
from tests.clips.media.prepared import prepared

pytestmark = pytest.mark.film


def pairs(outline: peaks.Peaks) -> np.ndarray:
    return np.frombuffer(base64.b64decode(outline["min_max"]), np.int8).reshape(-1, 2)


@pytest.mark.parametrize(
    "name", ["30 fps", "variable rate", "hidden frames", "starts late", "MPEG-TS", "VP9 in WebM, variable"]
)
def test_every_tick_stands_where_its_frame_is(name: str) -> None:
    film = prepared(name)
    outline = peaks.peaks(film.film, film.path)
    assert outline is not None
    found = pairs(outline)
    duration = float(film.film.time(film.film.frames) - film.film.time(0))
    assert len(found) == int(np.ceil(duration * 100))
    loud = found[:, 1] > 40
    for index in film.made.ticking():
        middle = float(film.made.seconds(index) + numbered.TICK_DELAY + numbered.TICK_LENGTH / 2)
        assert loud[max(0, int(middle * 100) - 1) : int(middle * 100) + 2].any()
    assert loud.sum() <= 3 * len(film.made.ticking())


def test_a_silent_film_has_no_outline() -> None:
    film = prepared("silent")
    assert peaks.peaks(film.film, film.path) is None


def test_the_outline_is_plain_json() -> None:
    film = prepared("30 fps")
    outline = peaks.peaks(film.film, film.path)
    assert json.loads(json.dumps(outline)) == outline
    assert outline is not None
    assert outline["per_second"] == 100


def test_full_scale_silence_and_the_faintest_sound() -> None:
    samples = np.zeros(240, np.int16)
    samples[5], samples[6], samples[100] = 32767, -32768, 1
    assert pairs(peaks.outline(samples, 3)).tolist() == [[-127, 127], [0, 1], [0, 0]]


def test_sound_shorter_or_longer_than_the_film_is_fitted_to_it() -> None:
    loud = np.full(200, 20000, np.int16)
    assert len(pairs(peaks.outline(loud, 1))) == 1
    assert pairs(peaks.outline(loud, 5))[-1].tolist() == [0, 0]
