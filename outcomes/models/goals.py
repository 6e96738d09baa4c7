"""Goals: what the family wants to be different, in their own words, and how near they feel to it."""

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


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: User) -> GoalQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> GoalQuerySet:
        return self.filter(ended_at__isnull=True)


class Goal(models.Model):
    """One goal of a case. Its words may change as the work goes on; every wording is kept, with the reason."""

    class Ended(models.TextChoices):
        REACHED = "reached", "Reached"
        ENOUGH = "enough", "Come far enough"
        CHANGED = "changed", "Another goal took its place"
        SET_ASIDE = "set_aside", "Set aside for now"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="goals")
    whose = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="goals")
    created_at = models.DateTimeField(default=timezone.now)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    ended_why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(ended_at__isnull=True) & Q(ended="")) | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="an_ended_goal_says_how",
            )
        ]

    def __str__(self) -> str:
        latest = self.wordings.last()
        return latest.text if latest else "Goal"


class GoalWording(models.Model):
    """One version of a goal's words. Never changed once written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="wordings")
    version = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    reason = models.CharField(max_length=300, blank=True)  # why the words changed
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["goal", "version"], name="one_goal_wording_a_version")]

    def __str__(self) -> str:
        return self.text


class GoalRatingQuerySet(models.QuerySet["GoalRating"]):
    def visible_to(self, user: User) -> GoalRatingQuerySet:
        return self.filter(wording__goal__case__in=Case.objects.visible_to(user))

    def standing(self) -> GoalRatingQuerySet:
        """All but those struck out as entered in error."""
        return self.filter(struck_at__isnull=True)


class GoalRating(models.Model):
    """How near somebody feels to a goal, 0 to 10. ``recorded_by`` is None when it came from their own hand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wording = models.ForeignKey(GoalWording, models.CASCADE, related_name="ratings")
    rated_by = models.ForeignKey(Person, models.PROTECT, related_name="goal_ratings")
    value = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    occasion_id = models.UUIDField(null=True, blank=True)  # the session it was given in
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    struck_why = models.CharField(max_length=300, blank=True)

    objects = GoalRatingQuerySet.as_manager()

    class Meta:
        ordering = ["at", "recorded_at"]
        constraints = [
            models.CheckConstraint(condition=Q(value__lte=10), name="a_goal_rating_is_0_to_10"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | ~Q(struck_why=""), name="a_struck_goal_rating_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} of 10"
