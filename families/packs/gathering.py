"""Collecting what every app holds about one person, for somebody to read through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from families.models import Case, Membership, Person, Restriction
from families.packs.redacting import Redactor, redactor_for
from families.packs.registry import PROTECTED, PackEntry, pack_sources

Progress = Callable[[int, int], None]


def cases_of(person: Person, *, asker: User | None = None) -> Sequence[Case]:
    """Every case of the person, and those of their households but for what began after they had left.

    A restricted record that keeps ``asker`` out is not there for them: whoever it names answers for it
    (``actions.ask_for_pack`` lets them know).
    """
    households = Membership.objects.filter(person=person)
    theirs = Q(people=person) | Q(family__in=households.filter(until_on=None).values("family"))
    for left in households.exclude(until_on=None):
        theirs |= Q(family=left.family_id, opened_on__lte=left.until_on)
    cases = Case.objects.filter(theirs)
    if asker is not None:
        cases = cases.exclude(family__in=Restriction.objects.keeping_out(asker).values("family"))
    return list(cases.distinct().select_related("family", "team", "lead").order_by("opened_on"))


def gather(person: Person, *, asker: User | None = None, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Every section with its entries as they would go into the pack, other people's details taken out.

    ``asker``: the member of staff for whom it is gathered. Sections are dictionaries ``key, heading, entries``; entries
    ``key, title, at, when, text, by, facts, withhold, sealed, unseen, redacted, files``. ``progress(done, steps)`` is
    called after each source.
    """
    cases = cases_of(person, asker=asker)
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
    if not withhold and redactor.names_a_protected_person(
        entry.title, entry.text, *entry.facts.values(), *(file.name for file in entry.files)
    ):
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
        "unseen": entry.unseen,
        "redacted": left,
        "files": [
            {"stored": file.stored, "name": redactor.clean(file.name)[0], "sha256": file.sha256} for file in entry.files
        ],
    }
