"""The sheet of small pictures: each tile shows the frame that the layout says, at its real time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clips.media import probe, sandbox, storyboard
from tests.clips.media import numbered
from tests.clips.media.prepared import Prepared, prepared

pytestmark = pytest.mark.film


def check(sheet: Path, layout: storyboard.Layout, film: Prepared) -> None:
    with Image.open(sheet) as opened:
        assert opened.size == (layout["columns"] * layout["tile_w"], layout["rows"] * layout["tile_h"])
        assert not opened.getexif()
        grey = np.asarray(opened.convert("L"))
    assert len(layout["frames"]) == len(layout["times_us"]) <= layout["columns"] * layout["rows"]
    for position, index in enumerate(layout["frames"]):
        row, column = divmod(position, layout["columns"])
        top, left = row * layout["tile_h"], column * layout["tile_w"]
        tile = grey[top : top + layout["tile_h"], left : left + layout["tile_w"]]
        assert numbered.read(tile) == film.made.numbers[index]
        assert layout["times_us"][position] == film.film.time_us(index)


@pytest.mark.parametrize("name", [name for name in numbered.FILMS if "AVI, B-frames" not in name])
def test_every_tile_shows_the_frame_it_says(name: str, tmp_path: Path) -> None:
    film = prepared(name)
    sheet = tmp_path / "tiles.jpg"
    layout = storyboard.storyboard(film.film, film.path, sheet)
    check(sheet, layout, film)
    assert set(layout["frames"]) <= set(film.film.key_frames)
    assert [path.name for path in tmp_path.iterdir()] == ["tiles.jpg"]


def test_tiles_are_few_and_spread_over_the_film(tmp_path: Path) -> None:
    film = prepared("MJPEG in AVI")
    sheet = tmp_path / "tiles.jpg"
    layout = storyboard.storyboard(film.film, film.path, sheet, tiles=12, tile_height=45)
    check(sheet, layout, film)
    assert (layout["columns"], layout["rows"], layout["tile_h"], layout["tile_w"]) == (10, 2, 45, 80)
    gaps = np.diff(layout["frames"])
    assert len(layout["frames"]) == 12
    assert gaps.max() - gaps.min() <= 1


def test_the_proxy_gives_a_fuller_sheet_of_a_film_with_few_key_frames(tmp_path: Path) -> None:
    film = prepared("hidden frames")
    first = storyboard.storyboard(film.film, film.path, tmp_path / "first.jpg")
    second = storyboard.from_proxy(film.film, film.proxy, tmp_path / "second.jpg")
    check(tmp_path / "second.jpg", second, film)
    assert len(second["frames"]) > len(first["frames"])


def test_a_wide_film_and_a_tall_film_keep_their_shape(tmp_path: Path) -> None:
    tall = prepared("turned 270, upright")
    layout = storyboard.storyboard(tall.film, tall.path, tmp_path / "tiles.jpg")
    assert (layout["tile_w"], layout["tile_h"]) == (51, 90)


def test_a_stopped_sheet_leaves_nothing(tmp_path: Path) -> None:
    film = prepared("30 fps")
    with pytest.raises(sandbox.Cancelled):
        storyboard.storyboard(film.film, film.path, tmp_path / "tiles.jpg", cancelled=lambda: True)
    assert not list(tmp_path.iterdir())


def test_bright_pictures_keep_their_order_when_their_range_is_brought_down() -> None:
    grey = np.repeat(np.linspace(0, 1, 50, dtype=np.float32)[None, :, None], 3, axis=2)
    for transfer in ("hlg", "pq"):
        mapped = storyboard.tone_mapped(grey, transfer)[0].astype(int)
        assert (np.diff(mapped[:, 1]) >= 0).all()
        assert mapped[0].max() <= 2
        assert mapped[-1].min() >= 250
        assert np.abs(mapped - mapped[:, 1:2]).max() <= 3


def test_a_container_that_is_not_ours_is_no_family() -> None:
    film = prepared("30 fps").film
    assert storyboard.container(film) == "mp4"
    with pytest.raises(ValueError, match="not a container"):
        storyboard.container(_with_container(film, "hls"))


def _with_container(film: probe.Film, name: str) -> probe.Film:
    import dataclasses

    return dataclasses.replace(film, container=name)
