"""Files as people send them, good ones and hostile ones, made in memory."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def sent(name: str, data: bytes, content_type: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


def jpeg(width: int = 60, height: int = 40, *, where_it_was_taken: bool = False) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    if where_it_was_taken:
        exif[0x010F] = "Example Camera"
        exif.get_ifd(0x8825)[2] = (52.0, 28.0, 30.0)
    Image.new("RGB", (width, height), "teal").save(made, "JPEG", exif=exif)
    return made.getvalue()


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (30, 20), (0, 90, 180, 120)).save(made, "PNG")
    return made.getvalue()


def png_of_a_billion_pixels() -> bytes:
    """A few hundred bytes that say they are 40,000 pixels wide and high."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    head = struct.pack("!IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\0\x0cmeta\0\0\0\0" + b"\0\0\0\x10mdat" + b"x" * 8


def pdf(*, script: str = "", attached: bytes = b"", password: str = "", key: str = "", value: str = "") -> bytes:
    """A page; with a script, an attached file or a password; ``key``: an action of this kind when it is opened."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if script:
        code = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        )
        writer.root_object[NameObject("/OpenAction")] = code
    if attached:
        writer.add_attachment("inside.txt", attached)
    if key:
        action = DictionaryObject({NameObject("/S"): NameObject(key), NameObject("/F"): TextStringObject(value)})
        writer.root_object[NameObject("/OpenAction")] = action
    if password:
        writer.encrypt(password)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def zipped(parts: Mapping[str, str | bytes], *, before: bytes = b"") -> bytes:
    made = io.BytesIO(before)
    made.seek(len(before))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return made.getvalue()


def types(*kinds: str) -> str:
    return "<Types>" + "".join(f'<Override ContentType="{kind}"/>' for kind in kinds) + "</Types>"


def relation(kind: str, target: str) -> str:
    tie = f'<Relationship Id="r1" Type="{RELS}/{kind}" Target="{target}" TargetMode="External"/>'
    return f"<Relationships>{tie}</Relationships>"


def docx(more: Mapping[str, str | bytes] | None = None, *, main: str = WORD, before: bytes = b"") -> bytes:
    parts: dict[str, str | bytes] = {"[Content_Types].xml": types(main), "word/document.xml": "<w:document/>"}
    return zipped(parts | dict(more or {}), before=before)


def xlsx(more: Mapping[str, str | bytes] | None = None) -> bytes:
    return zipped({"[Content_Types].xml": types(EXCEL), "xl/workbook.xml": "<workbook/>"} | dict(more or {}))


def odt(more: Mapping[str, str | bytes] | None = None) -> bytes:
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office:document/>"}
    return zipped(parts | dict(more or {}))
