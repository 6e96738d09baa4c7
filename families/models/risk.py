"""Worries, kept apart from the strengths-based work and never on a screen that a family sees."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from families.models.case import Case

if TYPE_CHECKING:
    from accounts.models import User


class RiskConcernQuerySet(models.QuerySet["RiskConcern"]):
    def visible_to(self, user: User) -> RiskConcernQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> RiskConcernQuerySet:
        """Concerns of which nobody has said yet what came of them."""
        return self.filter(settled_at__isnull=True)


class RiskConcern(models.Model):
    """A concern of the staff: what was seen or heard, what was done about it. The words are never rewritten;
    what came of it is added once, and that settles it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="risk_concerns")
    text = models.TextField()
    discussed_with = models.CharField(max_length=200, blank=True)
    action = models.TextField(blank=True)
    film_id = models.UUIDField(null=True, blank=True)  # where it was seen: the film, and the time in it
    film_time_us = models.BigIntegerField(null=True, blank=True)  # microseconds, presented time
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    outcome = models.TextField(blank=True)  # what came of it
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RiskConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True) | ~models.Q(outcome=""),
                name="a_settled_concern_says_what_came_of_it",
            )
        ]

    def __str__(self) -> str:
        return f"Concern of {self.recorded_at:%Y-%m-%d}"
