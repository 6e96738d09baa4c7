"""The proxy: one film of our own making for every film that comes in, frame for frame the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from clips.media import files, filters, mp4, sandbox, segments, transcode, verify
from clips.media.formats import ALL, Family
from clips.media.probe import Film
from clips.media.probe.film import packed, unpacked
from clips.media.verify import NotFaithful

__all__ = ["NotFaithful", "Proxy", "decoded", "make_proxy", "packets"]

SHORT_SIDE = 720


@dataclass(frozen=True)
class Proxy:
    """A film that `make_proxy` wrote and verified: H.264 with a short closed group of pictures and no B-frames.

    Its frame k shows frame k of the film it was made from. Its first frame begins at 0.
    """

    path: Path
    time_base: Fraction
    frame_times: tuple[int, ...]
    """When each frame begins, in `time_base`, from 0."""
    end_time: int
    """When the last frame ends."""
    offset: Fraction
    """Seconds: time in the proxy minus time in the original, the same for every frame."""
    width: int
    height: int
    has_sound: bool

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return len(self.frame_times)

    def time(self, index: int) -> Fraction:
        """Return the time of a frame in seconds; `frames` itself gives the end."""
        return (self.end_time if index == self.frames else self.frame_times[index]) * self.time_base

    def index(self, time: int) -> int:
        """Return which frame begins exactly at `time` (in `time_base`). Raises KeyError when none does."""
        at = bisect_left(self.frame_times, time)
        if at == self.frames or self.frame_times[at] != time:
            raise KeyError(time)
        return at

    def to_json(self) -> dict[str, Any]:
        """Return all but the path as plain JSON values."""
        return {
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "frame_times": packed(self.frame_times),
            "end_time": self.end_time,
            "offset": [self.offset.numerator, self.offset.denominator],
            "width": self.width,
            "height": self.height,
            "has_sound": self.has_sound,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any], path: Path) -> Proxy:
        """Return the proxy that `to_json` described, whose file is now at `path`."""
        return cls(
            path=path,
            time_base=Fraction(*values["time_base"]),
            frame_times=unpacked(values["frame_times"]),
            end_time=values["end_time"],
            offset=Fraction(*values["offset"]),
            width=values["width"],
            height=values["height"],
            has_sound=values["has_sound"],
        )


def decoded(film: InputContainer, video: VideoStream, proxy: Proxy, first: int, after: int) -> Iterator[av.VideoFrame]:
    """Yield the decoded frames `first` up to, not including, `after` of a proxy that is open. Raises NotFaithful."""
    begin = proxy.frame_times[first]
    expected = first
    film.seek(begin, stream=video, backward=True)
    for packet in packets(film, video, proxy, after):
        for frame in video.codec_context.decode(packet):
            if frame.pts is None or frame.pts < begin:
                continue
            if expected >= after or frame.pts != proxy.frame_times[expected]:
                raise NotFaithful(f"the proxy has a frame at {frame.pts} that is not in its list")
            expected += 1
            yield frame
    if expected != after:
        raise NotFaithful(f"only {expected - first} frames of the proxy could be decoded, not {after - first}")


def packets(film: InputContainer, video: VideoStream, proxy: Proxy, after: int) -> Iterator[av.Packet | None]:
    """Yield the packets of the picture from here up to, not including, frame `after`; None last, to flush."""
    end = proxy.frame_times[after] if after < proxy.frames else proxy.end_time
    for packet in film.demux(video):
        if packet.pts is None or packet.pts >= end:
            break
        yield packet
    yield None


def make_proxy(
    film: Film,
    source: Path,
    destination: Path,
    *,
    short_side: int = SHORT_SIDE,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    segments: Path | None = None,
    formats: Collection[Family] = ALL,
) -> Proxy:
    """Make the proxy of a checked film at `destination`, in one pass at the lowest priority.

    Upright, HDR brought down to standard range, deinterlaced, never enlarged, without the hidden frames, without
    metadata; every frame at the time it has in the film, counted from the first one. `short_side` is in pixels.
    `progress` hears 0 to 1. With `segments` its first seconds can be played from that folder while the rest is
    made (see `clips.media.segments`). The job's own files lie beside `destination` meanwhile.

    Raises NotFaithful when the result does not hold exactly the film's frames at exactly their times (nothing is
    left at `destination` then), what `sandbox.run` raises, and OSError.
    """
    scale = Fraction(1, filters.timescale(film.time_base))
    times = filters.rebased(film.frame_times, film.frame_times[0], film.time_base)
    (end,) = filters.rebased((film.end_time,), film.frame_times[0], film.time_base)
    if any(after <= before for before, after in zip(times, [*times[1:], end], strict=True)):
        raise NotFaithful("The film shows two frames at the same moment.")
    size = filters.shown_size(film, short_side)

    with sandbox.job(source, root=destination.parent) as job:
        publisher = _publisher(segments, job, times, end, scale)

        def on_frames(done: int) -> None:
            if publisher:
                publisher.publish()
            if progress:
                progress(min(1.0, done / film.frames))

        made = transcode.run(film, job, size=size, formats=formats, on_frames=on_frames, cancelled=cancelled)
        with files.whole(destination) as temporary:
            has_sound = remux(made, temporary, times, end, scale)
            verify.mp4(temporary, times, end, scale, has_sound=has_sound)
        if publisher:
            publisher.publish(complete=True)
    if progress:
        progress(1.0)
    return Proxy(destination, scale, times, end, -film.time(0), *size, has_sound)


def _publisher(
    folder: Path | None, job: Path, times: Sequence[int], end: int, time_base: Fraction
) -> segments.Publisher | None:
    if folder is None:
        return None
    return segments.Publisher(job / transcode.OUTPUT, folder, times=times, end=end, time_base=time_base)


def remux(
    made: Path,
    destination: Path,
    times: Sequence[int],
    end: int,
    time_base: Fraction,
    *,
    silent: bool = False,
) -> bool:
    """Copy what our encoder wrote in pieces into one plain MP4, if its frames begin at exactly `times`.

    Returns whether there is sound in it. Raises NotFaithful.
    """
    durations = mp4.gaps(times, end)
    with av.open(str(made)) as film:
        video = film.streams.video[0]
        sound = film.streams.audio[0] if film.streams.audio and not silent else None
        if video.time_base != time_base:
            raise NotFaithful(f"The encoder wrote times in {video.time_base}, not {time_base}.")
        heard = False
        seen = 0
        with mp4.Writer(destination, picture=video, time_base=time_base, sound=sound) as out:
            for packet in film.demux():
                if packet.dts is None or packet.pts is None:
                    continue
                if packet.stream is video:
                    if seen >= len(times) or packet.pts != times[seen]:
                        due = times[seen] if seen < len(times) else "the end"
                        raise NotFaithful(f"Frame {seen} was written at {packet.pts}, not {due}.")
                    out.picture(packet, packet.pts, durations[seen], key=bool(packet.is_keyframe))
                    seen += 1
                elif packet.stream is sound and packet.pts * packet.time_base < end * time_base:
                    out.sound(packet, packet.pts)
                    heard = True
        if seen != len(times):
            raise NotFaithful(f"{seen} frames were written of {len(times)}.")
    if sound is not None and not heard:
        # Nothing of the track decoded: a silent film then, without an empty track that players would wait for.
        return remux(made, destination, times, end, time_base, silent=True)
    return heard
