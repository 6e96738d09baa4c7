"""Two requests that send the same film at the same time, and a server that is killed with the film in its hands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from audit import triggers
from clips import receiving, store
from clips.models import Upload
from tests.cast import Cast, FamilyInTests
from tests.clips import filming
from tests.clips.filming import TUS, patch

DATA = os.urandom(4000)
_HOLD = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(handle, fcntl.LOCK_EX)
os.write(handle, b"half of a piece")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def upload(cast: Cast, consenting_family: FamilyInTests, signed_in) -> Upload:
    answer = filming.begin(signed_in(cast.asha), consenting_family, len(DATA))
    return Upload.objects.get(pk=answer.json()["upload"])


def another_worker(part: Path) -> subprocess.Popen[str]:
    part.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(part)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_while_one_worker_writes_another_is_told_to_wait_and_a_killed_one_holds_nothing(
    upload: Upload, cast: Cast, signed_in
) -> None:
    asha: Client = signed_in(cast.asha)
    url = f"/uploads/{upload.pk}/"
    worker = another_worker(store.path(upload.recording_id, store.PART))
    try:
        answer = patch(asha, url, 0, DATA)
        assert answer.status_code == 423
        assert "Another page" in answer.json()["message"]
        assert asha.head(url, headers=TUS).headers["Upload-Offset"] == "0"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert patch(asha, url, 0, DATA).status_code == 204
    assert store.path(upload.recording_id, store.ORIGINAL).read_bytes() == DATA


@pytest.fixture
def _triggers_again(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        triggers.create(connection)


@pytest.fixture
def real_transactions(_triggers_again: None, transactional_db: None) -> Iterator[None]:
    """Rows that other threads see. They are cleared away at the end, which the audit's triggers would forbid."""
    yield
    triggers.drop(connection)


def test_two_pieces_at_once_never_mix(real_transactions: None, upload: Upload) -> None:
    """A thread is in the middle of its piece when another comes: that is refused, the bytes are the first one's."""
    begun, go_on = threading.Event(), threading.Event()
    outcome: list[object] = []

    def slowly(size: int) -> bytes:
        begun.set()
        assert go_on.wait(10)
        return DATA[:size]

    def first() -> None:
        try:
            outcome.append(receiving.receive(Upload.objects.get(), slowly, offset=0, length=2000))
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    if connection.vendor == "sqlite":
        # Threads share the test's in-memory database through one connection.
        connection.inc_thread_sharing()
    thread.start()
    assert begun.wait(10)
    with pytest.raises(receiving.Busy):
        receiving.receive(Upload.objects.get(), lambda size: b"X" * size, offset=0, length=2000)
    go_on.set()
    thread.join(10)
    assert outcome == [2000]
    assert store.path(upload.recording_id, store.PART).read_bytes() == DATA[:2000]
