"""Putting together what was found: the film's description, and whether browsers play it as it is."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

from clips.media.formats import Family
from clips.media.probe import reasons
from clips.media.probe.film import Film
from clips.media.probe.layout import Layout
from clips.media.probe.sound import Heard
from clips.media.probe.source import First, Most, Pictures, Source, codec_of, picture_of

_VARIABLE_S = Fraction(1, 1000)
_USUAL_FRAME_S = Fraction(1, 25)
_DIRECT_SOUND = {"aac", "mp3"}
_DIRECT_PIXELS = {"yuv420p", "yuvj420p"}


def describe(source: Source, structure: Layout, pictures: Pictures, first: First, heard: Heard, most: Most) -> Film:
    """Return the film, or Rejected when the whole of it breaks a limit."""
    with source.open() as film:
        stream = picture_of(film)
        time_base = Fraction(stream.time_base)
        end = pictures.times[-1] + _last_duration(source, stream, pictures, time_base)
        seconds = float((end - pictures.times[0]) * time_base)
        if seconds > most.seconds:
            raise reasons.too_long(seconds, most.seconds)
        # A short burst may be fast; a few pictures close together are no slow motion.
        if len(pictures.times) > most.rate and len(pictures.times) / seconds > most.rate * 1.02:
            raise reasons.too_fast(len(pictures.times) / seconds, most.rate)
        width, height = _as_shown(first, stream.sample_aspect_ratio)
        hidden = _hidden(structure, pictures)
        why_not = _why_not_directly(source, structure, pictures, first, heard, codec_of(stream), hidden)
        context = stream.codec_context
        return Film(
            container=film.format.name.split(",")[0],
            video_codec=codec_of(stream) or "",
            profile=context.profile,
            pixel_format=first.pixel_format,
            width=width,
            height=height,
            coded_width=first.width,
            coded_height=first.height,
            rotation=first.rotation,
            time_base=time_base,
            frame_times=tuple(pictures.times),
            end_time=end,
            variable_frame_rate=_is_variable(pictures.times, time_base),
            key_frames=_indices(pictures),
            has_b_frames=pictures.reordered or bool(context.has_b_frames),
            interlaced=first.interlaced,
            transfer=first.transfer,
            hidden_frames=hidden,
            video_stream_index=stream.index,
            audio_codec=heard.codec,
            audio_stream_index=heard.index,
            audio_silent_reason=heard.silent_reason,
            recorded_at=_recorded_at(film.metadata, stream.metadata),
            plays_directly=why_not is None,
            why_not_directly=why_not,
        )


def _last_duration(source: Source, stream: Any, pictures: Pictures, time_base: Fraction) -> int:
    """Return how long the last frame is shown, in units of `time_base`.

    MP4 says it. Elsewhere it is a guess of ffmpeg's, which is taken when it is near the usual gap.
    """
    own, usual = pictures.last_duration, _last_gap(pictures.times)
    if source.container is Family.MP4 and own > 0:
        return own
    if usual:
        return own if usual <= 2 * own <= 8 * usual else usual
    if own > 0:
        return own
    rate = stream.average_rate or stream.guessed_rate
    return max(1, round((1 / Fraction(rate) if rate else _USUAL_FRAME_S) / time_base))


def _last_gap(times: list[int]) -> int:
    """Return the usual gap between the last frames, 0 when there is only one."""
    gaps = [after - before for before, after in pairwise(times[-31:])]
    return int(statistics.median_low(gaps)) if gaps else 0


def _is_variable(times: list[int], time_base: Fraction) -> bool:
    gaps = {after - before for before, after in pairwise(times)}
    return bool(gaps) and (max(gaps) - min(gaps) - 1) * time_base > _VARIABLE_S


def _as_shown(first: First, aspect: Fraction | None) -> tuple[int, int]:
    """Return width and height after the sample aspect ratio (which widens or narrows) and the rotation."""
    width, height = first.width, first.height
    if aspect and Fraction(1, 8) <= aspect <= 8:
        width = max(1, round(width * aspect))
    return (height, width) if first.rotation in (90, 270) else (width, height)


def _indices(pictures: Pictures) -> tuple[int, ...]:
    found = []
    for key in sorted(pictures.keys):
        index = bisect_left(pictures.times, key)
        if index < len(pictures.times) and pictures.times[index] == key:
            found.append(index)
    return tuple(found)


def _hidden(structure: Layout, pictures: Pictures) -> int:
    """Count the stored frames that an edit list hides: marked in the packets, or left out of ffmpeg's list."""
    track = structure.picture
    if not track or not track.edits or structure.fragmented:
        return pictures.discarded
    return max(pictures.discarded, track.samples - len(pictures.times))


def _why_not_directly(
    source: Source,
    structure: Layout,
    pictures: Pictures,
    first: First,
    heard: Heard,
    codec: str | None,
    hidden: int,
) -> str | None:
    """Say why browsers cannot be trusted to play the original with exactly these frames; None when they can."""
    track = structure.picture
    shown = [edit for edit in track.edits if edit[1] >= 0] if track else []
    checks = (
        (source.container is not Family.MP4, "It is not an MP4 or MOV film."),
        (structure.fragmented, "It is a fragmented film."),
        (codec != "h264", "Its picture is not H.264."),
        (first.pixel_format not in _DIRECT_PIXELS, "Its colours are stored in a way that browsers do not show."),
        (first.transfer != "sdr", "It is filmed in HDR."),
        (first.interlaced, "It is interlaced."),
        (hidden > 0, "An edit made on the device hides some of its pictures."),
        (len(shown) > 1, "It is put together from several parts."),
        (any(edit[2] != 0x10000 for edit in shown), "A part of it is sped up or slowed down."),
        (bool(track and track.mirrored), "Its picture is mirrored."),
        (pictures.times[0] < 0, "Its first pictures lie before its beginning."),
        (not pictures.keys or pictures.keys[0] != pictures.times[0], "It does not begin with a whole picture."),
        (_out_of_reach(pictures, edited=bool(shown)), "Browsers cannot go to each of its pictures exactly."),
        (heard.silent_reason is not None, "Its sound cannot be played."),
        (heard.codec is not None and heard.codec not in _DIRECT_SOUND, "Its sound is not AAC or MP3."),
        (heard.position not in (None, 0), "Its first sound track cannot be played."),
    )
    return next((why for holds, why in checks if holds), None)


def _out_of_reach(pictures: Pictures, *, edited: bool) -> bool:
    """Say whether a search for some frame ends on another one.

    Frames stored behind the key frame that they are shown before cannot be decoded after a search. And without
    an edit list ffmpeg, and Chromium with it, search an MP4 film by the times of decoding: frames that are
    shown after a key frame is decoded but before it is shown cannot be reached.
    """
    if pictures.leading:
        return True
    if edited:
        return False
    for key, decoded in list(zip(pictures.keys, pictures.keys_decoded, strict=False))[1:]:
        index = bisect_left(pictures.times, decoded)
        if index < len(pictures.times) and pictures.times[index] < key:
            return True
    return False


def _recorded_at(*metadata: dict[str, str]) -> datetime | None:
    """Return when the device says that it filmed; nonsense (a clock that was never set) counts as nothing."""
    for key in ("com.apple.quicktime.creationdate", "creation_time", "date"):
        for tags in metadata:
            try:
                moment = datetime.fromisoformat(tags.get(key, ""))
            except ValueError:
                continue
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            if datetime(1990, 1, 1, tzinfo=UTC) < moment:
                return moment
    return None
