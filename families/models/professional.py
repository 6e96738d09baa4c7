"""Those who work with a family from elsewhere."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.answers import Answer
from families.models.person import Family, Person

if TYPE_CHECKING:
    from accounts.models import User


class ProfessionalQuerySet(models.QuerySet["Professional"]):
    def visible_to(self, user: User) -> ProfessionalQuerySet:
        return self.filter(family__in=Family.objects.visible_to(user))

    def current(self) -> ProfessionalQuerySet:
        today = timezone.localdate()
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=today))


class Professional(models.Model):
    """A GP practice, a health visitor, a social worker …: who, of which organisation, and whether we may ask them."""

    class Role(models.TextChoices):
        GP = "gp", "GP practice"
        HEALTH_VISITOR = "health_visitor", "Health visitor"
        MIDWIFE = "midwife", "Midwife"
        SOCIAL_WORKER = "social_worker", "Social worker"
        CHILD_S_GUARDIAN = "guardian", "Children’s guardian (Cafcass)"
        FAMILY_SUPPORT = "family_support", "Family support worker"
        NURSERY = "nursery", "Nursery or childminder"
        PERINATAL = "perinatal", "Perinatal mental health"
        MENTAL_HEALTH = "mental_health", "Other mental health"
        PAEDIATRICIAN = "paediatrician", "Paediatrician or neonatal unit"
        SUBSTANCE_USE = "substance_use", "Drug and alcohol service"
        DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse service"
        VOLUNTARY = "voluntary", "Charity or community group"
        OTHER = "other", "Somebody else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, models.CASCADE, related_name="professionals")
    about = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="professionals")
    role = models.CharField(max_length=15, choices=Role.choices)
    role_word = models.CharField("what they do", max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    may_contact = models.CharField(max_length=9, choices=Answer.choices, default=Answer.NOT_ASKED)
    permission_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    permission_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProfessionalQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") | ~Q(organisation=""), name="a_professional_has_a_name_or_an_organisation"
            ),
            models.CheckConstraint(
                condition=Q(may_contact="not_asked", permission_on__isnull=True)
                | Q(may_contact__in=["yes", "no"], permission_on__isnull=False),
                name="an_answer_about_contact_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="a_professional_leaves_after_they_came",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.organisation

    @property
    def what(self) -> str:
        """Their role in words: what was typed for somebody else, else the role's own name."""
        return self.role_word if self.role == self.Role.OTHER and self.role_word else self.get_role_display()

    @property
    def is_current(self) -> bool:
        return self.until_on is None or self.until_on >= timezone.localdate()
