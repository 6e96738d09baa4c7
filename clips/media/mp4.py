"""Writing our MP4 files: a film's own frame times, the index in front, and not a word about who made it where."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from clips.media import boxes, nal


def reading(path: Path, *, ignore_edits: bool = False) -> InputContainer:
    """Open a film of our own to read it.

    Our header says all there is to know, so nothing is decoded to find out more, which would take longer than
    cutting the clip. Colours are known once the first picture is decoded. `ignore_edits` shows what the file
    holds, whatever an edit list says.
    """
    options = {"probesize": "32"}
    if ignore_edits:
        options["ignore_editlist"] = "1"
    return av.open(str(path), format="mp4", container_options=options)


class Writer:
    """An MP4 being written: pictures copied or encoded, AAC sound copied.

    Pictures are given in order with times from 0 in the file's time base. The sound's first packet may begin
    before 0: an edit list then keeps it in step with the picture. Nothing of the picture is ever hidden.
    """

    def __init__(
        self,
        path: Path,
        *,
        picture: VideoStream,
        time_base: Fraction,
        sound: AudioStream | None = None,
        sets: nal.ParameterSets | None = None,
    ) -> None:
        """Begin `path` with tracks like `picture` and `sound`; `sets` replace the picture's parameter sets."""
        options = {
            "movflags": "+faststart",
            "fflags": "+bitexact",
            "video_track_timescale": str(time_base.denominator),
            "movie_timescale": str(time_base.denominator),
        }
        self._path = path
        self._out = av.open(str(path), "w", format="mp4", options=options)
        self._time_base = time_base
        self._picture = self._out.add_stream_from_template(picture)
        self._picture.time_base = time_base
        if sets is not None:
            self._picture.codec_context.extradata = nal.to_avcc(sets)
        self._sound = self._out.add_stream_from_template(sound) if sound is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()
        if error is None:
            _silence(self._path)

    def picture(self, data: bytes | av.Packet, time: int, duration: int, *, key: bool) -> None:
        """Add the next frame."""
        packet = data if isinstance(data, av.Packet) else av.Packet(data)
        packet.stream = self._picture
        packet.time_base = self._time_base
        packet.pts = packet.dts = time
        packet.duration = duration
        packet.is_keyframe = key
        self._out.mux(packet)

    def sound(self, packet: av.Packet, time: int) -> None:
        """Add the next packet of sound; `time` is when it begins, in its own time base."""
        if self._sound is None:
            raise ValueError("this file has no track of sound")
        packet.stream = self._sound
        packet.pts = packet.dts = time
        self._out.mux(packet)


def gaps(times: Sequence[int], end: int) -> list[int]:
    """Return how long each frame is shown, given when each begins and when the last ends."""
    return [after - time for time, after in zip(times, [*times[1:], end], strict=True)]


def _silence(path: Path) -> None:
    """Turn the empty list of remarks that the muxer leaves at the end of the index into free space."""
    with path.open("r+b") as file:
        for box in boxes.top_level(file):
            if box.kind != "moov":
                continue
            file.seek(box.at)
            data = file.read(box.size)
            for child in boxes.children(data, box.header, box.size):
                if child.kind == "udta":
                    file.seek(box.at + child.at + 4)
                    file.write(b"free")
            return
