"""Notes: begun from a template, saved as they are typed, signed once, added to.

**Autosaving.** Every part of a note carries the version at which its words were last changed. A save says, for each
part that changed on a page, which version that page began from. When the part has moved on since, in another window,
nothing is overwritten: the words that came second are kept beside it (``NoteAside``), and the page is told what the
other window wrote. The author then sees both, and decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Audience, Case, Note, NoteAddendum, NoteAside, NoteSection, NoteTemplate

LONGEST_PART = 20_000  # letters


@dataclass(frozen=True)
class Typed:
    """What stands on a page under one heading; ``base``: the version of the part that the page began from."""

    section: int
    text: str
    base: int
    audience: str = ""


@dataclass(frozen=True)
class Conflict:
    """A part that another window had changed meanwhile: its words, when, and the aside that keeps the page's own."""

    section: NoteSection
    at: datetime | None
    aside: int


@dataclass(frozen=True)
class Saved:
    """What became of a save: ``written`` are the parts as they now are, ``conflicts`` those that lost a race."""

    note: Note
    written: list[NoteSection] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def begin_note(
    *,
    by: User,
    case: Case,
    template: NoteTemplate,
    happened_at: datetime,
    title: str = "",
    occasion_id: uuid.UUID | None = None,
) -> Note:
    """A draft with the template's headings, which only its author sees until it is signed."""
    _happened(happened_at)
    note = Note(
        case=case,
        title=title.strip() or template.name,
        happened_at=happened_at,
        occasion_id=occasion_id,
        author=by,
    )
    note.full_clean(exclude=["case", "author"])
    note.save()
    for position, part in enumerate(template.sections.all(), start=1):
        NoteSection.objects.create(
            note=note, position=position, heading=part.heading, hint=part.hint, audience=part.audience
        )
    audit(by=by, verb="note.begun", subject=note, family_id=case.family_id, case_id=case.pk)
    return note


def _happened(at: datetime) -> None:
    if at > timezone.now():
        raise ValidationError({"happened_at": "A note is about something that has happened: choose a time in the past"})


def _draft(note: Note, by: User) -> Note:
    """The note, locked. Raises PermissionDenied for anybody but its author, ValidationError when it is signed."""
    locked = Note.objects.select_for_update().get(pk=note.pk)
    if locked.author_id != by.pk:
        raise PermissionDenied
    if not locked.waits:
        raise ValidationError("This note is signed, so its words stay as they are. Add to it instead.", code="signed")
    return locked


@transaction.atomic
def change_about(*, by: User, note: Note, title: str, happened_at: datetime) -> Note:
    """What a draft is called and when it happened."""
    draft = _draft(note, by)
    _happened(happened_at)
    draft.title, draft.happened_at = title.strip() or draft.title, happened_at
    draft.full_clean(exclude=["case", "author"])
    draft.save(update_fields=["title", "happened_at"])
    return draft


@transaction.atomic
def save_note(
    *, by: User, note: Note, typed: Sequence[Typed], window: uuid.UUID, turn: int = 0, done_with: Collection[int] = ()
) -> Saved:
    """Save what was typed on one page of a draft.

    ``window``: the page as it was opened; ``turn``: the number of this save on that page; ``done_with``: asides whose
    words the author has used or does not need. Nothing is audited: a draft is saved every few seconds, and nobody but
    its author has seen it.
    """
    draft = _draft(note, by)
    sections = {section.pk: section for section in draft.sections.all()}
    NoteAside.objects.filter(section__note=draft, pk__in=done_with).delete()
    saved = Saved(draft)
    version, now = draft.version + 1, timezone.now()
    for each in typed:
        section = sections.get(each.section)
        if section is None:
            raise ValidationError("This part does not belong to this note.")
        if len(each.text) > LONGEST_PART:
            raise ValidationError(
                f"“{section.heading}” can have {LONGEST_PART:,} letters at most. Shorten it, or begin another note."
            )
        audience = each.audience or section.audience
        if audience not in Audience.values:
            raise ValidationError("Select who may read this part from the list.")
        own = section.window == window
        if own and each.base < section.version and turn < section.turn:
            continue  # an earlier save of this page, overtaken by a later one
        if each.text == section.text and audience == section.audience:
            NoteAside.objects.filter(section=section, window=window).delete()
            saved.written.append(section)
        elif own or section.version <= each.base:
            section.text, section.audience, section.version = each.text, audience, version
            section.window, section.turn = window, turn
            section.save(update_fields=["text", "audience", "version", "window", "turn"])
            NoteAside.objects.filter(section=section, window=window).delete()
            saved.written.append(section)
        else:
            aside, _ = NoteAside.objects.update_or_create(
                section=section, window=window, defaults={"text": each.text, "at": now}
            )
            saved.conflicts.append(Conflict(section, draft.saved_at, aside.pk))
    if any(section.version == version for section in saved.written):
        draft.version, draft.saved_at = version, now
        if draft.written_at is None and any(section.text.strip() for section in saved.written):
            draft.written_at = now
        draft.save(update_fields=["version", "saved_at", "written_at"])
    return saved


