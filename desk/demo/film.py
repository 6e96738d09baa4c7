"""A film for the demonstration: two shapes that take turns, drawn here, so that no real person is in it.

The small one calls (it brightens and hops, with a high tone), the large one waits, leans in and answers (a low
tone). The same every time; about forty seconds, made in a few.
"""

from __future__ import annotations

import contextlib
import math
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from clips.media import ffmpeg

WIDTH, HEIGHT, RATE = 640, 360, 25
SECONDS = 40
SOUND_RATE = 32_000
SKY, FLOOR = (226, 236, 240), (203, 216, 206)
LARGE, SMALL, CALLING = (96, 132, 160), (232, 178, 92), (250, 214, 120)
INK = (52, 66, 76)


@dataclass(frozen=True)
class Turn:
    """One call and its answer, in seconds from the beginning of the film."""

    call: float
    answer: float
    length: float = 1.1


TURNS = (
    Turn(3.0, 5.2),
    Turn(9.0, 10.6),
    Turn(14.5, 15.9),
    Turn(18.2, 19.4),
    Turn(24.0, 26.4),
    Turn(30.2, 31.5),
    Turn(33.6, 34.8),
)


def _strength(at: float, begin: float, length: float) -> float:
    """0 to 1 and back, softly, while something lasts."""
    if not begin <= at <= begin + length:
        return 0.0
    return math.sin(math.pi * (at - begin) / length) ** 2


def picture(at: float, caption: str) -> Image.Image:
    """The picture at that second."""
    calling = max(_strength(at, turn.call, turn.length) for turn in TURNS)
    answering = max(_strength(at, turn.answer, turn.length + 0.4) for turn in TURNS)
    image = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 268, WIDTH, HEIGHT), fill=FLOOR)
    breath = 4 * math.sin(at * 1.3)
    x, y, size = 250 + 46 * answering, 180 + 14 * answering + breath, 92
    draw.ellipse((x - size, y - size, x + size, y + size), fill=LARGE)
    look = 14 + 10 * answering
    for eye in (-26, 26):
        draw.ellipse((x + eye + look - 8, y - 24, x + eye + look + 8, y - 8), fill=SKY)
    bx, by, small = 440 - 10 * calling, 236 - 30 * calling + breath / 2, 40 + 5 * calling
    mixed = tuple(round(a + (b - a) * calling) for a, b in zip(SMALL, CALLING, strict=True))
    draw.ellipse((bx - small, by - small, bx + small, by + small), fill=mixed)
    for eye in (-13, 9):
        draw.ellipse((bx + eye - 9, by - 12, bx + eye - 1, by - 4), fill=INK)
    draw.text((16, 12), caption, fill=INK, font=_font(18))
    draw.text((WIDTH - 16, 12), f"{int(at // 60)}:{at % 60:04.1f}", fill=INK, font=_font(18), anchor="ra")
    draw.text((16, HEIGHT - 30), "Made-up film: shapes, not people", fill=INK, font=_font(14))
    return image


_fonts: dict[int, ImageFont.ImageFont | ImageFont.FreeTypeFont] = {}


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    if size not in _fonts:
        _fonts[size] = ImageFont.load_default(size)
    return _fonts[size]


def sound(seconds: float = SECONDS) -> bytes:
    """Soft tones, mono, 16 bits: high for a call, low for an answer."""
    time = np.arange(round(seconds * SOUND_RATE)) / SOUND_RATE
    wave_form = 0.004 * np.sin(2 * math.pi * 110 * time)
    for turn in TURNS:
        for begin, pitch, loud in ((turn.call, 660.0, 0.16), (turn.answer, 330.0, 0.2)):
            inside = (time >= begin) & (time <= begin + turn.length)
            envelope = np.sin(math.pi * (time[inside] - begin) / turn.length) ** 2
            glide = pitch * (1 + 0.06 * envelope)
            wave_form[inside] += loud * envelope * np.sin(2 * math.pi * glide * (time[inside] - begin))
    return (np.clip(wave_form, -1, 1) * 32767).astype("<i2").tobytes()


def make(destination: Path, *, caption: str, seconds: float = SECONDS) -> Path:
    """Write the film, as a phone would: H.264 and AAC in MP4. Raises ffmpeg.NotFound, CalledProcessError."""
    tones = destination.with_suffix(".wav")
    with wave.open(str(tones), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_RATE)
        file.writeframes(sound(seconds))
    command = [
        str(ffmpeg.binary()),
        *("-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", str(RATE)),
        *("-i", "pipe:0", "-i", str(tones)),
        *("-map", "0:v", "-map", "1:a", "-shortest"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "23", "-g", "50", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", "-f", "mp4", str(destination)),
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    with contextlib.suppress(BrokenPipeError):  # ffmpeg gave up: its own words follow
        for number in range(round(seconds * RATE)):
            process.stdin.write(picture(number / RATE, caption).tobytes())  # type: ignore[union-attr]
    _, said = process.communicate()
    tones.unlink()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return destination
