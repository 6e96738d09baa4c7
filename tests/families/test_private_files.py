"""What may be kept in a record, what is refused and in which words, and how a kept file leaves."""

from __future__ import annotations

import hashlib
import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from PIL import Image

from families import files
from families.files import FileKind
from tests.families import uploads
from tests.families.uploads import sent

MOST = 25 * 1024**2
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 500
SCRIPTED = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_STORE = tmp_path / "media"


LINK = {"word/_rels/document.xml.rels": uploads.relation("hyperlink", "https://www.nhs.uk")}
FETCHED = {"word/_rels/settings.xml.rels": uploads.relation("attachedTemplate", "https://host.example/t.dotm")}
GOOD = [
    ("Letter from the GP.pdf", uploads.pdf(), FileKind.PDF),
    ("drawing.jpg", uploads.jpeg(), FileKind.JPEG),
    ("drawing.JPEG", uploads.jpeg(), FileKind.JPEG),
    ("plan.png", uploads.png(), FileKind.PNG),
    ("IMG_0042.HEIC", uploads.heic(), FileKind.HEIC),
    ("message.txt", "Dear Asha,\r\nRowan’s visit went well.".encode(), FileKind.TEXT),
    ("old.txt", "Rowan’s visit".encode("cp1252"), FileKind.TEXT),
    ("report.docx", uploads.docx(), FileKind.DOCX),
    ("report with a link.docx", uploads.docx(LINK), FileKind.DOCX),
    ("report with a chart.docx", uploads.docx({"word/embeddings/Sheet1.xlsx": uploads.xlsx()}), FileKind.DOCX),
    ("hours.xlsx", uploads.xlsx(), FileKind.XLSX),
    ("notes.odt", uploads.odt(), FileKind.ODT),
]


@pytest.mark.parametrize(("name", "data", "kind"), GOOD, ids=[each[0] for each in GOOD])
def test_documents_and_pictures_are_known_from_their_bytes(name: str, data: bytes, kind: FileKind) -> None:
    accepted = files.accept(sent(name, data, "text/html"), most_bytes=MOST)
    assert (accepted.kind, accepted.name, accepted.data) == (kind, name, data)
    assert accepted.sha256 == hashlib.sha256(data).hexdigest()
    assert (accepted.shown is not None) == (kind in {FileKind.JPEG, FileKind.PNG})


HOSTILE = [
    ("letter.pdf", EXE, "kind"),
    ("setup.exe", EXE, "kind"),
    ("letter.pdf.exe", uploads.pdf(), "name"),
    ("photo.jpg", uploads.png(), "name"),
    ("photo.jpg", uploads.pdf(), "name"),
    ("drawing.svg", SCRIPTED, "kind"),
    ("drawing.txt", SCRIPTED, "kind"),
    ("page.html", b"<!DOCTYPE html><p>hello", "kind"),
    ("page.txt", b"hello <script>alert(1)</script>", "kind"),
    ("run.txt", b"#!/bin/sh\necho", "kind"),
    ("data.txt", b"a\x00b", "kind"),
    ("empty.txt", b"", "empty"),
    ("letter.docx", uploads.docx({"word/vbaProject.bin": b"macro"}), "program"),
    ("letter.docx", uploads.docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"), "program"),
    ("letter.docx", uploads.docx({"word/embeddings/oleObject1.bin": b"ole"}), "program"),
    ("letter.docx", uploads.docx({"word/activeX/activeX1.xml": "<x/>"}), "program"),
    ("letter.docx", uploads.docx({"payload.exe": EXE}), "program"),
    ("letter.docx", uploads.docx(FETCHED), "program"),
    ("hours.xlsx", uploads.xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), "program"),
    ("notes.odt", uploads.odt({"Basic/Standard/Module1.xml": "<x/>"}), "program"),
    ("papers.zip", uploads.zipped({"a.txt": "words"}), "kind"),
    ("bomb.docx", uploads.docx({"word/media/zeros.xml": b"\0" * 40_000_000}), "bomb"),
    ("outside.docx", uploads.docx({"../../etc/passwd": "x"}), "bomb"),
    ("cut short.docx", uploads.docx()[:-30], "damaged"),
    ("hidden.docx", b"PK\x03\x04" + uploads.docx(before=b"PK\x03\x04" + b"x" * 300)[4:], "two_kinds"),
    ("letter.pdf", uploads.pdf(script="app.alert('hello')"), "program"),
    ("letter.pdf", uploads.pdf(attached=b"words"), "program"),
    ("letter.pdf", uploads.pdf(key="/Launch", value="cmd.exe"), "program"),
    ("letter.pdf", uploads.pdf(key="/Launch", value="cmd.exe").replace(b"/Launch", b"/La#75nch"), "program"),
    ("letter.pdf", uploads.pdf(key="/SubmitForm", value="https://host.example"), "program"),
    ("letter.pdf", uploads.pdf(password="secret"), "password"),
    ("letter.pdf", uploads.pdf()[:200], "damaged"),
    ("letter.pdf", b"%PDF-1.7\n" + b"rubbish" * 50 + b"%%EOF", "damaged"),
    ("letter.pdf", uploads.pdf() + uploads.zipped({"a.js": "x"}), "two_kinds"),
    ("photo.jpg", uploads.jpeg() + uploads.zipped({"a.js": "x"}), "two_kinds"),
    ("photo.jpg", uploads.jpeg() + b"<html><script>alert(1)</script>", "two_kinds"),
    ("photo.jpg", uploads.jpeg()[:120], "damaged"),
    ("wide.png", uploads.png_of_a_billion_pixels(), "too_large"),
    ("IMG.heic", uploads.heic() + b"trailing bytes", "damaged"),
    ("film.heic", b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + b"\0\0\0\x10mdat" + b"x" * 8, "kind"),
]


