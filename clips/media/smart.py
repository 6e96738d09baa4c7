"""Cutting our own proxy in this process: encode up to the next key frame, copy the rest.

It works because the film is our own: known encoder, parameter sets that depend on nothing but the size, closed
groups of pictures, no B-frames. Nothing here may be used on a film that `playable.make_proxy` did not write.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from clips.media import mp4, nal, sandbox, verify
from clips.media.encoder import Encoder
from clips.media.playable import Proxy, decoded, packets
from clips.media.verify import NotFaithful

_MOST_DIFFERENCE = 8.0
"""Mean difference in brightness (of 255) up to which a picture read back is the one that was encoded."""


@dataclass(frozen=True)
class _Stretch:
    """The frames to write, and the times they get in the clip, in the proxy's time base."""

    proxy: Proxy
    first: int
    after: int

    @property
    def zero(self) -> int:
        """The proxy's time that is the clip's 0."""
        return self.proxy.frame_times[self.first]

    @property
    def end(self) -> int:
        """The clip's end."""
        proxy = self.proxy
        closing = proxy.frame_times[self.after] if self.after < proxy.frames else proxy.end_time
        return closing - self.zero

    def times(self) -> list[int]:
        """When each frame of the clip begins."""
        return [time - self.zero for time in self.proxy.frame_times[self.first : self.after]]


@dataclass(frozen=True)
class _Picture:
    """One frame on its way into the clip; `time` is its time in the proxy."""

    time: int
    key: bool
    data: bytes | av.Packet


def cut(proxy: Proxy, first: int, after: int, destination: Path) -> None:
    """Write frames `first` up to, not including, `after` to `destination`, copying what can be copied.

    Raises NotFaithful when what was written does not read back as it must.
    """
    stretch = _Stretch(proxy, first, after)
    with mp4.reading(proxy.path) as film:
        video = film.streams.video[0]
        joint = _next_key(video, first, after)
        frames = list(decoded(film, video, proxy, first, joint)) if joint > first else []
        look: NDArray[np.uint8] | None = None
        head: list[_Picture] = []
        if frames:
            look = _look(frames[0])
            encoder = Encoder(video.codec_context, proxy.time_base)
            if encoder.sets != nal.from_avcc(bytes(video.codec_context.extradata or b"")):
                raise NotFaithful("the encoder’s parameter sets are not those of the proxy")
            other_id = len(frames) == 1 and joint < after and _id_of_key(film, video, proxy, joint) == 0
            head = [
                _Picture(sample.time, sample.key, sample.data) for sample in encoder.samples(frames, other_id=other_id)
            ]
        has_sound = _write(film, video, stretch, [head, _copied(film, video, proxy, joint, after)], destination)
    _check(stretch, destination, look, has_sound=has_sound)


def _next_key(video: VideoStream, first: int, after: int) -> int:
    """Return the first key frame from `first` on, `after` when there is none before that."""
    entries = video.index_entries
    if after > len(entries):
        raise NotFaithful(f"the proxy has {len(entries)} frames, not {after} or more")
    return next((index for index in range(first, after) if entries[index].is_keyframe), after)


