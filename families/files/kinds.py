"""The few kinds of file that the record keeps, and how each is known from its bytes alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import puremagic


class FileKind(StrEnum):
    """What a kept file is. Nothing that a machine would run, and nothing that a browser would render as a page."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    TEXT = "text"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"


@dataclass(frozen=True)
class Described:
    """A kind in words, the endings its name may have, the type it is sent as, the endings that puremagic knows."""

    words: str
    endings: tuple[str, ...]
    content_type: str
    magic: frozenset[str]

    @property
    def ending(self) -> str:
        return self.endings[0]


_OFFICE = "application/vnd.openxmlformats-officedocument"
# puremagic reads no further than a zip's first bytes: every zip document is all of them to it. families.files.zipped
# tells them apart.
_ZIP = frozenset({".docx", ".xlsx", ".odt", ".zip"})

KINDS: dict[FileKind, Described] = {
    FileKind.PDF: Described("PDF", (".pdf",), "application/pdf", frozenset({".pdf"})),
    FileKind.JPEG: Described("JPEG picture", (".jpg", ".jpeg", ".jfif"), "image/jpeg", frozenset({".jpg", ".jfif"})),
    FileKind.PNG: Described("PNG picture", (".png",), "image/png", frozenset({".png", ".apng"})),
    FileKind.HEIC: Described("HEIC picture", (".heic", ".heif"), "image/heic", frozenset({".heic", ".heif"})),
    FileKind.TEXT: Described("plain text", (".txt",), "text/plain; charset=utf-8", frozenset({".txt"})),
    FileKind.DOCX: Described("Word document", (".docx",), f"{_OFFICE}.wordprocessingml.document", _ZIP),
    FileKind.XLSX: Described("Excel workbook", (".xlsx",), f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    FileKind.ODT: Described("OpenDocument text", (".odt",), "application/vnd.oasis.opendocument.text", _ZIP),
}
# For <input type="file" accept>: what a browser's window offers to choose. A help to people, not a check.
ACCEPTED_BY_BROWSERS = ",".join(ending for described in KINDS.values() for ending in described.endings)
PICTURES = frozenset({FileKind.JPEG, FileKind.PNG})  # those that are decoded, made anew and shown on a page

# Brands of the first box of a still picture in HEIF (ISO/IEC 23008-12). A film (isom, qt) is none of them.
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_MAGIC_BYTES = 4096


def by_signature(data: bytes) -> FileKind | None:
    """What a file is by its first bytes; a zip is a DOCX until it has been opened. None: no kind of ours."""
    if data.startswith(b"%PDF-"):
        return FileKind.PDF
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return FileKind.HEIC
    if data.startswith(b"PK\x03\x04"):
        return FileKind.DOCX
    return None


def second_opinion(data: bytes) -> frozenset[str]:
    """The endings that puremagic thinks most likely; empty when it knows nothing."""
    try:
        found = puremagic.magic_string(data[:_MAGIC_BYTES])
    except puremagic.PureError:
        return frozenset()
    best = max((each.confidence for each in found), default=0.0)
    return frozenset(each.extension.lower() for each in found if each.confidence == best)