@transaction.atomic
def sign_note(*, by: User, note: Note) -> Note:
    """Sign a draft: from now on whoever may open the record reads it, and its words never change."""
    draft = _draft(note, by)
    if NoteAside.objects.filter(section__note=draft).exists():
        raise ValidationError(
            "Words from another window are still waiting beside this note. Use what you need of them first, then sign."
        )
    if not any(text.strip() for text in draft.sections.values_list("text", flat=True)):
        raise ValidationError("Nothing is written yet. Write the note, then sign it.")
    draft.signed_at = timezone.now()
    draft.save(update_fields=["signed_at"])
    case = draft.case
    audit(by=by, verb="note.signed", subject=draft, family_id=case.family_id, case_id=case.pk, late=draft.late)
    return draft


@transaction.atomic
def add_to_note(*, by: User, note: Note, text: str, audience: str = Audience.EVERYONE) -> NoteAddendum:
    """Add to a signed note; what it said stays."""
    if note.is_draft or note.is_struck:
        raise ValidationError("Only a signed note is added to.")
    if not text.strip():
        raise ValidationError({"text": "Enter what you add"})
    addendum = NoteAddendum(note=note, text=text.strip(), audience=audience, by=by)
    addendum.full_clean(exclude=["note", "by"])
    addendum.save()
    case = note.case
    audit(by=by, verb="note.added_to", subject=note, family_id=case.family_id, case_id=case.pk)
    return addendum


@transaction.atomic
def discard_empty_note(*, by: User, note: Note) -> bool:
    """Delete a draft in which nothing was ever written; False when there are words, which are only struck out."""
    draft = _draft(note, by)
    if draft.written_at is not None or NoteAside.objects.filter(section__note=draft).exists():
        return False
    case = draft.case
    audit(by=by, verb="note.discarded", subject=draft, family_id=case.family_id, case_id=case.pk)
    draft.delete()
    return True


def look_at_note(*, by: User, note: Note) -> None:
    """Write down that somebody read a note."""
    case = note.case
    audit(by=by, verb="note.read", subject=note, family_id=case.family_id, case_id=case.pk)


@dataclass(frozen=True)
class PatternPart:
    """A heading of a template as it was filled in."""

    heading: str
    hint: str = ""
    audience: str = Audience.EVERYONE


@transaction.atomic
def save_note_template(*, by: User, template: NoteTemplate, parts: Sequence[PatternPart]) -> NoteTemplate:
    """Keep a template as it was filled in; notes begun before keep the headings they have."""
    wanted = [part for part in parts if part.heading.strip()]
    if not wanted:
        raise ValidationError("A template needs one heading at least.")
    new = template.pk is None
    if new:
        template.position = NoteTemplate.objects.count() + 1
    template.full_clean()
    template.save()
    template.sections.all().delete()
    for position, part in enumerate(wanted, start=1):
        template.sections.create(
            position=position, heading=part.heading.strip(), hint=part.hint.strip(), audience=part.audience
        )
    audit(by=by, verb="note_template.added" if new else "note_template.changed", subject=template)
    return template
