"""One film: of an interaction, or of a shared review."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Permission
from families.models import BreakGlass, Case, Person
from sessions.models import Cycle, VigSession

if TYPE_CHECKING:
    from accounts.models import User


class RecordingQuerySet(models.QuerySet["Recording"]):
    def visible_to(self, user: User) -> RecordingQuerySet:
        """Films whose existence this person may know of (not the same as playing them)."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def playable_by(self, user: User) -> RecordingQuerySet:
        """Films this person's role and reason let them play. Consent is asked apart, at every request.

        The film of a shared review has the practitioner as its subject: the practitioner who made it and
        their named supervisor see it, nobody else (supervision consent is asked apart). A film that is kept as
        evidence is in none of this: ``clips.evidence`` alone shows it.
        """
        broken = BreakGlass.objects.filter(user=user, until__gt=timezone.now(), film=True).values("case")
        reason = Q(case__in=broken)
        if user.can(Permission.PLAY_FILM):
            reason |= Q(case__in=Case.objects.visible_to(user)) & (
                Q(kind=Recording.Kind.INTERACTION) | Q(uploaded_by=user) | Q(uploaded_by__supervisor=user)
            )
        return self.visible_to(user).filter(reason, evidence_since__isnull=True)

    def kept(self) -> RecordingQuerySet:
        """Films that are neither stopped nor destroyed."""
        return self.exclude(state__in=[Recording.State.STOPPED, Recording.State.DESTROYED])


class Recording(models.Model):
    """A film, from the first byte sent to its destruction.

    Files live under ``settings.MEDIA_STORE / "films" / <id>/`` by names the server made:
    ``original``, ``frames.json``, ``proxy.mp4``, ``poster.jpg``, ``peaks.json``, ``storyboard.jpg``,
    ``segments/``, ``clips/``, ``stills/``. Times are microseconds of presented time of the original.
    """

    class Kind(models.TextChoices):
        INTERACTION = "interaction", "Interaction"
        REVIEW = "review", "Shared review"

    class State(models.TextChoices):
        UPLOADING = "uploading", "Being sent"
        CHECKING = "checking", "Being checked"
        PREPARING = "preparing", "Being prepared"
        READY = "ready", "Ready"
        REJECTED = "rejected", "Not usable"
        FAILED = "failed", "Could not be prepared"
        STOPPED = "stopped", "Stopped"  # wrong film, or consent to be filmed withdrawn: nobody plays it
        DESTROYED = "destroyed", "Destroyed"

    class Cause(models.TextChoices):
        CONSENT = "consent", "Somebody in it no longer agrees to being filmed"
        WRONG = "wrong", "It is the wrong film"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INTERACTION)
    case = models.ForeignKey(Case, models.PROTECT, related_name="recordings")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="recordings")
    session = models.ForeignKey(VigSession, models.PROTECT, null=True, blank=True, related_name="recordings")
    people = models.ManyToManyField(Person, related_name="recordings")  # everyone in shot
    filmed_on = models.DateField(default=timezone.localdate)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recordings")
    created_at = models.DateTimeField(default=timezone.now)

    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADING)
    stopped_cause = models.CharField(max_length=7, choices=Cause.choices, blank=True)
    stopped_reason = models.CharField(max_length=300, blank=True)
    stopped_from = models.CharField(max_length=10, blank=True)  # the state to go back to
    evidence_since = models.DateTimeField(null=True, blank=True)  # kept as evidence: an EvidenceHold is in force
    rejected_code = models.CharField(max_length=40, blank=True)
    rejected_reason = models.TextField(blank=True)  # a sentence for a practitioner
    rejected_advice = models.TextField(blank=True)

    bytes = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    duration_us = models.BigIntegerField(null=True, blank=True)
    frames = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)  # as shown
    height = models.PositiveIntegerField(null=True, blank=True)
    has_sound = models.BooleanField(default=False)
    sound_note = models.CharField(max_length=300, blank=True)  # why there is no sound, when there is none
    plays_directly = models.BooleanField(default=False)  # browsers play the original as it is
    facts = models.JSONField(default=dict, blank=True)  # the probe's other findings, for the worker
    proxy = models.JSONField(null=True, blank=True)  # playable.Proxy without its frame times, once it is verified
    storyboard = models.JSONField(null=True, blank=True)  # the sprite's layout
    device_copy_erased_at = models.DateTimeField(null=True, blank=True)
    device_copy_erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    # What is left of a destroyed film: its tombstone, from which the certificate is printed.
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: the service itself, because consent was withdrawn or nobody came back
    destroyed_reason = models.CharField(max_length=300, blank=True)
    destroyed_what = models.JSONField(default=dict, blank=True)  # {"original": {"files": 1, "bytes": …}, …}

    objects = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(rejected_reason=""), name="a_rejected_film_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"Film of {self.filmed_on:%d %b %Y}"

    @property
    def ended(self) -> bool:
        """Whether nobody may play it any more, whoever asks: stopped, destroyed, or kept as evidence.

        The one thing that pages, rooms, cuts and stills ask. What the safeguarding lead looks at is ``clips.evidence``.
        """
        return self.evidence_since is not None or self.state in {self.State.STOPPED, self.State.DESTROYED}

    @property
    def state_in_words(self) -> str:
        """ "Ready"; of a film that is kept as evidence no more than a family may read over somebody's shoulder."""
        return "Kept back" if self.evidence_since else self.get_state_display()
