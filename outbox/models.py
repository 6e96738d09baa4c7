"""Messages that leave the service: each one row, written in the transaction of what it tells of."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.locker import lock, unlock
from accounts.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        """Those who keep the service running see ids, states and reasons; nobody sees an address."""
        return self if user.can(Permission.MANAGE_SETTINGS) else self.none()

    def due(self, now: datetime) -> MessageQuerySet:
        """Those whose turn it is."""
        return self.filter(state=Message.State.WAITING, due_at__lte=now)

    def to_look_at(self) -> MessageQuerySet:
        """Those that somebody has to think about: they did not leave, or nobody knows whether they did."""
        return self.filter(state__in=[Message.State.FAILED, Message.State.UNSURE])


class Message(models.Model):
    """One message to one address. It holds no words: they are written when it is sent, from the record as it then is.

    ``subject_id`` names what it tells of, in the words of its kind. The address is encrypted, and forgotten once the
    message has left or will not leave.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        SMS = "sms", "Text message"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FILED = "filed", "Written to a file"  # nothing is set up through which it could really leave
        NOT_SENT = "not_sent", "Not sent"  # decided at the moment of sending
        UNSURE = "unsure", "Not known whether it left"  # never sent again by itself
        FAILED = "failed", "Could not be sent"

    class Delivery(models.TextChoices):
        """What the provider said afterwards; most mail servers say nothing."""

        UNKNOWN = "", "Not known"
        DELIVERED = "delivered", "Delivered"
        UNDELIVERABLE = "undeliverable", "Did not arrive"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    to_locked = models.TextField(blank=True)
    subject_id = models.CharField(max_length=40)
    family_id = models.CharField(max_length=36, blank=True)
    case_id = models.CharField(max_length=36, blank=True)
    person_id = models.CharField(max_length=36, blank=True)
    key = models.CharField(max_length=120, blank=True)  # the same thing told to the same address has the same key

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)  # no names: an administrator reads it
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    attempt = models.UUIDField(null=True, blank=True)  # of the worker that has it
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)  # from here on it may have left, whatever happens
    ended_at = models.DateTimeField(null=True, blank=True)
    wording = models.PositiveSmallIntegerField(default=0)  # the version of its words that left; 0 is what ships
    receipt = models.CharField(max_length=200, blank=True)  # the provider's name for it
    delivery = models.CharField(max_length=13, choices=Delivery.choices, default=Delivery.UNKNOWN, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="message_due"),
            models.Index(fields=["receipt"], name="message_receipt", condition=~Q(receipt="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="the_same_is_told_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["not_sent", "unsure", "failed"]) | ~Q(reason=""),
                name="a_message_that_did_not_leave_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.get_channel_display()}, {self.get_state_display().lower()}"

    @property
    def to(self) -> str:
        """The address; empty once it is forgotten. Raises ``accounts.locker.Unreadable``."""
        return unlock(self.to_locked) if self.to_locked else ""

    @to.setter
    def to(self, address: str) -> None:
        self.to_locked = lock(address)


class MessageWordingQuerySet(models.QuerySet["MessageWording"]):
    def visible_to(self, user: User) -> MessageWordingQuerySet:
        return self if user.can(Permission.MANAGE_SETTINGS) else self.none()


class MessageWording(models.Model):
    """A version of the words of a message; never changed. ``as_shipped``: those that ship are in force again."""

    key = models.CharField(max_length=60)  # of ``outbox.registry.Wordable``
    version = models.PositiveSmallIntegerField()
    as_shipped = models.BooleanField(default=False)
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField(blank=True)
    sms = models.CharField(max_length=600, blank=True)
    why = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = MessageWordingQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="one_message_wording_a_version"),
            models.CheckConstraint(
                condition=Q(as_shipped=True) | (~Q(subject="") & ~Q(body="") & ~Q(sms="")),
                name="a_message_wording_has_its_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}, version {self.version}"
