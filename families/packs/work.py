"""What the copy of somebody's record says of the work itself: cases, tasks, alerts, who opened the record, messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from families.models import (
    AccessPack,
    Alert,
    BreakGlass,
    Case,
    CaseTask,
    Closure,
    Family,
    Merge,
    Person,
    Restriction,
    StageChange,
    Unavailability,
)
from families.packs.registry import PackEntry, PackSource
from families.packs.telling import facts_of
from outbox.models import Message
from outbox.registry import label_of

ALERT = "It may be about somebody else in the family: look who it is about"
WHY_RESTRICTED = "Why few people may open this record: decide whether telling it would harm somebody"


def work(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Episodes of care, the stages they went through, and how they ended."""
    for case in cases:
        yield PackEntry(
            f"case-{case.pk}",
            f"Work with your family, opened {case.opened_on:%-d %B %Y}",
            at=case.opened_on,
            by=case.lead.name if case.lead else "",
            facts={"Reference": case.family.reference, "Team": case.team.name}
            | ({"Ended": f"{case.closed_on:%-d %B %Y}"} if case.closed_on else {}),
        )
        for change in case.stage_changes.select_related("by"):
            yield PackEntry(
                f"stage-{change.pk}",
                f"Stage: {change.stage_label}",
                at=change.at,
                text=change.reason,
                by=change.by.name if change.by else "",
                facts=facts_of(change, {"stage", "label", "at", "reason"}),
            )
    for closure in Closure.objects.filter(case__in=cases).select_related("by", "why"):
        why = {"Why": closure.why.label} if closure.why else {}
        yield PackEntry(
            f"closure-{closure.pk}",
            "How the work ended",
            at=closure.closed_on,
            text=closure.summary,
            by=closure.by.name if closure.by else "",
            facts=why | facts_of(closure, {"summary", "closed_on", "at"}),
        )


def waiting(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """When the family could not take part."""
    for each in Unavailability.objects.filter(case__in=cases).select_related("by"):
        yield PackEntry(
            str(each.pk), "Not available for a while", at=each.at, by=each.by.name, facts=facts_of(each, {"at"})
        )


def tasks(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What somebody meant to do for the family."""
    for each in CaseTask.objects.filter(case__in=cases).select_related("created_by"):
        yield PackEntry(
            str(each.pk),
            each.title,
            at=each.created_at,
            text=each.detail,
            by=each.created_by.name,
            facts=facts_of(each, {"title", "detail"}),
        )


def alerts(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What was put to whoever is on duty. An alert belongs to a case and not to a person of it."""
    for each in Alert.objects.filter(case__in=cases):
        yield PackEntry(
            str(each.pk),
            each.title,
            at=each.raised_at,
            text=each.detail,
            facts={"What was done": each.answer} if each.answer else {},
            withhold=ALERT,
        )


def access(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Who may open the record and who did for a reason of their own, without the names of staff; their own requests.

    A person learns when and why somebody looked, not which employee it was (CJEU C-579/21, persuasive here).
    """
    families = [case.family_id for case in cases]
    for restriction in Restriction.objects.filter(family__in=families):
        yield PackEntry(
            f"restriction-{restriction.pk}",
            "Few people may open this record",
            at=restriction.at,
            text=restriction.reason,
            facts=facts_of(restriction, {"reason", "at"}),
            withhold=WHY_RESTRICTED,
        )
    for glass in BreakGlass.objects.filter(case__in=cases):
        said = "asked to open your record and was refused" if glass.refused else "opened your record for a reason"
        yield PackEntry(
            f"glass-{glass.pk}", f"Somebody who does not work with you {said}", at=glass.at, text=glass.reason
        )
    for asked in AccessPack.objects.filter(person=who):
        name = f" ({asked.asked_by_name})" if asked.asked_by_name else ""
        yield PackEntry(
            f"pack-{asked.pk}",
            f"A copy of the record was asked for by {asked.get_asked_by_display().lower()}{name}",
            at=asked.asked_on,
            facts={"How we made sure who asks": asked.identity},
        )
    for merge in Merge.objects.filter(kept=who):
        undone = f", and taken apart again on {merge.undone_at:%-d %B %Y}" if merge.undone_at else ""
        yield PackEntry(
            f"merge-{merge.pk}",
            f"Two records of you were brought together{undone}",
            at=merge.at,
            facts=facts_of(merge, {"at", "gone_id", "until", "snapshot", "undone_at"}),
        )


def messages(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """That a message went to the person, and what became of it. Its words and its address are not kept."""
    for each in Message.objects.filter(person_id=str(who.pk)):
        yield PackEntry(
            str(each.pk),
            f"{label_of(each.kind)}, by {each.get_channel_display().lower()}",
            at=each.created_at,
            facts={"What became of it": each.get_state_display()}
            | ({"Why": each.reason} if each.reason else {})
            | ({"Delivery": each.get_delivery_display()} if each.delivery else {}),
        )


SOURCES = (
    PackSource("work", "The work with your family", work, 20, tells=(Family, Case, StageChange, Closure)),
    PackSource("waiting", "When you could not take part", waiting, 57, tells=(Unavailability,)),
    PackSource("tasks", "What we meant to do", tasks, 58, tells=(CaseTask,)),
    PackSource("messages", "Messages from us", messages, 66, tells=(Message,)),
    PackSource("alerts", "Alerts to colleagues on duty", alerts, 86, tells=(Alert,)),
    PackSource("access", "Who may open your record", access, 90, tells=(Restriction, BreakGlass, AccessPack, Merge)),
)
