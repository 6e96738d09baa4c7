"""What somebody needs in order to understand and be understood: the Accessible Information Standard (DAPB1605)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.answers import Answer
from families.models.person import Person

if TYPE_CHECKING:
    from accounts.models import User


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: User) -> NeedQuerySet:
        return self.filter(person__in=Person.objects.visible_to(user))

    def in_force(self) -> NeedQuerySet:
        return self.filter(ended_on__isnull=True)


class Need(models.Model):
    """One need, from the day it was said until it is no longer so.

    The six steps of the standard: identified (a row), recorded (by whom, when), flagged (in the header of every page
    of the case), shared (whether they agree), met (how), reviewed (by when).
    """

    class Kind(models.TextChoices):
        FORMAT = "format", "How written information should come"
        SUPPORT = "support", "Help in talking together"
        PROFESSIONAL = "professional", "Somebody who comes along"
        CONTACT = "contact", "A way of getting in touch"
        OTHER = "other", "Something else"

    # What is asked for most, a kind each; anybody may type something else.
    OFTEN = {
        Kind.FORMAT: ("large print", "easy read", "Braille", "audio", "e-mail instead of paper", "coloured paper"),
        Kind.SUPPORT: ("face them, so that they can lip-read", "hearing loop", "more time", "short plain sentences"),
        Kind.PROFESSIONAL: ("British Sign Language interpreter", "lipspeaker", "note-taker", "advocate"),
        Kind.CONTACT: ("texts instead of calls", "Relay UK", "calls instead of letters"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(max_length=300)
    may_be_shared = models.CharField(max_length=9, choices=Answer.choices, default=Answer.NOT_ASKED)
    met_how = models.TextField(blank=True)
    recorded_on = models.DateField(default=timezone.localdate)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    review_on = models.DateField("to be talked about again", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = NeedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["recorded_on", "text"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="a_need_says_what"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def review_due(self) -> bool:
        return self.ended_on is None and self.review_on is not None and self.review_on <= timezone.localdate()
