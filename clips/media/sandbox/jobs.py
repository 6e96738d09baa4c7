"""The one directory that a run may write in, with the one file that it may read."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from clips.media.sandbox.levels import Level, level

_PREFIX = "film-job-"
_FRESH_S = 60
_FICLONE = 0x40049409


@dataclass(frozen=True)
class _Input:
    name: str
    source: Path
    """The film itself, by its real path."""
    linked: bool
    """Whether `name` in the job directory is the film (a hard link or a copy) or an empty stand-in."""


_inputs: dict[Path, _Input] = {}


def held(job: Path) -> _Input | None:
    """Return what a job directory holds; None for a directory that `job` did not make."""
    return _inputs.get(job)


def bring(job: Path) -> None:
    """Put the film itself into a job directory that holds only a stand-in for it."""
    found = _inputs.get(job)
    if found and not found.linked:
        (job / found.name).unlink()
        _copy(found.source, job / found.name)
        _inputs[job] = replace(found, linked=True)


@contextlib.contextmanager
def job(source: Path, name: str = "in", *, root: Path | None = None) -> Iterator[Path]:
    """Give a fresh job directory (mode 0700) that holds `source` as its one file, `in`; removed afterwards.

    The film is hard-linked, else cloned or copied; never a symbolic link. Where it cannot be linked and the
    sandbox is bubblewrap, it is bound read-only over an empty stand-in at each run, which costs no copy: read
    the input inside the sandbox only. `root` is where the directory is made (the system's temporary directory
    by default): on the film's own file system it can always be linked. Raises OSError.
    """
    real = Path(os.path.realpath(source))
    if not stat.S_ISREG(real.stat().st_mode):
        kind = IsADirectoryError if real.is_dir() else OSError
        raise kind(errno.EISDIR if real.is_dir() else errno.EINVAL, "Not a regular file", str(source))
    sweep(root)
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root)).resolve()
    # Held as long as the job is in use, and let go by the system when this process dies.
    lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        inside = directory / name
        try:
            os.link(real, inside)
            linked = True
        except OSError:
            linked = level() is not Level.BUBBLEWRAP
            if linked:
                _copy(real, inside)
            else:
                inside.touch(mode=0o600)
        _inputs[directory] = _Input(name, real, linked)
        yield directory
    finally:
        _inputs.pop(directory, None)
        shutil.rmtree(directory, ignore_errors=True)
        os.close(lock)


def sweep(root: Path | None = None) -> int:
    """Remove the job directories in `root` that killed workers left behind; return how many.

    Each holds a second name of a family's film, which would outlive its erasure. `job` sweeps its own root, so
    that only a root which is no longer used needs to be swept by itself.
    """
    removed = 0
    for directory in Path(root or tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            status = directory.lstat()
            # A fresh one may not be locked yet.
            ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
            if not ours or time.time() - status.st_mtime < _FRESH_S:
                continue
            lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(directory, ignore_errors=True)
            removed += 1
        except OSError:
            continue  # in use
        finally:
            os.close(lock)
    return removed


def _copy(source: Path, destination: Path) -> None:
    """Clone a file where the file system can share its blocks, else copy it."""
    with source.open("rb") as reader, destination.open("xb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), _FICLONE, reader.fileno())
        except OSError:
            shutil.copyfileobj(reader, writer, 2**20)
