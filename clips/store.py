"""Where the bytes of films are kept. Nobody else builds a path.

``MEDIA_STORE/films/<recording>/`` holds one film and all that was made of it, by names that the server made:
``original`` (``original.part`` while it arrives), ``film.json`` (what the check found), ``frames.json`` (the times of
all frames, for browsers), ``proxy.mp4`` and ``proxy.json``, ``poster.jpg``, ``peaks.json``, ``storyboard.jpg``,
``clips/``, ``stills/``. ``WORK_DIR/<attempt>/`` is what one attempt of one job writes until it is done; it lies on the
same disk, so that a finished file takes its place by a rename.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from clips.media import files

ORIGINAL, PART = "original", "original.part"
FILM, FRAMES = "film.json", "frames.json"
PROXY, PROXY_FACTS = "proxy.mp4", "proxy.json"
POSTER, PEAKS, STORYBOARD = "poster.jpg", "peaks.json", "storyboard.jpg"
CLIPS, STILLS, SEGMENTS = "clips", "stills", "segments"
_LEAVING = ".leaving-"


class NoRoom(Exception):
    """The disk has no room for this; the message is for the person who sends the film."""

    def __init__(self) -> None:
        super().__init__(
            "There is no room for this film on the server at the moment. Nothing is lost: keep the film on the "
            "device, tell your administrator, and send it when there is room again."
        )


def films() -> Path:
    """The folder of all films."""
    return Path(settings.MEDIA_STORE) / "films"


def folder(film: uuid.UUID) -> Path:
    """The folder of one film, which need not exist."""
    return films() / str(uuid.UUID(str(film)))


def make_folder(film: uuid.UUID) -> Path:
    """The folder of one film, made for nobody's eyes but the service's."""
    return _private(folder(film))


def _private(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path(film: uuid.UUID, name: str) -> Path:
    """A file of a film by one of the names of this module."""
    return folder(film) / name


def clip_name(clip: uuid.UUID, edges_version: int, suffix: str = ".mp4") -> str:
    """The name, under the film's folder, of what was cut for these edges of a clip."""
    return f"{CLIPS}/{uuid.UUID(str(clip))}-{int(edges_version)}{suffix}"


def still_name(still: uuid.UUID) -> str:
    """The name of a still under the film's folder."""
    return f"{STILLS}/{uuid.UUID(str(still))}.jpg"


# --- Room ----------------------------------------------------------------------------------------------------


def free_space() -> int:
    """Bytes that are free where films are kept."""
    there = films()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free


def full(error: OSError) -> bool:
    """Whether an error means that the disk, or our share of it, is full."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


# --- Work ----------------------------------------------------------------------------------------------------


def work(attempt: uuid.UUID) -> Path:
    """The folder of one attempt at a job, which need not exist."""
    return Path(settings.WORK_DIR) / str(uuid.UUID(str(attempt)))


@contextlib.contextmanager
def working(attempt: uuid.UUID) -> Iterator[Path]:
    """The folder of one attempt, made now and removed at the end, however it ends."""
    there = _private(work(attempt))
    try:
        yield there
    finally:
        shutil.rmtree(there, ignore_errors=True)


def attempts() -> list[uuid.UUID]:
    """Every attempt that has a folder."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        for each in Path(settings.WORK_DIR).iterdir():
            with contextlib.suppress(ValueError):
                found.append(uuid.UUID(each.name))
    return found


def place(made: Path, destination: Path) -> None:
    """Put a finished file in its place, whole or not at all, readable by the service alone."""
    _private(destination.parent)
    made.chmod(0o600)
    files.sync(made)
    made.replace(destination)
    files.sync(destination.parent)


def write(destination: Path, data: bytes) -> None:
    """Write a small file whole or not at all."""
    _private(destination.parent)
    with (
        files.whole(destination) as temporary,
        os.fdopen(os.open(temporary, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as f,
    ):
        f.write(data)


def remove(film: uuid.UUID, *names: str) -> None:
    """Remove files of a film; those that are not there are no matter."""
    for name in names:
        path(film, name).unlink(missing_ok=True)


# --- Ending --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """How many files of one sort there are, and their bytes."""

    files: int
    bytes: int


def inventory(film: uuid.UUID) -> dict[str, Held]:
    """What there is of a film, by sort: for the certificate of its destruction."""
    found: dict[str, Held] = {}
    there = folder(film)
    for each in sorted(there.rglob("*")) if there.exists() else []:
        if not each.is_file():
            continue
        top = each.relative_to(there).parts[0]
        sort = "original" if top in {ORIGINAL, PART} else top.split(".")[0]
        before = found.get(sort, Held(0, 0))
        found[sort] = Held(before.files + 1, before.bytes + each.stat().st_size)
    return found


def destroy(film: uuid.UUID) -> None:
    """Delete every file of a film. It is out of reach at once, even when the deleting is broken off."""
    there = folder(film)
    leaving = films() / f"{_LEAVING}{uuid.uuid4().hex}"
    with contextlib.suppress(FileNotFoundError):
        there.rename(leaving)
    clear_leaving()


def clear_leaving() -> None:
    """Delete what an earlier deletion left half done."""
    with contextlib.suppress(FileNotFoundError):
        for each in films().iterdir():
            if each.name.startswith(_LEAVING):
                shutil.rmtree(each, ignore_errors=True)


def kept() -> list[uuid.UUID]:
    """Every film that has a folder."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        for each in films().iterdir():
            with contextlib.suppress(ValueError):
                found.append(uuid.UUID(each.name))
    return found
