"""What families say about the service, at the end: about us, not about them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Permission, Team
from families.models import Case

if TYPE_CHECKING:
    from accounts.models import User


class ExperienceQuerySet(models.QuerySet["Experience"]):
    def visible_to(self, user: User) -> ExperienceQuerySet:
        """Managers read what families said about their teams; a practitioner only what carries the case's name."""
        named = self.filter(case__in=Case.objects.visible_to(user))
        if user.can(Permission.MANAGE_TEAM):
            return (named | self.filter(team__in=user.teams_managed.all())).distinct()
        return named


class Experience(models.Model):
    """One family's answers about the service. Without a ``case`` nobody can say whose they were: nothing else leads
    there, and of the day only the month is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="experiences")
    month = models.DateField()  # its first day
    answers = models.JSONField(default=dict)  # question → figure 1 to 5, of those answered
    best = models.TextField(blank=True)  # what helped most
    better = models.TextField(blank=True)  # what we could do better

    objects = ExperienceQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"What a family said, {self.month:%B %Y}"
