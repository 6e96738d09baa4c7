"""The chain that turns any film that was let in into the picture and the sound that we show.

Upright, square pixels, even size, standard range, eight bits, each field pair one picture, and every frame at its
own time counted from the first presented one. No filter here drops, doubles or moves a frame.
"""

from __future__ import annotations

from fractions import Fraction

from clips.media import encoder
from clips.media.probe import Film

_PADDING_S = Fraction(1, 10)
"""Seconds of silence encoded after the end, so that the sound reaches it; left out of the finished file."""

_CURVES = {"hlg": "arib-std-b67", "pq": "smpte2084"}


def shown_size(film: Film, short_side: int) -> tuple[int, int]:
    """Return the even width and height in which a film is shown: its short side at most `short_side` pixels."""
    scale = min(Fraction(1), Fraction(short_side, min(film.width, film.height)))
    width, height = (max(2, 2 * round(side * scale / 2)) for side in (film.width, film.height))
    return width, height


def timescale(time_base: Fraction) -> int:
    """Return the ticks a second in which our file says this film's times exactly: at least 10 000."""
    ticks = time_base.denominator
    return ticks * -(-10_000 // ticks)


def rebased(times: tuple[int, ...], first: int, time_base: Fraction) -> tuple[int, ...]:
    """Return frame times counted from `first`, in units of 1/`timescale`."""
    factor = time_base * timescale(time_base)
    if factor.denominator != 1:
        raise ValueError("the times do not fit the time scale")
    return tuple((time - first) * factor.numerator for time in times)


def _from(first: Fraction) -> str:
    # Rounded: the product is not always a whole number in floating point.
    return f"floor(PTS-({first.numerator}/{first.denominator})/TB+0.5)"


def picture(film: Film, width: int, height: int, first: Fraction, *, trim: tuple[int, int] | None = None) -> str:
    """Return the filter chain of the picture; ffmpeg has turned it upright before.

    `first` is the film's time (seconds) that becomes 0. `trim` keeps the frames from the first time up to, not
    including, the second (units of the film's time base).
    """
    chain = []
    if film.interlaced:
        # One picture for each pair of fields: the default doubles the frames.
        chain.append("bwdif=mode=send_frame:deint=interlaced")
    if trim is not None:
        # Half a unit of slack, since the ends are compared as floating point numbers. Not `trim`: it counts in
        # microseconds, or in a time base that deinterlacing changes.
        begin, end = (_decimal((time - Fraction(1, 2)) * film.time_base) for time in trim)
        chain.append(f"select='gte(t,{begin})*lt(t,{end})'")
    chain.append(f"setpts={_from(first)}")
    chain.append(f"scale={width}:{height}:flags=bicubic:out_range=tv")
    if film.transfer in _CURVES:
        curve = _CURVES[film.transfer]
        chain += [
            f"zscale=tin={curve}:min=bt2020nc:pin=bt2020:rin=tv:t=linear:npl=100",
            "format=gbrpf32le",
            "zscale=p=bt709",
            "tonemap=tonemap=hable:desat=0",
            "zscale=t=bt709:m=bt709:r=tv",
        ]
    return ",".join([*chain, "format=yuv420p", "setsar=1"])


def sound(first: Fraction, length: Fraction, *, rate: int = encoder.SOUND_RATE, layout: str = "stereo") -> str:
    """Return the filter chain of the sound: from the film's time `first` on for `length` seconds, from 0.

    What is missing in between is filled with silence and what lies too close is pressed together, so that it
    stays in step with the picture; sound from before `first` is dropped, a late start padded.
    """
    return ",".join(
        [
            f"asetpts={_from(first)}",
            f"aresample={rate}:async=1000:min_hard_comp=0.02:first_pts=0",
            f"atrim=end={_decimal(length)}",
            # Older encoders keep back their last packets, and some sound tracks end too soon.
            f"apad=whole_dur={_decimal(length + _PADDING_S)}",
            f"aformat=channel_layouts={layout}",
        ]
    )


def _decimal(value: Fraction) -> str:
    return f"{float(value):.12f}"
