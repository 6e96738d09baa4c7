"""A sheet of small pictures from all over a film, to find one's way by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clips.media import mp4, sandbox, still
from clips.media.formats import ALL, FAMILIES, Family, Kind
from clips.media.playable import Proxy, decoded
from clips.media.probe import Film
from clips.media.verify import NotFaithful

TILES = 120
TILE_HEIGHT = 90
_COLUMNS = 10
_QUALITY = 80
_OUTPUT = "tiles.raw"
_BT2020 = 9
"""The matrix of high dynamic range films, by its number in swscale."""


class Layout(TypedDict):
    """How the sheet is laid out: tile k stands in row k // columns, column k % columns."""

    columns: int
    rows: int
    tile_w: int
    tile_h: int
    times_us: list[int]
    """The film's time of the frame that each tile shows, in microseconds, ascending."""
    frames: list[int]
    """The index of that frame in the film's frame list."""


def storyboard(
    film: Film,
    source: Path,
    destination: Path,
    *,
    tiles: int = TILES,
    tile_height: int = TILE_HEIGHT,
    formats: Collection[Family] = ALL,
    cancelled: Callable[[], bool] | None = None,
) -> Layout:
    """Write a JPEG with up to `tiles` key frames of a checked film and return how it is laid out.

    One key frame is sought and decoded for each tile, in the sandbox, whose directory lies beside `destination`
    meanwhile. A film with fewer key frames gets fewer tiles. Raises NotFaithful when not one could be decoded,
    what `sandbox.run` raises, and OSError.
    """
    wanted = spread(film, tiles)
    height = tile_height
    width = max(2, round(film.width * height / film.height))
    payload = {
        "container": container(film),
        "formats": sorted(formats),
        "targets": [film.frame_times[index] for index in wanted],
        "size": [width, height],
        "rotation": film.rotation,
        "transfer": film.transfer,
    }
    with sandbox.job(source, root=destination.parent) as job:
        limits = sandbox.Limits(
            cpu_seconds=300 + 4 * len(wanted), wall_seconds=300 + 2 * len(wanted), nice=10,
            file_bytes=width * height * 3 * (len(wanted) + 1),
        )  # fmt: skip
        found = sandbox.python("clips.media.storyboard:paint", payload, job=job, limits=limits, cancelled=cancelled)
        raw = np.fromfile(job / _OUTPUT, np.uint8)
    if raw.size != len(found) * width * height * 3:
        raise NotFaithful("The small pictures of the film came out torn.")
    return _sheet(film, raw.reshape(len(found), height, width, 3), found, destination)


def from_proxy(
    film: Film,
    proxy: Proxy,
    destination: Path,
    *,
    tiles: int = TILES,
    tile_height: int = TILE_HEIGHT,
) -> Layout:
    """Write the same sheet from a film's finished proxy, which has a key frame everywhere.

    For films whose own key frames are so few that the first sheet shows too little. Raises NotFaithful, OSError.
    """
    height = tile_height
    width = max(2, round(film.width * height / film.height))
    pictures, times = [], []
    with mp4.reading(proxy.path) as reader:
        video = reader.streams.video[0]
        keys = [index for index, entry in enumerate(video.index_entries) if entry.is_keyframe]
        for index in _spread(keys, proxy.frame_times, proxy.end_time, tiles):
            (frame,) = decoded(reader, video, proxy, index, index + 1)
            pictures.append(_tile(frame, (width, height), 0, "sdr"))
            times.append(film.frame_times[index])
    return _sheet(film, np.stack(pictures), times, destination)


def spread(film: Film, tiles: int) -> list[int]:
    """Return the indices of up to `tiles` key frames, evenly spread over the film's time, ascending."""
    return _spread(film.key_frames or (0,), film.frame_times, film.end_time, tiles)


def _spread(keys: Sequence[int], times: Sequence[int], end: int, tiles: int) -> list[int]:
    key_times = [times[key] for key in keys]
    count = min(tiles, len(keys))
    chosen = set()
    for tile in range(count):
        middle = times[0] + (2 * tile + 1) * (end - times[0]) // (2 * count)
        chosen.add(keys[max(0, bisect_right(key_times, middle) - 1)])
    return sorted(chosen)


def container(film: Film) -> Family:
    """Return the family of a film's container."""
    for family, allowed in FAMILIES.items():
        if allowed.kind is Kind.CONTAINER and allowed.names[0].split(",")[0] == film.container:
            return family
    raise ValueError(f"{film.container} is not a container that we take")


