"""Episodes of care."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Permission, Role, Team
from families.models.person import Family, Person

if TYPE_CHECKING:
    from accounts.models import User


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """The cases that ``user`` has a role and a reason to open, glass broken included.

        One rule for lists, pages, search, films and exports: whatever is not in this queryset does not exist
        for this person.
        """
        from families.models.access import BreakGlass
        from families.models.restriction import Restriction

        if not user.is_active:
            return self.none()
        reachable = self.exclude(family__in=Restriction.objects.keeping_out(user).values("family"))
        if user.can(Permission.SEE_ALL_CASES):
            return reachable
        glass = BreakGlass.objects.filter(user=user, until__gt=timezone.now()).values("case")
        reason = Q(pk__in=glass)
        if user.can(Permission.SEE_CASES):
            reason |= Q(lead=user) | Q(pk__in=Case.co_workers.through.objects.filter(user=user).values("case"))
            if user.role == Role.MANAGER:
                reason |= Q(team__in=user.teams_managed.all()) | Q(team=user.team_id, team__isnull=False)
            elif user.role != Role.TRAINEE and user.team_id:
                reason |= Q(team=user.team_id)
            if user.can(Permission.SUPERVISE):
                reason |= Q(lead__supervisor=user)
            reason |= Q(family__in=Restriction.objects.standing().filter(named=user).values("family"))
        return reachable.filter(reason)

    def open(self) -> CaseQuerySet:
        return self.filter(closed_on__isnull=True)

    def closed(self) -> CaseQuerySet:
        return self.filter(closed_on__isnull=False)

    def without_lead(self) -> CaseQuerySet:
        return self.filter(lead__isnull=True)


class Case(models.Model):
    """One episode of care: a family, the infants and caregivers in it, and who leads the work."""

    class Stage(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        ALLOCATED = "allocated", "Allocated"
        ENGAGING = "engaging", "Engaging"
        VIG = "vig", "VIG"
        ENDING = "ending", "Ending"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, models.CASCADE, related_name="cases")
    team = models.ForeignKey(Team, models.PROTECT, related_name="cases")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_led")
    co_workers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="cases_joined")
    people = models.ManyToManyField(Person, related_name="cases")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ACCEPTED)
    stage_since = models.DateField(default=timezone.localdate)
    opened_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-opened_on"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(stage="closed") & Q(closed_on__isnull=False))
                | (~Q(stage="closed") & Q(closed_on__isnull=True)),
                name="a_closed_case_has_its_date",
            )
        ]

    def __str__(self) -> str:
        return f"Case of {self.family}"

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    def days_in_stage(self, on: date | None = None) -> int:
        """Whole days since the case entered its stage."""
        return max(0, ((on or timezone.localdate()) - self.stage_since).days)


class StageChange(models.Model):
    """Which stage a case entered, when, and who moved it. Never changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="stage_changes")
    stage = models.CharField(max_length=10, choices=Case.Stage.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)  # why it was closed or opened again

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.at:%Y-%m-%d}"
