"""Things to do for a family that somebody wrote down. Derived ones are in ``waiting``; they have no rows."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.case import Case

if TYPE_CHECKING:
    from accounts.models import User


class CaseTaskQuerySet(models.QuerySet["CaseTask"]):
    def visible_to(self, user: User) -> CaseTaskQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> CaseTaskQuerySet:
        return self.filter(done_at__isnull=True)


class CaseTask(models.Model):
    """Something to do for a family, by a day, for one person or for whoever leads the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="case_tasks"
    )  # empty: whoever leads the case
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CaseTaskQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = [models.F("due_on").asc(nulls_last=True), "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="a_done_task_says_by_whom",
            )
        ]

    def __str__(self) -> str:
        return f"Task of {self.created_at:%Y-%m-%d}"

    @property
    def overdue(self) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < timezone.localdate()
