"""When a child came to live with somebody else, or under another order."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from families.models.case import Case
from families.models.legal import LegalStatus
from families.models.person import Person
from families.models.struck import StruckOut

if TYPE_CHECKING:
    from accounts.models import User


class PlacementChangeQuerySet(models.QuerySet["PlacementChange"]):
    def visible_to(self, user: User) -> PlacementChangeQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def standing(self) -> PlacementChangeQuerySet:
        """Without those that were entered in error."""
        return self.filter(struck_at__isnull=True)


class PlacementChange(StruckOut):
    """One change of placement, written down in one go: who cares, who left, under which order, what is kept from whom.

    The places in the household, the orders and the protections stand in their own rows; ``before`` holds what each of
    them said, so that a change entered in error is taken back exactly.
    """

    class Kind(models.TextChoices):
        FOSTER = "foster", "Moved to a foster carer"
        KINSHIP = "kinship", "Moved to family or friends"
        HOME = "home", "Lives with a parent again"
        AUTHORITY = "authority", "Another authority is responsible"
        PLACED = "placed", "Placed with those who are to adopt"
        STEP = "step", "Adopted by the partner of a parent"
        ADOPTED = "adopted", "Adopted by a new family"
        OTHER = "other", "Another change"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="placement_changes")
    child = models.ForeignKey(Person, models.CASCADE, related_name="placement_changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_on = models.DateField("from")
    carers = models.ManyToManyField(Person, related_name="+", blank=True)  # who cares for the child since
    legal = models.ForeignKey(LegalStatus, models.PROTECT, null=True, blank=True, related_name="+")
    authority = models.CharField("local authority or court", max_length=120, blank=True)
    note = models.TextField(blank=True)
    before = models.JSONField(default=dict)  # ids and plain values, never words that somebody typed
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PlacementChangeQuerySet.as_manager()

    class Meta(StruckOut.Meta):
        ordering = ["-from_on", "-at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.from_on:%Y-%m-%d}"
