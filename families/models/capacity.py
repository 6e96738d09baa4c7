"""When a family cannot begin, and how many families somebody can work with."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Permission
from families.models.case import Case

if TYPE_CHECKING:
    from accounts.models import User


class UnavailabilityQuerySet(models.QuerySet["Unavailability"]):
    def visible_to(self, user: User) -> UnavailabilityQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def now(self, on: date | None = None) -> UnavailabilityQuerySet:
        """Those that a day falls into; today by default."""
        day = on or timezone.localdate()
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)


class Unavailability(models.Model):
    """A while in which a family cannot take part: it does not count as waiting for us."""

    class Reason(models.TextChoices):
        AWAY = "away", "Away"
        HOSPITAL = "hospital", "In hospital"
        CHOSE = "chose", "They would like to begin later"
        OTHER = "other", "Another reason"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="unavailabilities")
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)  # the last day of it; empty: not known yet
    reason = models.CharField(max_length=8, choices=Reason.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = UnavailabilityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "unavailabilities"
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="a_family_is_back_after_they_left",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} from {self.from_on:%Y-%m-%d}"


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def visible_to(self, user: User) -> CapacityQuerySet:
        return self if user.can(Permission.MANAGE_TEAM) else self.filter(person=user)


class Capacity(models.Model):
    """With how many families somebody can work at a time, as their manager and they agreed."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="capacity")
    cases = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "capacities"

    def __str__(self) -> str:
        return f"{self.cases} families"
