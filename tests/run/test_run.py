"""`make run`: one command, the whole service; one signal, nothing left."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import services
from tests.environment import clean
from tests.run.test_processes import gone, until
from vig_service.live import ask
from vig_service.processes import PROJECT, descendants, marked
from vig_service.run import CannotRun, RunLock, listen

pytestmark = pytest.mark.fault
START_SECONDS = 120


class Launched:
    """A `make run` with data of its own, and what it has said."""

    def __init__(self, data_dir: Path, port: int) -> None:
        environment = clean(VIG_DATA_DIR=str(data_dir), PORT=str(port))
        self.data_dir = data_dir
        self.output = data_dir.with_suffix(".log")
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vig_service.run"],
                cwd=PROJECT,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_it_says(self, words: str) -> None:
        until(lambda: words in self.said() or self.process.poll() is not None, START_SECONDS)
        assert words in self.said(), f"{self.process.poll()}: {self.said()}"

    @property
    def facts(self) -> dict[str, str]:
        found = json.loads((self.data_dir / "run.lock").read_text())
        assert isinstance(found, dict)
        return found

    def processes(self) -> list[int]:
        return marked(self.facts["run_id"])


@pytest.fixture
def launch(tmp_path: Path):
    services.require("redis")
    running: list[Launched] = []

    def start(port: int = 8130) -> Launched:
        running.append(Launched(tmp_path / "data", port))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.process.send_signal(signal.SIGTERM)
            each.process.wait(60)


def test_a_busy_port_means_the_next_free_one_on_both_of_localhosts_addresses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        found, opened = listen(port)
        assert found > port
        for each in opened:
            each.close()
        with pytest.raises(CannotRun, match="PORT="):
            listen(port, tries=1)


def test_it_starts_serves_keeps_its_data_and_ends_whole(launch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        first = launch(port := busy.getsockname()[1])
        first.wait_until_it_says("The service is at")
        url = first.facts["url"]
        assert url.startswith("http://localhost:")
        assert url != f"http://localhost:{port}"
    # The address is printed once it answers, with somebody to sign in as.
    assert ask(int(url.rpartition(":")[2])) == (200, "ok")
    assert "@" in first.said().partition("The service is at")[2]
    assert "made-up people" in first.said()
    first.wait_until_it_says("clips@")
    assert len(first.processes()) >= 7  # Redis, gunicorn and its workers, two Celery workers with a pool each, beat

    second = launch()
    assert second.process.wait(30) == 1
    assert f"already runs on this data: {url}" in second.said()
    assert first.process.poll() is None

    database = tmp_path / "data" / "vig.sqlite3"
    everything = descendants(first.process.pid)
    before = time.monotonic()
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(60) == 0
    assert time.monotonic() - before < 25
    assert all(gone(pid) for pid in everything)
    assert database.exists()

    # It starts again on the same data: nothing is seeded a second time.
    again = launch()
    again.wait_until_it_says("The service is at")
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(60) == 0


@pytest.fixture
def people_without_films(tmp_path: Path) -> None:
    """Demonstration data that took no processor time to make."""
    for arguments in (["migrate", "--verbosity=0"], ["seed_demo", "--films=0"]):
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=clean(VIG_DATA_DIR=str(tmp_path / "data")),
            stdout=subprocess.DEVNULL,
            check=True,
        )


@pytest.mark.usefixtures("people_without_films")
def test_a_killed_launcher_takes_everything_with_it_and_a_dead_process_ends_the_others(launch) -> None:
    run = launch()
    for words in ("The service is at", "films@", "clips@"):
        run.wait_until_it_says(words)
    sockets = Path(run.facts["sockets"])
    everything = descendants(run.process.pid)
    assert len(everything) >= 8
    run.process.kill()
    run.process.wait()
    until(lambda: all(gone(pid) for pid in everything), 30)

    # The next one clears up what no killed process can.
    assert sockets.exists()
    again = launch()
    for words in ("The service is at", "films@"):
        again.wait_until_it_says(words)
    assert not sockets.exists()

    everything = descendants(again.process.pid)
    victim = next(pid for pid in again.processes() if b"films" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(victim, signal.SIGKILL)
    assert again.process.wait(60) == 1
    assert "“films” was ended by signal 9" in again.said()
    assert all(gone(pid) for pid in everything)


def test_the_lock_tells_a_second_run_where_the_first_one_is(tmp_path: Path) -> None:
    first, second = RunLock(tmp_path), RunLock(tmp_path)
    assert first.take() == {}
    first.write(pid=17, run_id="x", url="http://localhost:8001")
    with pytest.raises(CannotRun, match=r"http://localhost:8001 \(process 17\)"):
        second.take()
    second.write()  # what a run does at its end must not touch the other's
    assert RunLock._read((tmp_path / "run.lock").open())["url"] == "http://localhost:8001"
