"""Finding the first sound track that really decodes. Runs inside the sandbox only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from av.error import FFmpegError

from clips.media import formats as fmt
from clips.media.formats import Kind
from clips.media.probe.source import Source, only

_FRAMES = 3
_PACKETS = 200
_DAMAGED_MOST = 20


@dataclass(frozen=True)
class Heard:
    """Which sound track of the film is used."""

    codec: str | None = None
    index: int | None = None
    """Index of the stream in the file."""
    position: int | None = None
    """Which of the sound tracks it is, from 0."""
    silent_reason: str | None = None


def first_that_decodes(source: Source) -> Heard:
    """Try the sound tracks in order, decoding some of each for real; some phones put one first that nobody can."""
    refusals: list[str] = []
    position = 0
    while True:
        with source.open() as film:
            tracks = [stream for stream in film.streams if stream.type == "audio"]
            if position == len(tracks):
                break
            track = tracks[position]
            refusal = _refusal(source, film, track)
            if refusal is None:
                return Heard(track.codec_context.codec.canonical_name, track.index, position)
        refusals.append(refusal)
        position += 1
    if not refusals:
        return Heard()
    return Heard(silent_reason=f"The sound of this film cannot be used: {refusals[0]}. It plays without sound.")


def _refusal(source: Source, film: Any, track: Any) -> str | None:
    """Return why a sound track cannot be used, None when it can."""
    context = track.codec_context
    if context is None:
        return "it is in a format that is not known here"
    codec = context.codec.canonical_name
    family = fmt.family_of(codec, Kind.SOUND)
    if family is None:
        return f"it is in a format that we do not take ({codec})"
    if family not in source.formats:
        return f"the {fmt.label(family)} format has been switched off in this service"
    source.decoder(track)
    only(film, track)
    frames = damaged = 0
    try:
        for _, packet in zip(range(_PACKETS), film.demux(track), strict=False):
            try:
                frames += len(packet.decode())
            except FFmpegError:
                damaged += 1
            if frames >= _FRAMES or damaged > _DAMAGED_MOST:
                break
    except FFmpegError:
        pass  # what was decoded until here counts
    return None if frames else "it is empty or damaged"
