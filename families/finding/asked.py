"""What somebody typed who looks for a person, taken apart: numbers, dates, an address, and the words that are left."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from families import nhs, phones, postcodes
from families.finding.names import words_of
from families.references import as_reference
from nhsuk_forms.fields import MONTHS

MOST_WORDS = 6
MONTH = "|".join(sorted({form for name in MONTHS for form in (name, name[:3], f"{name[:4]}")}, key=len, reverse=True))
GAP = r"\s*[/.\-–, ]\s*"
# The spellings of a date that people here use, the day before the month unless the year comes first.
DATES = (
    re.compile(rf"(?<!\d)(?P<y>\d{{4}}){GAP}(?P<m>\d{{1,2}}){GAP}(?P<d>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}}){GAP}(?P<m>\d{{1,2}}){GAP}(?P<y>\d{{4}}|\d{{2}})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[\s.\-/]*(?P<m>{MONTH})\.?"
        r"[\s,.\-/]*(?P<y>\d{4}|\d{2})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<m>{MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<d>\d{2})(?P<m>\d{2})(?P<y>(?:19|20)\d{2})(?!\d)"),
)
NHS_NUMBER = re.compile(r"(?<![\d+])\d{3}[\s\-–.]?\d{3}[\s\-–.]?\d{4}(?!\d)")
PHONE = re.compile(r"(?<![\w/.\-])(?:\+|0)[\d\s().\-–]{7,20}\d(?!\w)")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*[\dOIL][A-Z]{2}\b", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


@dataclass(frozen=True)
class Asked:
    """What is looked for. ``words`` are folded; the rest stands as the record keeps it."""

    words: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    nhs_numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    reference: str = ""


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(text.lower()[:3]))


def _date(found: re.Match[str]) -> date | None:
    year = int(found["y"])
    if len(found["y"]) == 2:  # nobody here is to be born after next year, and few are a hundred
        year += 2000 if year <= timezone.localdate().year % 100 + 1 else 1900
    try:
        return datetime(year, _month(found["m"]), int(found["d"])).date()
    except ValueError:
        return None


def read(text: str) -> Asked:
    """Take apart what was typed; each piece counts as one thing only."""
    reference = as_reference(text)
    rest = text

    def take(pattern: re.Pattern[str], keep: Callable[[re.Match[str]], object]) -> list[object]:
        nonlocal rest
        kept: list[object] = []

        def replace(found: re.Match[str]) -> str:
            value = keep(found)
            if not value:
                return found[0]
            kept.append(value)
            return " "

        rest = pattern.sub(replace, rest)
        return kept

    emails = take(EMAIL, lambda found: found[0].lower())
    numbers = take(PHONE, lambda found: phones.standard(found[0]))
    where = take(POSTCODE, lambda found: postcodes.standard(found[0]))
    nhs_numbers = take(NHS_NUMBER, lambda found: nhs.bare(found[0]) if nhs.looks_like_one(found[0]) else "")
    dates = [each for pattern in DATES for each in take(pattern, _date)]
    return Asked(
        words=words_of(rest)[:MOST_WORDS],
        dates=tuple(dict.fromkeys(dates)),  # type: ignore[arg-type]
        nhs_numbers=tuple(dict.fromkeys(map(str, nhs_numbers))),
        phones=tuple(dict.fromkeys(map(str, numbers))),
        postcodes=tuple(dict.fromkeys(map(str, where))),
        emails=tuple(dict.fromkeys(map(str, emails))),
        reference=reference,
    )
