"""A film on its way in (tus 1.0)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clips.models.recording import Recording


class Upload(models.Model):
    """The bytes of one film as they arrive, in ``films/<recording>/original.part`` until they are complete."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "Receiving"
        COMPLETE = "complete", "Complete"
        CANCELLED = "cancelled", "Cancelled"
        MISMATCH = "mismatch", "What arrived is not what was sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.OneToOneField(Recording, models.CASCADE, related_name="upload")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    samples = models.CharField(max_length=64, blank=True)  # SHA-256 of size and samples: recognises a film picked again
    sha256 = models.CharField(max_length=64, blank=True)  # worked out by the browser over the whole film
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(offset__gte=0) & Q(offset__lte=F("length")), name="offset_within_length")
        ]

    def __str__(self) -> str:
        return f"Upload {self.offset}/{self.length}"
