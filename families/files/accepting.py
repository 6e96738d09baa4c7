"""Whether a file that arrived may be kept: what it is, what it carries, whether its name says the truth."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from families.files import heif, pdf, pictures, scanner, text, zipped
from families.files.kinds import KINDS, PICTURES, FileKind, by_signature, second_opinion
from families.files.refusal import Refused

LONGEST_NAME = 150
# A page or a program hidden in something else. Two readers may take one file for two things (a polyglot): the one that
# opens it later may be the one that we did not ask.
_HIDDEN = (b"<script", b"<html", b"<!doctype html", b"<svg", b"<?php")
_END_OF_ZIP = b"PK\x05\x06"
_LAST_OF_ZIP = 22 + 65535  # the end record and the longest comment after it


@dataclass(frozen=True)
class Accepted:
    """A file that may be kept.

    ``name`` is the sender's, cleaned, for people to read; ``shown``: a JPEG made anew from a picture, without
    what cameras write into theirs (where and when), which may stand on a page; None for all that is no picture.
    """

    kind: FileKind
    name: str
    data: bytes
    sha256: str
    shown: bytes | None = None

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.data)

    @property
    def content_type(self) -> str:
        return KINDS[self.kind].content_type


def names_of_kinds() -> str:
    """The kinds that are kept, as a person reads them."""
    return "PDF, Word (.docx), Excel (.xlsx), OpenDocument text, JPEG, PNG or HEIC picture, or plain text"


def size_in_words(size: int) -> str:
    """ "2.4 MB", "310 KB"; 1 MB is 1,048,576 bytes, as the devices that people send from count it."""
    if size >= 1024**2:
        return f"{size / 1024**2:.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(size / 1024))} KB"


def accept(upload: UploadedFile, *, most_bytes: int) -> Accepted:
    """What a file is, if the record may keep it. Raises ValidationError, in kind words, when it may not."""
    name = clean_name(upload.name or "")
    called = f"“{name}”"
    try:
        data = _read(upload, most_bytes, called)
        kind = kind_of(data, called)
        _name_says_the_truth(name, kind, called)
        shown = _look_inside(kind, data, called)
        scanner.scan(data, called)
    except Refused as refused:
        raise ValidationError(str(refused), code=refused.code) from refused
    return Accepted(kind, name, data, hashlib.sha256(data).hexdigest(), shown)


def _read(upload: UploadedFile, most_bytes: int, called: str) -> bytes:
    """All of a file, no more than it may have. Raises Refused."""
    if not upload.size:
        raise Refused(f"{called} is empty. Choose it again, or another file.", "empty")
    if upload.size > most_bytes:
        raise Refused(
            f"{called} is {size_in_words(upload.size)}. A file can be {size_in_words(most_bytes)} at most.", "too_large"
        )
    upload.seek(0)
    return upload.read(most_bytes)


def clean_name(name: str) -> str:
    """The last part of a sender's name for a file, without what would turn, hide or break it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Cc: control characters; Cf: unseen ones, such as the mark that shows "gpj.exe" as "exe.jpg"
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    path = PurePath(" ".join(kept.split()).lstrip(". ") or "file")
    ending = path.suffix[:10]
    return path.stem[: LONGEST_NAME - len(ending)] + ending


def kind_of(data: bytes, called: str) -> FileKind:
    """What the bytes are, whatever the name or the browser says. Raises Refused for no kind of ours."""
    kind = by_signature(data)
    if kind is None:
        if text.is_plain(data):
            return FileKind.TEXT
        raise Refused(f"{called} is not a kind that can be kept here. Choose a {names_of_kinds()}.", "kind")
    opinion = second_opinion(data)
    if opinion and not opinion & KINDS[kind].magic:
        raise Refused(f"{called} looks like two kinds of file at once, so it cannot be kept.", "two_kinds")
    if kind == FileKind.DOCX:
        return zipped.kind_of(data, called)
    return kind


def _name_says_the_truth(name: str, kind: FileKind, called: str) -> None:
    ending = PurePath(name).suffix.lower()
    described = KINDS[kind]
    if ending not in described.endings:
        raise Refused(
            f"{called} is in truth a {described.words}. Give it a name that ends in {described.ending}, if that is "
            "what you meant to send, and choose it again.",
            "name",
        )


def _look_inside(kind: FileKind, data: bytes, called: str) -> bytes | None:
    """Refuse what carries a program; for a picture, the one that may be shown."""
    if kind in {FileKind.DOCX, FileKind.XLSX, FileKind.ODT}:
        zipped.check(data, kind, called)
        return None
    if kind == FileKind.TEXT:
        return None
    lower = data.lower()
    if any(mark in lower for mark in _HIDDEN) or _ends_as_zip(data):
        raise Refused(f"{called} has something else hidden in it, so it cannot be kept.", "two_kinds")
    if kind == FileKind.PDF:
        pdf.check(data, called)
    elif kind == FileKind.HEIC:
        heif.check(data, called)
    elif kind in PICTURES:
        return pictures.made_anew(data, kind, called)
    return None


def _ends_as_zip(data: bytes) -> bool:
    """Whether a reader of zips, who begins at the end, would find one."""
    tail = data[-_LAST_OF_ZIP:]
    at = tail.rfind(_END_OF_ZIP)
    # the length of the comment at the end of a true end record is what follows it
    return at >= 0 and len(tail) - at >= 22 and int.from_bytes(tail[at + 20 : at + 22], "little") <= len(tail) - at - 22
