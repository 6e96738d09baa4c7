"""Records that only named people may open."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from families.models.person import Family

if TYPE_CHECKING:
    from accounts.models import User


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def standing(self) -> RestrictionQuerySet:
        """Those in force at this moment."""
        return self.filter(lifted_at__isnull=True)

    def keeping_out(self, user: User) -> RestrictionQuerySet:
        """Those in force that do not name ``user``, and that no reason written down since opens for them."""
        from families.models.access import BreakGlass

        named = Restriction.named.through.objects.filter(restriction=OuterRef("pk"), user=user)
        opened = BreakGlass.objects.filter(
            user=user, case__family=OuterRef("family"), until__gt=timezone.now(), at__gte=OuterRef("at")
        )
        return self.standing().filter(~Exists(named), ~Exists(opened))

    def visible_to(self, user: User) -> RestrictionQuerySet:
        return self.filter(family__in=Family.objects.visible_to(user))


class Restriction(models.Model):
    """From ``at`` until it is lifted only the people named may open the family's record.

    For everybody else the record is not there: in no list, no search, no count and no export, whatever their role.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, models.CASCADE, related_name="restrictions")
    named = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="restrictions_named_in")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_reason = models.TextField(blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=Q(lifted_at__isnull=True), name="one_standing_restriction_a_family"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_by__isnull=False), name="somebody_lifted_it"
            ),
        ]

    def __str__(self) -> str:
        return f"Restricted {self.at:%Y-%m-%d}"
