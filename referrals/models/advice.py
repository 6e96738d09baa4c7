"""Talk to us first: somebody asks to be rung back, without saying who the family is."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Permission
from families.models import Consultation

if TYPE_CHECKING:
    from accounts.models import User


class AdviceCallQuerySet(models.QuerySet["AdviceCall"]):
    def visible_to(self, user: User) -> AdviceCallQuerySet:
        return self if user.can(Permission.TRIAGE_REFERRALS) else self.none()

    def waiting(self) -> AdviceCallQuerySet:
        return self.filter(answered_at__isnull=True)


class AdviceCall(models.Model):
    """A call to make. What came of it is counted as a ``families.Consultation``, which opens no record."""

    class Best(models.TextChoices):
        ANY = "any", "At any time"
        MORNING = "morning", "Mornings"
        MIDDAY = "midday", "Around midday"
        AFTERNOON = "afternoon", "Afternoons"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)
    asker = models.CharField(max_length=20, choices=[("family", "A parent or carer"), *Consultation.Asker.choices])
    organisation = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=16, blank=True)  # E.164: families.phones
    email = models.EmailField(blank=True)
    best_time = models.CharField(max_length=9, choices=Best.choices, default=Best.ANY)
    question = models.TextField(blank=True)  # told not to name the family
    without_agreement = models.BooleanField(default=False)  # led here because the family does not know or agree
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)
    consultation = models.OneToOneField(
        Consultation, models.SET_NULL, null=True, blank=True, related_name="asked_for_as"
    )

    objects = AdviceCallQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="somebody_to_ring_back_says_how"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome="")),
                name="an_answered_call_says_by_whom_and_what",
            ),
        ]

    def __str__(self) -> str:
        return f"Call to make, asked {self.asked_at:%Y-%m-%d}"
