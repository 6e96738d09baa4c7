"""Notes, contacts and documents in a case's timeline."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr
from django.urls import reverse

from families.columns import as_moment, short_name_of
from families.models import Contact, Document, Note, Protection
from families.registry import TimelineEntry, TimelineRow, TimelineSource

IN_ERROR = "entered in error"
OWN_PAGE = "What it says is on its own page"
LINE = 200  # letters of a contact's note


def _note(row: TimelineRow) -> TimelineEntry:
    """That a note was written: its words stay on its own page."""
    data = row.data
    keys = {"case": row.case.pk, "note": row.id}
    if data["struck"]:
        return TimelineEntry(at=row.at, title="Note", by=data["by"], tag=IN_ERROR)
    if not data["signed"]:
        url = reverse("families:note-write", kwargs=keys)
        return TimelineEntry(at=row.at, title=f"Note: {data['title']}", url=url, by=data["by"], tag="draft")
    written = as_moment(data["written"])
    late = written is not None and written - row.at > timedelta(hours=settings.NOTE_LATE_HOURS)
    return TimelineEntry(
        at=row.at,
        title=f"Note: {data['title']}",
        url=reverse("families:note", kwargs=keys),
        by=data["by"],
        tag="late entry" if late else "",
    )


def kept_back() -> Exists:
    """Whether a row is about somebody protected: then what was written stays on its own page."""
    return Exists(Protection.objects.standing().filter(person=OuterRef("person")))


def _contact(row: TimelineRow) -> TimelineEntry:
    data = row.data
    kind = Contact.Kind(data["kind"]).label
    if data["struck"]:
        return TimelineEntry(at=row.at, title=kind, by=data["by"], tag=IN_ERROR)
    who = data["other"] or data["name"]
    way = f"from {who}" if data["direction"] == Contact.Direction.IN else f"to {who}"
    said = [] if data["outcome"] == Contact.Outcome.REACHED else [Contact.Outcome(data["outcome"]).label]
    return TimelineEntry(
        at=row.at,
        title=f"{kind} {way}",
        url=f"{reverse('families:notes', kwargs={'case': row.case.pk})}?show=contacts",
        detail=". ".join([*said, *([OWN_PAGE if data["kept"] else data["note"]] if data["note"] else [])]),
        by=data["by"],
    )


def _document(row: TimelineRow) -> TimelineEntry:
    data = row.data
    if data["struck"]:
        return TimelineEntry(at=row.at, title="Document", by=data["by"], tag=IN_ERROR)
    return TimelineEntry(
        at=row.at,
        title="Document" if data["kept"] else f"Document: {data['title']}",
        url=reverse("families:documents", kwargs={"case": row.case.pk}),
        detail=OWN_PAGE if data["kept"] else f"From {data['from']}" if data["from"] else "",
        by=data["by"],
    )


SOURCES = (
    TimelineSource(
        key="note",
        kind="note",
        kind_label="Notes",
        rows=lambda case, user: Note.objects.visible_to(user).filter(case=case),
        at="happened_at",
        columns={
            "title": "title",
            "by": "author__name",
            "signed": "signed_at",
            "written": "written_at",
            "struck": "struck_at",
        },
        entry=_note,
    ),
    TimelineSource(
        key="contact",
        kind="contact",
        kind_label="Contacts",
        rows=lambda case, user: Contact.objects.visible_to(user).filter(case=case).annotate(kept=kept_back()),
        columns={
            "kind": "kind",
            "direction": "direction",
            "outcome": "outcome",
            "other": "other_party",
            "name": short_name_of("person"),
            "note": Substr("note", 1, LINE),
            "by": "logged_by__name",
            "struck": "struck_at",
            "kept": "kept",
        },
        entry=_contact,
        people="person",
    ),
    TimelineSource(
        key="document",
        kind="document",
        kind_label="Documents",
        rows=lambda case, user: Document.objects.visible_to(user).filter(case=case).annotate(kept=kept_back()),
        at="uploaded_at",
        columns={
            "title": "title",
            "from": "received_from",
            "by": "uploaded_by__name",
            "struck": "struck_at",
            "kept": "kept",
        },
        entry=_document,
        people="person",
    ),
)
