"""A copy of a referral for whoever sent it: what they wrote, as a PDF."""

from __future__ import annotations

import html
import io
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from referrals.models import Referral
from referrals.written import written_by

_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=18, leading=24, spaceAfter=8)
_HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=13, leading=18, spaceBefore=10, spaceAfter=4)
_BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=15, spaceAfter=4)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=9, leading=12)


def _words(text: str) -> str:
    """Text as reportlab takes it: nothing that somebody typed is read as markup. Letters beyond the standard fonts
    become question marks, which the copy says of itself."""
    return html.escape(text.encode("cp1252", "replace").decode("cp1252"), quote=False)


def pdf(referral: Referral) -> bytes:
    """The copy, A4."""
    reference = referral.reference.text
    story: list[Any] = [
        Paragraph(f"Referral {reference}", _TITLE),
        Paragraph(
            _words(
                f"{settings.SERVICE_NAME}. Received on {timezone.localtime(referral.received_at):%-d %B %Y at %H:%M}. "
                f"Questions: {settings.SERVICE_PHONE}, {settings.SERVICE_EMAIL}"
            ),
            _BODY,
        ),
        Paragraph("This copy says who the family is. Keep it where only those see it who may.", _BODY),
        Paragraph("A letter that this copy cannot print stands as “?”. It was sent as you wrote it.", _SMALL),
    ]
    for section in written_by(referral).sections():
        if not section.rows:
            continue
        story.append(Paragraph(_words(section.heading), _HEADING))
        for row in section.rows:
            story.append(Paragraph(f"<b>{_words(row.question)}</b>", _BODY))
            # a paragraph of ours for each of theirs: one that is longer than a page could not be laid out
            story += [Paragraph(_words(line), _BODY) for line in row.answer.split("\n") if line.strip()]
        story.append(Spacer(1, 3 * mm))
    if files := list(referral.attachments.all()):
        story.append(Paragraph("Files", _HEADING))
        story += [Paragraph(_words(f"{each.file_name}, {each.size_in_words}"), _BODY) for each in files]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"Referral {reference}",
        author=settings.SERVICE_NAME,
        lang="en-GB",
    )
    document.build(story)
    return out.getvalue()


def response(referral: Referral) -> HttpResponse:
    """The copy as a download that no cache keeps."""
    answer = HttpResponse(pdf(referral), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="referral-{referral.reference.text}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
