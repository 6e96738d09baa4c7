"""From the first byte to the cut clip, on a real film, with the work done in the test's own process."""

from __future__ import annotations

import hashlib
from pathlib import Path

import av
import pytest
from django.test import Client

from clips import store
from clips.models import Clip, Recording, VideoJob
from tests.cast import Cast, FamilyInTests
from tests.clips import filming
from tests.clips.media import films


@pytest.mark.film
def test_a_film_that_browsers_play_is_marked_from_the_original_and_cut_from_its_proxy(
    cast: Cast, consenting_family: FamilyInTests, signed_in, tmp_path: Path
) -> None:
    data = filming.small_film(tmp_path, frames=40, rate=25)
    asha: Client = signed_in(cast.asha)
    answer = filming.begin(asha, consenting_family, len(data))
    url, film_url = answer.headers["Location"], answer.json()["status_url"]
    film = Recording.objects.get()
    # Marked while it is being sent: observed times, no frames yet.
    early = Clip.objects.create(recording=film, first_us=201_000, last_us=519_000, created_by=cast.asha)
    assert filming.patch(asha, url, 0, data[:1000], Upload_Checksum=filming.sha256_of(data[:1000])).status_code == 204
    assert asha.get(film_url).json()["state"] == "uploading"
    assert filming.patch(asha, url, 1000, data[1000:]).status_code == 204
    assert asha.get(film_url).json()["state"] == "checking"

    assert filming.work("check") == 1
    status = asha.get(film_url).json()
    assert status["state"] == "preparing"
    assert status["playable"]["kind"] == "original"
    assert b"".join(asha.get(status["playable"]["src"])) == data
    early.refresh_from_db()
    assert (early.first_frame, early.last_frame) == (5, 12)
    assert (early.first_us, early.last_us) == (200_000, 480_000)
    assert status["hash_equal"] is None
    assert not status["erase_copy_due"]
    assert filming.state(asha, url, data).json()["hash_equal"] is True
    assert asha.get(film_url).json()["erase_copy_due"]

    assert filming.work("prepare") == 1
    film.refresh_from_db()
    assert film.state == "ready"
    assert film.sha256 == hashlib.sha256(data).hexdigest()
    status = asha.get(film_url).json()
    assert status["playable"]["kind"] == "proxy"
    for what in ("poster", "storyboard", "peaks", "frames", "play", "proxy"):
        assert asha.get(f"/films/{film.pk}/media/{what}").status_code == 200, what

    assert filming.work("cut") == 1
    early.refresh_from_db()
    assert early.state == "ready"
    served = b"".join(asha.get(f"/clips/{early.pk}/media/play"))
    copy = tmp_path / "clip.mp4"
    copy.write_bytes(served)
    with av.open(str(copy)) as clip:
        numbers = [films.read(frame.to_ndarray(format="gray")) for frame in clip.decode(video=0)]
    assert numbers == list(range(5, 13))
    assert asha.get(f"/clips/{early.pk}/media/poster").status_code == 200
    assert not store.attempts()
    assert not VideoJob.objects.exclude(state="done").exists()


@pytest.mark.film
def test_a_file_that_is_no_film_is_refused_with_its_reason_and_what_to_do(
    cast: Cast, consenting_family: FamilyInTests, signed_in
) -> None:
    asha = signed_in(cast.asha)
    upload = filming.send(asha, consenting_family, b"%PDF-1.7 this is a letter" * 100)
    assert filming.work() == 1
    status = asha.get(f"/films/{upload.recording_id}/status/").json()
    assert status["state"] == "rejected"
    assert "document" in status["rejected"]["reason"]
    assert status["rejected"]["advice"]
    page = asha.get(f"/films/{upload.recording_id}/").content.decode()
    assert "This file is a document, not a film." in page
    assert "Check it again" in page


@pytest.mark.film
def test_a_film_that_browsers_cannot_play_is_not_handed_out_as_it_came(
    cast: Cast, consenting_family: FamilyInTests, signed_in, tmp_path: Path
) -> None:
    path = films.make(tmp_path / "old.avi", codec="mpeg4", frames=20, sounds=(films.Sound("mp3"),))
    asha = signed_in(cast.asha)
    upload = filming.send(asha, consenting_family, path.read_bytes())
    film = upload.recording_id
    filming.work("check")
    status = asha.get(f"/films/{film}/status/").json()
    assert status["state"] == "preparing"
    assert status["playable"]["kind"] is None
    assert asha.get(f"/films/{film}/media/original").status_code == 404
    assert asha.get(f"/films/{film}/media/play").status_code == 404
    filming.work("prepare")
    assert asha.get(f"/films/{film}/media/original").status_code == 404
    assert asha.get(f"/films/{film}/media/play").status_code == 200
