"""A referral that is still being written."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Permission

if TYPE_CHECKING:
    from accounts.models import User


class Door(models.TextChoices):
    """Who fills the form in: the same questions, asked in their words."""

    PROFESSIONAL = "professional", "A professional"
    SELF = "self", "A parent or carer, about themselves"
    STAFF = "staff", "Keyed in by the service"


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> DraftQuerySet:
        """What colleagues key in, for those who take referrals in. What the public is still writing is read by nobody
        here: it becomes ours when they send it."""
        return self.filter(door=Door.STAFF) if user.can(Permission.TRIAGE_REFERRALS) else self.none()

    def of_browser(self, device_hash: str) -> DraftQuerySet:
        """What was begun in the browser that holds a secret, or came back to in it; for its writer, not for staff."""
        return self.exclude(door=Door.STAFF).filter(device_hash=device_hash)

    def unsent(self) -> DraftQuerySet:
        return self.filter(sent_as__isnull=True)


class Draft(models.Model):
    """What was typed so far, as it was typed, so that what does not fit yet is not lost.

    ``typed``: step → number of the item → field → the values posted. Of the public's the browser that began it has a
    secret in a cookie, whose hash stands here; a link sent by e-mail gives another browser that secret, once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    door = models.CharField(max_length=12, choices=Door.choices)
    typed = models.JSONField(default=dict, blank=True)
    device_hash = models.CharField(max_length=64, blank=True)
    return_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    return_until = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(blank=True)  # the address that a code was sent to
    email_code_hash = models.CharField(max_length=128, blank=True)
    email_code_until = models.DateTimeField(null=True, blank=True)
    email_checked_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)  # at the code
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    sent_as = models.OneToOneField(
        "referrals.Referral", models.CASCADE, null=True, blank=True, related_name="written_as"
    )

    objects = DraftQuerySet.as_manager()
    public = DraftQuerySet.as_manager()  # for its writer, who has no sign-in: ``of_browser`` asks for their secret

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(door="staff", by__isnull=False, device_hash="") | (~Q(door="staff") & ~Q(device_hash="")),
                name="a_draft_is_a_colleague_s_or_a_browser_s",
            ),
            models.CheckConstraint(
                condition=Q(return_hash__isnull=True) | Q(return_until__isnull=False),
                name="a_link_back_ends",
            ),
            models.CheckConstraint(
                condition=Q(email_checked_at__isnull=True) | ~Q(email=""), name="an_address_that_was_checked_is_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of {self.begun_at:%Y-%m-%d %H:%M}"
