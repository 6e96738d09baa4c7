"""Caregivers whose whereabouts others in the family must not learn."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models.person import Person

if TYPE_CHECKING:
    from accounts.models import User


class ProtectionQuerySet(models.QuerySet["Protection"]):
    def standing(self) -> ProtectionQuerySet:
        """Those in force at this moment."""
        return self.filter(lifted_at__isnull=True)

    def visible_to(self, user: User) -> ProtectionQuerySet:
        return self.filter(person__in=Person.objects.visible_to(user))


class Protection(models.Model):
    """From ``at`` until it is lifted nothing of where somebody is, or when they come, reaches certain others.

    It goes with the person into every household that they are part of. What it hides, and from whom, is asked of
    ``families.protection`` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="protections")
    from_everyone = models.BooleanField(default=True)  # everybody else in the family; else ``from_people`` alone
    from_people = models.ManyToManyField(Person, related_name="+", blank=True)
    reason = models.TextField()  # for staff; never in a copy for anybody else
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_reason = models.TextField(blank=True)

    objects = ProtectionQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(lifted_at__isnull=True), name="one_standing_protection_a_person"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | (Q(lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="a_protection_lifted_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Protected since {self.at:%Y-%m-%d}"
