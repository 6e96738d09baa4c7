"""Word, Excel and OpenDocument files, which are zips: told apart, and refused with a program or a bomb in them."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib

from families.files.kinds import FileKind
from families.files.refusal import Refused

MOST_PARTS = 4000
MOST_UNPACKED = 300 * 1024**2  # bytes
MOST_RATIO = 200  # unpacked to packed, over the whole; text in XML is below 30
READ = 4 * 1024**2  # bytes of a part that we look into

_MAIN = {
    b"wordprocessingml.document.main+xml": FileKind.DOCX,
    b"spreadsheetml.sheet.main+xml": FileKind.XLSX,
}
_ODT = b"application/vnd.oasis.opendocument.text"
_PROGRAM = re.compile(
    r"(^|/)(vbaproject[^/]*|vbadata\.xml|attachedtoolbars\.bin)$"  # macros of Word and Excel
    r"|(^|/)(macrosheets|dialogsheets|activex|customui|basic|scripts)/"  # Excel 4 macros, controls, Basic
    r"|\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|msi|sh|py|swf|chm|docm|xlsm|xlsb|dotm)$"
    r"|(^|/)embeddings/[^/]*\.(bin|doc|xls|ppt)$",  # OLE: could be anything
    re.IGNORECASE,
)
_MACROS_BY_TYPE = re.compile(
    rb"macroenabled|vbaproject|ms-office\.(activex|vba)|excel\.(int)?macrosheet", re.IGNORECASE
)
# A part fetched from elsewhere when the document opens. Links that a person clicks are no matter.
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?relationship\b[^>]*>", re.IGNORECASE)
_FETCHED = re.compile(
    rb"/(attachedtemplate|oleobject|frame|subdocument|externallink(path)?|package)[\"']", re.IGNORECASE
)
_OUTSIDE = re.compile(rb"targetmode\s*=\s*[\"']external[\"']", re.IGNORECASE)

_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
)


def kind_of(data: bytes, called: str) -> FileKind:
    """Which of our documents a zip is. Raises Refused for any other zip."""
    with _opened(data, called) as archive:
        names = set(archive.namelist())
        if "mimetype" in names and _part(archive, "mimetype", called).strip() == _ODT:
            return FileKind.ODT
        if "[Content_Types].xml" in names:
            types = _part(archive, "[Content_Types].xml", called)
            for mark, kind in _MAIN.items():
                if mark in types:
                    return kind
            if _MACROS_BY_TYPE.search(types):
                raise _program(called)
    raise Refused(
        f"{called} is a zip, which cannot be kept here. Unpack it, and choose the documents that are in it.", "kind"
    )


def check(data: bytes, kind: FileKind, called: str) -> None:
    """No macro, control, program or part fetched from elsewhere is in it. Raises Refused."""
    with _opened(data, called) as archive:
        if any(_PROGRAM.search(part.filename) for part in archive.infolist()):
            raise _program(called)
        for part in archive.infolist():
            name = part.filename.lower()
            if name == "[content_types].xml" or name.endswith("manifest.xml"):
                if _MACROS_BY_TYPE.search(_part(archive, part.filename, called)):
                    raise _program(called)
            elif name.endswith(".rels"):
                ties = _RELATIONSHIP.findall(_part(archive, part.filename, called))
                if any(_FETCHED.search(tie) and _OUTSIDE.search(tie) for tie in ties):
                    raise Refused(
                        f"{called} fetches a part of itself from elsewhere when it is opened, so it cannot be kept. "
                        "Save it as a PDF and choose that.",
                        "program",
                    )


def _program(called: str) -> Refused:
    return Refused(
        f"{called} has a program in it (a macro or a control), so it cannot be kept. Save it as a PDF and choose that.",
        "program",
    )


def _opened(data: bytes, called: str) -> zipfile.ZipFile:
    """The zip, if it is whole, begins where the file begins, and unpacks to a sane size. Raises Refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise Refused(f"{called} is damaged: it cannot be opened.", "damaged") from error
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise Refused(f"{called} is made in a way that no document is, so it cannot be kept.", "bomb")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(f"{called} has a password. Save it without one and choose it again.", "password")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(len(data), 1024):
        raise Refused(f"{called} would become far too large when it is opened, so it cannot be kept.", "bomb")
    if any(part.filename.startswith("/") or ".." in part.filename.split("/") for part in parts):
        raise Refused(f"{called} is made in a way that no document is, so it cannot be kept.", "bomb")
    if min((part.header_offset for part in parts), default=1) != 0:
        raise Refused(f"{called} has something else hidden in it, so it cannot be kept.", "two_kinds")
    return archive


def _part(archive: zipfile.ZipFile, name: str, called: str) -> bytes:
    """A part, up to ``READ`` bytes; a part of its kind that is longer is no document's. Raises Refused."""
    try:
        with archive.open(name) as part:
            read = part.read(READ + 1)
    except _UNREADABLE as error:
        raise Refused(f"{called} is damaged: it cannot be opened.", "damaged") from error
    if len(read) > READ:
        raise Refused(f"{called} is made in a way that no document is, so it cannot be kept.", "bomb")
    return read
