"""Households and the people in them."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.about import About
from families.models.reaching import Reaching

if TYPE_CHECKING:
    from accounts.models import User

# Short, speakable, never ambiguous on the telephone: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V.
REFERENCE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"


def new_reference() -> str:
    """A family's reference, such as ``VIG-7K3-MTQ``; uniqueness is the database's."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"VIG-{letters[:3]}-{letters[3:]}"


class FamilyQuerySet(models.QuerySet["Family"]):
    def visible_to(self, user: User) -> FamilyQuerySet:
        """Families with at least one case that ``user`` may open."""
        from families.models.case import Case

        return self.filter(Exists(Case.objects.visible_to(user).filter(family=OuterRef("pk"))))


class Family(models.Model):
    """The household as the service knows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FamilyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "families"
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> PersonQuerySet:
        return self.filter(
            Exists(Membership.objects.filter(person=OuterRef("pk"), family__in=Family.objects.visible_to(user)))
        )

    def infants(self) -> PersonQuerySet:
        return self.filter(kind=Person.Kind.INFANT)

    def caregivers(self) -> PersonQuerySet:
        return self.filter(kind=Person.Kind.CAREGIVER)

    def living(self) -> PersonQuerySet:
        """Without those who died or were lost before birth; a baby to come is among the living."""
        return self.filter(lost="")


class Person(Reaching, About):
    """Anyone in a family. An unborn infant is the same person later: expected date, no date of birth.

    How they are reached stands in ``Reaching``, who they are as far as they say in ``About``.
    """

    class Kind(models.TextChoices):
        INFANT = "infant", "Infant"
        CAREGIVER = "caregiver", "Caregiver"
        SIBLING = "sibling", "Sibling"
        OTHER = "other", "Other person"

    class Lost(models.TextChoices):
        PREGNANCY = "pregnancy", "The pregnancy ended before the baby could live"
        STILLBIRTH = "stillbirth", "The baby was stillborn"
        DIED = "died", "Died"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first_name = models.CharField(max_length=100, blank=True)  # an unborn infant may have none, and none is invented
    last_name = models.CharField(max_length=100, blank=True)
    known_as = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    expected_on = models.DateField("expected date of delivery", null=True, blank=True)
    gestation_days = models.PositiveSmallIntegerField("gestation at birth, in days", null=True, blank=True)
    birth_order = models.PositiveSmallIntegerField(null=True, blank=True)  # twins and more: 1 is the first
    # How somebody died or was lost; empty for the living. When, and what the family wants, stands in ``Loss``.
    lost = models.CharField(max_length=10, choices=Lost.choices, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    families = models.ManyToManyField(Family, through="families.Membership", related_name="people")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["kind", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="infant") | Q(date_of_birth__isnull=False) | Q(expected_on__isnull=False),
                name="an_infant_has_a_birth_or_an_expected_date",
            ),
            models.CheckConstraint(
                condition=Q(nhs_number="") | Q(date_of_birth__isnull=False),
                name="an_unborn_person_has_no_nhs_number",
            ),
            models.CheckConstraint(
                condition=~Q(nhs_number="") | ~Q(nhs_number_status__in=["01", "02"]),
                name="no_nhs_number_is_not_present",
            ),
            models.CheckConstraint(
                condition=~Q(first_name="") | (Q(kind="infant") & Q(date_of_birth__isnull=True)) | ~Q(known_as=""),
                name="a_born_person_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(gestation_days__isnull=True) | Q(gestation_days__range=(140, 315)),
                name="a_gestation_is_20_to_45_weeks",
            ),
            models.CheckConstraint(
                condition=~Q(lost__in=["pregnancy", "stillbirth"]) | (Q(kind="infant") & Q(date_of_birth__isnull=True)),
                name="only_an_unborn_infant_is_lost_before_birth",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        """A number without a trace says so; without a number none is said to be present."""
        present = {self.NhsNumberStatus.VERIFIED, self.NhsNumberStatus.NOT_TRACED}
        if not self.nhs_number and self.nhs_number_status in present:
            self.nhs_number_status = ""
        absent = {"", self.NhsNumberStatus.NOT_REQUIRED}
        if self.nhs_number and self.nhs_number_status in absent:
            self.nhs_number_status = self.NhsNumberStatus.NOT_TRACED

    @property
    def unborn(self) -> bool:
        """Still to come: a baby who was lost is expected no longer."""
        return self.kind == self.Kind.INFANT and self.date_of_birth is None and not self.lost

    @property
    def was_born(self) -> bool:
        """Somebody who can have been filmed: born, whether or not they are still alive."""
        return self.kind != self.Kind.INFANT or self.date_of_birth is not None

    @property
    def takes_part(self) -> bool:
        """Born and alive: somebody to expect at a session and to ask about consent."""
        return self.was_born and not self.lost

    @property
    def short_name(self) -> str:
        """What the family calls them; "Baby" for an unborn infant without a name, "Baby 2" for a twin without."""
        if name := self.known_as or self.first_name:
            return name
        if self.lost:
            return "Their baby"
        return f"Baby {self.birth_order}" if self.birth_order else "Baby"

    @property
    def display_name(self) -> str:
        return f"{self.short_name} {self.last_name}".strip()

    def age_in_days(self, on: date | None = None) -> int | None:
        """Days since birth on that day (today by default); None before birth."""
        if self.date_of_birth is None:
            return None
        return ((on or timezone.localdate()) - self.date_of_birth).days


class Membership(models.Model):
    """A person in a family: in which role, with which rights."""

    class Relationship(models.TextChoices):
        INFANT = "infant", "Infant"
        BIRTH_PARENT = "birth_parent", "Birth parent"
        NON_BIRTH_PARENT = "non_birth_parent", "Non-birth parent"
        ADOPTIVE_PARENT = "adoptive_parent", "Adoptive parent"
        STEP_PARENT = "step_parent", "Step-parent"
        FOSTER_CARER = "foster_carer", "Foster carer"
        GRANDPARENT = "grandparent", "Grandparent"
        KINSHIP_CARER = "kinship_carer", "Kinship carer"
        SPECIAL_GUARDIAN = "special_guardian", "Special guardian"
        SIBLING = "sibling", "Sibling"
        OTHER = "other", "Other"

    class ParentalResponsibility(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNKNOWN = "unknown", "Not known yet"

    class Contact(models.TextChoices):
        UNKNOWN = "unknown", "Not known yet"
        FREE = "free", "Sees the baby freely"
        AGREED = "agreed", "Sees the baby at agreed times"
        SUPERVISED = "supervised", "Only with somebody else there"
        INDIRECT = "indirect", "Letters or calls only"
        NONE = "none", "No contact"

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    family = models.ForeignKey(Family, models.CASCADE, related_name="memberships")
    relationship = models.CharField(max_length=20, choices=Relationship.choices)
    relationship_word = models.CharField(max_length=40, blank=True)  # their own word: "Dad", "Nan"
    parental_responsibility = models.CharField(
        max_length=7, choices=ParentalResponsibility.choices, default=ParentalResponsibility.UNKNOWN
    )
    lives_with_infant = models.BooleanField(null=True, blank=True)
    contact_with_infant = models.CharField(max_length=10, choices=Contact.choices, default=Contact.UNKNOWN)
    contact_rules = models.CharField(max_length=500, blank=True)  # who said so, until when, what to do at the door
    from_on = models.DateField("in this household from", null=True, blank=True)
    until_on = models.DateField("in this household until", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "family"], name="once_in_each_family"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="nobody_leaves_a_household_before_they_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.family}"

    @property
    def has_left(self) -> bool:
        return self.until_on is not None and self.until_on < timezone.localdate()
