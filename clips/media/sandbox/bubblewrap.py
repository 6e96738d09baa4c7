"""Bubblewrap's walls: an empty file system, no network, no other process, no privilege."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

PATH = "/usr/local/bin:/usr/bin:/bin"
"""Where programs are looked for, inside the sandbox and for bubblewrap itself."""

ENVIRONMENT = {"PATH": PATH, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"}
"""All that a program in the sandbox is told of the world."""

CODE = Path(__file__).resolve().parents[1]
"""The folder `clips/media`."""
CODE_INSIDE = Path("/app/clips/media")
"""Where that folder stands inside the walls."""

_TEMPORARY_BYTES = 64 * 2**20


def program() -> str | None:
    """Return where bubblewrap is: the system's own, whatever the environment's PATH says."""
    return shutil.which("bwrap", path=PATH)


def _outside_usr(paths: Sequence[Path]) -> list[Path]:
    """Return what must be bound besides /usr: existing, each once, nothing that lies inside another."""
    wanted: list[Path] = []
    for path in sorted({Path(os.path.normpath(p)) for p in paths}):
        if path == Path("/") or path.is_relative_to("/usr") or not path.exists():
            continue
        if not any(path.is_relative_to(other) for other in wanted):
            wanted.append(path)
    return wanted


def interpreter() -> list[Path]:
    """Return the folders that this Python needs: the virtual environment and the Python under it."""
    return [Path(sys.prefix), Path(sys.base_prefix)]


def walls(
    job: Path, proc: Sequence[str], read_only: Sequence[Path] = (), film: tuple[str, Path] | None = None
) -> list[str]:
    """Return the command line that walls a program in, with `job` as all that it may write.

    `film` is the name in the job directory under which a film is bound read-only: the file there is a second name
    of the film itself (or an empty stand-in), and must not be writable from inside.
    """
    argv = [
        program() or "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
        "--ro-bind", "/usr", "/usr",
    ]  # fmt: skip
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            argv += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            argv += ["--ro-bind", str(path), str(path)]
    for name in ("/etc/alternatives", "/etc/ld.so.cache"):
        argv += ["--ro-bind-try", name, name]
    argv += [*proc, "--dev", "/dev", "--size", str(_TEMPORARY_BYTES), "--tmpfs", "/tmp"]  # noqa: S108
    for path in _outside_usr([*interpreter(), *read_only]):
        argv += ["--ro-bind", str(path), str(path)]
    argv += ["--ro-bind", str(CODE), str(CODE_INSIDE)]
    for key, value in ENVIRONMENT.items():
        argv += ["--setenv", key, value]
    argv += ["--bind", str(job), "/job", "--chdir", "/job"]
    if film:
        argv += ["--ro-bind", str(film[1]), f"/job/{film[0]}"]
    return argv
