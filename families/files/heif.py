"""HEIC pictures as iPhones make them: kept and downloaded, never decoded here."""

from __future__ import annotations

from families.files.refusal import Refused

_KNOWN = frozenset({b"ftyp", b"meta", b"mdat", b"free", b"skip", b"idat", b"moov", b"uuid", b"mpvd", b"wide"})
_MOST_BOXES = 64


def check(data: bytes, called: str) -> None:
    """The boxes of the file fill it exactly and one of them describes the picture. Raises Refused.

    Whatever lies after the last box is what a second reader would find: none may lie there.
    """
    at = 0
    seen: list[bytes] = []
    while at < len(data) and len(seen) < _MOST_BOXES:
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head or name not in _KNOWN:
            break
        seen.append(name)
        at += size
    if at != len(data) or b"meta" not in seen:
        raise Refused(f"{called} is damaged, or is not a HEIC picture. Send it as a JPEG instead.", "damaged")
