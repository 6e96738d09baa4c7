"""Reading the boxes of an MP4 (ISO/IEC 14496-12) that we wrote ourselves, without decoding anything."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CONTAINERS = frozenset(["moov", "trak", "mdia", "minf", "stbl", "edts", "mvex", "moof", "traf", "dinf", "udta"])


@dataclass(frozen=True)
class Box:
    """One box: its type, where it begins and how long it is with its header."""

    kind: str
    at: int
    size: int
    header: int = 8

    @property
    def end(self) -> int:
        """The offset just after the box."""
        return self.at + self.size


@dataclass(frozen=True)
class Edit:
    """One entry of an edit list; `media_time` is -1 for an empty stretch."""

    duration: int
    media_time: int


def top_level(file: BinaryIO, at: int = 0) -> Iterator[Box]:
    """Yield the complete top-level boxes of an open file from offset `at`; a torn last one ends it quietly."""
    file.seek(0, 2)
    length = file.tell()
    while at + 8 <= length:
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        header = 8
        if size == 1:
            wide = file.read(8)
            if len(wide) < 8:
                return
            size, header = struct.unpack(">Q", wide)[0], 16
        if size < header or at + size > length:
            return
        yield Box(name.decode("latin-1"), at, size, header)
        at += size


def children(data: bytes, at: int, end: int) -> Iterator[Box]:
    """Yield the boxes that lie side by side in `data[at:end]`. Raises ValueError when one does not fit."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > end:
            raise ValueError("a box does not fit into the one around it")
        yield Box(name.decode("latin-1"), at, size)
        at += size


def inner(data: bytes, at: int, end: int, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield every box in `data[at:end]` as its path ("moov/trak/edts/elst") and its body, containers too."""
    for box in children(data, at, end):
        here = f"{path}/{box.kind}" if path else box.kind
        yield here, data[box.at + box.header : box.end]
        if box.kind in _CONTAINERS:
            yield from inner(data, box.at + box.header, box.end, here)


def header(path: Path) -> tuple[list[str], list[tuple[str, bytes]]]:
    """Return the types of a file's top-level boxes in order, and all boxes inside its `moov`."""
    with path.open("rb") as file:
        boxes = list(top_level(file))
        found: list[tuple[str, bytes]] = []
        for box in boxes:
            if box.kind == "moov":
                file.seek(box.at)
                data = file.read(box.size)
                found += list(inner(data, 0, len(data)))
    return [box.kind for box in boxes], found


def edits(body: bytes) -> list[Edit]:
    """Return the entries of an `elst` body."""
    version, count = body[0], struct.unpack_from(">I", body, 4)[0]
    form, width = (">Qq", 20) if version else (">Ii", 12)
    return [Edit(*struct.unpack_from(form, body, 8 + index * width)) for index in range(count)]


def created(body: bytes) -> int:
    """Return the sum of creation and modification time of an `mvhd`, `tkhd` or `mdhd` body: 0 when unset."""
    return sum(struct.unpack_from(">QQ" if body[0] else ">II", body, 4))
