"""The one way in which our own films are encoded, so that pieces encoded apart can be joined.

x264 with `stitchable=1` and an explicit level writes parameter sets that depend on neither content nor quality:
the first frames of a clip, encoded alone, then carry the very bytes that the proxy carries, and the rest of the clip
can be copied after them. A short closed group of pictures without B-frames makes both ends of a cut plain and
stepping either way quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from clips.media import nal

GOP = 15
PROXY_CRF = 23
CLIP_CRF = 18
"""Better than the proxy's own: what is encoded for a clip was encoded once before."""
SOUND_RATE = 48000

_X264 = {
    "preset": "superfast",
    "profile": "high",
    "g": str(GOP),
    "keyint_min": str(GOP),
    "sc_threshold": "0",
    "bf": "0",
    "x264-params": "stitchable=1",
}

_GLOBAL_HEADER = 1 << 22

# ITU-T H.264 table A-1: level, macroblocks a second, macroblocks a picture.
_LEVELS = (
    ("3.0", 40_500, 1_620),
    ("3.1", 108_000, 3_600),
    ("3.2", 216_000, 5_120),
    ("4.0", 245_760, 8_192),
    ("4.2", 522_240, 8_704),
    ("5.0", 589_824, 22_080),
    ("5.1", 983_040, 36_864),
    ("5.2", 2_073_600, 36_864),
    ("6.2", 16_711_680, 139_264),
)


def level(width: int, height: int, frames_a_second: int) -> str:
    """Return the lowest level whose decoders can show pictures of this size at this rate."""
    picture = ((width + 15) // 16) * ((height + 15) // 16)
    for name, most_a_second, largest in _LEVELS:
        if picture <= largest and picture * frames_a_second <= most_a_second:
            return name
    return _LEVELS[-1][0]


def picture_args(level: str, *, crf: int = PROXY_CRF) -> list[str]:
    """Return ffmpeg's output arguments for the picture."""
    args = ["-c:v", "libx264", "-crf", str(crf), "-level:v", level, "-pix_fmt", "yuv420p"]
    for name, value in _X264.items():
        args += [f"-{name}:v", value]
    # Else a film from another family of codecs gets a parameter set that no piece encoded apart can have.
    args += ["-chroma_sample_location:v", "left"]
    # x264's own line about itself is a remark (SEI) that players do not need.
    return [*args, "-bsf:v", f"filter_units=remove_types={nal.SEI}"]


def sound_args() -> list[str]:
    """Return ffmpeg's output arguments for the sound; `bitexact` keeps the encoder's name out of it."""
    return ["-c:a", "aac", "-b:a", "128k", "-flags:a", "+bitexact"]


@dataclass(frozen=True)
class Sample:
    """One encoded frame as an MP4 holds it."""

    time: int
    key: bool
    data: bytes


class Encoder:
    """Encodes pictures in this process as a piece of the film that the decoder `like` reads.

    That decoder must have decoded a picture by now: only then does it know the film's colours.
    """

    def __init__(self, like: VideoCodecContext, time_base: Fraction, *, crf: int = CLIP_CRF) -> None:
        context = av.CodecContext.create("libx264", "w")
        if not isinstance(context, VideoCodecContext):
            raise TypeError("libx264 is not an encoder of pictures")
        context.width, context.height, context.pix_fmt = like.width, like.height, "yuv420p"
        context.time_base = time_base
        context.sample_aspect_ratio = Fraction(1)
        context.color_range, context.colorspace = like.color_range, like.colorspace
        context.color_primaries, context.color_trc = like.color_primaries, like.color_trc
        context.flags |= _GLOBAL_HEADER
        context.thread_count = 2
        wanted = nal.from_avcc(bytes(like.extradata or b"")).level
        context.options = {**_X264, "crf": str(crf), "level": wanted}
        context.open()
        self._context = context
        self._time_base = time_base
        self.sets = nal.from_stream(bytes(context.extradata or b""))
        """The parameter sets of what it writes."""

    def samples(self, frames: Iterable[av.VideoFrame], *, other_id: bool = False) -> Iterator[Sample]:
        """Encode all of `frames` (whose `pts` are their times, ascending) and yield their samples in order.

        `other_id` gives the first frame the other picture number (`idr_pic_id` 1, not 0), by encoding it twice and
        keeping the second: a key frame must not have the number of the key frame just before it.
        """
        first: int | None = None
        for frame in frames:
            frame.time_base, frame.pict_type = self._time_base, PictureType.NONE
            if first is None:
                first = frame.pts or 0
                if other_id:
                    again = av.VideoFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name)
                    again.pts, again.time_base = first - 1, self._time_base
                    frame.pict_type = PictureType.I
                    yield from self._drain(self._context.encode(again), first)
            yield from self._drain(self._context.encode(frame), first)
        yield from self._drain(self._context.encode(None), first or 0)

    def _drain(self, packets: list[av.Packet], first: int) -> Iterator[Sample]:
        for packet in packets:
            if packet.pts is None or packet.pts != packet.dts:
                raise ValueError("the encoder put the frames out of order")
            if packet.pts >= first:
                data = nal.prefixed(bytes(packet), nal.SLICE, nal.IDR)
                yield Sample(packet.pts, bool(packet.is_keyframe), data)
