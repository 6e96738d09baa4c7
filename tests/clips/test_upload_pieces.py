"""Pieces of a film over tus 1.0: the list of behaviours follows the test suites of tusd and of ownCloud."""

from __future__ import annotations

import base64
import errno
import hashlib
import os

import pytest
from django.conf import LazySettings
from django.test import Client

from clips import actions, receiving, store
from clips.models import VideoJob
from tests.clips import filming
from tests.clips.filming import TUS, patch
from tests.clips.sending import DATA, Dying, offset, on_disk, the_upload

# --- Pieces ------------------------------------------------------------------------------------------------


def test_a_film_arrives_in_pieces_and_is_whole(asha: Client, url: str) -> None:
    assert offset(asha, url) == 0
    for at in range(0, 5000, 1250):
        answer = patch(asha, url, at, DATA[at : at + 1250])
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(at + 1250)
        assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert on_disk() == DATA
    upload = the_upload()
    assert (upload.state, upload.recording.state) == ("complete", "checking")
    assert VideoJob.objects.get().kind == "check"
    assert offset(asha, url) == 5000


def test_head_says_length_offset_and_expiry_and_is_never_cached(asha: Client, url: str) -> None:
    answer = asha.head(url, headers=TUS)
    assert answer.headers["Upload-Length"] == "5000"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert not answer.content


@pytest.mark.parametrize("wrong", [1, 999, 5000, 10**18])
def test_a_piece_from_another_place_is_refused_and_the_right_place_said(asha: Client, url: str, wrong: int) -> None:
    answer = patch(asha, url, wrong, DATA[:10])
    assert answer.status_code == 409
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.json()["offset"] == 0
    assert on_disk() == b""


