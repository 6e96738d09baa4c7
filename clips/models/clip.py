"""Stretches of film, and what makes them attuned moments."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clips.models.recording import Recording
from families.models import Person

if TYPE_CHECKING:
    from accounts.models import User


class Principle(models.Model):
    """One principle of attuned interaction, in the service's own editable words.

    Only strengths can be tagged; there is no negative.
    """

    key = models.CharField(max_length=1, unique=True)  # the key that tags it
    label = models.CharField(max_length=80)
    description = models.TextField()
    position = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)
    review_only = models.BooleanField(default=False)  # offered only in films of a shared review

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class ClipQuerySet(models.QuerySet["Clip"]):
    def visible_to(self, user: User) -> ClipQuerySet:
        return self.filter(recording__in=Recording.objects.visible_to(user))

    def playable_by(self, user: User) -> ClipQuerySet:
        return self.filter(recording__in=Recording.objects.playable_by(user))

    def kept(self) -> ClipQuerySet:
        return self.filter(deleted_at__isnull=True)


class Clip(models.Model):
    """A stretch of a film, from one frame to another, both included.

    Frames are indices into the film's list of presented frames; ``first_us`` and ``last_us`` are those
    frames' presented times in microseconds. While the list is not there yet (marking during the upload)
    the frames are empty and the times are those observed in the browser, snapped later to the last
    frame at or before the time + 0.5 ms.
    """

    class State(models.TextChoices):
        MARKED = "marked", "Marked"  # plays from the film, in to out
        CUTTING = "cutting", "Being cut"
        READY = "ready", "Cut"
        FAILED = "failed", "Could not be cut"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="clips")
    first_frame = models.PositiveIntegerField(null=True, blank=True)
    last_frame = models.PositiveIntegerField(null=True, blank=True)
    first_us = models.BigIntegerField()
    last_us = models.BigIntegerField()
    note = models.TextField(blank=True)
    initiative_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    received_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.MARKED)
    version = models.PositiveIntegerField(default=1)  # every change; a stale writer is refused
    edges_version = models.PositiveIntegerField(default=1)  # changes of the edges alone: what a cut is of
    file = models.CharField(max_length=200, blank=True)  # under the film's folder
    file_facts = models.JSONField(default=dict, blank=True)  # CutResult
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ClipQuerySet.as_manager()

    class Meta:
        ordering = ["first_us", "created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(last_us__gte=F("first_us")), name="a_clip_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(first_frame__isnull=True, last_frame__isnull=True)
                | Q(first_frame__isnull=False, last_frame__gte=F("first_frame")),
                name="both_frames_or_neither",
            ),
        ]

    def __str__(self) -> str:
        return f"Moment at {self.first_us / 1e6:.1f} s"


class ClipPrinciple(models.Model):
    """A principle seen in a clip, with the wording it was tagged under."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="principles")
    principle = models.ForeignKey(Principle, models.PROTECT, related_name="+")
    label = models.CharField(max_length=80)
    description = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["principle__position"]
        constraints = [models.UniqueConstraint(fields=["clip", "principle"], name="tagged_once")]

    def __str__(self) -> str:
        return self.label


class Still(models.Model):
    """A frozen frame of a clip's film: exactly that frame."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="stills")
    clip = models.ForeignKey(Clip, models.CASCADE, null=True, blank=True, related_name="stills")
    frame = models.PositiveIntegerField()
    time_us = models.BigIntegerField()
    file = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["time_us"]
        constraints = [models.UniqueConstraint(fields=["recording", "clip", "frame"], name="one_still_a_frame")]

    def __str__(self) -> str:
        return f"Still of frame {self.frame}"
