"""Risk: how it stands, flags, worries and what was shared. Kept apart from the strengths-based work, and never on a
screen that a family sees. What was written down is never rewritten; what follows is added."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from families.models.case import Case

if TYPE_CHECKING:
    from accounts.models import User


class RiskConcernQuerySet(models.QuerySet["RiskConcern"]):
    def visible_to(self, user: User) -> RiskConcernQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> RiskConcernQuerySet:
        """Concerns of which nobody has said yet what came of them."""
        return self.filter(settled_at__isnull=True)


class RiskConcern(models.Model):
    """A concern of the staff: what was seen or heard, what was done about it. The words are never rewritten;
    what came of it is added once, and that settles it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="risk_concerns")
    text = models.TextField()
    discussed_with = models.CharField(max_length=200, blank=True)
    action = models.TextField(blank=True)
    film_id = models.UUIDField(null=True, blank=True)  # where it was seen: the film, and the time in it
    film_time_us = models.BigIntegerField(null=True, blank=True)  # microseconds, presented time
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    outcome = models.TextField(blank=True)  # what came of it
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RiskConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True) | ~models.Q(outcome=""),
                name="a_settled_concern_says_what_came_of_it",
            )
        ]

    def __str__(self) -> str:
        return f"Concern of {self.recorded_at:%Y-%m-%d}"


class RiskRowQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RiskRowQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


class RiskReview(models.Model):
    """How risk stands in a case, as somebody judged it on a day. The latest counts; without one it is not assessed."""

    class Level(models.TextChoices):
        NOT_ASSESSED = "not_assessed", "Not assessed"
        NONE = "none", "No known risk"
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="risk_reviews")
    level = models.CharField(max_length=12, choices=Level.choices)
    grounds = models.TextField()  # what the judgement rests on
    reviewed_on = models.DateField(default=timezone.localdate)
    due_on = models.DateField(null=True, blank=True)  # the next review
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = RiskRowQuerySet.as_manager()

    class Meta:
        ordering = ["-reviewed_on", "-recorded_at"]
        indexes = [models.Index(fields=["case", "-reviewed_on", "-recorded_at"], name="risk_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level="not_assessed") | models.Q(due_on__gte=models.F("reviewed_on")),
                name="an_assessed_risk_is_reviewed_again",
            )
        ]

    def __str__(self) -> str:
        return f"Risk {self.level}, {self.reviewed_on:%Y-%m-%d}"


class RiskFlag(models.Model):
    """Something that whoever opens the record must know first ("Two workers at every visit")."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="risk_flags")
    text = models.CharField(max_length=200)
    review_on = models.DateField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.TextField(blank=True)  # why it no longer holds

    objects = RiskRowQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True) | ~models.Q(resolution=""),
                name="a_resolved_flag_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"Flag of {self.raised_at:%Y-%m-%d}"


class ConcernEntryQuerySet(models.QuerySet["ConcernEntry"]):
    def visible_to(self, user: User) -> ConcernEntryQuerySet:
        return self.filter(concern__case__in=Case.objects.visible_to(user))


class ConcernEntry(models.Model):
    """One step after a concern: with whom it was discussed, what was decided, what was done. Never rewritten."""

    class Kind(models.TextChoices):
        DISCUSSED = "discussed", "Discussed with"
        DECISION = "decision", "Decision"
        ACTION = "action", "Action"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(RiskConcern, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    text = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConcernEntryQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.recorded_at:%Y-%m-%d}"


class InformationShared(models.Model):
    """What was told to whom outside the service, why, and on what basis. Never rewritten.

    The bases are those of "Information sharing: advice for practitioners providing safeguarding services" (DfE 2024)
    and article 6 of the UK GDPR: consent is one of them, and not the one to rely on when a child is at risk.
    """

    class Basis(models.TextChoices):
        CONSENT = "consent", "They agreed to it"
        SAFEGUARDING = "safeguarding", "To safeguard a child or an adult at risk, without needing agreement"
        VITAL = "vital", "To protect somebody’s life"
        LEGAL = "legal", "The law or a court requires it"
        CARE = "care", "For direct care, between those who provide it"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="information_shared")
    what = models.TextField()
    with_whom = models.CharField(max_length=200)
    why = models.TextField()
    basis = models.CharField(max_length=12, choices=Basis.choices)
    who_agreed = models.CharField(max_length=200, blank=True)  # on the basis of consent: who agreed, and how
    family_told = models.BooleanField(null=True, blank=True)
    not_told_why = models.TextField(blank=True)
    shared_on = models.DateField(default=timezone.localdate)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = RiskRowQuerySet.as_manager()

    class Meta:
        ordering = ["-shared_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(basis="consent") | ~models.Q(who_agreed=""), name="shared_by_consent_says_whose"
            ),
            models.CheckConstraint(
                condition=models.Q(family_told=True) | ~models.Q(not_told_why=""),
                name="a_family_is_told_or_there_is_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Information shared {self.shared_on:%Y-%m-%d}"
