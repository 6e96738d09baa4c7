"""Entries that were written in the wrong record: hidden from view, and kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class StruckOut(models.Model):
    """Nothing of a record is deleted because it stands in the wrong one: it is struck out, by whom and why."""

    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_reason="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_reason="")),
                name="%(class)s_struck_out_by_whom_and_why",
            )
        ]

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None


class Audience(models.TextChoices):
    """Who may read a part of the record, and what a person's own copy of their record leaves out."""

    EVERYONE = "everyone", "Everybody who may open this record"
    THIRD_PARTY = "third_party", "About somebody else: left out of a copy for the family"
    RESTRICTED = "restricted", "Restricted: lead, co-workers and managers only"
