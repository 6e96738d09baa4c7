"""Handing out a proxy piece by piece while it is still being made, for players that are fed (MSE).

A folder holds `init.mp4` (the header), `00000.m4s`, `00001.m4s`, … of about two seconds each, and `index.json`, which
is renamed into place after the pieces it lists:
{"mime", "time_base": [n, d], "complete", "segments": [{"name", "first", "frames", "start_us", "end_us", "bytes"}]}.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from clips.media import boxes, nal
from clips.media.frames import times_us

INDEX, INIT = "index.json", "init.mp4"


class Publisher:
    """Copies the finished pieces of a growing fragmented MP4 into a folder."""

    def __init__(self, growing: Path, folder: Path, *, times: Sequence[int], end: int, time_base: Fraction) -> None:
        """Publish `growing` into `folder` (made if missing); `times` and `end` are those of all its frames."""
        self._growing, self._folder = growing, folder
        self._times = times_us([*times, end], time_base)
        self._time_base = time_base
        self._at = 0
        self._head = b""
        self._mime = ""
        self._moof: boxes.Box | None = None
        self._video_track = 0
        self._segments: list[dict[str, Any]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def publish(self, *, complete: bool = False) -> int:
        """Publish what is whole by now and return how many frames that makes; `complete` marks the end."""
        before = len(self._segments)
        if self._growing.exists():
            with self._growing.open("rb") as file:
                for box in boxes.top_level(file, self._at):
                    self._take(file, box)
                    self._at = box.end
        if len(self._segments) > before or complete:
            self._write_index(complete)
        return sum(segment["frames"] for segment in self._segments)

    def _take(self, file: Any, box: boxes.Box) -> None:
        file.seek(box.at)
        if box.kind in ("ftyp", "moov"):
            self._head += file.read(box.size)
            if box.kind == "moov":
                self._read_moov(self._head[-box.size :])
                _put(self._folder / INIT, self._head)
        elif box.kind == "moof":
            self._moof = box
        elif box.kind == "mdat" and self._moof is not None:
            file.seek(self._moof.at)
            self._add(file.read(box.end - self._moof.at), self._moof.size)
            self._moof = None

    def _read_moov(self, moov: bytes) -> None:
        codecs, track = [], 0
        for name, body in boxes.inner(moov, 0, len(moov)):
            if name == "moov/trak/tkhd":
                (track,) = struct.unpack_from(">I", body, 20 if body[0] else 12)
            elif name == "moov/trak/mdia/hdlr" and body[8:12] == b"vide":
                self._video_track = track
            elif name.endswith("/stsd") and body[12:16] == b"avc1":
                at = body.index(b"avcC") + 4
                codecs.append("avc1." + nal.from_avcc(body[at:]).sps[0][1:4].hex())
            elif name.endswith("/stsd") and body[12:16] == b"mp4a":
                codecs.append("mp4a.40.2")
        self._mime = f'video/mp4; codecs="{",".join(codecs)}"'

    def _add(self, piece: bytes, moof: int) -> None:
        frames, track = 0, 0
        for name, body in boxes.inner(piece, 0, moof):
            if name == "moof/traf/tfhd":
                (track,) = struct.unpack_from(">I", body, 4)
            elif name == "moof/traf/trun" and track == self._video_track:
                frames += struct.unpack_from(">I", body, 4)[0]
        first = sum(segment["frames"] for segment in self._segments)
        last = min(first + frames, len(self._times) - 1)
        name = f"{len(self._segments):05}.m4s"
        _put(self._folder / name, piece)
        self._segments.append(
            {
                "name": name,
                "first": first,
                "frames": frames,
                "start_us": self._times[min(first, last)],
                "end_us": self._times[last],
                "bytes": len(piece),
            }
        )

    def _write_index(self, complete: bool) -> None:
        index = {
            "mime": self._mime,
            "time_base": [self._time_base.numerator, self._time_base.denominator],
            "complete": complete,
            "segments": self._segments,
        }
        _put(self._folder / INDEX, json.dumps(index, separators=(",", ":")).encode())


def _put(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or none. Not synced: these pieces are never the only copy."""
    temporary = path.with_name(f".{path.name}")
    temporary.write_bytes(data)
    temporary.replace(path)
