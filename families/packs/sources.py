"""What the record itself holds about somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db.models import Prefetch, Q

from families import contact
from families.models import (
    Address,
    Case,
    Contact,
    Document,
    Family,
    LegalStatus,
    Loss,
    Membership,
    Need,
    Note,
    NoteAddendum,
    NoteSection,
    Person,
    PlacementChange,
    Professional,
    Protection,
)
from families.models.struck import Audience, StruckOut
from families.packs import deciding, kept, risk, work
from families.packs.registry import ELSEWHERE, SEALED, PackEntry, PackFile, PackSource, unless_hidden
from families.packs.telling import RESTRICTED, STRUCK, THIRD_PARTY, facts_of, hidden_in

WHO_ELSE = "It belongs to nobody in particular: look whether it tells where somebody protected is"
WHOSE_DOCUMENT = f"{SEALED}: it belongs to nobody in particular. If it does not, add it again for whoever it is about"
OPEN_IT = "Open the document first: it must not tell where somebody protected is"
NOT_SIGNED = "Not signed yet: ask its author to sign it, then gather the record again"
STRIKING = {"struck_at", "struck_reason"}


def _struck(row: StruckOut) -> dict[str, str]:
    return {"Struck out": row.struck_reason} if row.is_struck else {}


def person(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What is known of the person, where they live, what they need, who is around them."""
    hidden = hidden_in(who, cases)
    counted = set(Person.SHOWN_TO_NOBODY)
    yield PackEntry("person", "About you", facts=facts_of(who, counted))
    if told := facts_of(who, {field.name for field in Person._meta.concrete_fields} - counted):
        yield PackEntry("counted", "What you told us about yourself, and we only count", facts=told, unseen=True)
    yield from _protections(who)
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
    households = _households(who, cases)
    places = list(Membership.objects.filter(person=who).select_related("family"))
    for membership in places:
        if membership.family in households:
            title = f"In the household {membership.family.reference}"
            yield PackEntry(f"membership-{membership.pk}", title, facts=facts_of(membership))
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
        yield PackEntry(
            f"legal-{status.pk}",
            "Legal status",
            facts=facts_of(status, STRIKING) | _struck(status),
            withhold=STRUCK if status.is_struck else "",
        )
    for change in PlacementChange.objects.filter(child=who, case__in=cases).prefetch_related("carers"):
        yield PackEntry(
            f"placement-{change.pk}",
            "A change of placement",
            at=change.from_on,
            by=change.by.name,
            facts=facts_of(change, STRIKING | {"before"}) | _struck(change),
            withhold=STRUCK if change.is_struck else (THIRD_PARTY if hidden else ""),
        )
    for loss in Loss.objects.filter(Q(person=who) | Q(person__families__in=households)).distinct():
        yield PackEntry(
            f"loss-{loss.pk}",
            f"{loss.get_kind_display()}: {loss.person.short_name}",
            at=loss.happened_on,
            facts=facts_of(loss, {"kind", "happened_on", "recorded_at"}),
            withhold=STRUCK if loss.struck_at else "",
        )
    around = Professional.objects.filter(family__in=households).filter(Q(about=who) | Q(about__isnull=True))
    for professional in around:
        yield PackEntry(
            f"professional-{professional.pk}",
            "A professional around the family",
            facts=facts_of(professional),
            withhold=WHO_ELSE if hidden and professional.about_id is None else "",
        )


def _protections(who: Person) -> Iterator[PackEntry]:
    """That their own whereabouts are kept from others. That somebody's are kept from them is counted and never told."""
    for each in who.protections.all():
        yield PackEntry(
            f"protection-{each.pk}",
            "We keep from others where you are",
            at=each.at,
            text=each.reason,
            facts=facts_of(each, {"from_everyone", "at", "reason"}),
        )
    for other in Protection.objects.filter(from_people=who).select_related("person"):
        title = f"Where {other.person.short_name} is was kept from you"
        yield PackEntry(f"kept-from-{other.pk}", title, at=other.at, **unless_hidden(True))


def _households(who: Person, cases: Sequence[Case]) -> list[Family]:
    """The households of the person but for those of which no case is among ``cases``: a record that keeps out
    whoever gathers keeps its address, too."""
    of_cases = [case.family_id for case in cases]
    theirs = Family.objects.filter(memberships__person=who)
    return list(theirs.filter(Q(cases__isnull=True) | Q(pk__in=of_cases)).distinct())


