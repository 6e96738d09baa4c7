"""Triage meetings: who was there, which referrals were looked at, and views of the queue that somebody keeps."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Permission
from referrals.models.conversation import Decision
from referrals.models.referral import Referral

if TYPE_CHECKING:
    from accounts.models import User


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """Those who take referrals in read the minutes; which referrals stand in them is asked of each referral."""
        return self if user.is_active and user.can(Permission.TRIAGE_REFERRALS) else self.none()

    def under_way(self) -> MeetingQuerySet:
        return self.filter(ended_at__isnull=True)


class Meeting(models.Model):
    """One meeting at which referrals are decided, minuted by ``by``. Its agenda is what waited when it began."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="meetings_minuted")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="meetings")
    others = models.CharField(max_length=300, blank=True)  # who was there and has no account here

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["by"], condition=Q(ended_at__isnull=True), name="one_meeting_at_a_time_for_who_minutes_it"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("at")),
                name="a_meeting_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting of {self.at:%Y-%m-%d}"


class MeetingItem(models.Model):
    """A referral on the agenda, and what became of it there; why it was left stands with the referral."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="meeting_items")
    position = models.PositiveSmallIntegerField()
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "referral"], name="once_on_an_agenda"),
        ]

    def __str__(self) -> str:
        return f"Number {self.position} of the agenda"


class QueueViewQuerySet(models.QuerySet["QueueView"]):
    def visible_to(self, user: User) -> QueueViewQuerySet:
        return self.filter(owner=user)


class QueueView(models.Model):
    """A way of narrowing and ordering the queue that somebody kept under a name; theirs alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="queue_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300, blank=True)  # as the address has it, checked when it was kept
    first = models.BooleanField("shown when the queue is opened", default=False)

    objects = QueueViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="a_view_s_name_is_used_once"),
            models.UniqueConstraint(fields=["owner"], condition=Q(first=True), name="one_view_is_shown_first"),
        ]

    def __str__(self) -> str:
        return self.name
