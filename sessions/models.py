"""The diary and the VIG cycle."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models import Case, Person
from outcomes.models import HelpingQuestionWording

if TYPE_CHECKING:
    from accounts.models import User


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, user: User) -> CycleQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> CycleQuerySet:
        return self.filter(closed_at__isnull=True)


class Cycle(models.Model):
    """One turn of VIG: a helping question, a film, its micro-analysis, the shared review, a summary.

    How many a family has is theirs and the practitioner's to find; no number is assumed anywhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField()
    wording = models.ForeignKey(HelpingQuestionWording, models.PROTECT, related_name="cycles")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    summary = models.TextField(blank=True)
    next_wording = models.ForeignKey(HelpingQuestionWording, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CycleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_cycle_a_number"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(summary=""), name="a_closed_cycle_has_its_summary"
            ),
        ]

    def __str__(self) -> str:
        return f"Cycle {self.number}"


class VigSessionQuerySet(models.QuerySet["VigSession"]):
    def visible_to(self, user: User) -> VigSessionQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def planned(self) -> VigSessionQuerySet:
        return self.filter(status=VigSession.Status.PLANNED)

    def standing(self) -> VigSessionQuerySet:
        """All but the cancelled ones."""
        return self.exclude(status=VigSession.Status.CANCELLED)


class VigSession(models.Model):
    """One meeting with a family: what kind, where, when, how long."""

    class Kind(models.TextChoices):
        ENGAGEMENT = "engagement", "Getting to know each other"
        ASSESSMENT = "assessment", "Assessment"
        HELPING_QUESTION = "helping_question", "Helping question"
        FILMING = "filming", "Filming"
        SHARED_REVIEW = "shared_review", "Shared review"
        ENDING = "ending", "Ending"
        OTHER = "other", "Other"

    class Place(models.TextChoices):
        HOME = "home", "At home"
        HUB = "hub", "Family hub"
        CLINIC = "clinic", "Clinic"
        VIDEO = "video", "Video call"
        TELEPHONE = "telephone", "Telephone"
        OTHER = "other", "Somewhere else"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        MISSED = "missed", "Did not take place"  # nobody came, or came too late to be seen
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="vig_sessions")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, blank=True, related_name="vig_sessions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    place = models.CharField(max_length=10, choices=Place.choices)
    place_detail = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=75)
    practitioner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="vig_sessions")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VigSessionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="a_session_lasts_minutes")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.starts_at):%d %b %Y %H:%M}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def when(self) -> str:
        """ "Tue 24 Nov, 10:00–11:15", with the year when it is another one."""
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        year = f" {start.year}" if start.year != timezone.localdate().year else ""
        return f"{start:%a} {start.day} {start:%b}{year}, {start:%H:%M}–{end:%H:%M}"

    @property
    def where(self) -> str:
        """ "at Riverside Family Hub", "at home", "by telephone"."""
        if self.place_detail:
            return f"at {self.place_detail}" if self.place not in REMOTE_PLACES else self.place_detail
        return {
            VigSession.Place.HOME: "at home",
            VigSession.Place.HUB: "at the family hub",
            VigSession.Place.CLINIC: "at the clinic",
            VigSession.Place.VIDEO: "by video call",
            VigSession.Place.TELEPHONE: "by telephone",
        }.get(VigSession.Place(self.place), "somewhere else")


REMOTE_PLACES = {VigSession.Place.VIDEO, VigSession.Place.TELEPHONE}


class Attendance(models.Model):
    """Whether one person came, with the NHS Data Dictionary's ATTENDED OR DID NOT ATTEND codes."""

    class Code(models.TextChoices):
        ON_TIME = "5", "Attended on time"
        LATE_SEEN = "6", "Arrived late, but was seen"
        LATE_NOT_SEEN = "7", "Arrived late and could not be seen"
        CANCELLED_BY_FAMILY = "2", "Cancelled by, or for, the family"
        DID_NOT_ATTEND = "3", "Did not attend, no warning"
        CANCELLED_BY_SERVICE = "4", "Cancelled by the service"
        FUTURE = "0", "Not yet"

    SEEN = (Code.ON_TIME, Code.LATE_SEEN)

    session = models.ForeignKey(VigSession, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances")
    code = models.CharField(max_length=1, choices=Code.choices, default=Code.FUTURE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_attendance_a_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_code_display()}"
