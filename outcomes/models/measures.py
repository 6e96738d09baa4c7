"""Measures are data: which there are, and what each version of one asks and counts."""

from __future__ import annotations

import uuid
from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils import timezone

from outcomes.definitions import ITEMS, Definition


class MeasureQuerySet(models.QuerySet["Measure"]):
    def offered(self) -> MeasureQuerySet:
        """The measures that the service uses now."""
        return self.filter(active=True)


class Measure(models.Model):
    """A questionnaire or a rating scale of the service. What it says is in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=False)
    # Whether it may go to somebody's own phone although it asks about harm: nobody reads the answers at once.
    critical_by_link = models.BooleanField(default=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key


class MeasureVersion(models.Model):
    """One version of a measure's definition. Never changed once written: scores stay what they were under it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    short_name = models.CharField(max_length=60)  # as the content says it, for lists and the timeline
    content = models.JSONField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["measure", "version"], name="one_measure_version_a_number")]

    def __str__(self) -> str:
        return self.short_name

    @cached_property
    def definition(self) -> Definition:
        return Definition.of(self.content)

    @property
    def has_questions(self) -> bool:
        """Whether it can be answered here, rather than only have its scores written down."""
        return self.definition.mode == ITEMS
