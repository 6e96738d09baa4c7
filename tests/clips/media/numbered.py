"""Films that say which frame they show: every picture carries its number as black and white cells.

`make` paints, encodes and muxes a short film with a tick of sound on every twelfth frame; `read` gives the number
back from a decoded picture; `numbers` and `ticks` read a whole file the way a player would.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

COLUMNS, ROWS, BITS = 8, 2, 12
RATE = 48000
TICK_EVERY, TICK_AT = 12, 5
TICK_LENGTH = Fraction(1, 100)
TICK_DELAY = Fraction(1, 100)
"""A tick begins this long after its frame, so that one on a clip's first frame lies wholly inside it."""


@dataclass(frozen=True)
class Numbered:
    """A film that was made, and what a faithful reader must find in it."""

    path: Path
    time_base: Fraction
    times: tuple[int, ...]
    """Presented times, in `time_base`, counted from the first presented frame."""
    end: int
    numbers: tuple[int, ...]
    """The number painted in each presented frame."""
    size: tuple[int, int]
    """Width and height as shown."""

    def seconds(self, index: int) -> Fraction:
        """Time of presented frame `index` (the film's end for one past the last) from the first, in seconds."""
        return (*self.times, self.end)[index] * self.time_base

    def ticking(self, first: int = 0, after: int | None = None) -> list[int]:
        """Indices of the presented frames, from `first` up to, not including, `after`, that a tick sounds with."""
        chosen = range(first, len(self.numbers) if after is None else after)
        return [index for index in chosen if self.numbers[index] % TICK_EVERY == TICK_AT]


def paint(number: int, width: int, height: int) -> np.ndarray:
    """Return the luma of frame `number`: cells across the middle, moving texture and noise around them."""
    noise = np.random.default_rng(number)
    y, x = np.mgrid[0:height, 0:width]
    luma = 110 + 50 * np.sin((x + 3 * number) / 9) * np.cos((y - 2 * number) / 7) + noise.normal(0, 6, (height, width))
    check = (number ^ number >> 2 ^ number >> 5) & 3
    bits = [1, *(number >> bit & 1 for bit in range(BITS)), check & 1, check >> 1, 0]
    top, cell_h, cell_w = height // 4, height // 4, width // COLUMNS
    for cell, bit in enumerate(bits):
        row, column = divmod(cell, COLUMNS)
        luma[top + row * cell_h : top + (row + 1) * cell_h, column * cell_w : (column + 1) * cell_w] = (
            225 if bit else 25
        )
    return np.clip(luma, 16, 235).astype(np.uint8)


def read(luma: np.ndarray) -> int:
    """Return the number painted in a picture; AssertionError when it cannot be read beyond doubt."""
    height, width = luma.shape
    top, cell_h, cell_w = height / 4, height / 4, width / COLUMNS
    values = []
    for cell in range(COLUMNS * ROWS):
        row, column = divmod(cell, COLUMNS)
        y, x = top + row * cell_h, column * cell_w
        patch = luma[int(y + cell_h * 0.3) : int(y + cell_h * 0.7), int(x + cell_w * 0.3) : int(x + cell_w * 0.7)]
        values.append(float(patch.mean()))
    white, black = values[0], values[-1]
    assert white - black > 60, "the picture carries no number"
    bits = [int(value > (white + black) / 2) for value in values]
    number = sum(bit << index for index, bit in enumerate(bits[1 : BITS + 1]))
    check = (number ^ number >> 2 ^ number >> 5) & 3
    assert bits[BITS + 1] | bits[BITS + 2] << 1 == check, "the number does not agree with its check"
    return number


def luma_of(frame: av.VideoFrame) -> np.ndarray:
    """Return the brightness of a decoded picture, whatever its pixel format."""
    return frame.to_ndarray(format="gray")


def constant(count: int, rate: Fraction | int, time_base: Fraction | None = None) -> tuple[list[int], int, Fraction]:
    """Return frame times, end and time base of a film with a constant rate."""
    gap = 1 / Fraction(rate)
    base = time_base or Fraction(1, 90000 if (gap * 90000).denominator == 1 else 30000)
    times = [round(index * gap / base) for index in range(count + 1)]
    return times[:-1], times[-1], base


def variable(count: int, seed: int = 7) -> tuple[list[int], int, Fraction]:
    """Return frame times of a film with a truly variable rate: gaps of 20 to 60 ms, as phones make in the dark."""
    gaps = np.random.default_rng(seed).integers(1800, 5400, count)
    times = [0, *np.cumsum(gaps).tolist()]
    return times[:-1], times[-1], Fraction(1, 90000)


