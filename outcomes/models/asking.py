"""What somebody is asked to answer in their own hand: on our tablet, or by a link on their own phone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models import Case, Person
from outbox.models import Message
from outcomes.models.measures import MeasureVersion
from outcomes.models.scores import Occasion, Score

if TYPE_CHECKING:
    from accounts.models import User


class AskingQuerySet(models.QuerySet["Asking"]):
    def visible_to(self, user: User) -> AskingQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> AskingQuerySet:
        """Neither answered nor taken back nor run out."""
        return self.filter(done_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now())


class Asking(models.Model):
    """One questionnaire put to one person, once. Answers wait here, unread, until they are sent."""

    class What(models.TextChoices):
        MEASURE = "measure", "A measure"
        GOALS = "goals", "How near they feel to their goals"
        EXPERIENCE = "experience", "How they found our service"

    class Way(models.TextChoices):
        TOGETHER = "together", "Together, on this tablet"
        LINK = "link", "By a link on their own phone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="askings")
    what = models.CharField(max_length=10, choices=What.choices)
    way = models.CharField(max_length=8, choices=Way.choices)
    version = models.ForeignKey(MeasureVersion, models.PROTECT, null=True, blank=True, related_name="askings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="askings")
    about_infant = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    occasion = models.CharField(max_length=8, choices=Occasion.choices, default=Occasion.OTHER)
    occasion_id = models.UUIDField(null=True, blank=True)  # the session it belongs to
    outside_ages_why = models.CharField(max_length=300, blank=True)  # as in ``Score``
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    expires_at = models.DateTimeField()
    answers = models.JSONField(default=dict, blank=True)  # what was said so far, by step; emptied when it is sent
    put_away = models.JSONField(default=list, blank=True)  # steps answered before the link was opened anew
    # what the link was last sent with; none after one was made by hand
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    message_at = models.DateTimeField(null=True, blank=True)  # when somebody pressed the button
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    score = models.OneToOneField(Score, models.SET_NULL, null=True, blank=True, related_name="asking")

    objects = AskingQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="measure", version__isnull=False) | (~Q(what="measure") & Q(version__isnull=True)),
                name="a_measure_is_asked_in_a_version",
            ),
            models.CheckConstraint(
                condition=Q(way="link") | Q(token_hash__isnull=True),
                name="only_a_link_has_a_token",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.asked_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def title(self) -> str:
        """What was asked, as staff say it."""
        return str(self.version) if self.version is not None else self.get_what_display()
