"""The sandbox: what runs inside it reaches nothing else, takes no more than its share, and always ends."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from clips.media import confine, sandbox
from clips.media.sandbox import Level, Limits, levels, running

PYTHON = [sys.executable, "-I", "-S", "-c"]
PROJECT = Path(__file__).resolve().parents[3]


def available() -> list[Level]:
    found = [Level.LIMITS]
    if confine.landlock_version():
        found.insert(0, Level.LANDLOCK)
    if levels.proc_arguments() is not None:
        found.insert(0, Level.BUBBLEWRAP)
    return found


walled = pytest.mark.parametrize("level", [x for x in available() if x is not Level.LIMITS], ids=lambda x: x.name)


@pytest.fixture(params=available(), ids=lambda level: level.name)
def level(request: pytest.FixtureRequest) -> Iterator[Level]:
    with sandbox.at(request.param):
        yield request.param


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "a film.mp4"
    path.write_bytes(b"the family's film")
    return path


def alive(marker: str) -> bool:
    """Say whether a process that carries `marker` on its command line is alive."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and marker.encode() in (entry / "cmdline").read_bytes():
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z":
                    return True
    return False


def ends(marker: str, within_s: float = 5) -> bool:
    until = time.monotonic() + within_s
    while alive(marker):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


# ---------------------------------------------------------------- what is in reach


def test_the_program_reads_its_input_and_writes_beside_it(level, film):
    code = "data = open('in').read(); open('out', 'w').write(data.upper()); print(data)"
    with sandbox.job(film) as job:
        completed = sandbox.run([*PYTHON, code], job=job)
        assert completed.stdout == "the family's film\n"
        assert (job / "out").read_text() == "THE FAMILY'S FILM"


@walled
def test_no_other_film_can_be_reached(level, film, tmp_path):
    victim = tmp_path / "victim.mp4"
    victim.write_text("another family")
    code = f"""
import os
for path in ({str(victim)!r}, "../victim.mp4", "/etc/passwd", {str(PROJECT / "manage.py")!r}):
    try:
        print(open(path).read())
    except OSError:
        print("refused")
"""
    with sandbox.at(level), sandbox.job(film) as job:
        assert sandbox.run([*PYTHON, code], job=job).stdout.split() == ["refused"] * 4


@walled
def test_nothing_can_be_written_outside_the_job(level, film, tmp_path):
    target = tmp_path / "planted"
    code = f"open({str(target)!r}, 'w').write('x')"
    with sandbox.at(level), sandbox.job(film) as job:
        completed = sandbox.run([*PYTHON, code], job=job, check=False)
    assert completed.returncode != 0
    assert not target.exists()


@walled
def test_there_is_no_network(level, film):
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)"
        with sandbox.at(level), sandbox.job(film) as job:
            assert sandbox.run([*PYTHON, code], job=job, check=False).returncode != 0


@pytest.mark.skipif(Level.BUBBLEWRAP not in available(), reason="bubblewrap does not work here")
def test_the_film_itself_cannot_be_changed_from_inside(film):
    code = "open('in', 'r+').write('spoilt')"
    with sandbox.at(Level.BUBBLEWRAP), sandbox.job(film) as job:
        assert sandbox.run([*PYTHON, code], job=job, check=False).returncode != 0
    assert film.read_text() == "the family's film"


def test_the_environment_stays_outside(level, film, monkeypatch):
    monkeypatch.setenv("VIG_SECRET_KEY", "very secret")
    with sandbox.job(film) as job:
        seen = sandbox.run([*PYTHON, "import os; print(dict(os.environ))"], job=job).stdout
    assert "very secret" not in seen


def test_files_that_were_named_as_readable_can_be_read(level, film, tmp_path):
    other = tmp_path / "cover.txt"
    other.write_text("a cover")
    with sandbox.job(film) as job:
        done = sandbox.run([*PYTHON, f"print(open({str(other)!r}).read())"], job=job, read_only=[other])
    assert done.stdout == "a cover\n"


# ---------------------------------------------------------------- limits


