"""What the demonstration's people have written: notes, calls, a letter, advice to a professional."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from desk.demo.builder import DemoFamily, at, day
from families import actions, files
from families.models import Consultation, Contact, Document, NoteTemplate

LETTER = (
    "Dear colleagues,\n\nThank you for seeing Juniper and her parents. At six weeks she was feeding well and gaining "
    "weight. Robin told me how much they both look forward to your visits.\n\nDr A. Example (made up)\n"
)


def note(
    family: DemoFamily, template: str, happened_at: datetime, texts: Mapping[str, str], *, sign: bool = True
) -> UUID:
    """A note about something, written that evening; signed unless it is still a draft."""
    pattern = NoteTemplate.objects.get(name=template)
    made = actions.begin_note(by=family.by, case=family.case, template=pattern, happened_at=happened_at)
    typed = [
        actions.Typed(section.pk, texts[section.heading], 0)
        for section in made.sections.all()
        if section.heading in texts
    ]
    made = actions.save_note(by=family.by, note=made, typed=typed, window=uuid4()).note
    if sign:
        made = actions.sign_note(by=family.by, note=made)
    written = min(happened_at + timedelta(hours=3), timezone.now())
    made.created_at = made.written_at = made.saved_at = written
    made.signed_at = written if sign else None
    made.save()
    return made.pk


def call(family: DemoFamily, name: str, when: datetime, text: str, *, kind: str = "", outcome: str = "") -> None:
    """A call, message or letter with somebody of the family."""
    contact = actions.log_contact(
        by=family.by,
        case=family.case,
        person=family.people[name],
        kind=kind or Contact.Kind.CALL,
        outcome=outcome or Contact.Outcome.REACHED,
        at=when,
        note=text,
    )
    contact.logged_at = when
    contact.save()


def write_about(family: DemoFamily) -> None:
    """Notes, calls and a letter of a family in the middle of VIG."""
    call(family, "Robin", at(-58, 11), "", outcome=Contact.Outcome.NO_ANSWER)
    call(family, "Robin", at(-57, 15), "Would like us to come on Tuesdays, after Juniper’s nap.")
    call(family, "Alex", at(-13, 9), "Sent the day of the next visit.", kind=Contact.Kind.TEXT)
    note(
        family,
        "VIG session",
        at(-33, 10),
        {
            "What the family is managing": "Robin and Alex share the nights. Both sing while they change her.",
            "Attuned moments": "Robin waits while Juniper looks away. Juniper comes back and opens her mouth wide.",
            "In the caregiver’s own words": "“I thought she was bored with me. She was just having a rest.”",
            "One small next step": "Count to three before doing anything, once a day, for a week.",
        },
    )
    note(
        family,
        "Home visit",
        at(-1, 10),
        {
            "Who was there": "Juniper, Robin and Alex.",
            "What we did": "Filmed the bath. All three laughed.",
        },
        sign=False,
    )
    letter = files.accept(
        SimpleUploadedFile("Letter from the GP.txt", LETTER.encode()), most_bytes=settings.DOCUMENT_MAX_BYTES
    )
    actions.add_documents(
        by=family.by,
        case=family.case,
        accepted=[letter],
        kind=Document.Kind.LETTER,
        received_from="GP practice (made up)",
        dated=day(-50),
        person=family.people["Juniper"],
    )


def advise(by: User) -> None:
    """Advice about a family who stays anonymous."""
    actions.log_consultation(
        by=by,
        asked_by=Consultation.Asker.HEALTH_VISITOR,
        organisation="Riverside Clinic",
        on=day(-6),
        minutes=25,
        topic="A baby of three months who turns away while feeding",
        advice="Watch together who turns away first, and what each of them does then. Offered to join a visit.",
    )
