"""Whatever is killed, and whenever: the film that arrived is the film that was sent, and one right clip is left.

On the real service: gunicorn, two Celery workers, beat, Redis. Three rounds of each; ``make soak`` makes twenty.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from tests.clips.media import films
from tests.journeys.person import Answer, Person
from tests.stack import Stack, running

ROUNDS = int(os.environ.get("VIG_SOAK", "3"))
pytestmark = [pytest.mark.fault, pytest.mark.film]
PATIENCE = 90.0

_FAMILY = """
from tests.cast import consent_to_everything, make_cast, make_family
cast = make_cast()
family = make_family(cast.asha)
consent_to_everything(family, by=cast.asha)
result = {"case": str(family.case.pk), "rowan": str(family.rowan.pk), "sam": str(family.sam.pk)}
"""


class House:
    """The service with a family in it, and what lies on its disk."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.family: dict[str, str] = stack.python(_FAMILY)
        self.asha = Person(stack, "asha@service.example")

    def folder(self, film: str) -> Path:
        return self.stack.data_dir / "media" / "films" / film

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Look straight into the database: quick enough to see a job begin."""
        with contextlib.closing(sqlite3.connect(self.stack.data_dir / "vig.sqlite3", timeout=20)) as database:
            return database.execute(question, values).fetchall()

    def until(self, what: Callable[[], Any], why: str) -> Any:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(sqlite3.OperationalError):
                if found := what():
                    return found
            time.sleep(0.02)
        raise AssertionError(f"{why}: not after {PATIENCE:g} s.\n{self.jobs()}\n{self.stack.log_tail(30)}")

    def jobs(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT id, kind, state, attempts, stage, error FROM clips_videojob ORDER BY id DESC LIMIT 12")

    def settles(self, film: str, state: str = "ready") -> dict[str, Any]:
        """Wait until a film and all its moments are as they should be."""

        def settled() -> dict[str, Any] | None:
            status = self.asha.status(film)
            clips = {clip["state"] for clip in status.get("clips", [])}
            return status if status.get("state") == state and clips <= {"ready"} else None

        status: dict[str, Any] = self.until(settled, f"the film is {state} and its moments are cut")
        return status

    def job_runs(self, film: str, kind: str) -> None:
        question = "SELECT 1 FROM clips_videojob WHERE recording_id = ? AND kind = ? AND state = 'running'"
        self.until(lambda: self.rows(question, film.replace("-", ""), kind), f"a {kind} begins")

    def nothing_is_left_over(self) -> None:
        """No folder of an attempt, no file of a clip that is not the clip's own, no live job."""
        work = self.stack.data_dir / "media" / "work"
        self.until(lambda: not work.exists() or not any(work.iterdir()), "the folders of dead attempts are cleared")
        assert not self.rows("SELECT id FROM clips_videojob WHERE state IN ('queued', 'running')")
        for (film,) in self.rows("SELECT id FROM clips_recording"):
            folder = next(path for path in self.folder("").iterdir() if path.name.replace("-", "") == film)
            wanted = {row[0] for row in self.rows("SELECT file FROM clips_clip WHERE recording_id = ?", film)}
            there = {str(path.relative_to(folder)) for path in (folder / "clips").glob("*.mp4")}
            assert there == wanted - {""}
            assert not list(folder.rglob(".*"))  # half-written files

    def mark(self, film: str, first: int, last: int) -> str:
        answer = self.asha.ask("POST", f"/films/{film}/marks/", {"first_frame": first, "last_frame": last})
        assert answer.status in {200, 201}, answer.body
        said = answer.json()
        return str((said.get("mark") or said)["id"])

    def numbers(self, film: str, clip: str) -> list[int]:
        """The numbers of the pictures in a clip's file, as a player shows them."""
        answer = self.asha.ask("GET", f"/clips/{clip}/media/play")
        assert answer.status == 200
        path = self.stack.data_dir / f"{clip}.mp4"
        path.write_bytes(answer.body)
        with av.open(str(path)) as film_of_clip:
            return [films.read(frame.to_ndarray(format="gray")) for frame in film_of_clip.decode(video=0)]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    # Heartbeats come every three seconds: silence of ten is death, also where no process id can tell.
    with running(VIG_JOB_STALE_SECONDS="10", VIG_JOB_QUEUED_STALE_SECONDS="5", VIG_UPLOAD_SILENCE_SECONDS="2") as stack:
        yield House(stack)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film of four seconds."""
    return films.make(tmp_path_factory.mktemp("films") / "film.mp4", frames=100, rate=25, size=(320, 240)).read_bytes()


@pytest.fixture(scope="module")
def ready(house: House, data: bytes) -> str:
    """A film that is ready to be marked."""
    film: str = house.asha.send(house.family, data)["film"]
    house.settles(film)
    return film


@pytest.fixture(params=range(ROUNDS))
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Random points in time that a failure can be repeated with (the round's number is in the test's name)."""
    return random.Random(request.param)


