"""Sending a film as a browser does, and doing the work that a worker does, inside a test."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.test import Client

from clips import jobs, store, tasks
from clips.media.playable import Proxy
from clips.models import Clip, Recording, Upload, VideoJob
from tests.cast import FamilyInTests
from tests.clips.media import films

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = "application/offset+octet-stream"


def begin(client: Client, family: FamilyInTests, length: int, /, **said: Any) -> Any:
    """POST /uploads/: the response."""
    body = {
        "case": str(family.case.pk),
        "people": [str(family.rowan.pk), str(family.sam.pk)],
        "filmed_on": "2026-01-05",
        "kind": "interaction",
        "length": length,
        **said,
    }
    return client.post("/uploads/", json.dumps(body), content_type="application/json", headers=TUS)


def sha256_of(data: bytes) -> str:
    return "sha256 " + base64.b64encode(hashlib.sha256(data).digest()).decode()


def patch(client: Client, url: str, offset: int, data: bytes, **headers: str) -> Any:
    """PATCH one piece: the response. Headers by name with underscores for hyphens."""
    said = TUS | {"Upload-Offset": str(offset)} | {name.replace("_", "-"): value for name, value in headers.items()}
    said = {name: value for name, value in said.items() if value}
    return client.generic("PATCH", url, data, said.pop("Content-Type", CHUNK), headers=said)


def send(
    client: Client, family: FamilyInTests, data: bytes, *, chunk: int = 1 << 20, prove: bool = True, **said: Any
) -> Upload:
    """Send a whole film in pieces, each with its checksum, and its hash."""
    answer = begin(client, family, len(data), **said)
    assert answer.status_code == 201, answer.content
    url = answer.headers["Location"]
    for at in range(0, len(data), chunk):
        piece = data[at : at + chunk]
        sent = patch(client, url, at, piece, Upload_Checksum=sha256_of(piece))
        assert sent.status_code == 204, sent.content
    if prove:
        state(client, url, data)
    return Upload.objects.select_related("recording").get(pk=answer.json()["upload"])


def state(client: Client, url: str, data: bytes) -> Any:
    """POST the hash of the whole film."""
    digest = hashlib.sha256(data).hexdigest()
    return client.post(f"{url}hash/", json.dumps({"sha256": digest}), content_type="application/json")


def work(*kinds: str) -> int:
    """Do all the work that waits (of these kinds), as workers would; how many jobs."""
    done = 0
    todo = {"check": tasks.check_film, "prepare": tasks.prepare_film, "cut": tasks.cut_clip}
    while True:
        waiting = VideoJob.objects.filter(state="queued", kind__in=kinds or list(todo)).first()
        if waiting is None:
            return done
        todo[waiting.kind](waiting.pk)
        done += 1


def small_film(tmp_path: Path, **options: Any) -> bytes:
    """The bytes of a film of a second that browsers can play."""
    path = films.make(tmp_path / "small.mp4", **options)
    return path.read_bytes()


def pretend_ready(recording: Recording, *, frames: int = 30, size: int = 3_000_000) -> Recording:
    """Make a film look ready without any work on pictures: for tests of serving, consent and endings."""
    recording.state, recording.frames, recording.plays_directly = Recording.State.READY, frames, True
    recording.duration_us = frames * 40_000
    recording.proxy = {"time_base": [1, 25], "end_time": frames}
    recording.bytes = size
    recording.save()
    store.make_folder(recording.pk)
    store.path(recording.pk, store.ORIGINAL).write_bytes(os.urandom(size))
    store.path(recording.pk, store.PROXY).write_bytes(os.urandom(size // 2))
    proxy = Proxy(Path(), Fraction(1, 25), tuple(range(frames)), frames, Fraction(0), 128, 96, has_sound=True)
    store.write(store.path(recording.pk, store.PROXY_FACTS), json.dumps(proxy.to_json()).encode())
    steps = [0, *[40_000] * (frames - 1)]
    times = {"original": steps, "proxy": steps, "end_us": frames * 40_000, "count": frames}
    store.write(store.path(recording.pk, store.FRAMES), json.dumps(times).encode())
    for name in (store.POSTER, store.STORYBOARD):
        store.write(store.path(recording.pk, name), b"\xff\xd8\xff picture")
    store.write(store.path(recording.pk, store.PEAKS), b"{}")
    return recording


def make_recording(family: FamilyInTests, by: Any, **fields: Any) -> Recording:
    """A film of Rowan and Sam, as a row alone."""
    recording = Recording.objects.create(case=family.case, uploaded_by=by, **fields)
    recording.people.set([family.rowan, family.sam])
    return recording


def mark(recording: Recording, by: Any, first: int = 3, last: int = 9, **fields: Any) -> Clip:
    """A mark over frames of a film at 25 frames a second."""
    return Clip.objects.create(
        recording=recording,
        first_frame=first,
        last_frame=last,
        first_us=first * 40_000,
        last_us=last * 40_000,
        created_by=by,
        **fields,
    )


__all__ = [
    "CHUNK", "TUS", "begin", "jobs", "make_recording", "mark", "patch", "pretend_ready", "send", "sha256_of",
    "small_film", "state", "work",
]  # fmt: skip