def _sound(ticks: Sequence[Fraction], length: Fraction) -> np.ndarray:
    samples = np.zeros(int(length * RATE) + 1, np.float32)
    wave = np.arange(int(TICK_LENGTH * RATE))
    burst = 0.8 * np.sin(2 * np.pi * 2000 * wave / RATE) * np.hanning(len(wave))
    for tick in ticks:
        at = round((tick + TICK_DELAY) * RATE)
        room = max(0, min(len(burst), len(samples) - at))
        samples[at : at + room] = burst[:room]
    return samples


@dataclass
class Recipe:
    """How a film is encoded; the defaults are a plain phone film."""

    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: {"preset": "ultrafast", "crf": "18", "g": "25", "bf": "0"})
    pix_fmt: str = "yuv420p"
    sound: str | None = "aac"
    rotation: int = 0
    """Degrees clockwise that a player must turn the stored picture (MP4 and MOV only)."""
    hidden: int = 0
    """Frames at the start that an edit list hides (MP4 and MOV only)."""
    first: int = 0
    """Presented time of the first frame, in the film's time base."""
    size: tuple[int, int] = (256, 144)
    """Width and height as shown."""
    hlg: bool = False
    muxer: dict[str, str] = field(default_factory=dict)


def _pictures(count: int, recipe: Recipe) -> Iterator[av.VideoFrame]:
    width, height = recipe.size
    for number in range(count):
        luma = np.rot90(paint(number, width, height), recipe.rotation // 90)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(luma), format="gray")
        yield frame.reformat(format=recipe.pix_fmt)


def make(path: Path, times: Sequence[int], end: int, time_base: Fraction, recipe: Recipe | None = None) -> Numbered:
    """Write a film whose frames have these times (from 0, in `time_base`); see `Recipe` for the rest."""
    recipe = recipe or Recipe()
    start = times[recipe.hidden] - recipe.first
    width, height = recipe.size if recipe.rotation % 180 == 0 else recipe.size[::-1]
    with av.open(str(path), "w", options=_muxer(path, time_base, recipe)) as out:
        rate = max(1, round(len(times) / (end * time_base)))
        video = out.add_stream(recipe.codec, rate=Fraction(rate), options=recipe.options)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = width, height, recipe.pix_fmt
        context = video.codec_context
        context.time_base = time_base
        if recipe.hlg:
            context.color_primaries, context.color_trc, context.colorspace, context.color_range = 9, 18, 9, 1
        audio = None
        if recipe.sound:
            audio = out.add_stream(recipe.sound, rate=RATE, layout="mono")
        packets = []
        for time, frame in zip(times, _pictures(len(times), recipe), strict=True):
            frame.pts, frame.time_base = time, time_base
            if recipe.hlg:
                frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range = 9, 18, 9, 1
            packets += context.encode(frame)
        packets += context.encode(None)
        for packet in packets:
            packet.stream = video
            packet.pts -= start
            packet.dts -= start
        if audio is not None:
            begin = start * time_base
            ticks = [time * time_base - begin for number, time in enumerate(times) if number % TICK_EVERY == TICK_AT]
            samples = _sound([tick for tick in ticks if tick >= 0], end * time_base - begin)
            layout = "s16" if recipe.sound.startswith("pcm") or recipe.sound == "libopus" else "fltp"
            step = 960 if recipe.sound == "libopus" else 1024
            for at in range(0, len(samples), step):
                piece = samples[None, at : at + step]
                if layout == "s16":
                    piece = (piece * 32767).astype(np.int16)
                sound = av.AudioFrame.from_ndarray(piece, format=layout, layout="mono")
                sound.sample_rate, sound.pts, sound.time_base = RATE, at, Fraction(1, RATE)
                packets += audio.encode(sound)
            packets += audio.encode(None)
        packets.sort(key=lambda packet: packet.dts * packet.time_base)
        for packet in packets:
            out.mux(packet)
    if recipe.rotation:
        turn(path, recipe.rotation)
    shown = times[recipe.hidden :]
    zero = shown[0]
    return Numbered(
        path,
        time_base,
        tuple(time - zero for time in shown),
        end - zero,
        tuple(range(recipe.hidden, len(times))),
        recipe.size,
    )


def _muxer(path: Path, time_base: Fraction, recipe: Recipe) -> dict[str, str]:
    if path.suffix in (".mp4", ".mov"):
        return {"video_track_timescale": str(time_base.denominator), **recipe.muxer}
    return recipe.muxer


def turn(path: Path, degrees: int) -> None:
    """Write into the picture track's header (`tkhd`) that players must turn it clockwise by `degrees`."""
    data = bytearray(path.read_bytes())
    one = 0x10000
    a, b, c, d = {90: (0, one, -one, 0), 180: (-one, 0, 0, -one), 270: (0, -one, one, 0)}[degrees]
    at = -1
    while (at := data.find(b"tkhd", at + 1)) >= 0:
        matrix = at + 4 + (52 if data[at + 4] else 40)
        width = struct.unpack_from(">I", data, matrix + 36)[0]
        if width:
            struct.pack_into(">9i", data, matrix, a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(data)


def numbers(path: Path, **options: str) -> list[tuple[Fraction, int]]:
    """Decode a whole file and return (time in seconds, painted number) of every picture shown."""
    found = []
    with av.open(str(path), options=options) as film:
        video = film.streams.video[0]
        for frame in film.decode(video):
            found.append((frame.pts * frame.time_base, read(luma_of(frame))))
    return found


def sound(path: Path) -> tuple[Fraction, np.ndarray]:
    """Decode a file's sound as one channel; return the time of the first sample and the samples."""
    first, pieces = None, []
    with av.open(str(path)) as film:
        track = film.streams.audio[0]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in film.decode(track):
            if first is None:
                first = frame.pts * frame.time_base
            for piece in resampler.resample(frame):
                pieces.append(piece.to_ndarray()[0])
        for piece in resampler.resample(None):
            pieces.append(piece.to_ndarray()[0])
    return first or Fraction(0), np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def ticks(path: Path) -> list[Fraction]:
    """Return the times (seconds, as a player hears them) at which ticks begin, from the middle of their energy."""
    begin, samples = sound(path)
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    found = []
    for group in np.split(loud, np.flatnonzero(np.diff(loud) > RATE // 100) + 1):
        if len(group) < RATE // 1000:
            continue
        window = slice(max(0, group[0] - 240), group[-1] + 240)
        energy = samples[window] ** 2
        middle = float((np.arange(len(energy)) * energy).sum() / energy.sum()) + window.start
        found.append(begin + Fraction(round(middle), RATE) - TICK_LENGTH / 2 - TICK_DELAY)
    return found


_SMALL_GOP = {"preset": "veryfast", "crf": "20", "g": "24", "bf": "3"}
_HEVC = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=24", "tag": "hvc1"}
_VP9 = {"deadline": "realtime", "cpu-used": "8", "b": "400k", "g": "30"}

Timing = tuple[list[int], int, Fraction]

FILMS: dict[str, tuple[str, Timing, Recipe]] = {
    "25 fps": (".mp4", constant(75, 25), Recipe()),
    "29.97 fps": (".mp4", constant(75, Fraction(30000, 1001)), Recipe()),
    "30 fps": (".mov", constant(75, 30), Recipe()),
    "60 fps": (".mp4", constant(120, 60), Recipe()),
    "240 fps": (".mp4", constant(300, 240), Recipe()),
    "variable rate": (".mp4", variable(75), Recipe()),
    "variable rate with B-frames": (".mkv", variable(75, seed=3), Recipe(options=_SMALL_GOP)),
    "B-frames, open groups": (
        ".mp4",
        constant(75, 30),
        Recipe(options={**_SMALL_GOP, "x264-params": "open-gop=1:b-adapt=0:b-pyramid=normal"}),
    ),
    "turned 90": (".mov", constant(75, 30), Recipe(rotation=90)),
    "turned 180": (".mov", constant(75, 30), Recipe(rotation=180)),
    "turned 270, upright": (".mov", constant(75, 30), Recipe(rotation=270, size=(144, 256))),
    "HEVC 10 bit HLG, turned": (
        ".mov",
        constant(75, 30),
        Recipe(codec="libx265", options=_HEVC, pix_fmt="yuv420p10le", hlg=True, rotation=90),
    ),
    "hidden frames": (".mp4", constant(75, 30), Recipe(hidden=7)),
    "hidden frames, variable, B-frames": (".mp4", variable(75), Recipe(hidden=7, options=_SMALL_GOP)),
    "starts late": (".mp4", constant(75, 30), Recipe(first=45000)),
    "MPEG-TS": (".ts", constant(75, 30), Recipe(first=126000, options=_SMALL_GOP)),
    "MJPEG in AVI": (
        ".avi",
        constant(75, 25, Fraction(1, 25)),
        Recipe(codec="mjpeg", options={"qscale": "3"}, pix_fmt="yuvj420p", sound="pcm_s16le"),
    ),
    "MPEG-4 in AVI, B-frames": (
        ".avi",
        constant(75, 25, Fraction(1, 25)),
        Recipe(codec="mpeg4", options={"b": "2M", "g": "20", "bf": "2"}, sound="libmp3lame"),
    ),
    "VP9 in WebM, variable": (
        ".webm",
        variable(75, seed=5),
        Recipe(codec="libvpx-vp9", options=_VP9, sound="libopus"),
    ),
    "silent": (".mp4", constant(50, 25), Recipe(sound=None)),
}
"""Names for people: suffix, timing and recipe of films as devices write them, each two to three seconds long."""


def film(name: str, folder: Path) -> Numbered:
    """Make one of `FILMS` in a folder."""
    suffix, (times, end, time_base), recipe = FILMS[name]
    safe = "".join(letter if letter.isalnum() else "-" for letter in name)
    return make(folder / f"{safe}{suffix}", times, end, time_base, recipe)
