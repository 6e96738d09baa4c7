"""Writing the pack: a PDF to read, a JSON for machines, the documents, all in one ZIP."""

from __future__ import annotations

import hashlib
import html
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import HRFlowable, Paragraph, SimpleDocTemplate, Spacer

from families import files

FORMAT = "vig-service/access-pack/1"
# What a copy does not hold, said in it, so that nobody takes it for more than it is.
NOT_IN_IT = (
    "This is your record as it stands. Earlier versions of what was corrected, and when colleagues opened your record, "
    "are written down as well. Films are not in here: everybody in a film has rights of their own in it. You can ask "
    "us for any of these."
)
NOT_ALL_LETTERS = (
    "Some letters cannot be printed in this file: they are written without their accents, or as “?”. In record.json "
    "every letter stands as it was written."
)
Section = Mapping[str, Any]
Progress = Callable[[int, int], None]

_base = getSampleStyleSheet()
_BODY = ParagraphStyle("body", parent=_base["BodyText"], fontName="Helvetica", fontSize=11, leading=15)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=9, leading=12, textColor="#4c6272")
_TITLE = ParagraphStyle("title", parent=_BODY, fontName="Helvetica-Bold", fontSize=20, leading=26, spaceAfter=8)
_HEADING = ParagraphStyle("heading", parent=_BODY, fontName="Helvetica-Bold", fontSize=15, leading=20, spaceBefore=14)
_ENTRY = ParagraphStyle("entry", parent=_BODY, fontName="Helvetica-Bold", spaceBefore=8)


