"""Telling what a file is by its first bytes, never by its name.

The answer decides which one of ffmpeg's readers is used; nothing is left to ffmpeg's own guessing, which is how
a text file becomes a list of other people's films.
"""

from __future__ import annotations

import codecs

from clips.media.formats import Family
from clips.media.probe import reasons
from clips.media.probe.reasons import Rejected

HEAD = 64 * 1024
"""How many bytes of the file are needed."""

_PACKETS = 40

# Boxes that an MP4 or QuickTime film may begin with.
_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"uuid", b"junk"}
_STILL_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"jpeg", b"MiHE"}
_SOUND_BRANDS = {b"M4A ", b"M4B ", b"M4P ", b"aax ", b"aaxc"}

_IMAGES = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0",
    b"8BPS", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ",
)  # fmt: skip
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_DOCUMENTS = (b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_SOUNDS = (b"ID3", b"fLaC", b"#!AMR", b"caff", b"MThd", b".snd")
_OTHERS = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMV)"),
    (b"FLV\x01", "Flash (FLV)"),
    (b".RMF", "RealMedia"),
    (b"DHAV", "security-camera (DAV)"),
    (b"\x06\x0e\x2b\x34", "MXF"),
)
_PLAYLISTS = (b"#extm3u", b"ffconcat", b"<smil", b"[playlist]", b"v=0", b"<asx", b"[reference]")


def container(head: bytes) -> Family:
    """Return the family of container that a file's first bytes belong to; Rejected says what it is instead."""
    if not head.strip(b"\0"):
        raise reasons.empty() if not head else reasons.unknown()
    if head[4:8] in _BOXES:
        return _mp4(head)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Family.MATROSKA
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return Family.AVI
    if head.startswith(b"\0\0\x01\xba"):
        return Family.MPEG_PS
    if _is_transport_stream(head):
        return Family.MPEG_TS
    raise _something_else(head)


def _mp4(head: bytes) -> Family:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _STILL_BRANDS:
            raise reasons.image()
        if brand in _SOUND_BRANDS:
            raise reasons.sound_only()
    return Family.MP4


def _is_transport_stream(head: bytes) -> bool:
    """Look for the sync byte at every packet: of 188 bytes, or 192 with a time stamp before each (AVCHD).

    A recording may begin in the middle of a packet; then many packets in a row must tell.
    """
    for size, first in ((188, 0), (192, 4), (204, 0)):
        marks = head[first::size][:_PACKETS]
        if marks and marks.count(0x47) == len(marks) and (len(marks) >= 5 or len(head) < 5 * size):
            return True
        if any(head[at::size][:_PACKETS] == b"G" * _PACKETS for at in range(size)):
            return True
    return False


def _something_else(head: bytes) -> Rejected:
    if head.startswith(_IMAGES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return reasons.image()
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        return reasons.archive()
    if head.startswith(_DOCUMENTS):
        return reasons.document()
    if head.startswith(_SOUNDS) or (head.startswith(b"RIFF") and head[8:12] == b"WAVE"):
        return reasons.sound_only()
    if head[0] == 0xFF and len(head) > 1 and head[1] & 0xE0 == 0xE0 and not head.startswith(codecs.BOM_UTF16_LE):
        return reasons.sound_only()  # a bare MP3 or AAC stream
    if head.startswith(b"OggS"):
        return reasons.other_format("Ogg")
    for start, name in _OTHERS:
        if head.startswith(start):
            return reasons.other_format(name)
    if head.startswith((b"\0\0\0\x01", b"\0\0\x01")):
        return reasons.other_format("bare picture stream")
    return _as_text(head)


def _as_text(head: bytes) -> Rejected:
    """Tell text from noise, and lists of other files from other text."""
    for coding in ("utf-8-sig", "utf-16"):
        if coding == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            continue
        # The head may end in the middle of a character.
        words = head.decode(coding, "ignore")
        if coding == "utf-8-sig" and len(words.encode()) < len(head) - 3 - 3:
            continue
        if sum(not (c.isprintable() or c in "\r\n\t\f") for c in words) > len(words) // 100:
            continue
        first = words.lstrip().lower().encode()
        if first.startswith(_PLAYLISTS) or b"<mpd" in first[:4096]:
            return reasons.playlist()
        return reasons.text()
    return reasons.unknown()
