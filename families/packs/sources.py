"""What the record itself holds about somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import models
from django.db.models import Prefetch, Q

from families import contact
from families.models import (
    Address,
    Answer,
    Case,
    Consent,
    Contact,
    Document,
    Family,
    LegalStatus,
    Membership,
    Need,
    Note,
    NoteAddendum,
    Person,
    Professional,
    RiskConcern,
)
from families.models.struck import Audience
from families.packs.registry import ELSEWHERE, PackEntry, PackFile, PackSource, unless_hidden
from families.protection import Hidden, hidden_from

# Columns that say nothing of a person: keys, and what stands elsewhere in the pack.
_LEFT_OUT = {"id", "families", "created_at"}
RISK = "A concern of the staff: decide whether telling it would harm somebody (Data Protection Act 2018, schedule 3)"
RESTRICTED = "A restricted part of a note"
THIRD_PARTY = "About somebody else"


def facts_of(row: models.Model, leave_out: frozenset[str] | set[str] = frozenset()) -> dict[str, str]:
    """A row's own columns in words, empty ones left out."""
    facts = {}
    for field in row._meta.concrete_fields:
        if field.name in _LEFT_OUT | leave_out or field.is_relation:
            continue
        value = getattr(row, field.attname)
        if value in (None, "", False, Answer.NOT_ASKED):
            continue
        shown = getattr(row, f"get_{field.name}_display", None)
        words = shown() if shown else "Yes" if value is True else value
        label = str(field.verbose_name)
        facts[label[:1].upper() + label[1:]] = str(words)
    return facts


def hidden_in(who: Person, cases: Sequence[Case]) -> Hidden:
    """What must not stand in this person's copy of others, in whatever household or case they share."""
    shared = Q(memberships__person=who) | Q(cases__in=[case.pk for case in cases])
    return hidden_from(who, *Family.objects.filter(shared).distinct())


