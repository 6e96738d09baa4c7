"""What the copy of somebody's record says of the referral that it began with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from families.models import Case, Membership, Person
from families.packs.registry import PackEntry, PackFile, PackSource
from families.packs.telling import facts_of
from referrals.models import Attachment, Decision, Event, Exchange, Referral, ReferredPerson
from referrals.written import written_by

RELATIONSHIPS = dict(Membership.Relationship.choices)

# A referral is about several people, and somebody wrote it who is none of them.
WRITTEN_ABOUT_SEVERAL = "Written by whoever referred, about several people: decide what of it is about them"
AMONG_COLLEAGUES = "What colleagues said to one another about it"
ABOUT_ANOTHER = "About somebody else"


def _referral(each: Referral) -> Iterator[PackEntry]:
    # "received" and the like stand in the events, with who and when
    yield PackEntry(
        str(each.pk),
        "Referral",
        at=each.received_at,
        text=_as_it_was_sent(each),
        by=each.referrer_name,
        facts=facts_of(each, {"answers", "sent_key", "wordings"}),
        withhold=WRITTEN_ABOUT_SEVERAL,
    )
    for exchange in each.exchanges.select_related("by"):
        inside = exchange.direction == Exchange.Direction.INSIDE
        yield PackEntry(
            str(exchange.pk),
            exchange.get_direction_display(),
            at=exchange.at,
            text=exchange.text,
            by=exchange.by.name if exchange.by else each.referrer_name,
            withhold=AMONG_COLLEAGUES if inside else WRITTEN_ABOUT_SEVERAL,
        )
    for event in each.events.select_related("by"):
        yield PackEntry(
            f"event-{event.pk}",
            f"Referral: {event.get_state_display()}",
            at=event.at,
            text=event.public_words,
            by=event.by.name if event.by else "",
            facts={"Among colleagues": event.inside_words} if event.inside_words else {},
            withhold=AMONG_COLLEAGUES if event.inside_words else "",
        )
    for decision in each.decisions.select_related("by"):
        yield PackEntry(
            str(decision.pk),
            f"Decision: {decision.get_outcome_display()}",
            at=decision.at,
            text=decision.reason,
            by=decision.by.name if decision.by else "",
            facts=facts_of(decision, {"outcome", "at", "reason"}),
        )
    for file in each.attachments.all():
        yield PackEntry(
            str(file.pk),
            "File that came with the referral",
            at=file.added_at,
            facts={"Name": file.file_name},
            withhold=WRITTEN_ABOUT_SEVERAL,
            files=(PackFile(file.stored, file.file_name, file.sha256),),
        )


def _as_it_was_sent(referral: Referral) -> str:
    """Every question with its answer, under the headings under which they were asked."""
    sections = (
        "\n".join([section.heading, *(f"{row.question}: {row.answer}" for row in section.rows)])
        for section in written_by(referral).sections()
        if section.rows
    )
    return "\n\n".join(sections)


def _named(person: ReferredPerson) -> dict[str, str]:
    facts = facts_of(person, {"kind", "number", "relationship"})
    if person.relationship:
        facts["Who they are to the baby"] = str(RELATIONSHIPS.get(person.relationship, person.relationship))
    return facts


def referrals(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """The referrals that led to these cases, with what was said and decided about them."""
    for each in Referral.objects.filter(case__in=cases).select_related("reference"):
        yield from _referral(each)
        for named in each.people.all():
            yield PackEntry(
                f"named-{named.pk}",
                f"Named in the referral: {named.get_kind_display().lower()}",
                facts=_named(named),
                withhold="" if named.person_id == who.pk else ABOUT_ANOTHER,
            )


SOURCES = (
    PackSource(
        "referrals",
        "Referrals",
        referrals,
        15,
        tells=(Referral, ReferredPerson, Exchange, Event, Decision, Attachment),
    ),
)
