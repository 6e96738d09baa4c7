"""Notes: written from the service's own templates, signed once, added to ever after."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models.case import Case
from families.models.struck import Audience, StruckOut

if TYPE_CHECKING:
    from accounts.models import User


def readable_by(user: User, *, author: str, case: str = "case") -> Q:
    """Parts whose audience ``user`` belongs to. The case itself is asked about by the caller.

    Restricted: the case's lead and co-workers, managers of its team, and whoever wrote it.
    """
    joined = Case.co_workers.through.objects.filter(user=user).values("case")
    return (
        ~Q(audience=Audience.RESTRICTED)
        | Q(**{author: user})
        | Q(**{f"{case}__lead": user})
        | Q(**{f"{case}__in": joined})
        | Q(**{f"{case}__team__in": user.teams_managed.all()})
    )


class NoteTemplate(models.Model):
    """One of the service's own patterns for a note. A note keeps the headings that it was begun with."""

    name = models.CharField(max_length=80, unique=True)
    hint = models.CharField(max_length=200, blank=True)  # when to choose it
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class NoteTemplateSection(models.Model):
    """A heading of a template, with what belongs under it."""

    template = models.ForeignKey(NoteTemplate, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EVERYONE)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["template", "position"], name="one_section_a_place")]

    def __str__(self) -> str:
        return self.heading


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: User) -> NoteQuerySet:
        """Signed notes of the cases this person may open, and their own drafts.

        The draft of a colleague who works here no more is shown to managers: nobody else could ever finish with it.
        """
        own = Q(signed_at__isnull=False) | Q(author=user)
        if user.teams_managed.exists():
            own |= Q(author__is_active=False, case__team__in=user.teams_managed.all())
        return self.filter(own, case__in=Case.objects.visible_to(user))

    def drafts(self) -> NoteQuerySet:
        return self.filter(signed_at__isnull=True, struck_at__isnull=True)

    def signed(self) -> NoteQuerySet:
        return self.filter(signed_at__isnull=False)

    def standing(self) -> NoteQuerySet:
        return self.filter(struck_at__isnull=True)


class Note(StruckOut):
    """A note about something that happened. A draft is its author's alone; signed, its words never change.

    ``version`` is the token of autosaving: it grows by one with every save, so that a save which began from an older
    one is noticed (``families.actions.notes``). ``occasion_id``: the session it is about, which is to our right.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    title = models.CharField(max_length=150)
    occasion_id = models.UUIDField(null=True, blank=True, db_index=True)
    happened_at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes_written")
    created_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True, blank=True)  # the first words
    saved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta(StruckOut.Meta):
        ordering = ["-happened_at"]
        indexes = [
            models.Index(fields=["case", "-happened_at"], name="note_of_case_by_time"),
            models.Index(fields=["author"], name="draft_of_author", condition=Q(signed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"Note of {timezone.localtime(self.happened_at):%d %b %Y}"

    @property
    def is_draft(self) -> bool:
        return self.signed_at is None

    @property
    def waits(self) -> bool:
        """Whether it is a draft still to be signed."""
        return self.is_draft and not self.is_struck

    @property
    def late(self) -> bool:
        """Whether its first words were written long after what it is about (``settings.NOTE_LATE_HOURS``)."""
        begun = self.written_at or timezone.now()
        return begun - self.happened_at > timedelta(hours=settings.NOTE_LATE_HOURS)


class NoteSection(models.Model):
    """A part of a note under its own heading, with its own audience.

    ``version``: the note's version when these words were last changed; ``window`` and ``turn``: by which opened page,
    in which of its saves. A page is never in conflict with itself, and an older save of its own that arrives late (a
    line that was slow) changes nothing.
    """

    note = models.ForeignKey(Note, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EVERYONE)
    version = models.PositiveIntegerField(default=0)
    window = models.UUIDField(null=True, blank=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["note", "position"], name="one_part_of_a_note_a_place")]

    def __str__(self) -> str:
        return self.heading


class NoteAside(models.Model):
    """Words that lost a race: typed in one window into a part that another had changed meanwhile.

    Kept until the author decides what becomes of them. ``window`` is a page as it was opened.
    """

    section = models.ForeignKey(NoteSection, models.CASCADE, related_name="asides")
    window = models.UUIDField()
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["section", "window"], name="one_aside_a_window")]

    def __str__(self) -> str:
        return f"Aside of {self.at:%Y-%m-%d %H:%M}"


class NoteAddendum(models.Model):
    """What was added to a note after it was signed. Never changed."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="addenda")
    text = models.TextField()
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EVERYONE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"Addendum of {self.at:%Y-%m-%d %H:%M}"
