"""The service's public texts: the version in force, and how their lines read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from referrals.models import GuideText
from referrals.shipped import TEXTS

ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True)
class Words:
    """A text in force; version 0 is the shipped one where the database has none."""

    key: str
    version: int
    text: str

    @property
    def html(self) -> SafeString:
        return as_html(self.text)


def words(key: str) -> Words:
    """The newest version of a text."""
    row = GuideText.objects.filter(key=key).first()
    return Words(key, row.version, row.text) if row else Words(key, 0, TEXTS[key])


def as_html(text: str) -> SafeString:
    """Paragraphs, headings ("# ") and lists ("- "); an address becomes a link. Nothing else is read as markup."""

    def kind(line: str) -> str:
        return "item" if line.startswith("- ") else "heading" if line.startswith("# ") else "paragraph"

    parts = []
    for what, lines in groupby((line.strip() for line in text.splitlines() if line.strip()), kind):
        if what == "item":
            items = format_html_join("", "<li>{}</li>", ((_linked(line[2:]),) for line in lines))
            parts.append(format_html("<ul>{}</ul>", items))
        elif what == "heading":
            parts.extend(format_html("<h2>{}</h2>", line[2:]) for line in lines)
        else:
            parts.extend(format_html("<p>{}</p>", _linked(line)) for line in lines)
    return _join(parts)


def _linked(line: str) -> SafeString:
    parts, at = [], 0
    for found in ADDRESS.finditer(line):
        parts.append(escape(line[at : found.start()]))
        parts.append(format_html('<a class="nhsuk-link" href="{}">{}</a>', found[0], found[0]))
        at = found.end()
    return _join([*parts, escape(line[at:])])


def _join(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped when it was made