def _sheet(film: Film, pictures: NDArray[np.uint8], found: list[int], destination: Path) -> Layout:
    """Lay the pictures out, those that show a frame of the film, each once and in its order."""
    shown: dict[int, NDArray[np.uint8]] = {}
    for time, picture in zip(found, pictures, strict=True):
        index = bisect_left(film.frame_times, time)
        if index < film.frames and film.frame_times[index] == time:
            shown[index] = picture
    if not shown:
        raise NotFaithful("Not one small picture of the film could be made.")
    order = sorted(shown)
    height, width = pictures.shape[1:3]
    columns = min(_COLUMNS, len(order))
    rows = -(-len(order) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height))
    for position, index in enumerate(order):
        row, column = divmod(position, columns)
        sheet.paste(Image.fromarray(shown[index]), (column * width, row * height))
    still.save(sheet, destination, quality=_QUALITY)
    return {
        "columns": columns,
        "rows": rows,
        "tile_w": width,
        "tile_h": height,
        "times_us": [film.time_us(index) for index in order],
        "frames": order,
    }


# ---------------------------------------------------------------- inside the sandbox


def paint(
    container: str,
    formats: list[str],
    targets: list[int],
    size: list[int],
    rotation: int,
    transfer: str,
) -> list[int]:
    """Write the key frames at `targets` as raw RGB, one after the other, and return their real times.

    Runs inside the sandbox only, on the file `in` of the present directory.
    """
    from clips.media.ffmpeg import MAX_PIXELS
    from clips.media.probe.source import Source, only, picture_of

    source = Source(Path("in"), Family(container), {Family(word) for word in formats})
    times = []
    with source.open() as film, Path(_OUTPUT).open("wb") as out:
        stream = picture_of(film)
        only(film, stream)
        context = source.decoder(stream, MAX_PIXELS)
        # One packet in, one picture out: the other threads would each keep one back.
        context.thread_type = "SLICE"
        for target in targets:
            frame = _key_frame(film, stream, context, target)
            if frame is not None:
                out.write(_tile(frame, (size[0], size[1]), rotation, transfer).tobytes())
                times.append(frame.pts)
    return times


def _key_frame(film: Any, stream: Any, context: Any, target: int) -> Any:
    """Return the decoded key frame at or near `target`, None when none can be had there."""
    from av.error import FFmpegError

    try:
        film.seek(target, stream=stream, backward=True)
        for packet in film.demux(stream):
            if packet.pts is None and packet.dts is None:
                return None
            if not packet.is_keyframe or packet.is_discard:
                continue
            frames = [*context.decode(packet), *context.decode(None)]
            context.flush_buffers()
            for frame in frames:
                if frame.pts is not None:
                    return frame
    except FFmpegError:
        # One bad place in the film leaves one tile out.
        return None
    return None


def _tile(frame: Any, size: tuple[int, int], rotation: int, transfer: str) -> NDArray[np.uint8]:
    """Return a decoded picture upright, in its tile's size, in standard range."""
    width, height = size if rotation % 180 == 0 else size[::-1]
    depth = "rgb24" if transfer == "sdr" else "rgb48le"
    matrix = None if transfer == "sdr" else _BT2020
    small = frame.reformat(
        width=width, height=height, format=depth, interpolation="AREA", src_colorspace=matrix
    ).to_ndarray()
    if transfer != "sdr":
        small = tone_mapped(small.astype(np.float32) / 65535, transfer)
    return np.ascontiguousarray(np.rot90(small, -rotation // 90))


def tone_mapped(picture: NDArray[np.float32], transfer: str) -> NDArray[np.uint8]:
    """Bring a high dynamic range picture (BT.2020, values 0 to 1) down to BT.709 bytes, much as the proxy does.

    ITU-R BT.2100 table 4 (PQ) and 5 (HLG); Hable's curve, white at 100 cd/m²; the screen of BT.1886.
    """
    if transfer == "pq":
        m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
        power = picture ** (1 / m2)
        light = (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1) * 100
    else:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(picture <= 0.5, picture**2 / 3, (np.exp((picture - c) / a) + b) / 12)
        brightness = scene @ np.array([0.2627, 0.6780, 0.0593], np.float32)
        light = scene * (np.maximum(brightness, 1e-6) ** 0.2)[..., None] * 10
    narrow = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
    light = np.maximum(light @ narrow.T, 0)

    def hable(x: Any) -> Any:
        return (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 1 / 15

    # By the strongest of the three colours, so that a bright colour keeps its hue.
    strongest = np.maximum(light.max(axis=-1, keepdims=True), 1e-6)
    linear = np.clip(light * hable(strongest) / strongest / hable(10.0), 0, 1)
    coded = linear ** (1 / 2.4)
    return np.asarray(np.round(np.clip(coded, 0, 1) * 255), np.uint8)
