"""Running ffmpeg on a film that is not our own: one hardened command, at the lowest priority, from start to end."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from pathlib import Path

from clips.media import encoder, ffmpeg, filters, frames, sandbox
from clips.media.formats import ALL, Family
from clips.media.probe import Film

OUTPUT = "out.mp4"
FRAGMENT_S = 2

_SEEKABLE = frozenset(["mov", "matroska", "mpegts"])
"""Containers whose frames say their own time, wherever reading begins."""
_MARGIN = Fraction(1)
"""Seconds read before and after the wanted frames: more than any reordering."""


def limits(film: Film, *, seconds: float, nice: int = 19) -> sandbox.Limits:
    """Return what turning `seconds` of a film into ours may cost, generously: a slow machine must not fail it."""
    pixels = film.coded_width * film.coded_height * film.frames / max(film.duration_s, 0.001)
    heaviness = max(1.0, pixels / (1920 * 1080 * 30))
    wall = 300 + 40 * seconds * heaviness
    return sandbox.Limits(
        cpu_seconds=int(wall * 4),
        wall_seconds=wall,
        file_bytes=int(64e6 + seconds * 12e6),
        nice=nice,
    )


def _reading(film: Film, first: Fraction, end: Fraction) -> list[str]:
    """Return the arguments that make ffmpeg read a little more than the stretch between two of the film's times."""
    start = first - _MARGIN
    if film.container in _SEEKABLE and start > film.time(0):
        return ["-seek_timestamp", "1", "-ss", f"{float(start):.6f}", "-t", f"{float(end + _MARGIN - start):.6f}"]
    # Without a start, the length counts from time 0 for reading and from the first frame for decoding.
    return ["-t", f"{float(max(end, end - film.time(0)) + _MARGIN):.6f}"]


def run(
    film: Film,
    job: Path,
    *,
    size: tuple[int, int],
    trim: tuple[int, int] | None = None,
    seek: bool = True,
    crf: int = encoder.PROXY_CRF,
    nice: int = 19,
    formats: Collection[Family] = ALL,
    on_frames: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Turn the film `in` of a job directory into our kind of film, `out.mp4`, in pieces of about two seconds.

    All of it, or the frames from `trim`'s first time up to, not including, its second (units of the film's time
    base). Each piece can be played as soon as it is written. `on_frames` hears how many frames are done. Raises
    what `sandbox.run` raises.
    """
    begin, end = trim or (film.frame_times[0], film.end_time)
    first, length = begin * film.time_base, (end - begin) * film.time_base
    width, height = size
    wanted = [time for time in film.frame_times if begin <= time < end]
    rate = frames.busiest_second(wanted, film.time_base)
    scale = filters.timescale(film.time_base)

    argv = [str(ffmpeg.binary()), "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1"]
    argv += ["-stats_period", "0.5", "-copyts"]
    argv += ffmpeg.input_args(formats, container=film.container)
    if trim and seek:
        argv += _reading(film, first, first + length)
    argv += ["-i", "in", "-map", f"0:{film.video_stream_index}"]
    if film.audio_stream_index is not None:
        argv += ["-map", f"0:{film.audio_stream_index}", "-af", filters.sound(first, length)]
        argv += encoder.sound_args()
    argv += ["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-threads", "2"]
    argv += ["-vf", filters.picture(film, width, height, first, trim=trim)]
    # Passthrough with this time base keeps the frames' own times: any frame rate given here would move them.
    argv += ["-fps_mode", "passthrough", "-enc_time_base:v", f"1/{scale}", "-video_track_timescale", str(scale)]
    argv += encoder.picture_args(encoder.level(width, height, rate), crf=crf)
    argv += ["-fflags", "+bitexact", "-f", "mp4", "-movflags", "+frag_keyframe+delay_moov+default_base_moof"]
    argv += ["-min_frag_duration", str(FRAGMENT_S * 1_000_000), OUTPUT]

    def line(text: str) -> None:
        name, _, value = text.partition("=")
        if name == "frame" and value.strip().isdigit() and on_frames:
            on_frames(int(value))

    # ffmpeg would keep what an attempt before left there, and not even call it an error.
    (job / OUTPUT).unlink(missing_ok=True)
    sandbox.run(
        argv,
        job=job,
        limits=limits(film, seconds=film.duration_s if not trim else float(length) + 60, nice=nice),
        on_line=line,
        cancelled=cancelled,
    )
    return job / OUTPUT


def one_picture(
    film: Film, index: int, *, size: tuple[int, int], output: str, formats: Collection[Family] = ALL
) -> list[str]:
    """Return the command that writes exactly frame `index` of the film `in` as raw RGB bytes to `output`."""
    begin = film.frame_times[index]
    after = film.frame_times[index + 1] if index + 1 < film.frames else film.end_time
    first = begin * film.time_base
    argv = [str(ffmpeg.binary()), "-hide_banner", "-v", "error", "-copyts"]
    argv += ffmpeg.input_args(formats, container=film.container)
    argv += _reading(film, first, after * film.time_base)
    argv += ["-i", "in", "-map", f"0:{film.video_stream_index}", "-an", "-sn", "-dn", "-threads", "2"]
    argv += ["-vf", filters.picture(film, *size, first, trim=(begin, after))]
    return [*argv, "-fps_mode", "passthrough", "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", output]