def test_a_program_that_hangs_is_ended_with_all_its_children(level, film):
    marker = uuid.uuid4().hex
    code = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", {marker!r}])
time.sleep(60)
"""
    began = time.monotonic()
    with sandbox.job(film) as job, pytest.raises(sandbox.TimedOut):
        sandbox.run([*PYTHON, code], job=job, limits=Limits(wall_seconds=1))
    assert time.monotonic() - began < 4
    assert ends(marker)


def test_a_program_that_never_stops_computing_is_ended(level, film):
    with sandbox.job(film) as job, pytest.raises(sandbox.TimedOut):
        sandbox.run([*PYTHON, "while True: pass"], job=job, limits=Limits(cpu_seconds=1, wall_seconds=20))


def test_memory_and_file_size_are_limited(level, film):
    code = """
try:
    bytearray(1 << 30)
except MemoryError:
    print("no memory")
open("out", "wb").write(bytes(2 << 20))
"""
    limits = Limits(address_space=512 * 2**20, file_bytes=2**20)
    with sandbox.job(film) as job:
        completed = sandbox.run([*PYTHON, code], job=job, limits=limits, check=False)
        assert (job / "out").stat().st_size <= 2**20
    assert completed.stdout == "no memory\n"
    assert completed.returncode != 0


def test_the_program_is_polite_and_leaves_no_core(level, film):
    code = "import os, resource as r; print(os.nice(0), r.getrlimit(r.RLIMIT_CORE)[1], r.getrlimit(r.RLIMIT_NOFILE)[1])"
    with sandbox.job(film) as job:
        out = sandbox.run([*PYTHON, code], job=job, limits=Limits(nice=10, open_files=40)).stdout.split()
    assert int(out[0]) >= 10
    assert out[1:] == ["0", "40"]


def test_a_flood_of_output_is_stopped(film, monkeypatch):
    monkeypatch.setattr(running, "_STDOUT_MOST", 10_000)
    with sandbox.job(film) as job, pytest.raises(sandbox.Failed, match="too much"):
        sandbox.run([*PYTHON, "while True: print('x' * 1000)"], job=job)


# ---------------------------------------------------------------- following and ending


def test_lines_arrive_while_the_program_runs(level, film):
    code = "import time; print('half', flush=True); time.sleep(0.6); print('all', end='')"
    heard: list[tuple[str, float]] = []
    with sandbox.job(film) as job:
        sandbox.run([*PYTHON, code], job=job, on_line=lambda line: heard.append((line, time.monotonic())))
    assert [line for line, _ in heard] == ["half", "all"]
    assert heard[1][1] - heard[0][1] > 0.4


def test_a_run_can_be_stopped(level, film):
    marker = uuid.uuid4().hex
    began = time.monotonic()
    with sandbox.job(film) as job, pytest.raises(sandbox.Cancelled):
        sandbox.run(
            [*PYTHON, "import time; time.sleep(60)", marker],
            job=job,
            cancelled=lambda: time.monotonic() - began > 0.5,
        )
    assert time.monotonic() - began < 3
    assert ends(marker)


def test_a_killed_worker_takes_its_program_with_it(level, film):
    marker = uuid.uuid4().hex
    worker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from clips.media import sandbox\n"
            f"with sandbox.at(sandbox.Level.{level.name}), sandbox.job(Path(sys.argv[1])) as job:\n"
            f"    sandbox.run([sys.executable, '-c', 'import time; time.sleep(60)', {marker!r}], job=job)",
            str(film),
        ],
        cwd=PROJECT,
    )
    until = time.monotonic() + 10
    while not any(marker.encode() in command for command in _innermost()) and time.monotonic() < until:
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    assert ends(marker)


def _innermost() -> list[bytes]:
    """Return the command lines of the sleepers themselves, not of what starts them."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit():
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if words[1:3] == [b"-c", b"import time; time.sleep(60)"]:
                    found.append(b" ".join(words))
    return found


