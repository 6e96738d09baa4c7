"""Who is on duty, and what they have to look at today."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Team
from families.models.case import Case

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class DutyRules(models.Model):
    """One row: how long an alert may wait, and what families are told out of hours."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    deputy_after = models.PositiveSmallIntegerField(default=15)  # minutes
    managers_after = models.PositiveSmallIntegerField(default=30)  # minutes, from the beginning
    out_of_hours = models.TextField(
        default="Nobody of this service reads messages in the evening, at night or at weekends. If somebody is in "
        "danger now, call 999. For urgent help with your health, call 111."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_set_of_duty_rules"),
            models.CheckConstraint(
                condition=Q(deputy_after__gte=1) & Q(managers_after__gte=F("deputy_after")),
                name="the_deputy_is_told_before_the_managers",
            ),
        ]

    def __str__(self) -> str:
        return "Duty rules"


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, moment: datetime) -> DutyShiftQuerySet:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def overlapping(self, starts_at: datetime, ends_at: datetime, team: Team | None) -> DutyShiftQuerySet:
        """Those of the same team (or of every team) that share a moment with this span."""
        return self.filter(team=team, starts_at__lt=ends_at, ends_at__gt=starts_at)


class DutyShift(models.Model):
    """Somebody is on duty from one moment to another, for one team or (without a team) for every one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="duty_shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="duty_shifts")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=20, blank=True)  # the telephone they carry on duty: alerts go there by text

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="duty_shift_times")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")), name="the_deputy_is_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"Duty {self.starts_at:%Y-%m-%d %H:%M}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: User) -> AlertQuerySet:
        """Alerts of cases that they may open, and those that they have been told of."""
        told = AlertNotice.objects.filter(user=user).values("alert")
        return self.filter(Q(case__in=Case.objects.visible_to(user)) | Q(pk__in=told))

    def open(self) -> AlertQuerySet:
        """Those that nobody has answered."""
        return self.filter(acknowledged_at__isnull=True)


class Alert(models.Model):
    """Something that somebody has to look at today. It climbs until somebody says that they have it."""

    class Level(models.IntegerChoices):
        DUTY = 1, "Whoever is on duty"
        DEPUTY = 2, "The deputy"
        MANAGERS = 3, "The managers"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="alerts")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40)  # "critical", "referral", "safe-return"
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)  # where it is dealt with
    subject = models.CharField(max_length=100, blank=True)  # "outcomes.criticalanswer:<id>": the same is told once
    raised_at = models.DateTimeField(default=timezone.now)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.DUTY)
    nobody_on_duty = models.BooleanField(default=False)  # when it was raised
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(blank=True)  # what they do about it

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=~Q(subject="") & Q(acknowledged_at__isnull=True),
                name="one_open_alert_about_the_same",
            ),
            models.CheckConstraint(
                condition=(Q(acknowledged_at__isnull=True) & Q(acknowledged_by__isnull=True))
                | (Q(acknowledged_at__isnull=False) & Q(acknowledged_by__isnull=False)),
                name="an_answered_alert_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Alert {self.kind} {self.raised_at:%Y-%m-%d %H:%M}"


class AlertNotice(models.Model):
    """Who has been told of an alert, and as what. Never changed."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="alert_notices")
    level = models.PositiveSmallIntegerField(choices=Alert.Level.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="told_once")]

    def __str__(self) -> str:
        return f"Told {self.at:%Y-%m-%d %H:%M}"
