"""Notes and contacts as they are read: together on their tab, in the timeline, on somebody's day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families.models import Audience, Case, Contact, Note, NoteAddendum, NoteSection
from families.registry import Task

ON_A_PAGE = 50
MOST_TASKS = 50
EVERYTHING, NOTES, CONTACTS = "", "notes", "contacts"


def sees_restricted(user: User, case: Case, author_id: int | None = None) -> bool:
    """Whether ``user`` is of those a restricted part is for: ``families.models.note.readable_by`` for one case."""
    return (
        user.pk in {case.lead_id, author_id}
        or case.co_workers.filter(pk=user.pk).exists()
        or user.teams_managed.filter(pk=case.team_id).exists()
    )


@dataclass(frozen=True)
class NoteShown:
    """A signed note as one reader sees it."""

    note: Note
    sections: tuple[NoteSection, ...]
    addenda: tuple[NoteAddendum, ...]
    hidden: int  # parts that are not for this reader


def note_shown(note: Note, user: User) -> NoteShown:
    """The parts of a note that have words and that this reader may read."""
    written = [section for section in note.sections.all() if section.text.strip()]
    added = list(note.addenda.select_related("by"))
    if sees_restricted(user, note.case, note.author_id):
        return NoteShown(note, tuple(written), tuple(added), 0)
    own = Audience.RESTRICTED
    sections = tuple(each for each in written if each.audience != own)
    addenda = tuple(each for each in added if each.audience != own or each.by_id == user.pk)
    return NoteShown(note, sections, addenda, len(written) - len(sections) + len(added) - len(addenda))


@dataclass(frozen=True)
class Line:
    """A row of the tab: a note or a contact."""

    at: datetime
    note: Note | None = None
    contact: Contact | None = None


@dataclass
class NotesTab:
    """A page of notes and contacts, the latest first."""

    page: Page[Any]
    lines: list[Line] = field(default_factory=list)


def _keys(rows: QuerySet[Any], at: str, what: str) -> QuerySet[Any, Any]:
    kind = Value(what, output_field=CharField())
    return rows.order_by().annotate(row_at=F(at), what=kind).values_list("pk", "row_at", "what")


def notes_and_contacts(case: Case, user: User, *, show: str, number: str | int) -> NotesTab:
    """Notes and contacts of a case together, in four queries whatever their number."""
    notes = Note.objects.visible_to(user).filter(case=case)
    contacts = Contact.objects.visible_to(user).filter(case=case)
    keys = _keys(notes, "happened_at", "note")
    if show == CONTACTS:
        keys = _keys(contacts, "at", "contact")
    elif show != NOTES:
        keys = keys.union(_keys(contacts, "at", "contact"), all=True)
    page: Page[Any] = Paginator(keys.order_by("-row_at"), ON_A_PAGE).get_page(number)
    listed: list[tuple[uuid.UUID, datetime, str]] = list(page.object_list)
    note_rows = notes.select_related("author", "struck_by").in_bulk([key for key, _, what in listed if what == "note"])
    contact_rows = contacts.select_related("person", "logged_by", "struck_by").in_bulk(
        [key for key, _, what in listed if what == "contact"]
    )
    lines = [Line(at, note=note_rows.get(key), contact=contact_rows.get(key)) for key, at, _ in listed]
    return NotesTab(page, lines)


def drafts_of_others(case: Case, user: User) -> list[Note]:
    """Who else is writing about this case: that they are, never what."""
    others = Note.objects.drafts().filter(case=case).exclude(author=user).select_related("author")
    return list(others.only("author__name", "happened_at", "title")[:20])


def notes_about(occasion: uuid.UUID, user: User) -> list[Note]:
    """The notes about a session that this person may see."""
    found = Note.objects.visible_to(user).standing().filter(occasion_id=occasion)
    return list(found.select_related("author").order_by("created_at"))


def notes_to_sign(user: User) -> Iterator[Task]:
    """Drafts of this person's that nobody else can read yet, a while after they were begun."""
    before = timezone.now() - timedelta(hours=settings.NOTE_UNSIGNED_HOURS)
    waiting = Note.objects.drafts().filter(Q(author=user), created_at__lte=before)
    for note in waiting.select_related("case__family").order_by("created_at")[:MOST_TASKS]:
        at = timezone.localtime(note.happened_at)
        yield Task(
            title=f"Sign your note: {note.title}, {at:%a} {at.day} {at:%b}",
            url=reverse("families:note-write", kwargs={"case": note.case_id, "note": note.pk}),
            kind="note",
            order=30,
            detail=note.case.family.reference,
            case_id=str(note.case_id),
        )
