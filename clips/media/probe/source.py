"""Opening a film inside the sandbox, with nothing else in reach, and the notes that are taken of it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from av.stream import Discard, Disposition

from clips.media import formats as fmt
from clips.media.ffmpeg import ANALYSE_US, MAX_STREAMS, PROBE_BYTES
from clips.media.formats import Family
from clips.media.probe import reasons


@dataclass(frozen=True)
class Most:
    """The limits of what is accepted."""

    seconds: float
    pixels: int
    rate: float
    """Pictures in a second."""


@dataclass
class Pictures:
    """What one pass over the picture stream's packets found."""

    times: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    """Times of the presented frames that are key frames."""
    keys_decoded: list[int] = field(default_factory=list)
    """When each of `keys` is decoded (in the file's order)."""
    leading: bool = False
    """Whether frames are shown before a key frame but stored behind it (an open group of pictures)."""
    last_duration: int = 0
    discarded: int = 0
    packets: int = 0
    reordered: bool = False
    untimed: bool = False
    """Whether a packet had no time of its own, so that only decoding can tell."""


@dataclass(frozen=True)
class First:
    """What only decoded pictures tell."""

    width: int
    height: int
    rotation: int
    """Degrees clockwise."""
    interlaced: bool
    transfer: str
    pixel_format: str


@dataclass(frozen=True)
class Source:
    """How to open the film: as one kind of container, with nothing else in reach."""

    path: Path
    container: Family
    formats: Collection[Family]

    @contextlib.contextmanager
    def open(self) -> Iterator[Any]:
        """Open the film; Rejected when ffmpeg cannot make anything of it."""
        demuxer = fmt.FAMILIES[self.container].names[0]
        opened: list[str] = []

        def only_the_film(url: str, flags: int, options: dict[str, str]) -> Any:
            # Whatever a header may ask for besides the film itself is refused before any protocol sees it.
            if opened or url != str(self.path) or flags != 1:
                raise PermissionError(url)
            opened.append(url)
            return self.path.open("rb")

        try:
            film = av.open(
                str(self.path),
                format=demuxer.split(",")[0],
                io_open=only_the_film,
                container_options={
                    "protocol_whitelist": "file",
                    "format_whitelist": fmt.format_whitelist(self.formats),
                    "codec_whitelist": fmt.codec_whitelist(self.formats),
                    # One more than allowed: some readers drop what is too many, and the pictures with it.
                    "max_streams": str(MAX_STREAMS + 1),
                    "probesize": str(PROBE_BYTES),
                    "analyzeduration": str(ANALYSE_US),
                },
                metadata_errors="replace",
            )
        except MemoryError:
            # ffmpeg's word for more streams than it may open.
            raise reasons.too_many_streams(MAX_STREAMS) from None
        except (FFmpegError, PermissionError):
            raise reasons.damaged() from None
        with film:
            if len(film.streams) > MAX_STREAMS:
                raise reasons.too_many_streams(MAX_STREAMS)
            yield film

    def decoder(self, stream: Any, max_pixels: int | None = None) -> Any:
        """Hold a stream's decoder to the allow-lists; return its context."""
        context = stream.codec_context
        options = {"codec_whitelist": fmt.codec_whitelist(self.formats)}
        if max_pixels:
            options["max_pixels"] = str(max_pixels)
        context.options = options
        return context


def codec_of(stream: Any) -> str | None:
    """Return ffmpeg's name of the codec of a stream, None when it has no decoder for it."""
    context = stream.codec_context
    return str(context.codec.canonical_name) if context is not None else None


def is_picture(stream: Any) -> bool:
    """Tell a film's picture from the cover or thumbnail that some files carry as well."""
    still = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
    return stream.type == "video" and not stream.disposition & still


def picture_of(film: Any) -> Any:
    """Return the picture stream of a film that is known to have one."""
    return next(stream for stream in film.streams if is_picture(stream))


def only(film: Any, wanted: Any) -> None:
    """Let the demuxer pass over every stream but one."""
    for stream in film.streams:
        if stream is not wanted:
            stream.discard = Discard.all
