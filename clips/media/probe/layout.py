"""Reading the outer structure of a film's file: is all of it there, and does it point anywhere else?

Only enough is read to answer what PyAV does not say: whether the end is missing, DRM, data in other files, edit
lists and fragments. Whatever is odd in a way that does not matter here is left for ffmpeg to judge.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from clips.media.formats import Family
from clips.media.probe import reasons

MAX_HEADER = 256 * 2**20
"""Bytes of the largest MP4 header that is read; three hours at 240 pictures a second need about 50 MB."""

_SLACK = 4096
"""Bytes by which the sizes in AVI files may be wrong: some cameras count their padding."""


@dataclass
class Track:
    """What one track of an MP4 file says about itself."""

    handler: str = ""
    formats: list[str] = field(default_factory=list)
    samples: int = 0
    edits: list[tuple[int, int, int]] = field(default_factory=list)
    """(duration in the film's units, media time in the track's units or -1 for an empty edit, rate × 65536)."""
    size: tuple[int, int] = (0, 0)
    """Width and height that the header claims for a picture."""
    seconds: float = 0.0
    outside: bool = False
    mirrored: bool = False


@dataclass
class Layout:
    """What the structure of the file tells."""

    tracks: list[Track] = field(default_factory=list)
    fragmented: bool = False
    moov_found: bool = False
    seconds: float = 0.0
    """The longest time that an MP4 header claims, of the film or of a track."""

    @property
    def picture(self) -> Track | None:
        """The first picture track of an MP4 file."""
        return next((track for track in self.tracks if track.handler == "vide"), None)


def read(film: BinaryIO, size: int, container: Family) -> Layout:
    """Return the layout of a film of `size` bytes; Rejected when its end is missing or it points elsewhere."""
    if container is Family.MP4:
        return _mp4(film, size)
    if container is Family.MATROSKA:
        _matroska(film, size)
    elif container is Family.AVI:
        _avi(film, size)
    return Layout()


# ---------------------------------------------------------------- MP4


def _mp4(film: BinaryIO, size: int) -> Layout:
    layout = Layout()
    at, has_data, short = 0, False, False
    while at + 8 <= size:
        film.seek(at)
        head = film.read(16)
        length, kind = struct.unpack(">I4s", head[:8])
        start = at + 8
        if length == 1 and len(head) == 16:
            length, start = struct.unpack(">Q", head[8:16])[0], at + 16
        elif length == 0:
            length = size - at
        if length < start - at:
            break  # not a box: rubbish behind the film is common and harmless
        known = kind in (b"moov", b"mdat", b"moof", b"free", b"ftyp", b"uuid", b"wide", b"skip")
        if known and at + length > size:
            short = True
        has_data = has_data or kind in (b"mdat", b"moof")
        layout.fragmented = layout.fragmented or kind == b"moof"
        if kind == b"moov" and not short:
            if length > MAX_HEADER:
                raise reasons.damaged()
            layout.moov_found = True
            film.seek(start)
            _moov(film.read(length - (start - at)), layout)
        at += length
    if not layout.moov_found:
        raise reasons.unfinished() if has_data or short else reasons.damaged()
    if short:
        raise reasons.breaks_off()
    return layout


def _inside(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, first byte of content, end of content) of the boxes in a stretch of `data`."""
    at, end = start, len(data) if end is None else end
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, at)
        content = at + 8
        if length == 1 and at + 16 <= end:
            length, content = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        elif length == 0:
            length = end - at
        if length < content - at or at + length > end:
            return
        yield kind, content, at + length
        at += length


def _moov(data: bytes, layout: Layout) -> None:
    for kind, start, end in _inside(data):
        if kind == b"cmov":
            raise reasons.compressed_header()
        if kind == b"mvex":
            layout.fragmented = True
        elif kind == b"mvhd":
            layout.seconds = max(layout.seconds, _claimed(data, start, end))
        elif kind == b"trak":
            track = Track()
            _trak(data, start, end, track)
            if track.handler in ("vide", "soun"):
                layout.seconds = max(layout.seconds, track.seconds)
            layout.tracks.append(track)
    for track in layout.tracks:
        # Only picture and sound are ever read: a pointer in, say, a timecode track leads nowhere.
        if track.handler in ("vide", "soun") and track.outside:
            raise reasons.points_outside()
        if track.handler in ("vide", "soun") and any(
            name in ("encv", "enca", "drms", "drmi") for name in track.formats
        ):
            raise reasons.protected()


