"""A still is exactly the frame that it says it is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from clips import store
from clips.models import Recording, Still
from tests.cast import Cast, FamilyInTests
from tests.clips import filming
from tests.clips.media import numbered

pytestmark = pytest.mark.film


@pytest.fixture
def numbered_film(tmp_path: Path, cast: Cast, consenting_family: FamilyInTests, signed_in: Any) -> Recording:
    """A film of uneven frames that say which they are, sent and checked, but not prepared."""
    made = numbered.make(tmp_path / "n.mp4", *numbered.variable(50))
    upload = filming.send(signed_in(cast.asha), consenting_family, made.path.read_bytes())
    filming.work("check")
    recording = upload.recording
    recording.refresh_from_db()
    assert recording.state == Recording.State.PREPARING
    return recording


def kept(client: Any, film: Recording, frame: int) -> Any:
    return client.post(f"/films/{film.pk}/stills/", json.dumps({"frame": frame}), content_type="application/json")


def number_in(client: Any, still: dict[str, Any]) -> int:
    data = b"".join(client.get(still["url"]).streaming_content)
    return numbered.read(np.asarray(Image.open(io.BytesIO(data)).convert("L")))


def test_a_still_shows_the_very_frame_before_and_after_the_film_is_prepared(
    numbered_film: Recording, cast: Cast, signed_in: Any
) -> None:
    asha = signed_in(cast.asha)
    for frame in (0, 17, 49):
        answer = kept(asha, numbered_film, frame)
        assert answer.status_code == 201, answer.content
        assert number_in(asha, answer.json()) == frame, "from the film as it came in"
    filming.work("prepare")
    for frame in (1, 16, 48):
        answer = kept(asha, numbered_film, frame)
        assert number_in(asha, answer.json()) == frame, "from the version for marking"
    times = [still.time_us for still in Still.objects.all()]
    assert times == sorted(times)


def test_the_same_frame_twice_is_one_still(numbered_film: Recording, cast: Cast, signed_in: Any) -> None:
    asha = signed_in(cast.asha)
    first, again = kept(asha, numbered_film, 5), kept(asha, numbered_film, 5)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert len(list((store.folder(numbered_film.pk) / store.STILLS).iterdir())) == 1


def test_a_frame_that_is_not_there_makes_no_still(numbered_film: Recording, cast: Cast, signed_in: Any) -> None:
    assert kept(signed_in(cast.asha), numbered_film, 50).status_code == 400
    assert kept(signed_in(cast.asha), numbered_film, -1).status_code == 400
    assert not Still.objects.exists()


def test_before_the_film_is_checked_a_still_is_refused_kindly(
    cast: Cast, consenting_family: FamilyInTests, signed_in: Any
) -> None:
    film = filming.make_recording(consenting_family, cast.asha)
    answer = kept(signed_in(cast.asha), film, 0)
    assert answer.status_code == 422
    assert "as soon as" in answer.json()["error"]
