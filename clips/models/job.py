"""Work on film. This table is the truth; a message in Redis only says "look at job N"."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class VideoJob(models.Model):
    """One piece of work: checking a film (seconds), preparing it (minutes), or cutting a clip (seconds).

    A worker claims it by compare-and-set with an attempt id of its own, and may finish it only while that
    attempt still matches; a job whose heartbeat stops is put back by ``clips.tasks.reconcile``.
    """

    class Kind(models.TextChoices):
        CHECK = "check", "Check a film"
        PREPARE = "prepare", "Prepare a film"
        CUT = "cut", "Cut a clip"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    recording = models.ForeignKey("clips.Recording", models.CASCADE, related_name="jobs")
    clip = models.ForeignKey("clips.Clip", models.CASCADE, null=True, blank=True, related_name="jobs")
    clip_version = models.PositiveIntegerField(null=True, blank=True)  # the edges that this cut is of
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.UUIDField(default=uuid.uuid4)
    attempts = models.PositiveSmallIntegerField(default=0)  # how often a worker began it
    worker = models.CharField(max_length=120, blank=True)  # "host:process:start" of whoever runs it
    stage = models.CharField(max_length=60, blank=True)  # what is being done, in words
    progress = models.FloatField(default=0.0)  # 0 to 1
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)  # a plain sentence

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["check", "prepare"], clip__isnull=True) | Q(kind="cut", clip__isnull=False),
                name="a_cut_has_its_clip",
            ),
            models.UniqueConstraint(
                fields=["recording"],
                condition=Q(kind__in=["check", "prepare"], state__in=["queued", "running"]),
                name="one_live_preparation_a_film",
            ),
            models.UniqueConstraint(
                fields=["clip"],
                condition=Q(kind="cut", state__in=["queued", "running"]),
                name="one_live_cut_a_clip",
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def live(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}
