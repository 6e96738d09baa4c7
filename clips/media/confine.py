"""Bind this process by limits and become another program: `python confine.py JSON program argument…`.

Runs as a plain script with the standard library alone, inside whatever sandbox there is, as the last thing
before the program that reads a stranger's bytes. Limits set here cannot be raised again by that program.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38

# Landlock has the same system call numbers on every architecture that CPython's manylinux wheels know.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_VERSION = 1
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
# How many file rights each version of the interface knows.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("rights", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _called(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def landlock_version() -> int:
    """Return the version of the kernel's Landlock interface, 0 when it has none."""
    return max(0, int(_libc().syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)))


def landlock(readable: list[str], writable: list[str]) -> None:
    """Leave this process the files under `readable` (and to run them) and `writable`, and no TCP; OSError."""
    libc = _libc()
    version = landlock_version()
    if not version:
        raise OSError("This kernel has no Landlock.")
    every = (1 << _RIGHTS.get(version, 16)) - 1
    rules = _Ruleset(every, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _called(libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(rules), size, 0), "Landlock rules")
    reading = _EXECUTE | _READ_FILE | _READ_DIR
    for rights, paths in ((reading, readable), (every, writable)):
        for path in paths:
            try:
                parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            allowed = rights if Path(path).is_dir() else rights & _FOR_FILES
            rule = _PathBeneath(allowed & every, parent)
            _called(
                libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0),
                f"Landlock rule for {path}",
            )
            os.close(parent)
    _called(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _called(libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0), "Landlock")
    os.close(ruleset)


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; one that is lower already stays."""
    ceiling = resource.getrlimit(kind)[1]
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


def main(argv: list[str]) -> None:
    """Apply the orders in the first argument and become the program in the rest."""
    orders = json.loads(argv[0])
    libc = _libc()
    _called(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if orders.get("parent"):
        # Outside bubblewrap nothing else ends us when the worker is killed in mid-work.
        _called(libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "end with the parent")
        if os.getppid() != orders["parent"]:
            sys.exit("The parent has gone.")
    os.nice(orders["nice"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, orders["open_files"])
    _limit(resource.RLIMIT_FSIZE, orders["file_bytes"])
    # The soft limit sends SIGXCPU, which says why; the hard one kills what ignores it.
    _limit(resource.RLIMIT_CPU, orders["cpu_seconds"], orders["cpu_seconds"] + 5)
    if "readable" in orders:
        landlock(orders["readable"], orders["writable"])
    _limit(resource.RLIMIT_AS, orders["address_space"])
    # Python ignores SIGPIPE and SIGXFSZ for itself; the program gets them as they were meant.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execv(argv[1], argv[1:])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
