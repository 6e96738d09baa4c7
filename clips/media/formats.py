"""The families of formats that a film may use, and the ffmpeg names that each one allows.

An operator can switch a family off; nothing outside the families that are on is ever opened. The names are
ffmpeg's own, for `-format_whitelist` and `-codec_whitelist`: a demuxer is named by its whole list of names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a family is about."""

    CONTAINER = "container"
    PICTURE = "picture"
    SOUND = "sound"


class Family(StrEnum):
    """A family of formats: a kind of file, of picture or of sound. The value is the operator's word for it."""

    MP4 = "mp4"
    MATROSKA = "matroska"
    MPEG_TS = "mpeg-ts"
    MPEG_PS = "mpeg-ps"
    AVI = "avi"

    H264 = "h264"
    HEVC = "hevc"
    VPX = "vpx"
    AV1 = "av1"
    MPEG4 = "mpeg4"
    MPEG2 = "mpeg2"
    H263 = "h263"
    MJPEG = "mjpeg"

    AAC = "aac"
    MP3 = "mp3"
    XIPH = "xiph"
    AC3 = "ac3"
    MP2 = "mp2"
    PCM = "pcm"
    AMR = "amr"


@dataclass(frozen=True)
class Allowed:
    """What one family lets through: ffmpeg's demuxer or decoder names, and the words for people."""

    kind: Kind
    label: str
    names: tuple[str, ...]
    """Names that ffmpeg's allow-lists match (of demuxers for a container, of decoders otherwise)."""
    codecs: tuple[str, ...] = ()
    """Names of the codecs (not decoders) that belong to the family; empty for containers."""


_PCM = (
    "pcm_s16le", "pcm_s16be", "pcm_u8", "pcm_s8", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be",
    "pcm_f32le", "pcm_f32be", "pcm_alaw", "pcm_mulaw", "pcm_bluray", "pcm_dvd",
)  # fmt: skip

FAMILIES: dict[Family, Allowed] = {
    Family.MP4: Allowed(Kind.CONTAINER, "MP4, MOV and 3GP", ("mov,mp4,m4a,3gp,3g2,mj2",)),
    Family.MATROSKA: Allowed(Kind.CONTAINER, "Matroska and WebM", ("matroska,webm",)),
    Family.MPEG_TS: Allowed(Kind.CONTAINER, "MPEG-TS and AVCHD", ("mpegts",)),
    Family.MPEG_PS: Allowed(Kind.CONTAINER, "MPEG-PS", ("mpeg",)),
    Family.AVI: Allowed(Kind.CONTAINER, "AVI", ("avi",)),
    Family.H264: Allowed(Kind.PICTURE, "H.264", ("h264",), ("h264",)),
    Family.HEVC: Allowed(Kind.PICTURE, "HEVC (H.265)", ("hevc",), ("hevc",)),
    Family.VPX: Allowed(Kind.PICTURE, "VP8 and VP9", ("vp8", "vp9"), ("vp8", "vp9")),
    Family.AV1: Allowed(Kind.PICTURE, "AV1", ("libdav1d", "av1"), ("av1",)),
    Family.MPEG4: Allowed(Kind.PICTURE, "MPEG-4 part 2", ("mpeg4",), ("mpeg4",)),
    Family.MPEG2: Allowed(
        Kind.PICTURE, "MPEG-1 and MPEG-2", ("mpeg2video", "mpeg1video"), ("mpeg2video", "mpeg1video")
    ),
    Family.H263: Allowed(Kind.PICTURE, "H.263", ("h263",), ("h263",)),
    Family.MJPEG: Allowed(Kind.PICTURE, "Motion JPEG", ("mjpeg",), ("mjpeg",)),
    Family.AAC: Allowed(Kind.SOUND, "AAC", ("aac",), ("aac",)),
    Family.MP3: Allowed(Kind.SOUND, "MP3", ("mp3float", "mp3"), ("mp3",)),
    Family.XIPH: Allowed(Kind.SOUND, "Opus and Vorbis", ("opus", "libopus", "vorbis", "libvorbis"), ("opus", "vorbis")),
    Family.AC3: Allowed(Kind.SOUND, "AC-3 and E-AC-3", ("ac3", "eac3"), ("ac3", "eac3")),
    Family.MP2: Allowed(Kind.SOUND, "MP2", ("mp2float", "mp2"), ("mp2",)),
    Family.PCM: Allowed(Kind.SOUND, "PCM", _PCM, _PCM),
    Family.AMR: Allowed(
        Kind.SOUND,
        "AMR",
        ("amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb"),
        ("amr_nb", "amr_wb"),
    ),
}

ALL: frozenset[Family] = frozenset(Family)


def names(formats: Collection[Family], *kinds: Kind) -> list[str]:
    """Return the ffmpeg names that `formats` allow, of the kinds wanted, in a stable order."""
    return [
        name
        for family, allowed in FAMILIES.items()
        if family in formats and allowed.kind in kinds
        for name in allowed.names
    ]


def format_whitelist(formats: Collection[Family]) -> str:
    """Return the value of ffmpeg's `format_whitelist` for these families."""
    return ",".join(names(formats, Kind.CONTAINER))


def codec_whitelist(formats: Collection[Family]) -> str:
    """Return the value of ffmpeg's `codec_whitelist` for these families."""
    return ",".join(names(formats, Kind.PICTURE, Kind.SOUND))


def family_of(codec: str, kind: Kind) -> Family | None:
    """Return the family that a codec (ffmpeg's codec name) belongs to, or None when we know no such codec."""
    for family, allowed in FAMILIES.items():
        if allowed.kind is kind and codec in allowed.codecs:
            return family
    return None


def label(family: Family) -> str:
    """Return the family's name for people."""
    return FAMILIES[family].label


def chosen(words: Iterable[str]) -> frozenset[Family]:
    """Return the families that an operator's words leave on; ValueError names a word that is not a family.

    `-avi` switches one family off. A bare word keeps, of its kind, only those that are named: `mp4, h264` takes
    films in MP4 with H.264 picture and any sound. No words at all: every family.
    """
    on: set[Family] = set()
    off: set[Family] = set()
    for word in words:
        name = word.strip().lower()
        try:
            (off if name.startswith("-") else on).add(Family(name.removeprefix("-")))
        except ValueError:
            known = ", ".join(Family)
            raise ValueError(f"“{word}” is not a family of film formats. Use some of: {known}.") from None
    kinds = {FAMILIES[family].kind for family in on}
    return frozenset(f for f in Family if (f in on or FAMILIES[f].kind not in kinds) and f not in off)
