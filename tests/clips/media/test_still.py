"""Stills and posters: the right frame, and nothing but a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clips.media import probe, sandbox, still
from tests.clips.media import films, numbered
from tests.clips.media.prepared import prepared

pytestmark = pytest.mark.film


def test_a_still_is_a_plain_jpeg_without_any_remark(tmp_path: Path) -> None:
    picture = tmp_path / "still.jpg"
    still.still(prepared("turned 90").proxy, 20, picture)
    with Image.open(picture) as opened:
        assert opened.format == "JPEG"
        assert opened.size == (256, 144)
        assert not opened.getexif()
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert [path.name for path in tmp_path.iterdir()] == ["still.jpg"]


def test_a_still_can_be_made_smaller(tmp_path: Path) -> None:
    picture = tmp_path / "still.jpg"
    still.still(prepared("30 fps").proxy, 20, picture, short_side=72)
    assert Image.open(picture).size == (128, 72)
    assert numbered.read(np.asarray(Image.open(picture).convert("L"))) == 20


@pytest.mark.parametrize("index", [-1, 75])
def test_there_is_no_still_off_the_film(index: int, tmp_path: Path) -> None:
    film = prepared("30 fps")
    with pytest.raises(IndexError):
        still.still(film.proxy, index, tmp_path / "still.jpg")
    with pytest.raises(IndexError):
        still.poster(film.film, film.path, tmp_path / "poster.jpg", index=index)
    assert not list(tmp_path.iterdir())


def test_a_poster_is_chosen_a_little_way_into_the_film(tmp_path: Path) -> None:
    film = prepared("240 fps")
    poster = tmp_path / "poster.jpg"
    index = still.poster(film.film, film.path, poster)
    assert index == 25
    assert numbered.read(np.asarray(Image.open(poster).convert("L"))) == 25


def test_a_poster_stands_upright_and_keeps_to_its_size(tmp_path: Path) -> None:
    film = prepared("turned 270, upright")
    poster = tmp_path / "poster.jpg"
    still.poster(film.film, film.path, poster, short_side=100)
    assert Image.open(poster).size == (100, 178)


def test_colours_are_those_of_the_film(tmp_path: Path) -> None:
    made = films.make(tmp_path / "film.mp4", frames=3, size=(128, 96), colours=(1, 1, 1))
    still.poster(probe.probe(made), made, tmp_path / "poster.jpg", index=1)
    pixels = np.asarray(Image.open(tmp_path / "poster.jpg")).astype(int)
    # The film is grey: no channel may stand out.
    assert np.abs(pixels - pixels.mean(axis=2, keepdims=True)).max() <= 3


def test_a_stopped_poster_leaves_nothing(tmp_path: Path) -> None:
    film = prepared("30 fps")
    with pytest.raises(sandbox.Cancelled):
        still.poster(film.film, film.path, tmp_path / "poster.jpg", cancelled=lambda: True)
    assert not list(tmp_path.iterdir())
