"""What the copy of somebody's record says of worries about their family.

It is part of the record (UK GDPR article 15), and is suggested to be left out until somebody has thought about each
entry: what would be likely to cause serious harm if it were told is exempt (Data Protection Act 2018, schedule 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from families.models import Case, ConcernEntry, InformationShared, Person, RiskConcern, RiskFlag, RiskReview
from families.packs.registry import PackEntry, PackSource
from families.packs.telling import RISK, facts_of

NOT_TOLD = "The family has not been told of this: decide whether telling it now would harm somebody"


def concerns(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Concerns, and every step that followed one."""
    rows = RiskConcern.objects.filter(case__in=cases).select_related("recorded_by")
    for each in rows.prefetch_related("entries__recorded_by"):
        yield PackEntry(
            str(each.pk),
            "A concern of the staff",
            at=each.recorded_at,
            text=each.text,
            by=each.recorded_by.name,
            facts=facts_of(each, {"text", "recorded_at", "film_id", "film_time_us"}),
            withhold=RISK,
        )
        for step in each.entries.all():
            yield PackEntry(
                f"{each.pk}-{step.pk}",
                f"What followed a concern: {step.get_kind_display().lower()}",
                at=step.recorded_at,
                text=step.text,
                by=step.recorded_by.name,
                withhold=RISK,
            )


def reviews(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """How risk was judged to stand, and on what grounds."""
    for each in RiskReview.objects.filter(case__in=cases).select_related("recorded_by"):
        yield PackEntry(
            str(each.pk),
            f"How risk stood: {each.get_level_display().lower()}",
            at=each.reviewed_on,
            text=each.grounds,
            by=each.recorded_by.name,
            withhold=RISK,
        )


def flags(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What whoever opens the record has to know first."""
    for each in RiskFlag.objects.filter(case__in=cases).select_related("raised_by"):
        yield PackEntry(
            str(each.pk),
            "A note for whoever opens the record",
            at=each.raised_at,
            text=each.text,
            by=each.raised_by.name,
            facts=facts_of(each, {"text", "raised_at"}),
            withhold=RISK,
        )


def shared(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What was told to whom outside the service: article 15(1)(c) asks for the recipients."""
    for each in InformationShared.objects.filter(case__in=cases).select_related("recorded_by"):
        yield PackEntry(
            str(each.pk),
            f"Told to {each.with_whom}",
            at=each.shared_on,
            text=each.what,
            by=each.recorded_by.name,
            facts=facts_of(each, {"what", "with_whom", "shared_on", "recorded_at"}),
            withhold="" if each.family_told else NOT_TOLD,
        )


SOURCES = (
    PackSource("shared", "What we told others", shared, 75, tells=(InformationShared,)),
    PackSource("concerns", "Concerns", concerns, 80, tells=(RiskConcern, ConcernEntry)),
    PackSource("risk", "How risk was judged", reviews, 82, tells=(RiskReview,)),
    PackSource("flags", "What colleagues must know first", flags, 84, tells=(RiskFlag,)),
)
