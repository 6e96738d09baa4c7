"""What the copy of somebody's record says of how long it is kept: holds, and copies that the family was offered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from families.models import Case, CopyOffer, LegalHold, Person
from families.packs.registry import PackEntry, PackSource
from families.packs.telling import facts_of

MAY_WARN = "It may tell of an inquiry or an investigation: ask whoever asked for the hold before it is told"
NOT_OFFERED = "Why copies were not offered may put somebody in danger: look before it is told"


def holds(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Why nothing of their family is deleted; told once somebody has thought about it."""
    for each in LegalHold.objects.filter(family__in={case.family_id for case in cases}).select_related("by"):
        yield PackEntry(
            f"hold-{each.pk}",
            f"Kept whatever the schedule says: {each.get_kind_display().lower()}",
            at=each.at,
            text=each.reason,
            by=each.by.name,
            facts=facts_of(each, {"reason", "kind", "at"}),
            withhold=MAY_WARN,
        )


def offers(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Copies that the family was offered before something was deleted, and what they said."""
    for each in CopyOffer.objects.filter(case__in=cases).select_related("by"):
        yield PackEntry(
            f"offer-{each.pk}",
            "Copies were offered" if each.was_offered else "Copies were not offered",
            at=each.offered_on,
            text=each.words,
            by=each.by.name,
            facts=facts_of(each, {"words", "offered_on", "at"}),
            withhold="" if each.was_offered else NOT_OFFERED,
        )


def _entries(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    yield from holds(who, cases)
    yield from offers(who, cases)


SOURCES = (PackSource("kept", "How long this is kept", _entries, 95, tells=(LegalHold, CopyOffer)),)