@pytest.mark.parametrize(
    ("name", "data", "code"), HOSTILE, ids=[f"{each[0]}: {each[2]} {n}" for n, each in enumerate(HOSTILE)]
)
def test_what_carries_a_program_or_pretends_is_refused_in_kind_words(name: str, data: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        files.accept(sent(name, data, "application/pdf"), most_bytes=MOST)
    assert refused.value.code == code
    assert name in refused.value.messages[0]


def test_a_file_larger_than_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(ValidationError, match=r"2 MB\. A file can be 1 MB at most") as refused:
        files.accept(sent("long.txt", b"a" * 2 * 1024**2), most_bytes=1024**2)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\asha\\letter.txt", "letter.txt"),
        ("  two   words .txt", "two words .txt"),
        ("letter\u202etxt.exe\n.txt", "lettertxt.exe.txt"),
        (".hidden.txt", "hidden.txt"),
        ("n" * 400 + ".txt", "n" * 146 + ".txt"),
    ],
)
def test_a_senders_name_is_cleaned_before_anybody_reads_it(given: str, kept: str) -> None:
    upload = sent("x.txt", b"words")
    upload._name = given
    assert files.accept(upload, most_bytes=MOST).name == kept


def test_a_picture_is_made_anew_without_where_it_was_taken_and_the_right_way_up() -> None:
    accepted = files.accept(sent("home.jpg", uploads.jpeg(3000, 100, where_it_was_taken=True)), most_bytes=MOST)
    assert b"Example Camera" in accepted.data
    assert accepted.shown is not None
    assert b"Example Camera" not in accepted.shown
    with Image.open(io.BytesIO(accepted.shown)) as shown:
        assert (shown.format, shown.width) == ("JPEG", 2000)
        assert not shown.getexif()


def test_a_kept_file_lies_under_a_name_of_the_servers_own_for_the_service_alone(tmp_path: Path) -> None:
    kept = files.keep(files.accept(sent("Rowan.jpg", uploads.jpeg()), most_bytes=MOST), drawer="documents")
    found = sorted(path for path in (tmp_path / "media").rglob("*") if path.is_file())
    assert len(found) == 2
    assert not [path for path in found if "Rowan" in str(path)]
    assert {path.stat().st_mode & 0o777 for path in found} == {0o600}
    with files.open_(kept.stored) as file:
        assert file.read() == uploads.jpeg()
    files.remove(kept.stored)
    files.remove(kept.stored)
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


@pytest.mark.parametrize("stored", ["../../etc/passwd", "documents/ab/../../x", "", "documents/ab/" + "g" * 32])
def test_a_name_that_the_server_did_not_make_opens_nothing(stored: str) -> None:
    with pytest.raises(ValueError, match="Not a name of ours"):
        files.open_(stored)


def test_a_file_leaves_as_a_download_and_a_picture_as_the_one_made_anew() -> None:
    accepted = files.accept(sent("plan.png", uploads.png()), most_bytes=MOST)
    kept = files.keep(accepted, drawer="documents")
    response = files.attachment(kept.stored, kind=kept.kind, name="Ünser plan.png")
    assert b"".join(response) == uploads.png()
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    for answer in (response, files.picture(kept.stored)):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert "no-store" in answer.headers["Cache-Control"]
    shown = files.picture(kept.stored)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"".join(shown) == accepted.shown


def test_a_document_is_never_shown_on_a_page() -> None:
    kept = files.keep(files.accept(sent("letter.pdf", uploads.pdf()), most_bytes=MOST), drawer="documents")
    assert not kept.has_picture
    with pytest.raises(Http404):
        files.picture(kept.stored)


# --- The virus scanner ---------------------------------------------------------------------------------------


@contextmanager
def clamd(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A daemon that speaks INSTREAM, gives one answer, and keeps what it was sent."""
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    data += stream.read(size)
                got.append(data)
                line.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", got
        thread.join(5)


def test_a_file_that_the_scanner_calls_clean_is_kept(settings: Any) -> None:
    data = b"words " * 40_000
    with clamd(b"stream: OK\0") as (address, got):
        settings.CLAMD_ADDRESS = address
        assert files.accept(sent("long.txt", data), most_bytes=MOST).data == data
    assert got == [data]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "infected"),
        (b"INSTREAM size limit exceeded. ERROR\0", "not_checked"),
        (b"", "not_checked"),
    ],
)
def test_a_file_that_the_scanner_does_not_call_clean_is_refused(settings: Any, answer: bytes, code: str) -> None:
    with clamd(answer) as (address, _):
        settings.CLAMD_ADDRESS = address
        with pytest.raises(ValidationError) as refused:
            files.accept(sent("letter.txt", b"words"), most_bytes=MOST)
    assert refused.value.code == code


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_without_an_answer_of_the_scanner_nothing_is_kept_and_the_sender_hears_when_to_try_again(
    settings: Any, address: str
) -> None:
    settings.CLAMD_ADDRESS = address
    with pytest.raises(ValidationError, match="try again in a few minutes") as refused:
        files.accept(sent("letter.txt", b"words"), most_bytes=MOST)
    assert refused.value.code == "not_checked"
