"""Helping questions: what the caregiver wants to find out, in their own words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models import Case, Person

if TYPE_CHECKING:
    from accounts.models import User


class HelpingQuestionQuerySet(models.QuerySet["HelpingQuestion"]):
    def visible_to(self, user: User) -> HelpingQuestionQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


class HelpingQuestion(models.Model):
    """One helping question of a case; its wording changes as the work goes on, and every wording is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="helping_questions")
    whose = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="helping_questions")
    created_at = models.DateTimeField(default=timezone.now)

    objects = HelpingQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        latest = self.wordings.last()
        return latest.text if latest else "Helping question"


class HelpingQuestionWording(models.Model):
    """One version of the words. Never changed once written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(HelpingQuestion, models.CASCADE, related_name="wordings")
    version = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["question", "version"], name="one_question_wording_a_version")]

    def __str__(self) -> str:
        return self.text


class HelpingQuestionRatingQuerySet(models.QuerySet["HelpingQuestionRating"]):
    def visible_to(self, user: User) -> HelpingQuestionRatingQuerySet:
        return self.filter(wording__question__case__in=Case.objects.visible_to(user))


class HelpingQuestionRating(models.Model):
    """How far the caregiver feels they have come, 0 to 10, given by their own hand and never required."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wording = models.ForeignKey(HelpingQuestionWording, models.CASCADE, related_name="ratings")
    rated_by = models.ForeignKey(Person, models.PROTECT, related_name="question_ratings")
    value = models.PositiveSmallIntegerField()
    occasion_id = models.UUIDField(null=True, blank=True)  # the shared review it was given after
    at = models.DateTimeField(default=timezone.now)

    objects = HelpingQuestionRatingQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [models.CheckConstraint(condition=Q(value__lte=10), name="a_rating_is_0_to_10")]

    def __str__(self) -> str:
        return f"{self.value} of 10"
