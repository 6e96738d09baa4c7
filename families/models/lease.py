"""What is opened for a family on the practitioner's device: a lease of its own, whatever the desk's sign-in does."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from families.models.case import Case


class Lease(models.Model):
    """A browser's right to one thing for a while. It holds a random token in an HttpOnly cookie; only the token's
    SHA-256 is kept here. ``families.frame.holding`` works with any of its kinds."""

    token_hash = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class FrameLease(Lease):
    """An open frame: one page (a signing, a questionnaire) for a family's eyes and hands, and nothing else.

    ``kind`` says which page (``families.frame.kinds``), ``subject_id`` what it is about; neither is ever in an
    address. ``draft`` is what the page keeps between its steps, and is forgotten when the frame is done or left.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="frames")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="frames")
    kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=64)
    back = models.CharField(max_length=500)  # where leaving leads, on the desk
    draft = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)  # the family has finished; it waits to be handed back

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.kind} until {self.expires_at:%H:%M}"