def kept(sections: Sequence[Section], withheld: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sections as the person gets them: entries that were withheld left out, sections left empty too."""
    left = []
    for section in sections:
        entries = [entry for entry in section["entries"] if entry["key"] not in withheld]
        if entries:
            left.append({**section, "entries": entries})
    return left


def build(
    *,
    name: str,
    asked_on: date,
    made_on: date,
    sections: Sequence[Section],
    withheld: Mapping[str, str],
    progress: Progress | None = None,
) -> bytes:
    """The ZIP's bytes. Raises FileNotFoundError when a document is missing, ValueError when it is not what was kept."""
    shown = kept(sections, withheld)
    documents = [file for section in shown for entry in section["entries"] for file in entry["files"]]
    steps = len(documents) + 2
    out = io.BytesIO()
    names: dict[str, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(documents, start=1):
            names[file["stored"]] = _document(archive, file, number)
            if progress:
                progress(number, steps)
        archive.writestr("record.pdf", _pdf(name, asked_on, made_on, shown, withheld, names))
        if progress:
            progress(steps - 1, steps)
        archive.writestr("record.json", _json(name, asked_on, made_on, shown, withheld, names))
    if progress:
        progress(steps, steps)
    return out.getvalue()


def _document(archive: zipfile.ZipFile, file: Mapping[str, str], number: int) -> str:
    with files.open_(file["stored"]) as source:
        data = source.read()
    if hashlib.sha256(data).hexdigest() != file["sha256"]:
        raise ValueError(f"The document {file['stored']} is not what was kept.")
    name = f"documents/{number:03d} {PurePosixPath(file['name']).name}"
    archive.writestr(name, data)
    return name


def _about(withheld: Mapping[str, str]) -> str:
    if not withheld:
        return "Nothing was left out of this copy as a whole."
    count = len(withheld)
    return (
        f"{count} {'entry is' if count == 1 else 'entries are'} left out of this copy because they are about somebody "
        "else, or because telling them could harm somebody. You can ask us to look at this again, and you can complain "
        "to the Information Commissioner’s Office."
    )


def _json(
    name: str,
    asked_on: date,
    made_on: date,
    sections: Sequence[Section],
    withheld: Mapping[str, str],
    names: Mapping[str, str],
) -> str:
    told = [
        {
            "key": section["key"],
            "heading": section["heading"],
            "entries": [
                {
                    **{part: entry[part] for part in ("title", "at", "text", "by", "facts")},
                    "documents": [names[file["stored"]] for file in entry["files"]],
                }
                for entry in section["entries"]
            ],
        }
        for section in sections
    ]
    whole = {
        "format": FORMAT,
        "person": name,
        "service": settings.SERVICE_NAME,
        "asked_on": asked_on.isoformat(),
        "made_on": made_on.isoformat(),
        "entries_left_out": len(withheld),
        "not_in_this_copy": NOT_IN_IT,
        "sections": told,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


# Letters that no decomposition leads to a plain one.
_PLAIN = str.maketrans("ŁłĐđĦħıŦŧ−‑", "LlDdHhiTt--")


def _letter(letter: str) -> str:
    """A letter that the standard fonts of a PDF have, as near as there is one: "ż" is "z", never "?"."""
    for near in (letter, letter.translate(_PLAIN), unicodedata.normalize("NFKD", letter)[:1]):
        try:
            return near.encode("cp1252").decode("cp1252")
        except UnicodeEncodeError:
            continue
    return "" if unicodedata.combining(letter) else "?"


def _words(text: str) -> str:
    """Text as reportlab's markup takes it: nothing that somebody typed is read as markup; letters beyond the standard
    fonts lose their accents in the PDF, or become a question mark, and stand as they are in the JSON."""
    plain = "".join(map(_letter, unicodedata.normalize("NFC", text)))
    return html.escape(plain, quote=False).replace("\n", "<br/>")


def _has_other_letters(name: str, sections: Sequence[Section]) -> bool:
    """Whether anything in the copy is written in letters that the PDF does not have."""
    entries = [entry for section in sections for entry in section["entries"]]
    texts = [name, *(part for entry in entries for part in (entry["title"], entry["text"], *entry["facts"].values()))]
    return any(_letter(each) != each for text in texts for each in unicodedata.normalize("NFC", text))


def _pdf(
    name: str,
    asked_on: date,
    made_on: date,
    sections: Sequence[Section],
    withheld: Mapping[str, str],
    names: Mapping[str, str],
) -> bytes:
    story: list[Any] = [
        Paragraph(_words(f"The record of {name}"), _TITLE),
        Paragraph(
            _words(
                f"{settings.SERVICE_NAME}. You asked for this copy on {asked_on:%-d %B %Y}; it was made on "
                f"{made_on:%-d %B %Y}. The documents it speaks of are beside it."
            ),
            _BODY,
        ),
        Paragraph(_words(_about(withheld)), _BODY),
        *([Paragraph(_words(NOT_ALL_LETTERS), _SMALL)] if _has_other_letters(name, sections) else []),
        Paragraph(_words("“[another person]” stands where a name or an address of somebody else was."), _SMALL),
        Paragraph(_words(NOT_IN_IT), _SMALL),
        Paragraph(_words(f"Questions: {settings.SERVICE_PHONE}, {settings.SERVICE_EMAIL}"), _SMALL),
    ]
    for section in sections:
        story.append(Paragraph(_words(section["heading"]), _HEADING))
        story.append(HRFlowable(width="100%", color="#d8dde0"))
        for entry in section["entries"]:
            story.append(Paragraph(_words(entry["title"]), _ENTRY))
            about = " · ".join(each for each in (entry["when"], entry["by"]) if each)
            if about:
                story.append(Paragraph(_words(about), _SMALL))
            if entry["text"]:
                # A paragraph of ours for each of theirs: one that is longer than a page could not be laid out.
                story += [Paragraph(_words(part), _BODY) for part in entry["text"].split("\n") if part.strip()]
            for label, value in entry["facts"].items():
                story.append(Paragraph(f"<b>{_words(label)}:</b> {_words(value)}", _BODY))
            story += [Paragraph(_words(f"See {names[file['stored']]}"), _SMALL) for file in entry["files"]]
        story.append(Spacer(1, 4 * mm))
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"The record of {name}",
        author=settings.SERVICE_NAME,
        lang="en-GB",
    )

    def number(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, f"Page {document.page}")

    page.build(story, onFirstPage=number, onLaterPages=number)
    return out.getvalue()
