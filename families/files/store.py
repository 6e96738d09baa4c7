"""Where private files of the record lie: ``MEDIA_STORE/record/<drawer>/<ab>/<uuid>``, names that the server made.

Nothing of the sender's is in a path: not the name, not the ending. ``<name>.shown.jpg`` beside a picture is the one
made anew from it. nginx is never led here: every file leaves through ``families.files.serving``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from families.files.accepting import Accepted
from families.files.kinds import FileKind

_NAME = re.compile(r"[a-z]{1,20}/[0-9a-f]{2}/[0-9a-f]{32}\Z")
_SHOWN = ".shown.jpg"


@dataclass(frozen=True)
class Kept:
    """What to write into the row that owns the file: ``stored`` is its name here, ``name`` what people call it."""

    stored: str
    kind: FileKind
    name: str
    size: int  # bytes
    sha256: str
    has_picture: bool


def folder() -> Path:
    """The folder of all of them."""
    return Path(settings.MEDIA_STORE) / "record"


def keep(accepted: Accepted, *, drawer: str) -> Kept:
    """Write an accepted file, whole or not at all. ``drawer``: whose it is ("documents", "consent"), a-z.

    The row that names it is written after this and may yet fail: call ``remove`` when it does.
    """
    key = uuid.uuid4().hex
    stored = f"{drawer}/{key[:2]}/{key}"
    path = _path(stored)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if accepted.shown is not None:
        _write(path.with_name(path.name + _SHOWN), accepted.shown)
    _write(path, accepted.data)
    return Kept(stored, accepted.kind, accepted.name, accepted.size, accepted.sha256, accepted.shown is not None)


def keep_bytes(data: bytes, *, drawer: str) -> tuple[str, str]:
    """Write what the service itself made; returns its name here and its SHA-256."""
    key = uuid.uuid4().hex
    stored = f"{drawer}/{key[:2]}/{key}"
    path = _path(stored)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, data)
    return stored, hashlib.sha256(data).hexdigest()


def open_(stored: str, *, shown: bool = False) -> BinaryIO:
    """A kept file for reading; ``shown``: the picture made anew. Raises FileNotFoundError."""
    path = _path(stored)
    return (path.with_name(path.name + _SHOWN) if shown else path).open("rb")


def exists(stored: str) -> bool:
    return _path(stored).is_file()


def size(stored: str) -> int:
    """The bytes of a kept file, its picture not counted. Raises FileNotFoundError."""
    return _path(stored).stat().st_size


def remove(stored: str) -> None:
    """Delete a file and its picture; one that is not there is no matter."""
    path = _path(stored)
    for each in (path, path.with_name(path.name + _SHOWN)):
        each.unlink(missing_ok=True)


def _path(stored: str) -> Path:
    if not _NAME.match(stored):
        raise ValueError("Not a name of ours.")
    return folder() / stored


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