def encode(
    proxy: Proxy,
    first: int,
    after: int,
    destination: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write the same clip with every frame encoded: slower, and beholden to nothing in the proxy's stream.

    Raises NotFaithful, and sandbox.Cancelled.
    """
    stretch = _Stretch(proxy, first, after)
    # Two readers: one goes on through the pictures while the other fetches the sound.
    with mp4.reading(proxy.path) as film, mp4.reading(proxy.path) as pictures_of:
        video = pictures_of.streams.video[0]
        video.thread_type = "AUTO"

        def watched() -> Iterator[av.VideoFrame]:
            for done, frame in enumerate(decoded(pictures_of, video, proxy, first, after)):
                if cancelled and cancelled():
                    raise sandbox.Cancelled("The cut was stopped.")
                if progress:
                    progress(done / (after - first))
                yield frame

        frames = watched()
        opening = next(frames)
        encoder = Encoder(video.codec_context, proxy.time_base)
        samples = encoder.samples(chain([opening], frames))
        pictures = (_Picture(sample.time, sample.key, sample.data) for sample in samples)
        has_sound = _write(film, video, stretch, [pictures], destination, sets=encoder.sets)
    _check(stretch, destination, None, has_sound=has_sound)


def _copied(film: InputContainer, video: VideoStream, proxy: Proxy, joint: int, after: int) -> Iterator[_Picture]:
    """Yield frames `joint` (a key frame) up to, not including, `after` as they are."""
    if joint == after:
        return
    expected = joint
    film.seek(proxy.frame_times[joint], stream=video, backward=True)
    for packet in packets(film, video, proxy, after):
        if packet is None:
            break
        if expected >= after or packet.pts != proxy.frame_times[expected]:
            raise NotFaithful(f"the proxy has a frame at {packet.pts} that is not in its list")
        expected += 1
        yield _Picture(packet.pts, bool(packet.is_keyframe), packet)
    if expected != after:
        raise NotFaithful(f"only {expected - joint} frames could be copied, not {after - joint}")


def _id_of_key(film: InputContainer, video: VideoStream, proxy: Proxy, key: int) -> int:
    sets = nal.from_avcc(bytes(video.codec_context.extradata or b""))
    film.seek(proxy.frame_times[key], stream=video, backward=True)
    packet = next(film.demux(video))
    if packet.pts != proxy.frame_times[key]:
        raise NotFaithful("the proxy’s key frame is not where its index says")
    return nal.picture_number(bytes(packet), sets.sps[0])


def _sound(film: InputContainer, track: AudioStream, stretch: _Stretch) -> Iterator[tuple[av.Packet, int]]:
    """Yield the packets of sound that belong to a stretch, each with its time in the clip (its own time base).

    The first one may begin up to one packet before the clip: its decoder needs it. The last one ends nearest to
    the clip's end.
    """
    base = Fraction(1, track.codec_context.sample_rate)
    if track.time_base != base:
        raise NotFaithful("the proxy’s sound is not timed by its samples")
    zero = round(stretch.zero * stretch.proxy.time_base / base)
    end = round(stretch.end * stretch.proxy.time_base / base)
    film.seek(max(0, zero - 4 * verify.SOUND_PACKET), stream=track, backward=True)
    for packet in film.demux(track):
        if packet.pts is None:
            break
        begin = packet.pts - zero
        if begin > 0 and begin + verify.SOUND_PACKET // 2 > end:
            break
        if begin >= -verify.SOUND_PACKET:
            yield packet, begin


def _write(
    film: InputContainer,
    video: VideoStream,
    stretch: _Stretch,
    pieces: Sequence[Sequence[_Picture] | Iterator[_Picture]],
    destination: Path,
    *,
    sets: nal.ParameterSets | None = None,
) -> bool:
    """Write the pictures of `pieces`, one after the other, and the stretch's sound; return whether there is any."""
    proxy, zero = stretch.proxy, stretch.zero
    track = film.streams.audio[0] if proxy.has_sound else None
    # Read first: there is one reader, and it goes on through the pictures while they are written.
    sound = list(_sound(film, track, stretch)) if track is not None else []
    if not sound:
        track = None
    durations = iter(mp4.gaps(stretch.times(), stretch.end))
    pictures = (picture for piece in pieces for picture in piece)
    with mp4.Writer(destination, picture=video, time_base=proxy.time_base, sound=track, sets=sets) as out:
        waiting = deque(sound)
        base = track.time_base if track is not None and track.time_base else Fraction(1)
        for picture in pictures:
            time = picture.time - zero
            # Picture and sound in turn, as a player reads them.
            while waiting and waiting[0][1] * base <= time * proxy.time_base:
                packet, begin = waiting.popleft()
                out.sound(packet, begin)
            out.picture(picture.data, time, next(durations), key=picture.key)
        for packet, begin in waiting:
            out.sound(packet, begin)
    return track is not None


def _check(stretch: _Stretch, destination: Path, look: NDArray[np.uint8] | None, *, has_sound: bool) -> None:
    """Verify the clip, and that its first frame, if encoded for it, decodes to the picture it was made from.

    One frame is enough: what could go wrong where pieces are joined is that the decoder was set up for the other.
    """
    verify.mp4(destination, stretch.times(), stretch.end, stretch.proxy.time_base, has_sound=has_sound)
    if look is None:
        return
    with mp4.reading(destination) as clip:
        frame = next(clip.decode(clip.streams.video[0]))
    if np.abs(look.astype(np.int16) - _look(frame)).mean() > _MOST_DIFFERENCE:
        raise NotFaithful("the first frame does not decode to the picture it was made from")


def _look(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Return every fourth line of a picture's brightness, every fourth point of it."""
    plane = frame.planes[0]
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return lines[::4, : plane.width : 4].copy()
