"""Single frames as pictures: stills from the proxy, and a poster before there is one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from PIL import Image

from clips.media import files, filters, mp4, sandbox, transcode
from clips.media.formats import ALL, Family
from clips.media.playable import Proxy, decoded
from clips.media.probe import Film
from clips.media.verify import NotFaithful

QUALITY = 92
POSTER_SHORT_SIDE = 480
_OUTPUT = "picture.raw"
_POSTER_AT = 0.1
"""How far into the film the poster is taken: people have taken their places by then."""


def still(source: Proxy, index: int, destination: Path, *, short_side: int | None = None) -> None:
    """Write exactly frame `index` of a proxy as a JPEG, without any metadata.

    In the proxy's own size, or with its short side at most `short_side` pixels. Raises IndexError off the film,
    NotFaithful when the proxy does not hold that frame.
    """
    if not 0 <= index < source.frames:
        raise IndexError(f"there is no frame {index} in a film of {source.frames}")
    with mp4.reading(source.path) as film:
        video = film.streams.video[0]
        (frame,) = decoded(film, video, source, index, index + 1)
        picture = frame.to_image()
    if short_side:
        picture.thumbnail(_within(picture.size, short_side), Image.Resampling.LANCZOS)
    save(picture, destination)


def poster(
    film: Film,
    source: Path,
    destination: Path,
    *,
    index: int | None = None,
    short_side: int = POSTER_SHORT_SIDE,
    formats: Collection[Family] = ALL,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write one frame of a checked film as a JPEG and return which: `index`, or a key frame a little way in.

    For the time before the proxy is there; shown as the proxy will show it. The film is opened in the sandbox
    alone, whose directory lies beside `destination` meanwhile. Raises IndexError off the film, NotFaithful when
    that frame cannot be decoded, what `sandbox.run` raises, and OSError.
    """
    if index is None:
        wanted = film.frames * _POSTER_AT
        index = min(film.key_frames or (0,), key=lambda key: abs(key - wanted))
    if not 0 <= index < film.frames:
        raise IndexError(f"there is no frame {index} in a film of {film.frames}")
    size = filters.shown_size(film, short_side)
    with sandbox.job(source, root=destination.parent) as job:
        argv = transcode.one_picture(film, index, size=size, output=_OUTPUT, formats=formats)
        limits = transcode.limits(film, seconds=film.duration_s, nice=10)
        sandbox.run(argv, job=job, limits=limits, cancelled=cancelled)
        pixels = (job / _OUTPUT).read_bytes()
    if len(pixels) != size[0] * size[1] * 3:
        raise NotFaithful(f"Frame {index} of the film could not be decoded.")
    save(Image.frombytes("RGB", size, pixels), destination)
    return index


def save(picture: Image.Image, destination: Path, *, quality: int = QUALITY) -> None:
    """Write a picture as a JPEG that says nothing but what it shows, whole or not at all."""
    with files.whole(destination) as temporary, temporary.open("wb") as file:
        picture.convert("RGB").save(file, "JPEG", quality=quality, optimize=True)


def _within(size: tuple[int, int], short_side: int) -> tuple[int, int]:
    scale = min(1.0, short_side / min(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
