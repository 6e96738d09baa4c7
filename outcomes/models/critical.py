"""Answers that somebody acts on the same day."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models import Case, Person
from outcomes.models.asking import Asking
from outcomes.models.measures import MeasureVersion
from outcomes.models.scores import Score

if TYPE_CHECKING:
    from accounts.models import User


class CriticalAnswerQuerySet(models.QuerySet["CriticalAnswer"]):
    def visible_to(self, user: User) -> CriticalAnswerQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> CriticalAnswerQuerySet:
        """Those that nobody has said anything about yet."""
        return self.filter(acted_at__isnull=True)


class CriticalAnswer(models.Model):
    """An answer above the figure of a critical question. It stays open until somebody writes down what was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="critical_answers")
    version = models.ForeignKey(MeasureVersion, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="critical_answers")
    asking = models.ForeignKey(Asking, models.CASCADE, null=True, blank=True, related_name="critical_answers")
    score = models.ForeignKey(Score, models.CASCADE, null=True, blank=True, related_name="critical_answers")
    item = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField(default=timezone.now)
    acted = models.TextField(blank=True)  # what was done
    acted_at = models.DateTimeField(null=True, blank=True)
    acted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CriticalAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acted_at__isnull=True) | ~Q(acted=""), name="a_critical_answer_says_what_was_done"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | Q(asking__isnull=False), name="a_critical_answer_was_given_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"Question {self.item}: {self.value}"
