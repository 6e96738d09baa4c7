"""`make run`: the whole service in the foreground, on this machine alone.

Starts an embedded Redis when ``REDIS_URL`` names none, makes the database ready, then starts the processes of the
Procfile, prints where the service is once it answers, and ends everything at SIGTERM or Ctrl-C. When one of its
processes dies it says which and ends the others: a half-working service that looks whole is worse than none.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from types import FrameType
from typing import IO, Any

from vig_service.live import ask
from vig_service.processes import PROJECT, RUN_MARK, Child, die_with, procfile, stop_all, sweep
from vig_service.redis_server import NoRedis, RedisServer

FIRST_PORT = 8000
PORTS_TRIED = 100
START_SECONDS = 90.0
#: A request may take as long as one chunk of an upload on a slow line; a worker puts its task back after 5 s.
STOP_SECONDS = 20.0


class CannotRun(Exception):
    """The service cannot start or go on; the message says why and what to do."""


class Ended(BaseException):
    """SIGTERM or SIGINT came. Not an Exception, so that nothing takes it for an error on its way up."""


class RunLock:
    """One `make run` for a data directory. Holds what the next one needs to know: process, address, mark."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "run.lock"
        self._file: IO[str] | None = None

    def take(self) -> dict[str, Any]:
        """Take the lock; what the run before left in it. :class:`CannotRun` while another holds it."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = self.path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = self._read(self._file)
            self._file = None  # what it says is the other's
            raise CannotRun(
                f"The service already runs on this data: {other.get('url') or 'it is just starting'} (process "
                f"{other.get('pid', 'unknown')}).\nStop it first, or start another with data of its own: "
                "VIG_DATA_DIR=/another/directory make run"
            ) from None
        return self._read(self._file)

    @staticmethod
    def _read(file: IO[str]) -> dict[str, Any]:
        file.seek(0)
        try:
            found = json.loads(file.read() or "{}")
        except ValueError:  # written while we read
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, **facts: Any) -> None:
        """Replace what it says."""
        if self._file:
            self._file.seek(0)
            self._file.truncate()
            json.dump(facts, self._file)
            self._file.flush()


def listen(wanted: int, tries: int = PORTS_TRIED) -> tuple[int, list[socket.socket]]:
    """Listening sockets on the first free port from ``wanted`` on, for 127.0.0.1 and ::1.

    Both, because a browser that is told "localhost" may try either, and another program may hold the port on one.
    :class:`CannotRun` when ``tries`` ports in a row are busy.
    """
    for port in range(wanted, min(wanted + tries, 65536)):
        opened: list[socket.socket] = []
        try:
            opened.append(socket.create_server(("127.0.0.1", port), backlog=512))
            if _has_ipv6():
                opened.append(socket.create_server(("::1", port), family=socket.AF_INET6, backlog=512))
        except OSError:
            for each in opened:
                each.close()
            continue
        for each in opened:
            each.set_inheritable(True)
        return port, opened
    raise CannotRun(f"No port from {wanted} to {wanted + tries - 1} is free. Name another: PORT=9000 make run")


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class Run:
    """One run, from the lock to the last process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.run_id = str(uuid.uuid4())
        self.production = environment.get("VIG_MODE") == "production"
        self.data_dir = Path(environment.get("VIG_DATA_DIR") or PROJECT / ".data").resolve()
        self.environment = environment | {
            RUN_MARK: self.run_id,
            "VIG_DATA_DIR": str(self.data_dir),
            "PYTHONUNBUFFERED": "1",
            # A page left open in a browser must not hold up the end for long.
            "WEB_GRACEFUL_SECONDS": environment.get("WEB_GRACEFUL_SECONDS", "5"),
        }
        self.lock = RunLock(self.data_dir)
        self.redis: RedisServer | None = None
        self.children: list[Child] = []
        self.sockets: list[socket.socket] = []
        self.port = 0
        self._prepared: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Where a person finds it. "localhost", since passkeys do not work on 127.0.0.1."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start everything and wait until the web answers; :class:`CannotRun` when something does not start."""
        before = self.lock.take()
        if before.get("run_id") and sweep(str(before["run_id"])):
            say("Ended what an earlier run had left behind.")
        if left := before.get("sockets"):
            shutil.rmtree(left, ignore_errors=True)
        self._note()
        if not self.environment.get("REDIS_URL"):
            self.redis = RedisServer(self.data_dir / "redis", self.environment)
            self.environment["REDIS_URL"] = self.redis.url
            self._note()
            try:
                self.children.append(self.redis.start())
            except NoRedis as missing:
                raise CannotRun(str(missing)) from None
        self._prepare()
        self.port, self.sockets = listen(int(self.environment.get("PORT") or FIRST_PORT))
        self.environment["VIG_BIND"] = ",".join(f"fd://{each.fileno()}" for each in self.sockets)
        for name, argv in procfile().items():
            files = [each.fileno() for each in self.sockets] if name == "web" else []
            child = Child(name, argv, environment=self.environment, say=say_line, pass_fds=files)
            self.children.append(child)
            child.start()
        self._wait_for_web()
        self._note(url=self.url)
        self._greet()

    def _note(self, **more: str) -> None:
        """Leave in the lock what a second run must say, and what the next one must clear up if we are killed."""
        sockets = {"sockets": str(self.redis.socket_path.parent)} if self.redis else {}
        self.lock.write(pid=os.getpid(), run_id=self.run_id, **sockets, **more)

    def _prepare(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "vig_service.prepare"],
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            preexec_fn=die_with(os.getpid()),
        )
        if done.returncode:
            raise CannotRun("The database could not be made ready; the reason stands above.")
        self._prepared = json.loads(done.stdout)

    def _wait_for_web(self) -> None:
        host = self.environment.get("ALLOWED_HOSTS", "").split(",")[0].lstrip(".") or None
        deadline = time.monotonic() + START_SECONDS
        answer = "nothing"
        while time.monotonic() < deadline:
            self.check()
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, answer = ask(self.port, host=host)
                if status == 200:
                    return
            time.sleep(0.05)
        raise CannotRun(f"The web did not answer within {START_SECONDS:.0f} s (last: {answer}).")

    def check(self) -> None:
        """:class:`CannotRun` when one of the processes has ended."""
        for child in self.children:
            code = child.poll()
            if code is not None:
                how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
                raise CannotRun(
                    f"The process “{child.name}” {how}, so everything is stopped. Its last words stand above."
                )

    def watch(self) -> None:
        """Wait until a process dies (:class:`CannotRun`) or a signal comes (:class:`Ended`)."""
        while True:
            self.check()
            time.sleep(0.3)

    def stop(self) -> None:
        """End everything: first what uses Redis, then Redis, then whatever either left behind."""
        redis = self.redis.child if self.redis else None
        stop_all([child for child in self.children if child is not redis], STOP_SECONDS)
        if self.redis:
            self.redis.stop()
        for each in self.sockets:
            each.close()
        sweep(self.run_id)
        self.lock.write()

    def _greet(self) -> None:
        lines = ["", f"  The service is at {self.url}", ""]
        if self._prepared["sign_ins"]:
            lines += [f"  {line}".rstrip() for line in self._prepared["sign_ins"].splitlines()]
            lines.append("")
        if not self.production:
            lines += [
                "  This is a demonstration with made-up people: do not put a real family into it.",
                "  Not for real use are: SQLite, "
                + ("an embedded Redis without later security updates, " if self.redis else "")
                + "plain HTTP, sign-in without a",
                "  second factor, no backup. docs/operators.md says how to run it for real.",
            ]
        lines += [f"  {warning}" for warning in self._prepared["warnings"]]
        lines += [f"  Data is kept in {self.data_dir}. Ctrl-C stops everything.", ""]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()


def say(line: str) -> None:
    """One line to whoever watches the terminal."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def say_line(name: str, line: str) -> None:
    """A process's own line, under its name."""
    if line.strip():
        say(f"{name:6}| {line}")


def _end(number: int, frame: FrameType | None) -> None:
    # A second signal must not break the orderly end; kill -9 remains for the impatient, and the mark for what is left.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    raise Ended


def main() -> int:
    """Run until told to end; 0 after SIGTERM or Ctrl-C, 1 when it cannot start or a process dies."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGHUP, _end)
    if "--with-parent" in sys.argv[1:]:  # make was killed: this must not go on without a terminal
        die_with(os.getppid())()
    run = Run(dict(os.environ))
    try:
        run.start()
        run.watch()
    except Ended:
        say("Stopping …")
        return 0
    except CannotRun as problem:
        say(str(problem))
        return 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        run.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
