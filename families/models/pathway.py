"""The ways that a service works, as lists of its own: pathways with their stages, why work ends, and its limits.

Managers name, order and limit them (``families.views.settings``). Code depends on none of their names: it knows what a
stage *means* (``Case.Stage``), and each row says which meaning it has.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


class Meaning(models.TextChoices):
    """What a stage means, whatever a service calls it. Also known as ``Case.Stage``."""

    ACCEPTED = "accepted", "Accepted"
    ALLOCATED = "allocated", "Allocated"
    ENGAGING = "engaging", "Engaging"
    WORKING = "working", "Working together"
    VIG = "vig", "VIG"
    ENDING = "ending", "Ending"
    CLOSED = "closed", "Closed"


class Pathway(models.Model):
    """A kind of work with a family: VIG, other assessment or support, or not yet known. None requires a VIG cycle."""

    label = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)  # offered for new cases; those on it stay on it

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class PathwayStage(models.Model):
    """One stage of a pathway, and after how many days in it a case asks to be looked at."""

    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="stages")
    meaning = models.CharField(max_length=10, choices=Meaning.choices)
    label = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    amber_days = models.PositiveSmallIntegerField(null=True, blank=True)
    red_days = models.PositiveSmallIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pathway", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "label"], name="one_stage_a_label"),
            models.CheckConstraint(
                condition=Q(amber_days__isnull=True) | Q(red_days__isnull=True) | Q(red_days__gt=F("amber_days")),
                name="red_comes_after_amber",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def state(self, days: int) -> str:
        """ "red", "amber" or nothing for a case that has been here for so many days."""
        if self.red_days is not None and days >= self.red_days:
            return "red"
        return "amber" if self.amber_days is not None and days >= self.amber_days else ""


class ClosureReason(models.Model):
    """Why work with a family ends, in words that the family could read."""

    key = models.CharField(max_length=20, blank=True)  # code knows this one: it can be worded anew, never put away
    label = models.CharField(max_length=100, unique=True)
    position = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_closure_reason_a_key"),
            models.CheckConstraint(condition=Q(key="") | Q(active=True), name="what_code_knows_stays"),
        ]

    def __str__(self) -> str:
        return self.label


class CaseLimits(models.Model):
    """The service's limits for a case: one row."""

    ages_out_months = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(216)]
    )
    warn_weeks = models.PositiveSmallIntegerField(default=12, validators=[MinValueValidator(0), MaxValueValidator(104)])

    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="the_limits_are_one_row")]

    def __str__(self) -> str:
        return f"Until {self.ages_out_months} months"