def person(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What is known of the person, where they live, what they need, who is around them."""
    hidden = hidden_in(who, cases)
    yield PackEntry("person", "About you", facts=facts_of(who))
    for each in who.protections.standing():
        yield PackEntry(f"protection-{each.pk}", "We keep from others where you are", at=each.at, text=each.reason)
    telling = {address.on_one_line for address in hidden.addresses.values()}
    for way in contact.ways_to_reach(who).ways:
        if way.to:
            yield PackEntry(
                f"reach-{way.channel}",
                way.channel.label,
                text=way.to,
                facts={"Answer": way.answer.label},
                **unless_hidden(way.to in telling),
            )
    places = list(Membership.objects.filter(person=who).select_related("family"))
    for membership in places:
        yield PackEntry(
            f"membership-{membership.pk}", f"In the household {membership.family.reference}", facts=facts_of(membership)
        )
    households = Membership.objects.filter(person=who).values("family")
    for address in Address.objects.filter(Q(person=who) | Q(family__in=households)):
        others = address.family_id is not None and not _lives_there(who, places, address)
        yield PackEntry(
            f"address-{address.pk}",
            "Address",
            facts=facts_of(address),
            **unless_hidden(hidden.hides_address(address), ELSEWHERE if others else ""),
        )
    for need in Need.objects.filter(person=who):
        yield PackEntry(f"need-{need.pk}", "What helps to understand and be understood", facts=facts_of(need))
    for status in LegalStatus.objects.filter(child=who):
        yield PackEntry(f"legal-{status.pk}", "Legal status", facts=facts_of(status))
    around = Professional.objects.filter(family__in=households).filter(Q(about=who) | Q(about__isnull=True))
    for professional in around:
        yield PackEntry(
            f"professional-{professional.pk}", "A professional around the family", facts=facts_of(professional)
        )


def _lives_there(who: Person, places: Sequence[Membership], address: Address) -> bool:
    """Whether a household's address is the person's own: not after they left, nor while they are known to live apart;
    of somebody in two households it is not guessed which of the two knows of the other."""
    staying = [each for each in places if not each.has_left]
    here = next((each for each in staying if each.family_id == address.family_id), None)
    return here is not None and len(staying) == 1 and here.lives_with_infant is not False


def work(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Episodes of care, and the stages they went through."""
    for case in cases:
        yield PackEntry(
            f"case-{case.pk}",
            f"Work with your family, opened {case.opened_on:%-d %B %Y}",
            at=case.opened_on,
            by=case.lead.name if case.lead else "",
            facts={"Team": case.team.name} | ({"Ended": f"{case.closed_on:%-d %B %Y}"} if case.closed_on else {}),
        )
        for change in case.stage_changes.select_related("by"):
            yield PackEntry(
                f"stage-{change.pk}",
                str(change),
                at=change.at,
                text=change.reason,
                by=change.by.name if change.by else "",
            )


def consents(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What the person decided, for themselves or for a child, and what was decided for them."""
    decisions = Consent.objects.filter(Q(person=who) | Q(decided_by=who)).distinct()
    for each in decisions.select_related("person", "decided_by", "recorded_by", "wording"):
        about = "you" if each.person_id == who.pk else each.person.short_name
        decided = each.decided_by.short_name if each.decided_by else each.decided_by_name
        yield PackEntry(
            str(each.pk),
            f"{each.get_decision_display()}, for {about}: {each.get_purpose_display()}",
            at=each.decided_at,
            text=each.wording.text,
            by=each.recorded_by.name,
            facts={"Who decided": decided} | facts_of(each, {"purpose", "decision", "decided_by_name", "decided_at"}),
        )


def notes(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Signed notes, part by part: third-party and restricted parts are suggested to be withheld."""
    signed = (
        Note.objects.filter(case__in=cases)
        .signed()
        .standing()
        .select_related("author")
        .prefetch_related("sections", Prefetch("addenda", NoteAddendum.objects.select_related("by")))
    )
    why = {Audience.THIRD_PARTY: THIRD_PARTY, Audience.RESTRICTED: RESTRICTED}
    for note in signed:
        for section in note.sections.all():
            if section.text.strip():
                yield PackEntry(
                    f"{note.pk}-{section.position}",
                    f"{note.title}: {section.heading}" if section.heading else note.title,
                    at=note.happened_at,
                    text=section.text,
                    by=note.author.name,
                    withhold=why.get(Audience(section.audience), ""),
                )
        for addendum in note.addenda.all():
            yield PackEntry(
                f"{note.pk}-addendum-{addendum.pk}",
                f"Added to {note.title}",
                at=addendum.at,
                text=addendum.text,
                by=addendum.by.name,
                withhold=why.get(Audience(addendum.audience), ""),
            )


def contacts(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Calls, messages and letters: with this person, and about the family."""
    rows = Contact.objects.filter(case__in=cases).standing().select_related("person", "logged_by")
    hidden = hidden_in(who, cases)
    for each in rows:
        with_whom = each.person.short_name if each.person else each.other_party
        yield PackEntry(
            str(each.pk),
            f"{each.get_kind_display()} with {with_whom}",
            at=each.at,
            text=each.note,
            by=each.logged_by.name,
            facts={"Who began it": each.get_direction_display(), "What came of it": each.get_outcome_display()},
            **unless_hidden(hidden.hides(each.person_id), THIRD_PARTY if each.person_id not in (None, who.pk) else ""),
        )


def documents(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Documents of the cases, with their files."""
    why = {Audience.THIRD_PARTY: THIRD_PARTY, Audience.RESTRICTED: "A restricted document"}
    rows = Document.objects.filter(case__in=cases).standing().select_related("uploaded_by", "person")
    hidden = hidden_in(who, cases)
    for each in rows:
        others = each.person_id not in (None, who.pk)
        yield PackEntry(
            str(each.pk),
            f"{each.get_kind_display()}: {each.title}",
            at=each.dated,
            by=each.uploaded_by.name,
            facts={"Received from": each.received_from} if each.received_from else {},
            **unless_hidden(
                hidden.hides(each.person_id), why.get(Audience(each.audience), THIRD_PARTY if others else "")
            ),
            files=(PackFile(each.stored, each.file_name, each.sha256),),
        )


def concerns(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Concerns: part of the record, and suggested to be withheld until somebody has thought about each."""
    for each in RiskConcern.objects.filter(case__in=cases).select_related("recorded_by"):
        yield PackEntry(
            str(each.pk),
            "A concern of the staff",
            at=each.recorded_at,
            text=each.text,
            by=each.recorded_by.name,
            facts=facts_of(each, {"text", "recorded_at", "film_id", "film_time_us"}),
            withhold=RISK,
        )


SOURCES = (
    PackSource("person", "About you", person, 10),
    PackSource("work", "The work with your family", work, 20),
    PackSource("consents", "What you agreed to", consents, 30),
    PackSource("notes", "Notes", notes, 60),
    PackSource("contacts", "Calls, messages and letters", contacts, 65),
    PackSource("documents", "Documents", documents, 70),
    PackSource("concerns", "Concerns", concerns, 80),
)
