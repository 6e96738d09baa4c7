"""Reasons to open a record that a role alone would not open."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from families.models.case import Case


class BreakGlass(models.Model):
    """Somebody opened, for a written reason and a short time, what their role does not show.

    ``film`` also lets them play the films of the case, while everyone in shot consents.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="glass_broken")
    case = models.ForeignKey(Case, models.CASCADE, related_name="glass_broken")
    reason = models.TextField()
    film = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"Glass broken {self.at:%Y-%m-%d %H:%M}"
