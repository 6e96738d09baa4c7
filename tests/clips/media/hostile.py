"""Makers of files that attack whatever opens them, and a way to see whether they got at a victim's film."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.clips.media.films import boxes

VICTIM_NUMBER = 40000
"""The first picture number of the victim's film, which no other film has."""


@contextlib.contextmanager
def watched(victim: Path) -> Iterator[Callable[[], bool]]:
    """Give a function that says whether anybody has opened `victim` since: the kernel tells, by inotify."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    in_open = 0x20
    if watch < 0 or libc.inotify_add_watch(watch, os.fsencode(victim), in_open) < 0:
        raise OSError(ctypes.get_errno(), "inotify")

    def opened() -> bool:
        try:
            return bool(os.read(watch, 65536))
        except BlockingIOError:
            return False

    try:
        yield opened
    finally:
        os.close(watch)


# ---------------------------------------------------------------- texts


def ffconcat(victim: Path) -> bytes:
    return f"ffconcat version 1.0\nfile '{victim}'\n".encode()


def hls(victim: Path) -> bytes:
    return (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:1.0,\nfile://{victim}\n#EXT-X-ENDLIST\n"
    ).encode()


def dash(victim: Path) -> bytes:
    return f"""<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S" minBufferTime="PT1S"
 profiles="urn:mpeg:dash:profile:isoff-main:2011"><BaseURL>file://{victim.parent}/</BaseURL><Period><AdaptationSet
 mimeType="video/mp4"><Representation id="1" bandwidth="1000" width="128" height="96" codecs="avc1.42C00A">
<BaseURL>{victim.name}</BaseURL><SegmentBase indexRange="0-0"/></Representation></AdaptationSet></Period></MPD>
""".encode()


def sdp(victim: Path) -> bytes:
    return b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n"


def smil(victim: Path) -> bytes:
    return f'<smil><body><video src="file://{victim}"/></body></smil>'.encode()


def image_pattern(victim: Path) -> bytes:
    return f"{victim.parent}/%d.jpg\n".encode()


def concat_protocol(victim: Path) -> bytes:
    return f"#EXTM3U\n#EXTINF:1,\nconcat:{victim}|{victim}\n#EXT-X-ENDLIST\n".encode()


def subfile_protocol(victim: Path) -> bytes:
    return f"#EXTM3U\n#EXTINF:1,\nsubfile,,start,0,end,0,,:{victim}\n#EXT-X-ENDLIST\n".encode()


TEXTS = (ffconcat, hls, dash, sdp, smil, image_pattern, concat_protocol, subfile_protocol)


# ---------------------------------------------------------------- MP4


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts"}


def rewritten(data: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    """Return MP4 bytes with the content of every box passed through `change(kind, content)`; sizes follow."""
    parts = []
    for kind, start, size in boxes(data):
        content = data[start + 8 : start + size]
        content = rewritten(content, change) if kind in _HOLDERS else change(kind, content)
        parts.append(box(kind, content))
    return b"".join(parts)


def outside_reference(film: bytes, victim: Path) -> bytes:
    """Turn an MP4 film (header last) into one whose picture lies in the victim's file, as QuickTime aliases do."""
    path = str(victim).encode()
    name = victim.name.encode()[:27]
    alias = struct.pack(">IHH", 0, 0, 2) + b"\0" * 2 + bytes([0]) + b"\0" * 27 + b"\0" * 12
    alias += bytes([len(name)]) + name.ljust(63, b"\0") + b"\0" * 16 + struct.pack(">hh", 1, 1) + b"\0" * 16
    alias += struct.pack(">HH", 2, len(path)) + path + b"\0" * (len(path) % 2)
    alias += struct.pack(">HH", 18, 1) + b"/\0" + struct.pack(">HH", 0xFFFF, 0)

    def change(kind: bytes, content: bytes) -> bytes:
        if kind != b"dref":
            return content
        return struct.pack(">II", 0, 2) + box(b"alis", alias) + box(b"url ", b"\0\0\0\0file://" + path + b"\0")

    return rewritten(film, change)


def retyped(film: bytes, old: bytes, new: bytes) -> bytes:
    """Rename a sample format, as `avc1` to `encv`."""

    def change(kind: bytes, content: bytes) -> bytes:
        return content.replace(old, new, 1) if kind == b"stsd" else content

    return rewritten(film, change)


# ---------------------------------------------------------------- AVI


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _list(kind: bytes, *parts: bytes) -> bytes:
    return _chunk(b"LIST", kind + b"".join(parts))


def avi(pictures: list[bytes], size: tuple[int, int], *, subtitles: bytes = b"") -> bytes:
    """Return an AVI film of JPEG pictures, with a GAB2 subtitle track that holds `subtitles`, if any."""
    width, height = size

    def stream(kind: bytes, codec: bytes, length: int, form: bytes) -> bytes:
        head = struct.pack("<4s4sIHHIIIIIIII4H", kind, codec, 0, 0, 0, 0, 1, 25, 0, length, 0, 0, 0, 0, 0, 0, 0)
        return _list(b"strl", _chunk(b"strh", head), _chunk(b"strf", form))

    picture = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", 0, 0, 0, 0, 0)
    streams = [stream(b"vids", b"MJPG", len(pictures), picture)]
    data = []
    if subtitles:
        streams.append(stream(b"txts", b"\0\0\0\0", 1, b""))
        name = "s\0".encode("utf-16-le")
        gab2 = b"GAB2\0" + struct.pack("<HI", 2, len(name)) + name
        data.append(_chunk(b"01tx", gab2 + struct.pack("<HI", 4, len(subtitles)) + subtitles))
    data += [_chunk(b"00dc", jpeg) for jpeg in pictures]
    main = struct.pack("<14I", 40000, 0, 0, 0, len(pictures), 0, len(streams), 0, width, height, 0, 0, 0, 0)
    return _chunk(b"RIFF", b"AVI " + _list(b"hdrl", _chunk(b"avih", main), *streams) + _list(b"movi", *data))