def test_a_bad_end_is_told_with_what_was_said(level, film):
    with sandbox.job(film) as job, pytest.raises(sandbox.Failed, match="the film is odd") as caught:
        sandbox.run([*PYTHON, "import sys; sys.exit('the film is odd')"], job=job)
    assert caught.value.completed.returncode == 1
    with sandbox.job(film) as job, pytest.raises(FileNotFoundError):
        sandbox.run(["no-such-program-anywhere"], job=job)


# ---------------------------------------------------------------- the job directory


def test_a_job_holds_one_file_and_goes_away(film, tmp_path):
    def spoilt() -> None:
        raise RuntimeError

    with contextlib.suppress(RuntimeError), sandbox.job(film, root=tmp_path) as job:
        assert stat.S_IMODE(job.stat().st_mode) == 0o700
        assert [path.name for path in job.iterdir()] == ["in"]
        assert (job / "in").samefile(film)
        assert not (job / "in").is_symlink()
        spoilt()
    assert not job.exists()
    assert film.read_text() == "the family's film"


def test_what_a_killed_worker_left_behind_is_swept_away(film, tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from clips.media import sandbox\n"
        "with sandbox.job(Path(sys.argv[1]), root=Path(sys.argv[2])): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, film, tmp_path], cwd=PROJECT)
    (left,) = tmp_path.glob("film-job-*")
    assert (left / "in").samefile(film)
    with sandbox.job(film, root=tmp_path) as used:
        for job in (left, used):
            os.utime(job, (0, 0))
        assert sandbox.sweep(tmp_path) == 1
        assert not left.exists()
        assert used.exists()
    assert film.exists()


def test_a_film_on_another_disk_is_brought_in_all_the_same(level, film, monkeypatch):
    def cannot(*args: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", cannot)
    with sandbox.job(film) as job:
        assert sandbox.run([*PYTHON, "print(open('in').read())"], job=job).stdout == "the family's film\n"
    assert film.exists()


def test_only_a_plain_file_can_be_a_job(tmp_path):
    with pytest.raises(IsADirectoryError), sandbox.job(tmp_path):
        pass
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="regular"), sandbox.job(tmp_path / "pipe"):
        pass
    with pytest.raises(FileNotFoundError), sandbox.job(tmp_path / "gone"):
        pass


def test_a_link_is_followed_once_outside_and_never_handed_in(film, tmp_path):
    link = tmp_path / "link.mp4"
    link.symlink_to(film)
    with sandbox.job(link) as job:
        assert not (job / "in").is_symlink()
        assert sandbox.run([*PYTHON, "print(open('in').read())"], job=job).stdout == "the family's film\n"


# ---------------------------------------------------------------- Python inside, levels


def test_python_functions_get_and_give_json(level, film):
    heard: list[str] = []
    with sandbox.job(film) as job:
        result = sandbox.python("clips.media.child:say", {"line": "half"}, job=job, on_line=heard.append)
        assert (result, heard) == (None, ["half"])
        with pytest.raises(sandbox.Failed) as caught:
            sandbox.python("clips.media.child:say", {"nonsense": 1}, job=job)
        assert "TypeError" in caught.value.completed.stderr
        with pytest.raises(sandbox.Failed, match="not for the sandbox"):
            sandbox.python("os:system", {"command": "true"}, job=job)


def test_the_level_is_found_out_by_trying(monkeypatch):
    levels._detect.cache_clear()
    monkeypatch.setattr(levels, "proc_arguments", lambda: None)
    try:
        weaker = sandbox.level()
        assert weaker is not Level.BUBBLEWRAP
        assert sandbox.explain() == weaker.sentence
        monkeypatch.setattr(levels, "_in_tight_container", lambda: True)
        levels._detect.cache_clear()
        assert sandbox.level() is Level.CONTAINER
        monkeypatch.setattr(levels, "_in_tight_container", lambda: False)
        monkeypatch.setattr(confine, "landlock_version", lambda: 0)
        levels._detect.cache_clear()
        assert sandbox.level() is Level.LIMITS
        assert "no wall" in sandbox.explain()
    finally:
        levels._detect.cache_clear()
