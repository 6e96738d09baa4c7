"""The command lines that put a program behind walls and under limits."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clips.media import confine
from clips.media.sandbox import bubblewrap, jobs
from clips.media.sandbox.bubblewrap import CODE, CODE_INSIDE, interpreter
from clips.media.sandbox.levels import Level, level, proc_arguments


@dataclass(frozen=True)
class Limits:
    """What one run may use."""

    address_space: int = 4 * 2**30
    """Bytes of address space."""
    cpu_seconds: int = 600
    file_bytes: int = 2 * 2**30
    """Bytes of the largest file that may be written."""
    wall_seconds: float = 600.0
    nice: int = 10
    open_files: int = 64


def code() -> Path:
    """Return where the code of this folder stands for what runs inside."""
    return CODE_INSIDE if level() is Level.BUBBLEWRAP else CODE


def command(argv: Sequence[str], job: Path, limits: Limits, read_only: Sequence[Path]) -> list[str]:
    """Return the whole command line: walls, then limits, then the program."""
    chosen = level()
    program = shutil.which(argv[0])
    if program is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(argv[0]))
    program = str(Path(program).absolute())
    needed = [*read_only, Path(program), Path(program).resolve()]
    orders: dict[str, Any] = {
        "nice": limits.nice,
        "open_files": limits.open_files,
        "file_bytes": limits.file_bytes,
        "cpu_seconds": limits.cpu_seconds,
        "address_space": limits.address_space,
    }
    walls: list[str] = []
    if chosen is Level.BUBBLEWRAP:
        held = jobs.held(job)
        film = (held.name, held.source) if held else None
        walls = bubblewrap.walls(job, proc_arguments() or ("--dir", "/proc"), needed, film)
    else:
        orders["parent"] = os.getpid()
        if chosen is not Level.LIMITS and confine.landlock_version():
            system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"]
            orders["readable"] = [*system, *(str(p) for p in (*interpreter(), CODE, *needed))]
            orders["readable"] += ["/dev/urandom", "/dev/zero"]
            orders["writable"] = [str(job), "/dev/null"]
    return [
        *walls,
        sys.executable,
        "-I",
        "-S",
        str(code() / "confine.py"),
        json.dumps(orders),
        program,
        *map(str, argv[1:]),
    ]
