"""What is said about a referral, what happened to it, and how its referrer finds it again."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.files import FileKind, size_in_words
from referrals.models.draft import Draft
from referrals.models.referral import Referral
from referrals.models.service import DeclineReason, Signpost

if TYPE_CHECKING:
    from accounts.models import User


class ThroughReferral(models.QuerySet[models.Model]):
    """Rows of a referral: seen by whoever may see it."""

    def visible_to(self, user: User) -> ThroughReferral:
        return self.filter(referral__in=Referral.objects.visible_to(user))


class Attachment(models.Model):
    """A file that came with a referral: checked, kept by ``families.files``, never rendered in a page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, blank=True, related_name="attachments")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, blank=True, related_name="attachments")
    stored = models.CharField(max_length=60, unique=True)
    file_kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in FileKind])
    file_name = models.CharField(max_length=150)  # as the sender called it
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)

    objects = ThroughReferral.as_manager()

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="an_attachment_has_bytes"),
            models.CheckConstraint(
                condition=Q(draft__isnull=False, referral__isnull=True) | Q(draft__isnull=True, referral__isnull=False),
                name="an_attachment_is_of_a_draft_or_of_a_referral",
            ),
        ]

    def __str__(self) -> str:
        return f"Attachment of {self.added_at:%Y-%m-%d}"

    @property
    def size_in_words(self) -> str:
        return size_in_words(self.size)


class Exchange(models.Model):
    """One thing said: to the referrer, by the referrer, or among colleagues."""

    class Direction(models.TextChoices):
        TO_REFERRER = "to", "To the referrer"
        FROM_REFERRER = "from", "From the referrer"
        INSIDE = "inside", "Among ourselves"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="exchanges")
    direction = models.CharField(max_length=6, choices=Direction.choices)
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    objects = ThroughReferral.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="something_is_said"),
            models.CheckConstraint(
                condition=Q(direction="from", by__isnull=True) | (~Q(direction="from") & Q(by__isnull=False)),
                name="a_colleague_speaks_for_the_service",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.at:%Y-%m-%d}"


class Event(models.Model):
    """A step of a referral from one state to the next. Never changed.

    ``public_words`` may be read by the referrer, ``inside_words`` by colleagues alone.
    """

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="events")
    state = models.CharField(max_length=10, choices=Referral.State.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    public_words = models.TextField(blank=True)
    inside_words = models.TextField(blank=True)

    objects = ThroughReferral.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d}"


class Decision(models.Model):
    """An outcome, who decided it, why, and what was written to whom. Only its undoing is ever added."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        ADVISED = "advised", "Returned with advice"
        REDIRECTED = "redirected", "Passed on to another service"
        DECLINED = "declined", "Not accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    decline_reason = models.ForeignKey(DeclineReason, models.PROTECT, null=True, blank=True, related_name="+")
    passed_to = models.ForeignKey(Signpost, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)  # for colleagues
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")  # at the meeting
    to_referrer = models.TextField(blank=True)  # the letter as it left
    to_family = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ThroughReferral.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(undone_at__isnull=True), name="one_standing_decision_a_referral"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="declined") | Q(decline_reason__isnull=False) | ~Q(reason=""),
                name="a_no_has_its_reason",
            ),
            models.CheckConstraint(condition=Q(outcome="withdrawn") | Q(by__isnull=False), name="a_colleague_decides"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="somebody_undid_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d}"


class ReferrerLink(models.Model):
    """A link by which a referrer follows their referral; sent to the address that was checked, and to no other."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ThroughReferral.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("made_at")), name="a_referrer_s_link_works_a_while")
        ]

    def __str__(self) -> str:
        return f"Link until {self.until:%Y-%m-%d}"
