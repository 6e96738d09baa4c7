"""Child processes that never outlive us: used by ``make run`` and by the tests' real stack.

Every child leads a session of its own (Ctrl-C reaches the launcher alone, which then ends things in order), is told
by the kernel when its parent dies, however that dies, and carries a mark in its environment by which whatever it
left behind can be found.
"""

import contextlib
import ctypes
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
#: The environment variable that marks all processes of one run, down to the last ffmpeg.
RUN_MARK = "VIG_RUN_ID"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def procfile() -> dict[str, list[str]]:
    """The processes of the service by name, from the Procfile, run by this very Python's environment."""
    here = Path(sys.executable).parent
    found: dict[str, list[str]] = {}
    for line in (PROJECT / "Procfile").read_text().splitlines():
        name, _, command = line.partition(":")
        if command.strip():
            argv = shlex.split(command)
            own = here / argv[0]
            found[name.strip()] = [sys.executable if argv[0] == "python" else str(own), *argv[1:]]
    return found


def die_with(parent: int) -> Callable[[], None]:
    """What a new child runs before its program: SIGTERM for it as soon as ``parent`` (a process id) is dead."""

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it died between fork and here
                os._exit(1)

    return arrange


def end_after_parent(grace: float) -> None:
    """For a program that may hang in its orderly end: ``grace`` seconds after its parent's death it is over.

    A Celery worker that was told to end wants to give its task back first, and waits for ever for a Redis that has
    ended with the same parent. Does nothing where no launcher started us.
    """
    if RUN_MARK not in os.environ:
        return
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        time.sleep(grace)
        for pid in [*descendants(os.getpid()), os.getpid()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    threading.Thread(target=watch, name="watches the parent", daemon=True).start()


class Child:
    """One process of the service.

    Start it from a thread that lives as long as the program: the kernel counts the death of the *thread* that
    forked as the death of the parent.
    """

    def __init__(
        self,
        name: str,
        argv: list[str],
        *,
        environment: dict[str, str],
        say: Callable[[str, str], None] | None = None,
        pass_fds: Iterable[int] = (),
    ) -> None:
        self.name = name
        self.argv = argv
        self.environment = environment
        self.pass_fds = tuple(pass_fds)
        self._say = say
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """The process id; an error before :meth:`start`."""
        if self._process is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._process.pid

    def start(self) -> None:
        """Start it; each line that it writes goes to ``say(name, line)``."""
        self._process = subprocess.Popen(
            self.argv,
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._say else None,
            stderr=subprocess.STDOUT if self._say else None,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=self.pass_fds,
            preexec_fn=die_with(os.getpid()),
        )
        if self._say:
            threading.Thread(target=self._read, name=f"reads {self.name}", daemon=True).start()

    def _read(self) -> None:
        if self._process and self._process.stdout and self._say:
            for line in self._process.stdout:
                self._say(self.name, line.rstrip("\n"))

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._process.poll() if self._process else None

    def signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Whether it ended within ``seconds``."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it and everything in its process group at once."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self.signal(signal.SIGKILL)
        self._process.wait()

    def stop(self, grace: float) -> None:
        """Ask it to end, and after ``grace`` seconds make it."""
        self.signal(signal.SIGTERM)
        if not self.wait(grace):
            self.kill()


def stop_all(children: Iterable[Child], grace: float) -> None:
    """Ask all to end at the same moment; whoever still runs ``grace`` seconds later is made to."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for child in running:
        if not child.wait(deadline - time.monotonic()):
            child.kill()


def marked(run_id: str) -> list[int]:
    """The process ids, ours excepted, whose environment carries ``run_id``; empty where there is no /proc."""
    wanted = f"{RUN_MARK}={run_id}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # another user's, or gone meanwhile
            if int(entry.name) != os.getpid() and wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def sweep(run_id: str) -> int:
    """Kill whatever is left of a run; how many processes that were."""
    left = marked(run_id)
    for pid in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return len(left)


def descendants(pid: int) -> list[int]:
    """All processes below ``pid``, nearest first; empty where there is no /proc."""
    below: list[int] = []
    queue = [pid]
    while queue:
        parent = queue.pop(0)
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children = [int(child) for child in task.read_text().split()]
                below += children
                queue += children
    return below
