"""An adopted child's record from before the adoption, and who may know that it is theirs."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from families.models.person import Family, Person
from families.models.placement import PlacementChange
from families.models.struck import StruckOut

if TYPE_CHECKING:
    from accounts.models import User


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def visible_to(self, user: User) -> AdoptionQuerySet:
        """Those of which this person is named as one who may know. No role, and no reason written down, opens more."""
        return self.filter(known_to=user)

    def standing(self) -> AdoptionQuerySet:
        """Without those that were entered in error."""
        return self.filter(struck_at__isnull=True)


class Adoption(StruckOut):
    """The one link between the record from before an adoption and the one that was begun after it.

    Nothing else ties the two together: no person, case or file stands in both. It is read through
    ``families.identity`` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    earlier_family = models.ForeignKey(Family, models.CASCADE, related_name="adoptions_from")
    family = models.ForeignKey(Family, models.CASCADE, related_name="adoptions_into")
    placement = models.OneToOneField(PlacementChange, models.CASCADE, related_name="adoption")  # in the earlier record
    known_to = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="adoptions_known")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AdoptionQuerySet.as_manager()

    class Meta(StruckOut.Meta):
        ordering = ["-at"]
        constraints = [
            *StruckOut.Meta.constraints,
            models.CheckConstraint(condition=~Q(family=F("earlier_family")), name="an_adoption_begins_another_record"),
        ]

    def __str__(self) -> str:
        return f"Adoption written down {self.at:%Y-%m-%d}"


class Identity(models.Model):
    """Somebody as they stood in the record before an adoption, and as they stand in the one after it."""

    adoption = models.ForeignKey(Adoption, models.CASCADE, related_name="people")
    earlier = models.ForeignKey(Person, models.CASCADE, related_name="later_identities")
    later = models.ForeignKey(Person, models.CASCADE, related_name="earlier_identities")

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["adoption", "earlier"], name="an_adoption_names_an_earlier_identity_once"),
            models.UniqueConstraint(fields=["adoption", "later"], name="an_adoption_names_a_later_identity_once"),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="an_identity_is_two_records"),
        ]

    def __str__(self) -> str:
        return "One person in two records"
