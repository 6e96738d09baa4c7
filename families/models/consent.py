"""Who agreed to what. The latest decision rules; nothing is overwritten."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models.person import Person

if TYPE_CHECKING:
    from accounts.models import User


class ConsentWording(models.Model):
    """What a person was told and agreed to; a new version never changes an old one."""

    class Purpose(models.TextChoices):
        FILM = "film", "To be filmed"
        SHARED_REVIEW = "shared_review", "To be seen in the shared review"
        SUPERVISION = "supervision", "Supervision"
        INTERVISION = "intervision", "Intervision (colleagues learning together)"
        TRAINING = "training", "Training"
        RESEARCH = "research", "Research"
        COPY = "copy", "A copy for the family"

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_wording_a_version")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, version {self.version}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: User) -> ConsentQuerySet:
        return self.filter(person__in=Person.objects.visible_to(user))


class Consent(models.Model):
    """One person's decision (or one made for them) about one purpose."""

    class Decision(models.TextChoices):
        GIVEN = "given", "Agrees"
        REFUSED = "refused", "Does not agree"

    class Capacity(models.TextChoices):
        OWN = "own", "For themselves"
        PARENTAL = "parental", "As a holder of parental responsibility"
        AUTHORITY = "authority", "For the local authority that shares parental responsibility"

    class Evidence(models.TextChoices):
        SPOKEN = "spoken", "Said aloud"
        PAPER = "paper", "Signed on paper"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    wording = models.ForeignKey(ConsentWording, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=ConsentWording.Purpose.choices)
    decision = models.CharField(max_length=7, choices=Decision.choices)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="consents_decided")
    decided_by_name = models.CharField(max_length=150, blank=True)  # an officer of the authority, not in the family
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    evidence = models.CharField(max_length=10, choices=Evidence.choices)
    witness = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)  # who said so, in words
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-recorded_at"]
        indexes = [models.Index(fields=["person", "purpose", "-decided_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False) | ~Q(decided_by_name=""),
                name="somebody_decided",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_decision_display()}"
