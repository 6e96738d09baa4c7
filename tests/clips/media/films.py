"""Tiny films for the tests, each picture carrying its own number.

The number is drawn as sixteen black or white cells, so that it survives any codec and can be read back from a
decoded picture: `make` writes a film, `number` reads one picture, `numbers` all that a film shows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

SIZE = (128, 96)
"""The one size that every codec here can write."""

# Otherwise the AV1 encoder fills standard error with its settings.
os.environ.setdefault("SVT_LOG", "1")

SHARED = Path(__file__).resolve().parents[4] / "shared" / "media"
"""Real films, where they lie beside the project."""


@dataclass(frozen=True)
class Sound:
    """One sound track: a 440 Hz tone with a tick on each second."""

    codec: str = "aac"
    rate: int = 48000
    layout: str = "mono"
    seconds: float | None = None
    """As long as the picture when None."""
    metadata: dict[str, str] = field(default_factory=dict)


def draw(n: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """Return the luma of picture number `n` (0 to 65535): rows by columns, 4 by 4 cells, highest bit first."""
    width, height = size
    bits = np.array([(n >> bit) & 1 for bit in range(15, -1, -1)], dtype=np.uint8).reshape(4, 4)
    rows = np.arange(height) * 4 // height
    columns = np.arange(width) * 4 // width
    return np.where(bits[rows][:, columns] == 1, 220, 30).astype(np.uint8)


def read(luma: np.ndarray) -> int:
    """Return the number drawn in a picture's luma (rows by columns, upright)."""
    height, width = luma.shape
    value = 0
    for row in range(4):
        for column in range(4):
            cell = luma[
                (row * height // 4) + height // 12 : ((row + 1) * height // 4) - height // 12,
                (column * width // 4) + width // 12 : ((column + 1) * width // 4) - width // 12,
            ]
            value = value << 1 | int(cell.mean() > 125)
    return value


def number(frame: av.VideoFrame, rotation: int = 0) -> int:
    """Return the number in a decoded picture that is to be turned `rotation` degrees clockwise when shown."""
    grey = frame.reformat(format="gray").to_ndarray()
    return read(np.rot90(grey, -rotation // 90))


def numbers(path: Path, rotation: int = 0) -> list[int]:
    """Return the numbers of all pictures that a decoder gives out for a film, in order."""
    with av.open(str(path)) as film:
        return [number(frame, rotation) for frame in film.decode(video=0)]


def times(path: Path) -> list[Fraction]:
    """Return the presented time of every picture that a decoder gives out, in seconds."""
    with av.open(str(path)) as film:
        return [frame.pts * frame.time_base for frame in film.decode(video=0)]


def uneven(frames: int, *, base: int = 3000, seed: int = 7) -> list[int]:
    """Return truly variable frame times in 1/90000 s: gaps between a half and twice `base`."""
    random = np.random.default_rng(seed)
    gaps = random.integers(base // 2, base * 2, size=frames - 1)
    return [0, *np.cumsum(gaps).tolist()]


def make(
    path: Path,
    *,
    frames: int = 30,
    rate: Fraction | int = 30,
    times: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    codec: str = "libx264",
    codec_options: dict[str, str] | None = None,
    pixel_format: str | None = None,
    size: tuple[int, int] = SIZE,
    first_number: int = 0,
    rotation: int = 0,
    sample_aspect: Fraction | None = None,
    colours: tuple[int, int, int] | None = None,
    sounds: Iterable[Sound] = (Sound(),),
    container: str | None = None,
    container_options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    pictures: int = 1,
) -> Path:
    """Write a film of `frames` numbered pictures and return its path.

    `times` are the pictures' times in `time_base` (1/90000 s by default) for a film of variable rate or one that
    does not start at 0. `rotation` (degrees clockwise) writes the pictures turned, with the turn in the file.
    `colours` are primaries, transfer and matrix by their H.273 numbers. `pictures` is how many picture streams there
    are: 0 makes a film of sound alone.
    """
    rate = Fraction(rate)
    time_base = time_base or (Fraction(1, 90000) if times is not None else 1 / rate)
    times = list(times) if times is not None else list(range(frames))
    pixel_format = pixel_format or ("yuvj420p" if codec == "mjpeg" else "yuv420p")
    options = dict(codec_options or {})
    if codec == "libx264":
        options = {"preset": "ultrafast", "crf": "20", "threads": "1"} | options
    elif codec == "libx265":
        options = {"preset": "ultrafast", "x265-params": "log-level=none:pools=none:frame-threads=1"} | options
    elif codec in ("libvpx", "libvpx-vp9"):
        options = {"deadline": "realtime", "cpu-used": "8", "crf": "20", "b:v": "400k"} | options
    elif codec == "libsvtav1":
        options = {"preset": "11", "crf": "12", "svtav1-params": "lp=1"} | options
    elif codec in ("mpeg4", "mpeg2video", "mpeg1video", "h263", "mjpeg"):
        options = {"qmin": "2", "qmax": "4"} | options
    with av.open(str(path), "w", format=container, options=container_options or {}) as film:
        film.metadata.update(metadata or {})
        shown = []
        for _ in range(pictures):
            stream = film.add_stream(codec, rate=rate, options=dict(options))
            turned = size[::-1] if rotation in (90, 270) else size
            stream.width, stream.height = turned
            stream.pix_fmt = pixel_format
            stream.codec_context.time_base = time_base
            if sample_aspect:
                stream.codec_context.sample_aspect_ratio = sample_aspect
            if colours:
                context = stream.codec_context
                context.color_primaries, context.color_trc, context.colorspace = colours
            if rotation:
                # ffmpeg's angle is anticlockwise.
                stream.set_display_rotation(-rotation)
            shown.append(stream)
        # ffmpeg calls its own Vorbis encoder experimental; it is the one that every build has.
        unusual = {"strict": "-2"}
        heard = [(sound, film.add_stream(sound.codec, rate=sound.rate, options=unusual)) for sound in sounds]
        for sound, stream in heard:
            stream.layout = sound.layout
            stream.metadata.update(sound.metadata)
        lasting = float((times[-1] - times[0]) * time_base + 1 / rate) if times else 0.0
        packets: list[Any] = []
        for stream in shown:
            for index, time in enumerate(times):
                luma = np.rot90(draw(first_number + index, size), rotation // 90)
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(luma), format="gray")
                frame = frame.reformat(format=pixel_format)
                frame.pts, frame.time_base = time, time_base
                after = times[index + 1] if index + 1 < len(times) else time + round(1 / rate / time_base)
                frame.duration = after - time
                if colours:
                    frame.color_primaries, frame.color_trc, frame.colorspace = colours
                packets += stream.encode(frame)
            packets += stream.encode(None)
        for sound, stream in heard:
            seconds = lasting if sound.seconds is None else sound.seconds
            packets += _encode_sound(stream, sound, seconds)
        packets.sort(key=lambda packet: packet.dts * packet.time_base)
        film.mux(packets)
    return path


def _encode_sound(stream: Any, sound: Sound, seconds: float) -> list[Any]:
    at = np.arange(int(seconds * sound.rate)) / sound.rate
    tone = 0.1 * np.sin(2 * np.pi * 440 * at)
    tone += 0.7 * np.sin(2 * np.pi * 2000 * at) * (at % 1 < 0.02)
    samples = (tone * 32767).astype(np.int16)
    channels = len(av.AudioLayout(sound.layout).channels)
    data = np.repeat(samples, channels).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), format="s16", layout=sound.layout)
    frame.sample_rate, frame.pts, frame.time_base = sound.rate, 0, Fraction(1, sound.rate)
    return [*stream.encode(frame), *stream.encode(None)]


def boxes(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return (type, start, size) of each top-level box of an MP4 or of the inside of one."""
    found, at = [], 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        size = size or len(data) - at
        found.append((data[at + 4 : at + 8], at, size))
        at += max(size, 8)
    return found
