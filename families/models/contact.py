"""Calls, messages and letters: what was said with whom, and what was tried."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.case import Case
from families.models.person import Person
from families.models.struck import StruckOut

if TYPE_CHECKING:
    from accounts.models import User


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> ContactQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def standing(self) -> ContactQuerySet:
        """All but those struck out as entered in error."""
        return self.filter(struck_at__isnull=True)


class Contact(StruckOut):
    """One call, message or letter, to or from somebody of the family or a professional; a failed attempt is one too.

    Meetings are sessions, which are kept apart.
    """

    class Kind(models.TextChoices):
        CALL = "call", "Telephone call"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"
        VIDEO = "video", "Video call"
        IN_PERSON = "in_person", "In person, in passing"

    class Direction(models.TextChoices):
        OUT = "out", "We contacted them"
        IN = "in", "They contacted us"

    class Outcome(models.TextChoices):
        REACHED = "reached", "We were in touch"
        SENT = "sent", "Sent, no answer yet"
        VOICEMAIL = "voicemail", "Left a message"
        NO_ANSWER = "no_answer", "No answer"
        WRONG = "wrong", "Wrong number or address"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="contacts", db_index=False)  # the index below has it
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="contacts")
    other_party = models.CharField(max_length=200, blank=True)  # a professional: who, and from where
    kind = models.CharField(max_length=10, choices=Kind.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.OUT)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.REACHED)
    at = models.DateTimeField(default=timezone.now)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contacts_logged")
    logged_at = models.DateTimeField(default=timezone.now)

    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(StruckOut.Meta):
        ordering = ["-at"]
        indexes = [models.Index(fields=["case", "-at"], name="contact_of_case_by_time")]
        constraints = [
            *StruckOut.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(other_party=""), name="a_contact_is_with_somebody"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__lte=600), name="a_contact_lasts_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.at):%d %b %Y %H:%M}"

    @property
    def failed(self) -> bool:
        """Whether nobody was reached: an attempt, which the record shows as one."""
        return self.outcome in {self.Outcome.NO_ANSWER, self.Outcome.WRONG}


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: User) -> ConsultationQuerySet:
        """One's own and those of one's teams: nothing of a family is in them, yet they are colleagues' work."""
        from accounts.models import Permission

        if not user.can(Permission.SEE_CASES):
            return self.none()
        if user.can(Permission.SEE_ALL_CASES):
            return self
        teams = Q(team=user.team_id, team__isnull=False) | Q(team__in=user.teams_managed.all())
        return self.filter(Q(given_by=user) | teams)

    def standing(self) -> ConsultationQuerySet:
        return self.filter(struck_at__isnull=True)


class Consultation(StruckOut):
    """Advice to a professional about a family that stays anonymous: counted, and no record opened."""

    class Asker(models.TextChoices):
        HEALTH_VISITOR = "health_visitor", "Health visitor"
        MIDWIFE = "midwife", "Midwife"
        GP = "gp", "GP or practice nurse"
        SOCIAL_WORKER = "social_worker", "Social worker"
        PERINATAL = "perinatal", "Perinatal mental health worker"
        NURSERY = "nursery", "Nursery or early years worker"
        FAMILY_HUB = "family_hub", "Family hub or family support worker"
        OTHER = "other", "Somebody else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.CharField(max_length=20, choices=Asker.choices)
    organisation = models.CharField(max_length=150, blank=True)
    on = models.DateField(default=timezone.localdate)
    minutes = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=200)
    advice = models.TextField()
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consultations")
    logged_at = models.DateTimeField(default=timezone.now)

    objects = ConsultationQuerySet.as_manager()

    class Meta(StruckOut.Meta):
        ordering = ["-on", "-logged_at"]
        constraints = [
            *StruckOut.Meta.constraints,
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=600), name="a_consultation_lasts_minutes"),
        ]

    def __str__(self) -> str:
        return f"Consultation {self.on:%Y-%m-%d}"
