"""Collecting what every app holds about one person, for somebody to read through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from families.models import Case, Membership, Person
from families.packs.redacting import Redactor, redactor_for
from families.packs.registry import PROTECTED, PackEntry, pack_sources

Progress = Callable[[int, int], None]


def cases_of(person: Person) -> Sequence[Case]:
    """Every case of the person, and those of their households."""
    households = Membership.objects.filter(person=person).values("family")
    return list(
        Case.objects.filter(Q(people=person) | Q(family__in=households))
        .distinct()
        .select_related("family", "team", "lead")
        .order_by("opened_on")
    )


def gather(person: Person, *, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Every section with its entries as they would go into the pack, other people's details taken out.

    Sections are dictionaries ``key, heading, entries``; entries ``key, title, at, when, text, by, facts, withhold,
    sealed, redacted, files``. ``progress(done, steps)`` is called after each source.
    """
    cases = cases_of(person)
    redactor = redactor_for(person, cases)
    sources = pack_sources()
    sections = []
    for number, source in enumerate(sources, start=1):
        entries = [_entry(source.key, entry, redactor) for entry in source.entries(person, cases)]
        entries.sort(key=lambda entry: entry["at"])
        if entries:
            sections.append({"key": source.key, "heading": source.heading, "entries": entries})
        if progress:
            progress(number, len(sources))
    return sections


def _entry(section: str, entry: PackEntry, redactor: Redactor) -> dict[str, Any]:
    title, left_title = redactor.clean(entry.title)
    text, left_text = redactor.clean(entry.text)
    facts, left = {}, left_title or left_text
    for label, value in entry.facts.items():
        facts[label], gone = redactor.clean(value)
        left = left or gone
    at, when = "", ""
    if isinstance(entry.at, datetime):
        local = timezone.localtime(entry.at)
        at, when = local.isoformat(), f"{local:%-d %B %Y, %H:%M}"
    elif entry.at is not None:
        at, when = entry.at.isoformat(), f"{entry.at:%-d %B %Y}"
    withhold = entry.withhold
    if not withhold and redactor.names_a_protected_person(entry.title, entry.text, *entry.facts.values()):
        withhold = PROTECTED
    return {
        "key": f"{section}:{entry.id}",
        "title": title,
        "at": at,
        "when": when,
        "text": text,
        "by": entry.by,
        "facts": facts,
        "withhold": withhold,
        "sealed": entry.sealed,
        "redacted": left,
        "files": [{"stored": file.stored, "name": file.name, "sha256": file.sha256} for file in entry.files],
    }
