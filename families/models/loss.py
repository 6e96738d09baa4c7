"""When a baby, or somebody who cares for one, has died: what is known, and what the family wants now."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.person import Family, Person

if TYPE_CHECKING:
    from accounts.models import User


class LossQuerySet(models.QuerySet["Loss"]):
    def visible_to(self, user: User) -> LossQuerySet:
        return self.filter(person__in=Person.objects.visible_to(user))

    def standing(self) -> LossQuerySet:
        """Without those that were written down by mistake and struck out."""
        return self.filter(struck_at__isnull=True)

    def of_family(self, family: Family) -> LossQuerySet:
        return self.filter(person__memberships__family=family)

    def of_babies(self) -> LossQuerySet:
        return self.filter(person__kind=Person.Kind.INFANT)


class Loss(models.Model):
    """One death, or one pregnancy that was lost. ``Person.lost`` says so too, so that no list has to join this.

    Nothing here is erased when it proves to be a mistake: it is struck out, by whom and why, and the person
    lives on as before.
    """

    class Contact(models.TextChoices):
        NOT_ASKED = "not_asked", "They have not been asked yet"
        WELCOME = "welcome", "They would like to stay in contact"
        LATER = "later", "Not now: they will say when"
        NONE = "none", "They would like no more contact"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="losses")
    kind = models.CharField(max_length=10, choices=Person.Lost.choices)
    happened_on = models.DateField(null=True, blank=True)
    about_when = models.CharField(max_length=60, blank=True)  # "early in March", when the day is not known
    told_by = models.CharField(max_length=150, blank=True)
    contact = models.CharField(max_length=10, choices=Contact.choices, default=Contact.NOT_ASKED)
    contact_words = models.TextField(blank=True)  # with whom, how, when not
    memories = models.TextField(blank=True)  # films, pictures, what was written: what the family would like
    messages_go_on = models.BooleanField(default=False)  # about the other baby, once the family has said so
    name_before = models.CharField(max_length=100, blank=True)  # known as, before; given back when struck out
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    # Whether the family has been asked, in their own time, what should become of what is kept.
    asked_on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)

    objects = LossQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "losses"
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(struck_at__isnull=True), name="nobody_is_lost_twice"
            ),
            models.CheckConstraint(
                condition=Q(happened_on__isnull=True) | Q(about_when=""), name="a_loss_has_a_day_or_about_when"
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | (Q(struck_by__isnull=False) & ~Q(struck_reason="")),
                name="a_loss_struck_out_says_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__isnull=True) | (Q(asked_by__isnull=False) & ~Q(answer="")),
                name="a_family_asked_has_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"A loss, recorded {self.recorded_at:%Y-%m-%d}"
