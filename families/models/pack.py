"""A copy of one person's record, asked for by them or for them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models.case import Case
from families.models.person import Membership, Person

if TYPE_CHECKING:
    from accounts.models import User


class AccessPackQuerySet(models.QuerySet["AccessPack"]):
    def visible_to(self, user: User) -> AccessPackQuerySet:
        """Copies of the cases they may open; of somebody who is in a record that keeps them out as well, their own
        alone: another one's may tell of that record."""
        from families.models.restriction import Restriction

        closed = Restriction.objects.keeping_out(user).values("family")
        theirs = Q(created_by=user) | ~Q(person__in=Membership.objects.filter(family__in=closed).values("person"))
        return self.filter(theirs, case__in=Case.objects.visible_to(user))

    def under_way(self) -> AccessPackQuerySet:
        """Those that the person still waits for."""
        return self.exclude(state__in=[AccessPack.State.HANDED_OVER, AccessPack.State.WITHDRAWN])


class AccessPack(models.Model):
    """One request, from the day it was made until the copy is handed over and deleted here.

    UK GDPR article 12(3): without undue delay, and within one month of the request.
    """

    class State(models.TextChoices):
        GATHERING = "gathering", "Being gathered"
        TO_READ = "to_read", "To be read through"
        BUILDING = "building", "Being put together"
        READY = "ready", "Ready to hand over"
        HANDED_OVER = "handed_over", "Handed over"
        WITHDRAWN = "withdrawn", "Not wanted any more"
        FAILED = "failed", "Could not be made"

    class AskedBy(models.TextChoices):
        SELF = "self", "The person themselves"
        RESPONSIBLE = "responsible", "Somebody with parental responsibility, for a child"
        REPRESENTATIVE = "representative", "A representative, with the person’s authority"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="packs")  # where it was asked for
    person = models.ForeignKey(Person, models.CASCADE, related_name="packs")
    asked_by = models.CharField(max_length=14, choices=AskedBy.choices)
    asked_by_name = models.CharField(max_length=150, blank=True)
    asked_on = models.DateField()
    due_on = models.DateField()
    identity = models.CharField(max_length=300)  # how it was made sure who asks
    state = models.CharField(max_length=11, choices=State.choices, default=State.GATHERING)
    attempt = models.UUIDField(default=uuid.uuid4)  # whose work counts: an older message changes nothing
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # steps of the work under way
    steps = models.PositiveIntegerField(default=0)
    worked_at = models.DateTimeField(default=timezone.now)  # the worker's last sign of life
    problem = models.CharField(max_length=300, blank=True)
    gathered = models.JSONField(default=list, blank=True)  # sections with their entries; emptied when handed over
    withheld = models.JSONField(default=dict, blank=True)  # an entry's key → why
    stored = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AccessPackQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(stored="") & ~Q(sha256="")), name="a_ready_pack_has_its_file"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handed_over", "withdrawn"])
                | (Q(ended_at__isnull=False) & Q(gathered=[]) & Q(stored="")),
                name="an_ended_pack_keeps_no_copy",
            ),
        ]

    def __str__(self) -> str:
        return f"Copy of a record asked for on {self.asked_on:%Y-%m-%d}"

    @property
    def is_working(self) -> bool:
        return self.state in {self.State.GATHERING, self.State.BUILDING}

    def sealed(self) -> dict[str, str]:
        """What was gathered and must stay out of the copy whatever whoever reads it decides: entry → why."""
        return {
            entry["key"]: entry["withhold"]
            for section in self.gathered
            for entry in section["entries"]
            if entry.get("sealed")
        }

    @property
    def days_left(self) -> int:
        """Whole days until it is due; negative when it is late."""
        return (self.due_on - timezone.localdate()).days


def due_after_a_month(asked_on: date) -> date:
    """The same day of the next month, or its last day (ICO: a month is a calendar month)."""
    year, month = (asked_on.year + 1, 1) if asked_on.month == 12 else (asked_on.year, asked_on.month + 1)
    for day in range(asked_on.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, asked_on.day)
