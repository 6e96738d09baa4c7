"""What is known of a film that was let in: above all, the time of every frame that a viewer is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any


def microseconds(pts: int, time_base: Fraction) -> int:
    """Return `pts` in microseconds, rounded as ffmpeg and Chromium do (half away from zero)."""
    doubled = 2 * abs(pts) * time_base.numerator * 1_000_000 + time_base.denominator
    value = doubled // (2 * time_base.denominator)
    return value if pts >= 0 else -value


@dataclass(frozen=True)
class Film:
    """A film that was checked and accepted. Times are in units of `time_base` unless their name says otherwise."""

    container: str
    """ffmpeg's name of the demuxer, the first of its names: mov, matroska, mpegts, mpeg or avi."""
    video_codec: str
    """ffmpeg's name of the codec: h264, hevc, vp8, vp9, av1, mpeg4, mpeg2video, mpeg1video, h263, mjpeg."""
    profile: str | None
    pixel_format: str
    width: int
    """Pixels as shown: after sample aspect ratio and rotation."""
    height: int
    coded_width: int
    """Pixels of the picture as stored (without the padding that codecs add)."""
    coded_height: int
    rotation: int
    """How far the stored picture is turned to be shown: 0, 90, 180 or 270 degrees clockwise."""
    time_base: Fraction
    """Seconds per unit of time of the picture stream."""
    frame_times: tuple[int, ...]
    """When each presented frame begins, ascending: edit list applied, hidden frames left out, start not subtracted."""
    end_time: int
    """When the last frame ends: the film's end."""
    variable_frame_rate: bool
    """Whether the gaps between frames differ by more than 1 ms and one unit of time."""
    key_frames: tuple[int, ...]
    """Indices in `frame_times` of the frames that can be decoded by themselves."""
    has_b_frames: bool
    interlaced: bool
    transfer: str
    """Brightness curve: sdr, hlg or pq."""
    hidden_frames: int
    """How many stored frames an edit list keeps from the viewer."""
    video_stream_index: int
    audio_codec: str | None
    audio_stream_index: int | None
    """The first sound track that decodes; None for a silent film."""
    audio_silent_reason: str | None
    """Why a film with sound tracks is taken as silent, in plain words; None otherwise."""
    recorded_at: datetime | None
    """When the device says that it filmed. For the practitioner to compare; never shown to families."""
    plays_directly: bool
    """Whether browsers play the original with exactly these frames."""
    why_not_directly: str | None
    """Why it needs a proxy before it can be marked; None when it plays directly."""

    @property
    def frames(self) -> int:
        """How many frames are presented."""
        return len(self.frame_times)

    @property
    def duration_s(self) -> float:
        """Seconds from the first presented frame to the end of the last."""
        return float((self.end_time - self.frame_times[0]) * self.time_base)

    def time(self, index: int) -> Fraction:
        """Return the presented time of a frame in seconds; `frames` itself gives the film's end."""
        pts = self.end_time if index == len(self.frame_times) else self.frame_times[index]
        return pts * self.time_base

    def time_us(self, index: int) -> int:
        """Return the presented time of a frame in microseconds; `frames` itself gives the film's end."""
        pts = self.end_time if index == len(self.frame_times) else self.frame_times[index]
        return microseconds(pts, self.time_base)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain JSON values, the times coded as runs of equal steps."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        values["time_base"] = [self.time_base.numerator, self.time_base.denominator]
        values["frame_times"] = packed(self.frame_times)
        values["key_frames"] = packed(self.key_frames)
        values["recorded_at"] = self.recorded_at.isoformat() if self.recorded_at else None
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Film:
        """Return the film that `to_json` described."""
        values = dict(values)
        values["time_base"] = Fraction(*values["time_base"])
        values["frame_times"] = unpacked(values["frame_times"])
        values["key_frames"] = unpacked(values["key_frames"])
        if values["recorded_at"]:
            values["recorded_at"] = datetime.fromisoformat(values["recorded_at"])
        return cls(**values)


def packed(numbers: Iterable[int]) -> list[Any]:
    """Code ascending numbers as steps from the one before (from 0): a step, or [step, how often]."""
    steps, before = [], 0
    for number in numbers:
        steps.append(number - before)
        before = number
    runs: list[Any] = []
    for step, group in groupby(steps):
        count = len(list(group))
        runs.extend([[step, count]] if count > 2 else [step] * count)
    return runs


def unpacked(runs: Iterable[Any]) -> tuple[int, ...]:
    """Undo `packed`."""
    numbers, before = [], 0
    for run in runs:
        step, count = run if isinstance(run, list | tuple) else (run, 1)
        for _ in range(count):
            before += step
            numbers.append(before)
    return tuple(numbers)
