"""Who agreed to what. The latest decision rules; nothing is overwritten."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.models.case import Case
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
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_wording_a_version")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, version {self.version}"


class ConsentLength(models.Model):
    """How long an agreement to a purpose usually holds, as the service has set it; none: until it is taken back."""

    purpose = models.CharField(max_length=20, choices=ConsentWording.Purpose.choices, unique=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(months__isnull=True) | Q(months__gte=1), name="a_month_at_least")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.months or 'no'} months"


class AbilityQuerySet(models.QuerySet["Ability"]):
    def visible_to(self, user: User) -> AbilityQuerySet:
        return self.filter(person__in=Person.objects.visible_to(user))


class Ability(models.Model):
    """Whether somebody can decide about one purpose, as it was found; the latest finding counts, none is changed.

    Under 16 a person may decide alone who understands enough to (Gillick competence; the Fraser guidelines); from 16
    on everybody is presumed to have capacity unless it is found otherwise for this decision (Mental Capacity Act
    2005, sections 1 to 3).
    """

    class Finding(models.TextChoices):
        CAN = "can", "Can decide about this"
        CANNOT = "cannot", "Cannot decide about this at present"
        CONCERN = "concern", "To be looked at"  # said aloud; changes nothing by itself

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="abilities")
    purpose = models.CharField(max_length=20, choices=ConsentWording.Purpose.choices)
    finding = models.CharField(max_length=7, choices=Finding.choices)
    reasons = models.TextField()
    found_by = models.CharField(max_length=150)  # who assessed, in words: not always somebody who signs in here
    found_on = models.DateField(default=timezone.localdate)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = AbilityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "abilities"
        ordering = ["-found_on", "-recorded_at"]
        indexes = [models.Index(fields=["person", "purpose", "-found_on"])]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_finding_display()}"


class SignatureQuerySet(models.QuerySet["Signature"]):
    def visible_to(self, user: User) -> SignatureQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


class Signature(models.Model):
    """What somebody signed on screen, for one or several decisions: drawn, or their name typed by themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="signatures")
    signed_by = models.ForeignKey(Person, models.CASCADE, related_name="signatures")
    signed_at = models.DateTimeField(default=timezone.now)
    typed_name = models.CharField(max_length=150, blank=True)
    picture = models.CharField(max_length=100, blank=True)  # a private file (families.files)
    picture_sha256 = models.CharField(max_length=64, blank=True)
    text_sha256 = models.CharField(max_length=64)  # of the very words and answers that were signed
    present = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # who handed it over

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(picture="") & ~Q(picture_sha256="")) | ~Q(typed_name=""),
                name="a_signature_is_drawn_or_typed",
            )
        ]

    def __str__(self) -> str:
        return f"Signature of {self.signed_at:%Y-%m-%d %H:%M}"


class ConsentPaperQuerySet(models.QuerySet["ConsentPaper"]):
    def visible_to(self, user: User) -> ConsentPaperQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


class ConsentPaper(models.Model):
    """The photograph or scan of a form signed on paper, for one or several decisions (``families.files``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="consent_papers")
    stored = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    has_picture = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = ConsentPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return f"Paper of {self.added_at:%Y-%m-%d}"


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
        SCREEN = "screen", "Signed on screen"

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
    paper = models.ForeignKey(ConsentPaper, models.PROTECT, null=True, blank=True, related_name="decisions")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, blank=True, related_name="decisions")
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
            ),
            models.CheckConstraint(
                condition=Q(evidence="screen", signature__isnull=False)
                | (~Q(evidence="screen") & Q(signature__isnull=True)),
                name="what_was_signed_on_screen_has_its_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_decision_display()}"
