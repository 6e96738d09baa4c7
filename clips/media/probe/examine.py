"""Opening a film with PyAV and taking stock of it. Runs inside the sandbox only: see `probe.probe`.

One pass over the packets gives the time of every frame without decoding. Because packets can lie (frames that
are never shown, times that are missing), some pictures are really decoded, at the start and spread over the
film; where they disagree with the packets, the whole film is decoded and the pictures' own times count.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from clips.media import formats as fmt
from clips.media.formats import Family, Kind
from clips.media.probe import layout, reasons, sniff, sound, verdict
from clips.media.probe.film import Film
from clips.media.probe.reasons import Rejected
from clips.media.probe.source import First, Most, Pictures, Source, codec_of, is_picture, only, picture_of

_FIRST_PICTURES = 12
"""How many pictures are decoded at the start."""
_PLACES = 6
"""At how many places of the film some pictures are decoded."""
_PICTURES_PER_PLACE = 3
_PACKETS_PER_PLACE = 80
_JUMP_BACK_S = 0.5

_HLG, _PQ = 18, 16


def examine(name: str, formats: list[str], max_seconds: float, max_pixels: int, max_fps: float) -> dict[str, Any]:
    """Return `{"film": …}` or `{"rejected": …}` for the file `name` in the present directory."""
    try:
        film = _examine(Path(name), {Family(word) for word in formats}, Most(max_seconds, max_pixels, max_fps))
    except Rejected as refusal:
        return {"rejected": refusal.to_json()}
    except MemoryError:
        return {"rejected": reasons.too_much_memory().to_json()}
    return {"film": film.to_json()}


def _examine(path: Path, formats: Collection[Family], most: Most) -> Film:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        container = sniff.container(file.read(sniff.HEAD))
        if container not in formats:
            raise reasons.container_off(fmt.label(container))
        structure = layout.read(file, size, container)
        if structure.seconds > most.seconds:
            raise reasons.too_long(structure.seconds, most.seconds)
        for track in structure.tracks:
            _track_claims(track, most)
    source = Source(path, container, formats)
    with source.open() as film:
        stream = _picture_stream(film, formats)
        _claims(film, stream, most)
        pictures = _one_pass(film, stream, most)
    if not pictures.packets:
        raise reasons.no_frames()
    _complete(structure, pictures)
    first = _really_decode(source, pictures, most)
    heard = sound.first_that_decodes(source)
    return verdict.describe(source, structure, pictures, first, heard, most)


def _picture_stream(film: Any, formats: Collection[Family]) -> Any:
    pictures = [stream for stream in film.streams if is_picture(stream)]
    if len(pictures) > 1:
        raise reasons.several_pictures(len(pictures))
    if not pictures:
        if any(stream.type == "audio" for stream in film.streams):
            raise reasons.sound_only()
        raise reasons.nothing_inside()
    codec = codec_of(pictures[0])
    family = fmt.family_of(codec, Kind.PICTURE) if codec else None
    if family is None:
        raise reasons.picture_unknown(codec)
    if family not in formats:
        raise reasons.picture_off(fmt.label(family))
    return pictures[0]


def _claims(film: Any, stream: Any, most: Most) -> None:
    """Refuse by what the header claims, before anything is done about it."""
    context = stream.codec_context
    if context.width * context.height > most.pixels:
        raise reasons.too_many_pixels(context.width, context.height, most.pixels)
    claimed = [film.duration / av.time_base] if film.duration else []
    if stream.duration:
        claimed.append(float(stream.duration * stream.time_base))
    if claimed and max(claimed) > most.seconds:
        raise reasons.too_long(max(claimed), most.seconds)


def _track_claims(track: layout.Track, most: Most) -> None:
    """Refuse by what an MP4 track claims, before ffmpeg makes room for it."""
    if track.handler != "vide":
        return
    width, height = track.size
    if width * height > most.pixels:
        raise reasons.too_many_pixels(width, height, most.pixels)
    if track.samples > most.seconds * most.rate:
        raise reasons.too_long(track.samples / most.rate, most.seconds)


# ---------------------------------------------------------------- the packets


def _one_pass(film: Any, stream: Any, most: Most) -> Pictures:
    """Read every packet of the picture, without decoding."""
    found = Pictures()
    shown = _SHOWN.get(codec_of(stream) or "")
    jump = _JUMP_BACK_S / stream.time_base
    most_packets = most.seconds * most.rate * 2
    latest, before = -(2**63), None
    only(film, stream)
    try:
        for packet in film.demux(stream):
            if packet.size == 0 and packet.dts is None:
                continue  # the end
            found.packets += 1
            if found.packets > most_packets:
                raise reasons.too_fast(found.packets / most.seconds, most.rate)
            if packet.dts is not None:
                if before is not None and packet.dts < before - jump:
                    raise reasons.jumbled_times()
                before = packet.dts
            if packet.is_discard:
                found.discarded += 1
                continue
            if packet.size == 0 or (shown and not shown(packet)):
                continue
            pts = packet.pts
            if pts is None:
                found.untimed = True
                continue
            found.reordered = found.reordered or pts < latest
            if pts > latest:
                latest = pts
                found.last_duration = packet.duration or 0
            found.times.append(pts)
            found.leading = found.leading or bool(found.keys and pts < found.keys[-1])
            if packet.is_keyframe:
                found.keys.append(pts)
                found.keys_decoded.append(pts if packet.dts is None else packet.dts)
    except FFmpegError:
        if not found.times:
            raise reasons.damaged() from None
        raise reasons.breaks_off() from None
    if len(set(found.times)) != len(found.times):
        found.untimed = True
    found.times.sort()
    return found


def _vp8_shown(packet: Any) -> bool:
    return bool(memoryview(packet)[0] & 0x10)


def _vp9_shown(packet: Any) -> bool:
    """Read `show_existing_frame` and `show_frame`; a superframe always ends in one that is shown."""
    data = memoryview(packet)
    if data[-1] & 0xE0 == 0xC0:
        return True
    bits = data[0]
    profile = (bits >> 5 & 1) | (bits >> 4 & 1) << 1
    shift = 2 if profile == 3 else 3
    return bool(bits >> shift & 1) or bool(bits >> (shift - 2) & 1)


# These codecs have frames that are only looked at by other frames, in packets with times of their own.
_SHOWN = {"vp8": _vp8_shown, "vp9": _vp9_shown}


def _complete(structure: layout.Layout, pictures: Pictures) -> None:
    """Refuse an MP4 whose tables promise many more pictures than the file holds."""
    track = structure.picture
    if track and not track.edits and not structure.fragmented and pictures.packets < track.samples * 0.98 - 2:
        raise reasons.breaks_off()


# ---------------------------------------------------------------- the pictures


def _really_decode(source: Source, pictures: Pictures, most: Most) -> First:
    """Decode some pictures; correct `pictures` where they tell more than the packets did."""
    with source.open() as film:
        stream = picture_of(film)
        context = source.decoder(stream, most.pixels)
        context.thread_type = "AUTO"
        context.thread_count = 2
        decoded = _decode(film, stream, _FIRST_PICTURES, 50 * _FIRST_PICTURES)
    if not decoded:
        raise reasons.damaged_start() if pictures.packets > pictures.discarded else reasons.all_hidden()
    if decoded[0].is_corrupt:
        raise reasons.damaged_start()
    seen = [frame.pts for frame in decoded]
    if pictures.keys and seen[0] is not None and seen[0] > min(pictures.keys):
        # Pictures before the first whole one may be missing, but not that one.
        raise reasons.damaged_start()
    if pictures.untimed or None in seen or not _agree(pictures, seen):
        _decode_all(source, pictures, most)
    else:
        # Pictures before the first that can be decoded are never shown.
        pictures.times = pictures.times[pictures.times.index(seen[0]) :]
    if not pictures.times:
        raise reasons.all_hidden() if pictures.discarded else reasons.no_frames()
    frames = decoded + _spread(source, pictures, most)
    first = frames[0]
    if first.width * first.height > most.pixels:
        raise reasons.too_many_pixels(first.width, first.height, most.pixels)
    if first.width < 2 or first.height < 2:
        raise reasons.no_size()
    curve = {_HLG: "hlg", _PQ: "pq"}
    return First(
        width=first.width,
        height=first.height,
        rotation=round(-first.rotation / 90) * 90 % 360,
        interlaced=any(frame.interlaced_frame for frame in frames),
        transfer=curve.get(int(first.color_trc), "sdr"),
        pixel_format=first.format.name,
    )


def _decode(film: Any, stream: Any, wanted: int, packets: int, since: int | None = None) -> list[Any]:
    """Return up to `wanted` pictures from here on, none of them before `since`; damage is passed over.

    At most so many packets are read. Times are in units of the stream's.
    """
    frames: list[Any] = []
    try:
        for _, packet in zip(range(packets), film.demux(stream), strict=False):
            with contextlib.suppress(FFmpegError):
                for frame in packet.decode():
                    if since is None or frame.pts is None or frame.pts >= since:
                        frames.append(frame)
            if len(frames) >= wanted:
                break
    except FFmpegError:
        pass  # the end of what can be read
    return frames[:wanted]


def _agree(pictures: Pictures, seen: list[int]) -> bool:
    """Say whether decoded pictures have the very times that the packets promised, first to last."""
    if seen[0] not in pictures.times[:_FIRST_PICTURES]:
        return False
    start = pictures.times.index(seen[0])
    return pictures.times[start : start + len(seen)] == seen


def _decode_all(source: Source, pictures: Pictures, most: Most) -> None:
    """Take the times of all pictures from decoding them: slow, and only where packets do not tell."""
    times: list[int] = []
    keys: set[int] = set()
    limit = most.seconds * most.rate
    untimed = 0  # pictures at the start, before the first that has a time
    with source.open() as film:
        stream = picture_of(film)
        context = source.decoder(stream, most.pixels)
        context.thread_type = "AUTO"
        context.thread_count = 2
        only(film, stream)
        usual = _usual_gap(stream)
        for packet in film.demux(stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                continue
            for frame in frames:
                gap = frame.duration or usual
                if frame.pts is None and not times:
                    untimed += 1
                    continue
                # MPEG-PS gives only some pictures a time; the others follow at the usual distance.
                time = times[-1] + gap if frame.pts is None else frame.pts
                if not times:
                    times += [time - gap * back for back in range(untimed, 0, -1)]
                times.append(time)
                if frame.key_frame:
                    keys.add(time)
                if frame.duration:
                    pictures.last_duration = frame.duration
                if len(times) > limit:
                    raise reasons.too_fast(len(times) / most.seconds, most.rate)
        if not times:
            times = [usual * index for index in range(untimed)]
    pictures.times = sorted(set(times))
    pictures.keys = sorted(keys)


def _usual_gap(stream: Any) -> int:
    rate = stream.average_rate or stream.guessed_rate or 25
    return max(1, round(1 / rate / stream.time_base))


def _spread(source: Source, pictures: Pictures, most: Most) -> list[Any]:
    """Decode a few pictures at places spread over the film; Rejected when most places give none."""
    keys = [key for key in pictures.keys if key > pictures.times[0]]
    places = keys if len(keys) <= _PLACES else [keys[i * (len(keys) - 1) // (_PLACES - 1)] for i in range(_PLACES)]
    frames: list[Any] = []
    failed = 0
    for place in places:
        here = _decode_at(source, most, place)
        failed += not here
        frames += here
    if failed * 2 > len(places):
        raise reasons.damaged_inside()
    return frames


def _decode_at(source: Source, most: Most, place: int) -> list[Any]:
    """Return some pictures at or after `place` (in units of the stream's time)."""
    for back_s in (0, 3):
        with source.open() as film:
            stream = picture_of(film)
            source.decoder(stream, most.pixels)
            # MPEG-TS and MPEG-PS have no index: a leap may land behind the place, and the film may end there.
            with contextlib.suppress(FFmpegError):
                film.seek(place - round(back_s / stream.time_base), stream=stream)
            frames = _decode(film, stream, _PICTURES_PER_PLACE, _PACKETS_PER_PLACE * (1 + 8 * back_s), place)
        if frames:
            return frames
    return []
