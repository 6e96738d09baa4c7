"""The bytes of a film as they arrive: straight to disk, never whole in memory, and never more claimed than is safe.

The offset in the database is the truth: it moves only after the bytes before it are on disk (fsync) and, where the
browser sent a checksum, proven. Whatever lies behind it in the file was never vouched for and is cut off before the
next chunk. One request at a time writes to a film; the kernel lets go of the lock when a worker is killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from clips import actions, store
from clips.actions.refusal import Refused
from clips.models import Upload

if TYPE_CHECKING:
    from accounts.models import User
    from clips.models import Recording

BLOCK = 256 * 1024
SAFE_EVERY = 8 * 1024**2
"""Without a checksum, how many bytes of a long chunk may be lost when the server dies."""
ASK_EVERY_SECONDS = 5.0
ALGORITHMS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}


class Busy(Exception):
    """Another request is writing to this film."""


class WrongOffset(Exception):
    """The chunk does not begin where the film ends so far."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class TooMuch(Exception):
    """The chunk goes past the length that was announced."""


class Damaged(Exception):
    """The chunk is not what its checksum says; nothing of it was kept."""


class BrokenOff(Exception):
    """The browser went away in the middle of a chunk."""


class Over(Exception):
    """The film is no longer wanted: cancelled, stopped, or whole already."""


@dataclass(frozen=True)
class Checksum:
    """What a chunk should be."""

    algorithm: str
    digest: bytes


def offset_of(upload: Upload) -> int:
    """How many bytes of an upload are safe: what the database says, unless the file has fewer."""
    if upload.state == Upload.State.COMPLETE:
        return upload.length
    try:
        safe = min(upload.offset, store.path(upload.recording_id, store.PART).stat().st_size)
    except FileNotFoundError:
        safe = 0
    # The server may have died between the last byte and the film's new name.
    return upload.length if safe in {0, upload.length} and actions.complete_if_whole(upload=upload) else safe


@contextlib.contextmanager
def _locked(upload: Upload) -> Iterator[int]:
    """The part file, opened and locked for this request alone. Raises Busy."""
    store.make_folder(upload.recording_id)
    part = store.path(upload.recording_id, store.PART)
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield handle
    finally:
        os.close(handle)


def receive(
    upload: Upload,
    read: Callable[[int], bytes],
    *,
    offset: int,
    length: int,
    checksum: Checksum | None = None,
    still_wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Take one chunk of ``length`` bytes that begins at ``offset``; the offset after it.

    ``read(n)`` gives up to n bytes, none at the end, and raises OSError when the browser is gone. When the browser
    dies in mid-chunk, what came is kept unless a checksum was asked for: bytes that nobody vouches for are not.
    ``still_wanted`` is asked every few seconds.

    Raises Busy, Over, WrongOffset, TooMuch, Damaged, BrokenOff and store.NoRoom; after each of them the film is as
    whole as its offset says.
    """
    if offset_of(upload) == upload.length:
        raise WrongOffset(upload.length)
    with _locked(upload) as handle:
        upload.refresh_from_db()  # only now nobody else moves the offset
        if upload.state != Upload.State.RECEIVING:
            raise Over
        start = min(upload.offset, os.fstat(handle).st_size)
        if offset != start:
            raise WrongOffset(start)
        if length > upload.length - start:
            raise TooMuch
        # The reserve was kept free when the upload began; half of it is left to the work that is under way already.
        if store.free_space() - settings.UPLOAD_RESERVE_BYTES // 2 < length:
            raise store.NoRoom
        os.ftruncate(handle, start)
        end = _write(upload, handle, read, start, length, checksum, still_wanted)
        if end < upload.length:
            return end
    upload.offset = end
    if not actions.complete_if_whole(upload=upload):
        raise Over
    return end


def _write(
    upload: Upload,
    handle: int,
    read: Callable[[int], bytes],
    start: int,
    length: int,
    checksum: Checksum | None,
    still_wanted: Callable[[], bool],
) -> int:
    """Write a chunk and vouch for it; the offset after it."""
    digest = ALGORITHMS[checksum.algorithm]() if checksum else None
    at = safe = start
    asked = time.monotonic()

    def vouch() -> None:
        nonlocal safe
        os.fsync(handle)
        if not actions.received(upload=upload, offset=at):
            raise Over
        safe = at

    os.lseek(handle, start, os.SEEK_SET)
    try:
        while at < start + length:
            block = _next(read, min(BLOCK, start + length - at))
            if not block:
                if digest is None and at > safe:
                    vouch()
                raise BrokenOff
            if digest is not None:
                digest.update(block)
            rest = memoryview(block)
            while rest:
                written = os.write(handle, rest)
                at, rest = at + written, rest[written:]
            if digest is None and at - safe >= SAFE_EVERY:
                vouch()
            if time.monotonic() - asked > ASK_EVERY_SECONDS:
                asked = time.monotonic()
                if not still_wanted():
                    raise Over
        if digest is not None and checksum is not None and not hmac.compare_digest(digest.digest(), checksum.digest):
            raise Damaged
        vouch()
    except OSError as error:
        if store.full(error):
            raise store.NoRoom from error
        raise
    finally:
        if at > safe:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, safe)
    return at


def _next(read: Callable[[int], bytes], size: int) -> bytes:
    try:
        return read(size)
    except OSError:  # reset, timed out, or Django's UnreadablePostError: gone all the same
        return b""


def begin_again(*, by: User, film: Recording, length: int, samples: str = "") -> Upload:
    """Take a film from its first byte anew, with its marks: it arrived broken, or the device made another copy of it.

    Raises Busy, and what ``actions.send_again`` raises.
    """
    upload = Upload.objects.select_related("recording").filter(recording=film).first()
    if upload is None:
        raise Refused("This film does not have to be sent again.")
    if upload.user_id != by.pk or upload.state != Upload.State.RECEIVING:
        return actions.send_again(by=by, recording=film, length=length, samples=samples)
    with _locked(upload) as handle:  # no piece of the old copy may end up in the new one
        begun = actions.send_again(by=by, recording=film, length=length, samples=samples)
        os.ftruncate(handle, 0)
        return begun
