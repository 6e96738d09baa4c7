"""Reading back what was written: exactly these frames at these times, nothing hidden, nothing told.

No file of ours takes its place before it has passed. Reading the index costs next to nothing; the pictures
around the one place where a clip is joined are decoded.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from clips.media import boxes, nal
from clips.media.mp4 import reading

SOUND_PACKET = 1024
"""Samples in a packet of AAC sound."""
_TOP_LEVEL = {"ftyp", "moov", "mdat", "free"}
_TELLING = {"udta", "meta", "uuid", "ilst", "Xtra"}
_HANDLERS = {b"VideoHandler", b"SoundHandler"}


class NotFaithful(Exception):
    """What was written is not what was meant; the message says where it differs."""


def mp4(path: Path, times: Sequence[int], end: int, time_base: Fraction, *, has_sound: bool) -> None:
    """Check one of our films: its frames begin at `times` (from 0) and end at `end`, all of them shown.

    Checked too: the index stands before the data, one set of parameters, no remark in any picture, sound that
    begins at most one packet before the picture and ends within one of its end, no name, date, place or
    program written anywhere. Raises NotFaithful.
    """
    early = _check_boxes(path)
    try:
        with reading(path, ignore_edits=True) as film:
            video, *more = film.streams.video
            if more or len(film.streams.audio) != has_sound or len(film.streams) != 1 + has_sound:
                raise NotFaithful("other tracks than one of pictures and one of sound")
            if video.codec_context.name != "h264":
                raise NotFaithful("the picture is not H.264")
            sets = nal.from_avcc(bytes(video.codec_context.extradata or b""))
            if len(sets.sps) != 1 or len(sets.pps) != 1:
                raise NotFaithful("more than one set of parameters")
            if dict(film.metadata).keys() - {"major_brand", "minor_version", "compatible_brands"}:
                raise NotFaithful("the file carries metadata")
            _check_pictures(video, times, end, time_base)
            if has_sound:
                _check_sound(film.streams.audio[0], early, end * time_base)
    except (av.error.FFmpegError, ValueError) as error:
        raise NotFaithful(f"the file cannot be read back: {error}") from error


def _check_pictures(video: VideoStream, times: Sequence[int], end: int, time_base: Fraction) -> None:
    if video.time_base != time_base:
        raise NotFaithful(f"time base {video.time_base}, not {time_base}")
    entries = video.index_entries
    found = [entry.timestamp for entry in entries]
    if len(found) != len(times):
        raise NotFaithful(f"{len(found)} frames in the file, not {len(times)}")
    if found != list(times):
        first = next(index for index, (a, b) in enumerate(zip(found, times, strict=True)) if a != b)
        raise NotFaithful(f"frame {first} begins at {found[first]}, not {times[first]}")
    if not entries[0].is_keyframe:
        raise NotFaithful("the first frame needs one that is not there")
    if video.duration != end:
        raise NotFaithful(f"the pictures end at {video.duration}, not {end}")


def _check_sound(sound: AudioStream, early: int, end: Fraction) -> None:
    """Refuse sound that goes on after the picture; the edit list says how many samples it begins before it."""
    entries = sound.index_entries
    sample = Fraction(1, sound.codec_context.sample_rate)
    if sound.codec_context.name != "aac":
        raise NotFaithful("the sound is not AAC")
    if sound.time_base != sample or not len(entries):
        raise NotFaithful("the sound is not timed by its samples")
    if (entries[len(entries) - 1].timestamp - early) * sample > end:
        raise NotFaithful("sound after the end of the picture")


def _check_boxes(path: Path) -> int:
    """Check what the boxes say, and return by how much of its own time the sound begins before the picture."""
    try:
        top, inside = boxes.header(path)
        if set(top) - _TOP_LEVEL or top.count("moov") != 1 or top.index("moov") > top.index("mdat"):
            raise NotFaithful(f"boxes {top}: the index must stand before the data, and nothing else beside")
        for name, body in inside:
            last = name.rpartition("/")[2]
            if last in _TELLING:
                raise NotFaithful(f"the file carries {name}")
            if last in ("mvhd", "tkhd", "mdhd") and boxes.created(body):
                raise NotFaithful("the file says when it was made")
            if name == "moov/trak/mdia/hdlr" and body[24:].rstrip(b"\0") not in _HANDLERS:
                raise NotFaithful("a track carries a name")
        return _check_edits(inside)
    except (ValueError, IndexError, OSError) as error:
        raise NotFaithful(f"the file's boxes cannot be read: {error}") from error


def _check_edits(inside: list[tuple[str, bytes]]) -> int:
    """Refuse an edit list that could hide a picture, or more than one packet of sound."""
    found: list[boxes.Edit] = []
    early = 0
    for name, body in inside:
        if name == "moov/trak":
            found = []
        elif name == "moov/trak/edts/elst":
            found = boxes.edits(body)
        elif name == "moov/trak/mdia/hdlr":
            is_picture = body[8:12] == b"vide"
            most = 0 if is_picture else SOUND_PACKET
            if len(found) > 1 or any(not 0 <= edit.media_time <= most for edit in found):
                raise NotFaithful("an edit list hides something")
            if not is_picture and found:
                early = found[0].media_time
    return early