def noise(chance: random.Random, length: int) -> bytes:
    """Bytes that are no film: for what is only about arriving."""
    return b"no film " + chance.randbytes(length - 8)


def test_an_upload_whose_browser_is_killed_again_and_again_arrives_whole(house: House, chance: random.Random) -> None:
    data = noise(chance, 6 << 20)
    said = house.asha.begin(house.family, len(data))
    url, at = said["upload_url"], 0
    for _ in range(6):
        checksum = chance.random() < 0.5
        piece = data[at : at + (2 << 20)]
        after = chance.randrange(len(piece))
        house.asha.die_in_a_piece(url, at, piece, after, checksum=checksum)
        # The server may notice only a moment later; it tells whoever is quicker to wait.
        at_now: int = house.asha.offset(url)
        assert at <= at_now <= at + (0 if checksum else after)
        step = data[at_now : at_now + chance.randrange(1, 1 << 20)]
        for _ in range(200):
            answer = house.asha.piece(url, at_now, step)
            if answer.status not in {409, 423}:
                break
            time.sleep(0.05)
            at_now = house.asha.offset(url)
            step = data[at_now : at_now + chance.randrange(1, 1 << 20)]
        assert answer.status == 204
        at = at_now + len(step)
        assert at == int(answer.headers["Upload-Offset"])
    while at < len(data):
        at = int(house.asha.piece(url, at, data[at : at + (1 << 20)]).headers["Upload-Offset"])
    house.asha.state_hash(said, data)
    arrived_whole(house, said, data)


def test_an_upload_whose_server_is_killed_again_and_again_arrives_whole(house: House, chance: random.Random) -> None:
    data = noise(chance, 8 << 20)
    said = house.asha.begin(house.family, len(data))
    url, at, kills = said["upload_url"], 0, 0
    while at < len(data):
        # The process is started again by this very thread: the kernel ends it with the thread that began it.
        killer = threading.Timer(chance.uniform(0, 0.2), house.stack.kill_web) if kills < 3 else None
        if killer:
            kills += 1
            killer.start()
        with contextlib.suppress(OSError, http.client.HTTPException):
            for _ in range(3):
                at = int(
                    house.asha.piece(url, at, data[at : at + (1 << 20)], checksum=chance.random() < 0.7).headers[
                        "Upload-Offset"
                    ]
                )
        if killer:
            killer.join()
            house.stack.restart_web()
        at = _offset(house, url)
    house.asha.state_hash(said, data)
    arrived_whole(house, said, data)


def test_a_browser_that_falls_silent_in_mid_piece_does_not_keep_the_film_locked(house: House) -> None:
    data = noise(random.Random(7), 3 << 20)
    said = house.asha.begin(house.family, len(data))
    with house.asha.begin_a_piece(said["upload_url"], 0, data, 1 << 20):
        # Whoever came before the lock was taken would simply send the film: first see it being written.
        house.until(lambda: _written(house, said["film"]) == 1 << 20, "the piece is being written")
        assert house.asha.piece(said["upload_url"], 0, data).status == 423
        # Two seconds later what had come is safe, and whoever comes next goes on from there.
        at = house.until(lambda: house.asha.offset(said["upload_url"]), "the silent browser is given up")
        assert at == 1 << 20
        answer = house.until(lambda: _unless_busy(house.asha.piece(said["upload_url"], at, data[at:])), "it goes on")
    assert answer.status == 204
    house.asha.state_hash(said, data)
    arrived_whole(house, said, data)


def _written(house: House, film: str) -> int:
    part = house.folder(film) / "original.part"
    return part.stat().st_size if part.exists() else 0


def _unless_busy(answer: Answer) -> Answer | None:
    return None if answer.status == 423 else answer


def _offset(house: House, url: str) -> int:
    """The offset, as soon as the service answers again."""

    def ask() -> str | None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return str(house.asha.offset(url))
        return None

    return int(house.until(ask, "the service answers"))