def _lives_there(who: Person, places: Sequence[Membership], address: Address) -> bool:
    """Whether a household's address is the person's own: not after they left, nor while they are known to live apart;
    of somebody in two households it is not guessed which of the two knows of the other."""
    staying = [each for each in places if not each.has_left]
    here = next((each for each in staying if each.family_id == address.family_id), None)
    return here is not None and len(staying) == 1 and here.lives_with_infant is not False


def notes(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Notes, part by part: third-party and restricted parts are suggested to be withheld. Of a draft, which its author
    alone reads, it is said that there is one."""
    rows = (
        Note.objects.filter(case__in=cases)
        .select_related("author")
        .prefetch_related("sections", Prefetch("addenda", NoteAddendum.objects.select_related("by")))
    )
    why = {Audience.THIRD_PARTY: THIRD_PARTY, Audience.RESTRICTED: RESTRICTED}
    for note in rows:
        if note.signed_at is None:
            if not note.is_struck:
                title = "A note that is being written"
                yield PackEntry(f"{note.pk}", title, at=note.happened_at, by=note.author.name, withhold=NOT_SIGNED)
            continue
        for section in note.sections.all():
            if section.text.strip():
                yield PackEntry(
                    f"{note.pk}-{section.position}",
                    f"{note.title}: {section.heading}" if section.heading else note.title,
                    at=note.happened_at,
                    text=section.text,
                    by=note.author.name,
                    facts=_struck(note),
                    withhold=STRUCK if note.is_struck else why.get(Audience(section.audience), ""),
                )
        for addendum in note.addenda.all():
            yield PackEntry(
                f"{note.pk}-addendum-{addendum.pk}",
                f"Added to {note.title}",
                at=addendum.at,
                text=addendum.text,
                by=addendum.by.name,
                facts=_struck(note),
                withhold=STRUCK if note.is_struck else why.get(Audience(addendum.audience), ""),
            )


def contacts(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Calls, messages and letters: with this person, and about the family."""
    rows = Contact.objects.filter(case__in=cases).select_related("person", "logged_by")
    hidden = hidden_in(who, cases)
    for each in rows:
        with_whom = each.person.short_name if each.person else each.other_party
        why = STRUCK if each.is_struck else ""
        if each.person_id not in (None, who.pk):
            why = THIRD_PARTY
        elif each.person_id is None and hidden:
            why = WHO_ELSE
        yield PackEntry(
            str(each.pk),
            f"{each.get_kind_display()} with {with_whom}",
            at=each.at,
            text=each.note,
            by=each.logged_by.name,
            facts={"Who began it": each.get_direction_display(), "What came of it": each.get_outcome_display()}
            | ({"Minutes": str(each.minutes)} if each.minutes else {})
            | _struck(each),
            **unless_hidden(hidden.hides(each.person_id), why),
        )


def documents(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Documents of the cases, with their files. What a file says nobody here can take out: one that belongs to nobody
    in particular is sealed where somebody is protected, and others are opened first."""
    why = {Audience.THIRD_PARTY: THIRD_PARTY, Audience.RESTRICTED: "A restricted document"}
    rows = Document.objects.filter(case__in=cases).select_related("uploaded_by", "person")
    hidden = hidden_in(who, cases)
    for each in rows:
        others = each.person_id not in (None, who.pk)
        held = STRUCK if each.is_struck else why.get(Audience(each.audience), THIRD_PARTY if others else "")
        entry = PackEntry(
            str(each.pk),
            f"{each.get_kind_display()}: {each.title}",
            at=each.dated,
            by=each.uploaded_by.name,
            facts=({"Received from": each.received_from} if each.received_from else {}) | _struck(each),
            **unless_hidden(hidden.hides(each.person_id), held or (OPEN_IT if hidden else "")),
            files=(PackFile(each.stored, each.file_name, each.sha256),),
        )
        nobodys = each.person_id is None and bool(hidden)
        yield replace(entry, withhold=WHOSE_DOCUMENT, sealed=True) if nobodys else entry


SOURCES = (
    PackSource(
        "person",
        "About you",
        person,
        10,
        tells=(Person, Protection, Membership, Address, Need, LegalStatus, PlacementChange, Loss, Professional),
    ),
    PackSource("notes", "Notes", notes, 60, tells=(Note, NoteSection, NoteAddendum)),
    PackSource("contacts", "Calls, messages and letters", contacts, 65, tells=(Contact,)),
    PackSource("documents", "Documents", documents, 70, tells=(Document,)),
    *deciding.SOURCES,
    *work.SOURCES,
    *risk.SOURCES,
    *kept.SOURCES,
)
