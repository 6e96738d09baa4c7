"""How strong the walls are that this host allows, found out by trying."""

from __future__ import annotations

import contextlib
import enum
import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from clips.media import confine
from clips.media.sandbox import bubblewrap


class Level(enum.Enum):
    """How strong the walls are, strongest first. The value is a sentence for the health page."""

    BUBBLEWRAP = (
        "Films are opened in a bubblewrap sandbox: no network, no other file in reach, limits on time and memory."
    )
    CONTAINER = (
        "Films are opened inside this container, which has no way out to the network, a read-only file system "
        "and no privileges, with limits on time and memory."
    )
    LANDLOCK = (
        "Films are opened under Landlock: no other file in reach, limits on time and memory. The network is shut "
        "by the lists of allowed protocols, not by a wall. Install bubblewrap or allow user namespaces."
    )
    LIMITS = (
        "Films are opened with limits on time and memory and lists of allowed formats only: there is no wall "
        "between them and the other films. Install bubblewrap, or run in a container without network and "
        "privileges."
    )

    @property
    def sentence(self) -> str:
        """What this level means, for the health page."""
        return self.value


_forced: ContextVar[Level | None] = ContextVar("sandbox_level", default=None)


@contextlib.contextmanager
def at(level: Level) -> Iterator[None]:
    """Use this level inside the `with`, whatever the host allows: for tests and for comparing."""
    token = _forced.set(level)
    try:
        yield
    finally:
        _forced.reset(token)


def level() -> Level:
    """Return the strongest level that this host allows, tried out once per process."""
    return _forced.get() or _detect()


def explain() -> str:
    """Say in a sentence how films are walled in on this host."""
    return level().sentence


@functools.cache
def _detect() -> Level:
    if proc_arguments() is not None:
        return Level.BUBBLEWRAP
    if _in_tight_container():
        return Level.CONTAINER
    if confine.landlock_version():
        return Level.LANDLOCK
    return Level.LIMITS


@functools.cache
def proc_arguments() -> tuple[str, ...] | None:
    """Return how bubblewrap can give a /proc here, or None when bubblewrap does not work here.

    It is really tried: containers may forbid namespaces, or only a fresh /proc (then there is none).
    """
    if not bubblewrap.program():
        return None
    for proc in (("--proc", "/proc"), ("--dir", "/proc")):
        with tempfile.TemporaryDirectory() as empty:
            argv = [*bubblewrap.walls(Path(empty), proc), sys.executable, "-I", "-S", "-c", "print('inside')"]
            try:
                done = subprocess.run(argv, capture_output=True, timeout=20, stdin=subprocess.DEVNULL)
            except (OSError, subprocess.SubprocessError):
                return None
        if done.returncode == 0 and done.stdout.strip() == b"inside":
            return proc
    return None


def _in_tight_container() -> bool:
    """Say whether this process has no route out, no writable system and no capability: as compose.yaml sets up."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        no_capabilities = int(status["CapEff"], 16) == 0 and status["NoNewPrivs"].strip() == "1"
        return no_capabilities and bool(os.statvfs("/").f_flag & os.ST_RDONLY) and not _has_way_out()
    except (OSError, KeyError, ValueError):
        return False


def _has_way_out() -> bool:
    """Say whether there is a default route, of either Internet protocol; OSError when that cannot be known."""
    fourth = [line.split() for line in Path("/proc/net/route").read_text().splitlines()[1:]]
    if any(len(words) > 1 and words[1] == "0" * 8 for words in fourth):
        return True
    sixth = Path("/proc/net/ipv6_route")
    routes = [line.split() for line in sixth.read_text().splitlines()] if sixth.exists() else []
    return any(words[:2] == ["0" * 32, "00"] and words[-1] != "lo" for words in routes)