def _trak(data: bytes, start: int, end: int, track: Track) -> None:
    for kind, at, stop in _inside(data, start, end):
        if kind in (b"mdia", b"minf", b"dinf", b"stbl", b"edts"):
            _trak(data, at, stop, track)
        elif kind == b"hdlr" and stop - at >= 12 and not track.handler:
            # The media's handler comes first; the one inside `minf` is the data handler.
            track.handler = data[at + 8 : at + 12].decode("latin-1")
        elif kind == b"dref":
            for _, entry, entry_end in _inside(data, at + 8, stop):
                # The lowest flag says that the data are in this very file.
                if entry_end - entry >= 4 and not data[entry + 3] & 1:
                    track.outside = True
        elif kind == b"stsd":
            for name, entry, entry_end in _inside(data, at + 8, stop):
                track.formats.append(name.decode("latin-1"))
                if entry_end - entry >= 28:
                    track.size = max(track.size, struct.unpack_from(">HH", data, entry + 24))
        elif kind in (b"stsz", b"stz2") and stop - at >= 12:
            track.samples = struct.unpack_from(">I", data, at + 8)[0]
        elif kind == b"elst":
            track.edits = _edits(data, at, stop)
        elif kind == b"mdhd":
            track.seconds = _claimed(data, at, stop)
        elif kind == b"tkhd":
            track.mirrored = _mirrored(data, at, stop)


def _claimed(data: bytes, at: int, stop: int) -> float:
    """Return the length in seconds that a movie or media header claims; 0 when it leaves it open."""
    layout, place = (">IQ", at + 20) if data[at : at + 1] == b"\1" else (">II", at + 12)
    if place + struct.calcsize(layout) > stop:
        return 0.0
    scale, length = struct.unpack_from(layout, data, place)
    is_open = length in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
    return 0.0 if is_open or not scale else length / scale


def _edits(data: bytes, at: int, stop: int) -> list[tuple[int, int, int]]:
    if stop - at < 8:
        return []
    layout = ">Qqi" if data[at] == 1 else ">Iii"
    count = struct.unpack_from(">I", data, at + 4)[0]
    step = struct.calcsize(layout)
    found = range(at + 8, min(stop - step + 1, at + 8 + count * step), step)
    return [struct.unpack_from(layout, data, place) for place in found]


def _mirrored(data: bytes, at: int, stop: int) -> bool:
    """Say whether the track's matrix flips the picture (its determinant is negative)."""
    matrix = at + (52 if data[at] == 1 else 40)
    if matrix + 36 > stop:
        return False
    a, b, _, c, d = struct.unpack_from(">5i", data, matrix)
    return a * d - b * c < 0


# ---------------------------------------------------------------- the others


def _matroska(film: BinaryIO, size: int) -> None:
    """Refuse a Matroska film whose one segment is longer than the file. Live recordings leave its size open."""
    film.seek(0)
    head = film.read(4096)
    at = 4
    length, width, _ = _vint(head, at)
    at += width + length
    if at + 12 > len(head) or head[at : at + 4] != b"\x18\x53\x80\x67":
        return
    length, width, unknown = _vint(head, at + 4)
    if not unknown and at + 4 + width + length > size:
        raise reasons.breaks_off()


def _vint(data: bytes, at: int) -> tuple[int, int, bool]:
    """Return a Matroska number, how many bytes it took, and whether it means “unknown”."""
    first = data[at]
    width = 9 - first.bit_length() if first else 8
    value = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
    return value, width, value == (1 << 7 * width) - 1


def _avi(film: BinaryIO, size: int) -> None:
    """Refuse an AVI film one of whose chunks is longer than the file."""
    at = 0
    while at + 12 <= size:
        film.seek(at)
        head = film.read(12)
        if head[:4] != b"RIFF":
            return
        if at == 0 and _avi_has_text(film):
            raise reasons.text_track()
        length = struct.unpack("<I", head[4:8])[0]
        if length == 0:
            return  # a camera that lost power before it could write the size
        if at + 8 + length > size + _SLACK:
            raise reasons.breaks_off()
        at += 8 + length + length % 2


def _avi_has_text(film: BinaryIO) -> bool:
    """Look for a text stream in the header. ffmpeg opens what such a stream holds as a file of its own."""
    film.seek(12)
    head = film.read(2**20)
    if head[:4] != b"LIST" or head[8:12] != b"hdrl":
        return False
    end = min(len(head), 8 + struct.unpack("<I", head[4:8])[0])
    at = 12
    while at + 24 <= end:
        kind, length = struct.unpack_from("<4sI", head, at)
        if kind == b"LIST" and head[at + 8 : at + 16] == b"strlstrh" and head[at + 20 : at + 24] == b"txts":
            return True
        at += 8 + length + length % 2
    return False
