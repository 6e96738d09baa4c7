"""What the tests of sending a film share: its bytes, what has arrived of them, a browser that dies."""

from __future__ import annotations

import os

from django.test import Client

from clips import store
from clips.models import Upload
from tests.clips.filming import TUS

DATA = os.urandom(5000)


def offset(client: Client, url: str) -> int:
    answer = client.head(url, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def the_upload() -> Upload:
    """The upload of a test's ``url``: the first one."""
    return Upload.objects.select_related("recording").order_by("created_at")[0]


def on_disk() -> bytes:
    film = the_upload().recording_id
    for name in (store.PART, store.ORIGINAL):
        if store.path(film, name).exists():
            return store.path(film, name).read_bytes()
    return b""


class Dying:
    """A browser that goes away after some bytes: it says how long the piece is, and does not send all of it."""

    def __init__(self, data: bytes, *, error: bool) -> None:
        self.data, self.error = data, error

    def read(self, size: int) -> bytes:
        piece, self.data = self.data[:size], self.data[size:]
        if not piece and self.error:
            raise ConnectionResetError
        return piece
