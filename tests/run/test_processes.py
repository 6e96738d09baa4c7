"""Child processes start, are told apart by their mark, and never outlive whoever started them."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from vig_service.processes import PROJECT, RUN_MARK, Child, descendants, marked, procfile, stop_all, sweep

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def started(argv: list[str], **environment: str) -> Child:
    """A child that has written its first line."""
    heard: list[str] = []
    child = Child("test", argv, environment=dict(os.environ) | environment, say=lambda name, line: heard.append(line))
    child.start()
    until(lambda: bool(heard))
    return child


def until(condition, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether the process is dead, a zombie that nobody waits for included."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_the_procfile_names_programs_that_are_installed() -> None:
    processes = procfile()
    assert list(processes) == ["web", "clips", "films", "messages", "beat"]
    for argv in processes.values():
        assert Path(argv[0]).exists()


def test_a_child_that_does_not_listen_is_made_to_end_when_its_grace_is_over() -> None:
    polite, deaf = started(SLEEPER), started(DEAF)
    before = time.monotonic()
    stop_all([polite, deaf], grace=1)
    assert 1 <= time.monotonic() - before < 5
    assert polite.poll() == -signal.SIGTERM
    assert deaf.poll() == -signal.SIGKILL


def test_a_mark_finds_the_grandchildren_that_a_run_left_behind() -> None:
    mark = str(uuid.uuid4())
    code = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True)\n"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    child = started([sys.executable, "-c", code], **{RUN_MARK: mark})
    (grandchild,) = descendants(child.pid)
    assert set(marked(mark)) == {child.pid, grandchild}
    child.kill()
    assert not gone(grandchild)
    assert sweep(mark) == 1
    until(lambda: gone(grandchild))
    assert sweep(mark) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells a child of its parent's death on Linux alone")
def test_a_child_ends_when_its_parent_is_killed() -> None:
    code = (
        "import os, sys, time\nfrom vig_service.processes import Child\n"
        f"child = Child('x', {SLEEPER!r}, environment=dict(os.environ))\n"
        "child.start(); print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert not gone(child)
    parent.kill()
    parent.wait()
    until(lambda: gone(child))
    parent.stdout.close()
