"""Running a program inside the sandbox, following what it says, and ending it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from clips.media import child
from clips.media.sandbox import bubblewrap, jobs, walls
from clips.media.sandbox.levels import Level, level
from clips.media.sandbox.walls import Limits

_STDERR_KEPT = 64 * 2**10
_STDOUT_MOST = 64 * 2**20
_POLL_S = 0.2


@dataclass(frozen=True)
class Completed:
    """How a run ended: exit code, and what it wrote (standard error: its last 64 KiB)."""

    returncode: int
    stdout: str
    stderr: str


class SandboxError(Exception):
    """A run did not come to a good end."""


class TimedOut(SandboxError):
    """The run took more wall time or processor time than it was given; it was ended."""


class Cancelled(SandboxError):
    """The caller asked for the end of the run; it was ended."""


class Failed(SandboxError):
    """The program ended badly. `completed` holds its exit code and output."""

    def __init__(self, message: str, completed: Completed) -> None:
        super().__init__(message)
        self.completed = completed


def run(
    argv: Sequence[str | Path],
    *,
    job: Path,
    limits: Limits | None = None,
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    read_only: Sequence[Path] = (),
    check: bool = True,
    stdin: IO[bytes] | None = None,
) -> Completed:
    """Run a program inside the sandbox, in the job directory, and wait for it.

    `on_line` gets each line of standard output as it comes; `cancelled` is asked a few times a second;
    `read_only` are further files or folders that the program may read, at their own paths. Raises TimedOut,
    Cancelled, Failed (a bad exit code, unless `check` is off; or too much output), FileNotFoundError when
    there is no such program.
    """
    limits = limits or Limits()
    job = job.resolve()
    if level() is not Level.BUBBLEWRAP:
        jobs.bring(job)
    process = subprocess.Popen(
        walls.command([str(part) for part in argv], job, limits, read_only),
        stdin=stdin or subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=job,
        env=bubblewrap.ENVIRONMENT,
        start_new_session=True,
    )
    try:
        completed = _follow(process, limits.wall_seconds, on_line, cancelled)
    finally:
        _end(process)
    if check and completed.returncode != 0:
        # Bubblewrap tells of a signal as 128 + its number, a plain child as its negative.
        if completed.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
            raise TimedOut(f"The program used more than {limits.cpu_seconds} s of processor time.")
        last = completed.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise Failed(f"The program ended with {completed.returncode}: {last[0][:500]}", completed)
    return completed


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing of the run behind: its whole process group goes, bubblewrap takes its own with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()


def _follow(
    process: subprocess.Popen[bytes],
    wall_seconds: float,
    on_line: Callable[[str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Completed:
    """Read both pipes until they close, minding the clock and the caller's wish to stop."""
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    until = time.monotonic() + wall_seconds
    out, kept, unread = io.BytesIO(), bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe in (process.stdout, process.stderr):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise TimedOut(f"The program took more than {wall_seconds:g} s.")
            if cancelled and cancelled():
                raise Cancelled("The run was stopped.")
            for key, _ in selector.select(min(_POLL_S, left)):
                data = os.read(key.fd, 2**16)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    kept += data
                    del kept[:-_STDERR_KEPT]
                else:
                    out.write(data)
                    if out.tell() > _STDOUT_MOST:
                        raise Failed("The program wrote too much.", _completed(-signal.SIGKILL, b"", kept))
                    if on_line:
                        unread += data
                        *lines, rest = unread.split(b"\n")
                        unread = bytearray(rest)
                        for line in lines:
                            on_line(line.decode("utf-8", "replace"))
    if on_line and unread:
        on_line(unread.decode("utf-8", "replace"))
    try:
        returncode = process.wait(max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimedOut(f"The program took more than {wall_seconds:g} s.") from None
    return _completed(returncode, out.getvalue(), kept)


def _completed(returncode: int, stdout: bytes, stderr: bytes | bytearray) -> Completed:
    return Completed(returncode, stdout.decode("utf-8", "replace"), bytes(stderr).decode("utf-8", "replace"))


def python(
    function: str,
    payload: dict[str, Any],
    *,
    job: Path,
    limits: Limits | None = None,
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    read_only: Sequence[Path] = (),
) -> Any:
    """Call `module:function` of this folder inside the sandbox, with `payload` as its keyword arguments.

    Payload and result travel as JSON. What the function says with `child.say` reaches `on_line` line by line.
    Raises as `run` does; an exception inside is a Failed with the traceback in `completed.stderr`.
    """
    results: list[str] = []

    def line(text: str) -> None:
        if text.startswith(child.RESULT):
            results.append(text.removeprefix(child.RESULT))
        elif on_line:
            on_line(text)

    with tempfile.TemporaryFile() as stdin:
        stdin.write(json.dumps(payload).encode())
        stdin.seek(0)
        completed = run(
            [sys.executable, "-I", walls.code() / "child.py", function],
            job=job,
            limits=limits,
            on_line=line,
            cancelled=cancelled,
            read_only=read_only,
            stdin=stdin,
        )
    if len(results) != 1:
        raise Failed("The child gave no result.", completed)
    return json.loads(results[0])