@pytest.mark.parametrize("wrong", ["", "-1", "1.5", "ten", "१", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(asha: Client, url: str, wrong: str) -> None:
    answer = asha.generic(
        "PATCH", url, DATA[:10], filming.CHUNK, headers=TUS | ({"Upload-Offset": wrong} if wrong.isascii() else {})
    )
    assert answer.status_code == 400


def test_a_piece_of_another_type_or_another_tus_is_refused(asha: Client, url: str) -> None:
    assert patch(asha, url, 0, DATA, Content_Type="application/octet-stream").status_code == 415
    for version in ("0.2.2", ""):
        answer = patch(asha, url, 0, DATA, Tus_Resumable=version)
        assert answer.status_code == 412
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert on_disk() == b""


def test_a_piece_past_the_end_is_refused_and_nothing_of_it_kept(asha: Client, url: str) -> None:
    patch(asha, url, 0, DATA[:4000])
    assert patch(asha, url, 4000, DATA[:1001]).status_code == 413
    assert offset(asha, url) == 4000
    assert on_disk() == DATA[:4000]


def test_after_the_last_byte_another_piece_is_refused_without_harm(asha: Client, url: str) -> None:
    patch(asha, url, 0, DATA)
    answer = patch(asha, url, 0, DATA)
    assert answer.status_code == 409
    assert answer.headers["Upload-Offset"] == "5000"
    assert on_disk() == DATA
    assert VideoJob.objects.count() == 1


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_damaged_piece_is_refused_and_nothing_of_it_kept(asha: Client, url: str, algorithm: str) -> None:
    digest = hashlib.new(algorithm, DATA[:1000]).digest()
    said = f"{algorithm} {base64.b64encode(digest).decode()}"
    damaged = bytearray(DATA[:1000])
    damaged[500] ^= 1
    assert patch(asha, url, 0, bytes(damaged), Upload_Checksum=said).status_code == 460
    assert (offset(asha, url), on_disk()) == (0, b"")
    assert patch(asha, url, 0, DATA[:1000], Upload_Checksum=said).status_code == 204
    assert (offset(asha, url), on_disk()) == (1000, DATA[:1000])


@pytest.mark.parametrize("said", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256", "sha256 ???", "sha256  "])
def test_a_checksum_that_cannot_be_checked_is_refused(asha: Client, url: str, said: str) -> None:
    answer = patch(asha, url, 0, DATA, Upload_Checksum=said)
    assert answer.status_code in {400, 460}
    assert on_disk() == b""


def test_a_piece_without_a_length_is_refused(asha: Client, url: str) -> None:
    answer = asha.generic("PATCH", url, DATA, filming.CHUNK, CONTENT_LENGTH="", headers=TUS | {"Upload-Offset": "0"})
    assert answer.status_code == 411


def test_other_verbs_are_not_allowed(asha: Client, url: str) -> None:
    for verb in ("GET", "POST", "PUT"):
        answer = asha.generic(verb, url, headers=TUS | {"X-HTTP-Method-Override": "DELETE"})
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "HEAD, PATCH, DELETE, OPTIONS"
    assert asha.put("/uploads/").status_code == 405
    assert the_upload().state == "receiving"


# --- When the line breaks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [True, False])
def test_what_came_before_the_line_broke_is_kept_unless_a_checksum_was_to_prove_it(url: str, error: bool) -> None:
    with pytest.raises(receiving.BrokenOff):
        receiving.receive(the_upload(), Dying(DATA[:1700], error=error).read, offset=0, length=3000)
    assert on_disk() == DATA[:1700]
    assert the_upload().offset == 1700
    checksum = receiving.Checksum("sha256", hashlib.sha256(DATA[1700:4000]).digest())
    with pytest.raises(receiving.BrokenOff):
        receiving.receive(
            the_upload(), Dying(DATA[1700:2000], error=error).read, offset=1700, length=2300, checksum=checksum
        )
    assert on_disk() == DATA[:1700]
    assert the_upload().offset == 1700


def test_bytes_that_nobody_vouched_for_are_cut_off_before_the_next_piece(asha: Client, url: str) -> None:
    """As after a server that was killed in the middle of a piece."""
    patch(asha, url, 0, DATA[:1000])
    with store.path(the_upload().recording_id, store.PART).open("ab") as part:
        part.write(b"half of a piece")
    assert offset(asha, url) == 1000
    assert patch(asha, url, 1000, DATA[1000:]).status_code == 204
    assert on_disk() == DATA


def test_a_file_that_is_shorter_than_the_database_says_goes_on_from_its_real_end(asha: Client, url: str) -> None:
    """As after a backup of the files that is older than that of the database."""
    patch(asha, url, 0, DATA[:4000])
    os.truncate(store.path(the_upload().recording_id, store.PART), 1500)
    assert offset(asha, url) == 1500
    assert patch(asha, url, 4000, DATA[4000:]).status_code == 409
    assert patch(asha, url, 1500, DATA[1500:]).status_code == 204
    assert on_disk() == DATA


@pytest.mark.parametrize("named", [True, False])
def test_a_server_that_died_after_the_last_byte_finishes_when_asked_again(
    asha: Client, url: str, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    def die(**_: object) -> bool:
        part = store.path(the_upload().recording_id, store.PART)
        if not part.exists():
            return False
        if named:
            part.rename(part.with_name(store.ORIGINAL))
        raise SystemExit

    monkeypatch.setattr(actions, "complete_if_whole", die)
    with pytest.raises(SystemExit):
        patch(asha, url, 0, DATA)
    monkeypatch.undo()
    assert the_upload().state == "receiving"
    assert offset(asha, url) == 5000
    assert the_upload().state == "complete"
    assert VideoJob.objects.get().kind == "check"
    assert on_disk() == DATA


def test_a_long_piece_is_vouched_for_on_the_way(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SAFE_EVERY", 1000)
    monkeypatch.setattr(receiving, "BLOCK", 100)
    seen = []

    def read(size: int) -> bytes:
        at = len(on_disk())
        seen.append(the_upload().offset)
        return DATA[at : at + size]

    receiving.receive(the_upload(), read, offset=0, length=5000)
    assert {1000, 2000, 3000, 4000} <= set(seen)


def test_never_more_of_a_piece_than_a_block_is_in_memory(url: str) -> None:
    asked = []

    def read(size: int) -> bytes:
        asked.append(size)
        return DATA[:size]

    receiving.receive(the_upload(), read, offset=0, length=5000)
    assert max(asked) <= receiving.BLOCK <= 1024**2


# --- When the disk is full -------------------------------------------------------------------------------------


def test_a_disk_that_fills_up_gives_507_and_never_a_short_success(
    asha: Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch(asha, url, 0, DATA[:1000])
    write, room = os.write, 1500

    def full(handle: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = write(handle, bytes(data)[:room])  # the kernel writes what fits, then says that no more does
        room -= taken
        return taken

    monkeypatch.setattr(receiving.os, "write", full)
    answer = patch(asha, url, 1000, DATA[1000:4000])
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "no room" in answer.json()["message"]
    assert (offset(asha, url), on_disk()) == (1000, DATA[:1000])
    assert patch(asha, url, 1000, DATA[1000:]).status_code == 204
    assert on_disk() == DATA


def test_a_piece_that_would_eat_into_the_reserve_is_not_begun(
    asha: Client, url: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_RESERVE_BYTES = 8000
    monkeypatch.setattr(store, "free_space", lambda: 8999)
    assert patch(asha, url, 0, DATA).status_code == 507
    monkeypatch.setattr(store, "free_space", lambda: 9000)
    assert patch(asha, url, 0, DATA).status_code == 204
