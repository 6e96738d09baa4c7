"""The real service for the journeys: gunicorn, two Celery workers, beat and Redis, with a database of its own.

    def test_a_story(stack, page):
        page.goto(f"{stack.base_url}/")

``stack`` is shared by all tests of a run; ``own_stack`` is one that a test may break. Nothing here imports Django:
data is prepared and looked at through :meth:`Stack.python`, in a process of its own, as an operator would.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import services
from tests.environment import clean
from vig_service.live import ask
from vig_service.processes import PROJECT, RUN_MARK, Child, descendants, procfile, stop_all, sweep
from vig_service.redis_server import RedisServer

START_SECONDS = 60.0
_TEMPLATE_LOCK = threading.Lock()


class Stack:
    """The whole service, running. Everything in ``data_dir``, which goes when the stack stops."""

    def __init__(self, *, beat: bool = True, workers: tuple[str, ...] = ("clips", "films"), **env: str) -> None:
        self.data_dir = Path(tempfile.mkdtemp(prefix="vig-stack-"))
        self.run_id = str(uuid.uuid4())
        self.logs: list[str] = []
        self._names = ["web", *workers, *(["beat"] if beat else [])]
        self._children: dict[str, Child] = {}
        self._sockets: list[socket.socket] = []
        self.port = 0
        self.env: dict[str, str] = clean() | {
            "VIG_DATA_DIR": str(self.data_dir),
            RUN_MARK: self.run_id,
            "VIG_STATIC_ROOT": str(self.data_dir / "static"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(PROJECT),
            "DJANGO_SETTINGS_MODULE": "vig_service.settings",
            "WEB_CONCURRENCY": "1",
            "WEB_GRACEFUL_SECONDS": "3",
            "VIG_RECONCILE_SECONDS": "2",
            # The machine of a developer may be nearly full; journeys upload a few megabytes.
            "VIG_UPLOAD_RESERVE_BYTES": str(64 * 1024**2),
            **env,
        }
        self.redis = RedisServer(self.data_dir / "redis", self.env)
        self._own_redis = "REDIS_URL" not in env
        if self._own_redis:
            self.env["REDIS_URL"] = self.redis.url

    # --- Starting and ending -------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """``http://localhost:PORT``: passkeys work on this name and not on 127.0.0.1."""
        return f"http://localhost:{self.port}"

    def start(self, before: Callable[["Stack"], object] | None = None) -> "Stack":
        """Start everything and wait until the web answers and the workers wait for tasks.

        ``before`` is called when the database is ready and no process of ours has started yet.
        """
        try:
            (self.data_dir / "static").mkdir()
            if self._own_redis:
                self.redis.start()
            self._database()
            if before:
                before(self)
            self._listen()
            for name in self._names:
                self._spawn(name)
            self._wait_for_web()
            for name in self._names:
                if name in {"clips", "films", "messages"}:
                    self._wait_for_line(name, " is ready")
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End everything, whatever state it is in, and remove the data."""
        stop_all(self._children.values(), grace=8)
        self.redis.stop()
        for listener in self._sockets:
            listener.close()
        sweep(self.run_id)
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def _database(self) -> None:
        """A migrated database: made once a run, then copied, since migrating takes longer than all the rest."""
        if "DATABASE_URL" in self.env:
            self.manage("migrate", "--no-input", "--verbosity=0")
            return
        with _TEMPLATE_LOCK:
            template = _template_directory() / "vig.sqlite3"
            if not template.exists():
                self.manage("migrate", "--no-input", "--verbosity=0", VIG_DATA_DIR=str(template.parent))
                # One file, without the write-ahead log beside it, so that a copy is whole.
                import sqlite3

                with contextlib.closing(sqlite3.connect(template)) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    database.execute("PRAGMA journal_mode=DELETE")
            shutil.copy(template, self.data_dir / "vig.sqlite3")

    def _listen(self) -> None:
        """Hold the port ourselves, so that it stays ours while the web is dead."""
        first = socket.create_server(("127.0.0.1", 0))
        self.port = first.getsockname()[1]
        self._sockets = [first]
        with contextlib.suppress(OSError):  # a machine without IPv6, where localhost is 127.0.0.1 alone
            self._sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for listener in self._sockets:
            listener.set_inheritable(True)
        self.env["VIG_BIND"] = ",".join(f"fd://{listener.fileno()}" for listener in self._sockets)

    def _spawn(self, name: str) -> None:
        files = [listener.fileno() for listener in self._sockets] if name == "web" else []
        child = Child(name, procfile()[name], environment=self.env, say=self._hear, pass_fds=files)
        child.start()
        self._children[name] = child

    def _hear(self, name: str, line: str) -> None:
        self.logs.append(f"{name:6}| {line}")

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._children["web"].poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                if ask(self.port, host=self.env.get("ALLOWED_HOSTS"))[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("The web did not start:\n" + self.log_tail())

    def _wait_for_line(self, name: str, text: str, after: int = 0) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if any(line.startswith(name) and text in line for line in self.logs[after:]):
                return
            if self._children[name].poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{name} did not start:\n" + self.log_tail())

    # --- Data ----------------------------------------------------------------------------------------------

    def manage(self, *arguments: str, **env: str) -> str:
        """Run a management command and return what it printed; a failure shows its output."""
        return self._run([sys.executable, "manage.py", *arguments], env)

    def python(self, code: str, **values: Any) -> Any:
        """Run ``code`` with Django set up, in a process of its own.

        ``values`` (anything JSON can carry) are its variables; what it assigns to ``result`` comes back as JSON.
        """
        program = (
            "import json, sys, django\ndjango.setup()\n_said = sys.stdout\nsys.stdout = sys.stderr\nresult = None\n"
            f"globals().update(json.loads({json.dumps(json.dumps(values))}))\n"
            f"{textwrap.dedent(code)}\n"
            "_said.write(json.dumps(result, default=str))\n"
        )
        return json.loads(self._run([sys.executable, "-c", program], {}))

    def _run(self, argv: list[str], env: dict[str, str]) -> str:
        done = subprocess.run(
            argv, cwd=PROJECT, env=self.env | env, capture_output=True, text=True, check=False, timeout=300
        )
        if done.returncode:
            raise AssertionError(f"{' '.join(argv[1:3])[:80]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
        return done.stdout

    def wait_for(self, code: str, *, seconds: float = 60, every: float = 0.5, **values: Any) -> Any:
        """Run ``code`` (see :meth:`python`) until ``result`` is true; what it was at the end."""
        deadline = time.monotonic() + seconds
        while True:
            result = self.python(code, **values)
            if result:
                return result
            if time.monotonic() > deadline:
                raise AssertionError(f"After {seconds} s it is still {result!r}.\n{self.log_tail()}")
            time.sleep(every)

    # --- Breaking things -----------------------------------------------------------------------------------

    def pid(self, name: str) -> int:
        """The process id of ``web``, ``clips``, ``films`` or ``beat``."""
        return self._children[name].pid

    def kill(self, name: str, *, what: str = "all") -> None:
        """``kill -9`` of a process and all below it, as when the power goes.

        ``what="worker"`` kills the main process alone, ``what="child"`` the pool's child (or gunicorn's worker)
        alone, which its parent replaces.
        """
        child = self._children[name]
        below = descendants(child.pid)
        # ffmpeg and its sandbox are processes below, too: the first one below is the pool's child.
        pids = {"all": [child.pid, *below], "worker": [child.pid], "child": below[:1]}[what]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if what != "child":
            child.wait(10)

    def restart(self, name: str) -> None:
        """Start a killed process again (or end a running one first) and wait until it works."""
        self._children[name].stop(grace=15)
        heard = len(self.logs)
        self._spawn(name)
        if name == "web":
            self._wait_for_web()
        elif name != "beat":
            self._wait_for_line(name, " is ready", after=heard)

    def kill_web(self) -> None:
        """``kill -9`` of gunicorn and its workers; connections wait until :meth:`restart_web`."""
        self.kill("web")

    def restart_web(self) -> None:
        """Start gunicorn again on the same port."""
        self.restart("web")

    def kill_redis(self) -> None:
        """``kill -9`` of Redis; its append-only file stays."""
        if self.redis.child:
            self.redis.child.kill()

    def restart_redis(self) -> None:
        """Kill Redis without warning and start it again on the same socket with the data that it had."""
        self.kill_redis()
        self.redis.start()

    def log_tail(self, lines: int = 60) -> str:
        """The last lines of all processes."""
        return "\n".join(self.logs[-lines:])


_template: list[Path] = []


def _template_directory() -> Path:
    if not _template:
        import atexit

        _template.append(Path(tempfile.mkdtemp(prefix="vig-template-")))
        atexit.register(shutil.rmtree, _template[0], ignore_errors=True)
    return _template[0]


@contextlib.contextmanager
def running(*, before: Callable[[Stack], object] | None = None, **options: Any) -> Iterator[Stack]:
    """A started :class:`Stack` for the length of a ``with``; ``options`` are its settings."""
    services.require("redis")
    stack = Stack(**options).start(before)
    try:
        yield stack
    finally:
        stack.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Add the stack's last lines to a failure."""
    report = yield
    if call.when == "call":
        stack = next((value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Stack)), None)
        if report.failed and stack is not None:
            report.sections.append(("the stack's log", stack.log_tail(80)))
    return report


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The service, shared by all tests that leave it whole."""
    with running() as shared:
        yield shared


@pytest.fixture
def own_stack() -> Iterator[Stack]:
    """A service for one test, which may kill what it likes."""
    with running() as own:
        yield own
