"""Putting finished files in their place: whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def whole(destination: Path) -> Iterator[Path]:
    """Give a temporary path beside `destination`; on success sync it to disk and rename it into place.

    After an error, and after a crash at any point, `destination` is what it was before. The temporary name begins
    with a dot and ends with the destination's suffix.
    """
    temporary = destination.with_name(f".{uuid.uuid4().hex}{destination.suffix}")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(destination)
        sync(destination.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Force a file's bytes, or a folder's names, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
