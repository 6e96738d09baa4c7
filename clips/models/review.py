"""The shared review: practitioner and caregiver watch the moments together."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clips.models.clip import Clip
from families.models import Case, Lease, Person
from sessions.models import Cycle, VigSession

if TYPE_CHECKING:
    from accounts.models import User


class SharedReviewQuerySet(models.QuerySet["SharedReview"]):
    def visible_to(self, user: User) -> SharedReviewQuerySet:
        return self.filter(cycle__case__in=Case.objects.visible_to(user))


class SharedReview(models.Model):
    """The moments chosen for one cycle, shown in one or more sittings, and what was said about them."""

    class State(models.TextChoices):
        CHOOSING = "choosing", "Choosing moments"
        OPEN = "open", "Being watched"
        PAUSED = "paused", "To go on another day"
        HELD = "held", "Held"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="review")
    session = models.ForeignKey(VigSession, models.PROTECT, null=True, blank=True, related_name="reviews")
    state = models.CharField(max_length=8, choices=State.choices, default=State.CHOOSING)
    present = models.ManyToManyField(Person, blank=True, related_name="+")  # of the last sitting
    others_present = models.CharField(max_length=200, blank=True)  # in words: who is not of the family's record
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    held_at = models.DateTimeField(null=True, blank=True)
    new_ideas = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SharedReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Shared review of {self.cycle}"


class ReviewMoment(models.Model):
    """An attuned moment chosen for a shared review, in its order."""

    review = models.ForeignKey(SharedReview, models.CASCADE, related_name="moments")
    clip = models.ForeignKey(Clip, models.PROTECT, related_name="chosen_for")
    position = models.PositiveSmallIntegerField()
    why = models.TextField(blank=True)  # the practitioner's private note; never in the room
    shown_at = models.DateTimeField(null=True, blank=True)
    skipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["review", "clip"], name="chosen_once")]

    def __str__(self) -> str:
        return f"Moment {self.position}"


class Words(models.Model):
    """What somebody noticed, in their own words; the caregiver's kept apart from the practitioner's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(SharedReview, models.CASCADE, related_name="words")
    moment = models.ForeignKey(ReviewMoment, models.SET_NULL, null=True, blank=True, related_name="words")
    frame_us = models.BigIntegerField(null=True, blank=True)  # presented time in the film, pinned to a frame
    speaker = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")  # of the family
    staff_speaker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    written_with = models.UUIDField(null=True, blank=True)  # the browser's own id: sent twice, kept once
    earlier = models.JSONField(default=list, blank=True)  # earlier wordings: {"text", "at"}; first and later words
    said_at = models.DateTimeField(default=timezone.now)
    added_after = models.BooleanField(default=False)  # written down after the review, not during
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["said_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(speaker__isnull=False, staff_speaker__isnull=True)
                | Q(speaker__isnull=True, staff_speaker__isnull=False),
                name="words_have_one_speaker",
            ),
            models.UniqueConstraint(fields=["review", "written_with"], name="words_sent_twice_are_kept_once"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class RoomLease(Lease):
    """An open room: this review alone, for two hours, whatever the desk's sign-in does meanwhile."""

    review = models.ForeignKey(SharedReview, models.CASCADE, related_name="leases")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="room_leases")
    order = models.JSONField(default=list)  # the moments by their place in the room: no id is ever in an address

    def __str__(self) -> str:
        return f"Room until {self.expires_at:%H:%M}"
