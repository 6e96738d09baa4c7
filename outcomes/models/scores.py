"""Scores: what somebody answered on a day, or what was counted on paper."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models import Case, Person
from outcomes.models.measures import MeasureVersion

if TYPE_CHECKING:
    from accounts.models import User


class Occasion(models.TextChoices):
    """Where in the work it was asked: pairs are made of the first and the last of these."""

    BASELINE = "baseline", "At the beginning"
    REVIEW = "review", "On the way"
    ENDING = "ending", "At the ending"
    OTHER = "other", "At another time"


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, user: User) -> ScoreQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def standing(self) -> ScoreQuerySet:
        """All but those struck out as entered in error."""
        return self.filter(struck_at__isnull=True)


class Score(models.Model):
    """One measure completed once, under one version of it. Never changed; struck out when it was an error."""

    class Way(models.TextChoices):
        PAPER = "paper", "Entered from paper"
        TOGETHER = "together", "Completed together on a tablet"
        LINK = "link", "Completed by link"
        RATED = "rated", "Rated by staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="scores")
    version = models.ForeignKey(MeasureVersion, models.PROTECT, related_name="scores")
    respondent = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="scores_given")
    about_caregiver = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="scores_about")
    about_infant = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="scores_about_baby")
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    occasion_id = models.UUIDField(null=True, blank=True)  # the session it was done in
    completed_on = models.DateField(default=timezone.localdate)
    way = models.CharField(max_length=8, choices=Way.choices)
    outside_ages_why = models.CharField(max_length=300, blank=True)  # why it was used although the age does not fit
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=dict, blank=True)  # question number → figure, "na" or null
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    struck_why = models.CharField(max_length=300, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["completed_on", "recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | ~Q(struck_why=""), name="a_struck_score_says_why"
            ),
            models.CheckConstraint(
                condition=Q(respondent__isnull=False) | Q(rater__isnull=False), name="a_score_says_who_gave_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} of {self.completed_on:%Y-%m-%d}"

    @property
    def given_by(self) -> str:
        """Who answered or rated, as a page says it."""
        if self.respondent is not None:
            return self.respondent.short_name
        return self.rater.name if self.rater else ""

    @property
    def about(self) -> str:
        """About whom: "Sam", "Rowan", "Sam and Rowan"."""
        people = [person for person in (self.about_caregiver, self.about_infant) if person is not None]
        return " and ".join(person.short_name for person in people)

    @property
    def answered(self) -> dict[int, int | str | None]:
        """The answers by question number, as scoring reads them."""
        return {int(number): answer for number, answer in self.answers.items()}


class ScoreValue(models.Model):
    """One figure of a score. ``value`` is null when too much was left out to count it."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="values")
    key = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    left_out = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["score", "key"], name="one_value_a_subscale")]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
