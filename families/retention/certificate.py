"""The deletion certificate, all that is left of an erased record: ids, classes, counts, the rule, who decided, when."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from families.models import Erasure, What

DRAWERS = {
    "documents": "Documents",
    "consent": "Consent forms on paper",
    "signatures": "Signatures",
    "packs": "Copies of records that were made for somebody",
    "referrals": "Papers that came with a referral",
}


@dataclass(frozen=True)
class Went:
    """A line of the certificate."""

    what: str
    number: int
    bytes: int = 0


@dataclass(frozen=True)
class Certificate:
    """An erasure in words, for the page and for the PDF alike."""

    title: str
    facts: tuple[tuple[str, str], ...]
    files: tuple[Went, ...]
    rows: tuple[Went, ...]


def certificate(erasure: Erasure) -> Certificate:
    """Of a finished erasure."""
    ended = timezone.localtime(erasure.ended_at)
    until = backups_until(ended.date())
    decided = erasure.decided_by.name if erasure.decided_by else "an account that is gone"
    facts = (
        ("Certificate", str(erasure.pk)),
        ("What was deleted", "The films of a case" if erasure.what == What.FILMS else "The whole record of a family"),
        ("Reference", erasure.reference),
        ("Family", str(erasure.family_id)),
        ("Case" if len(erasure.case_ids) == 1 else "Cases", ", ".join(map(str, erasure.case_ids))),
        ("Rule", erasure.rule_words),
        ("Kept until", f"{erasure.due_on:%-d %B %Y}"),
        ("Decided", f"{timezone.localtime(erasure.decided_at):%-d %B %Y, %H:%M}, by {decided}"),
        ("Deleted", f"{ended:%-d %B %Y, %H:%M}"),
        (
            "Backups",
            f"A backup made before that day may still hold it until {until:%-d %B %Y}. Backups are kept apart and used "
            "for nothing but a restore, after which it is deleted again.",
        ),
        (
            "What is kept",
            "That it was seen and changed, by whom and when: numbers of records only, no words and no names.",
        ),
    )
    return Certificate("Certificate of deletion", facts, tuple(_files(erasure)), tuple(_rows(erasure.rows)))


def backups_until(day: date) -> date:
    return day + timedelta(days=settings.BACKUP_DAYS)


def _files(erasure: Erasure) -> list[Went]:
    drawers = {DRAWERS.get(drawer, drawer.capitalize()): held for drawer, held in erasure.files.items()}
    return [Went(what, held["files"], held["bytes"]) for what, held in {**erasure.films, **drawers}.items()]


def _rows(rows: Mapping[str, int]) -> list[Went]:
    """Tables by what people call their rows; history counted with what it is the history of."""
    counted: dict[str, int] = {}
    for label, number in rows.items():
        try:
            model = apps.get_model(label)
        except LookupError:  # a table of an earlier version
            name = label
        else:
            name = str(model._meta.verbose_name_plural).removeprefix("historical ")
            if model._meta.auto_created:
                name = "links between records"
        counted[name[:1].upper() + name[1:]] = counted.get(name[:1].upper() + name[1:], 0) + number
    return [Went(what, number) for what, number in sorted(counted.items()) if number]


# --- The PDF ------------------------------------------------------------------------------------------------------

_base = getSampleStyleSheet()
_BODY = ParagraphStyle("body", parent=_base["BodyText"], fontName="Helvetica", fontSize=10, leading=14)
_BOLD = ParagraphStyle("bold", parent=_BODY, fontName="Helvetica-Bold")
_TITLE = ParagraphStyle("title", parent=_BODY, fontName="Helvetica-Bold", fontSize=20, leading=26, spaceAfter=8)
_HEADING = ParagraphStyle("heading", parent=_BODY, fontName="Helvetica-Bold", fontSize=13, leading=18, spaceBefore=12)
_LINES = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, "#d8dde0"), ("VALIGN", (0, 0), (-1, -1), "TOP")])


def _p(text: str, style: ParagraphStyle = _BODY) -> Paragraph:
    return Paragraph(html.escape(text.encode("cp1252", "replace").decode("cp1252"), quote=False), style)


def pdf(erasure: Erasure) -> bytes:
    """The certificate for filing and for whoever asks."""
    said = certificate(erasure)
    story: list[Any] = [_p(said.title, _TITLE), _p(settings.SERVICE_NAME), Spacer(1, 4 * mm)]
    story.append(Table([[_p(key, _BOLD), _p(value)] for key, value in said.facts], [45 * mm, 121 * mm], style=_LINES))
    for heading, lines in (("Files that were deleted", said.files), ("Entries that were deleted", said.rows)):
        if lines:
            story.append(_p(heading, _HEADING))
            story.append(
                Table(
                    [
                        [_p(line.what), _p(str(line.number)), _p(filesizeformat(line.bytes) if line.bytes else "")]
                        for line in lines
                    ],
                    [106 * mm, 30 * mm, 30 * mm],
                    style=_LINES,
                )
            )
    out = io.BytesIO()
    margin = 22 * mm
    SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=said.title,
        author=settings.SERVICE_NAME,
        lang="en-GB",
    ).build(story)
    return out.getvalue()