def arrived_whole(house: House, said: dict[str, Any], data: bytes) -> None:
    """Equal to the last bit, known to be so, and checked, although it is no film."""
    status = house.settles(said["film"], "rejected")
    assert status["hash_equal"] is True
    on_disk = (house.folder(said["film"]) / "original").read_bytes()
    assert hashlib.sha256(on_disk).hexdigest() == hashlib.sha256(data).hexdigest()
    assert not (house.folder(said["film"]) / "original.part").exists()
    house.nothing_is_left_over()


@pytest.mark.parametrize("what", ["all", "child"])
def test_a_worker_killed_while_it_prepares_leaves_a_film_that_is_ready(
    house: House, data: bytes, chance: random.Random, what: str
) -> None:
    film = house.asha.send(house.family, data)["film"]
    house.job_runs(film, "prepare")
    time.sleep(chance.uniform(0, 2.5))
    house.stack.kill("films", what=what)
    if what == "all":
        house.stack.restart("films")
    status = house.settles(film)
    assert status["playable"]["kind"] == "proxy"
    with av.open(str(house.folder(film) / "proxy.mp4")) as proxy:
        assert [films.read(frame.to_ndarray(format="gray")) for frame in proxy.decode(video=0)] == list(range(100))
    house.nothing_is_left_over()


@pytest.mark.parametrize("what", ["all", "child"])
def test_a_worker_killed_while_it_cuts_leaves_one_right_clip(
    house: House, ready: str, chance: random.Random, what: str
) -> None:
    first = chance.randrange(0, 60)
    last = first + chance.randrange(1, 40)
    clip = house.mark(ready, first, last)
    time.sleep(chance.uniform(0, 0.3))
    house.stack.kill("clips", what=what)
    if what == "all":
        house.stack.restart("clips")
    house.settles(ready)
    assert house.numbers(ready, clip) == list(range(first, last + 1))
    house.nothing_is_left_over()


def test_a_worker_killed_while_it_checks_a_film_does_not_lose_the_film(
    house: House, data: bytes, chance: random.Random
) -> None:
    film = house.asha.send(house.family, data)["film"]
    time.sleep(chance.uniform(0, 1.0))
    house.stack.kill("clips")
    house.stack.restart("clips")
    status = house.settles(film)
    assert status["hash_equal"] is True
    house.nothing_is_left_over()


def test_a_worker_told_to_end_in_mid_work_hands_it_on(house: House, data: bytes, chance: random.Random) -> None:
    film = house.asha.send(house.family, data)["film"]
    house.job_runs(film, "prepare")
    time.sleep(chance.uniform(0, 1.5))
    house.stack.restart("films")  # SIGTERM first
    house.settles(film)
    house.nothing_is_left_over()


def test_a_redis_that_is_killed_and_comes_back_loses_nothing(
    house: House, ready: str, data: bytes, chance: random.Random
) -> None:
    if chance.random() < 0.5:
        film = house.asha.send(house.family, data)["film"]
        first = chance.randrange(60)
        clip = house.mark(ready, first, first + 9)
        time.sleep(chance.uniform(0, 1.0))
        house.stack.restart_redis()
    else:  # the messages are never sent at all
        house.stack.kill_redis()
        time.sleep(chance.uniform(0, 0.5))
        film = house.asha.send(house.family, data)["film"]
        first = chance.randrange(60)
        clip = house.mark(ready, first, first + 9)
        house.stack.restart_redis()
    house.settles(film)
    house.settles(ready)
    assert house.numbers(ready, clip) == list(range(first, first + 10))
    house.nothing_is_left_over()


_TELL = """
from clips.models import VideoJob
from clips import jobs
for job in VideoJob.objects.filter(recording=film):
    for _ in range(3):
        jobs._publish(job.kind, job.pk)
"""


def test_the_same_message_many_times_does_the_work_once(
    house: House, ready: str, data: bytes, chance: random.Random
) -> None:
    film = house.asha.send(house.family, data)["film"]
    first = chance.randrange(60)
    clip = house.mark(ready, first, first + 19)
    for each in (film, ready):
        house.stack.python(_TELL, film=each)
    house.settles(film)
    house.settles(ready)
    for each in (film, ready):
        house.stack.python(_TELL, film=each)  # and once more when all is done
    time.sleep(1)
    assert house.numbers(ready, clip) == list(range(first, first + 20))
    question = "SELECT max(attempts) FROM clips_videojob WHERE clip_id = ?"
    assert house.rows(question, clip.replace("-", "")) == [(1,)]
    house.nothing_is_left_over()
