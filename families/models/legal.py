"""Under which law a child lives where they live."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.person import Person
from families.models.struck import StruckOut

if TYPE_CHECKING:
    from accounts.models import User


class LegalStatusQuerySet(models.QuerySet["LegalStatus"]):
    def visible_to(self, user: User) -> LegalStatusQuerySet:
        return self.filter(child__in=Person.objects.visible_to(user))

    def current(self) -> LegalStatusQuerySet:
        today = timezone.localdate()
        return self.standing().filter(Q(until_on__isnull=True) | Q(until_on__gte=today), from_on__lte=today)

    def standing(self) -> LegalStatusQuerySet:
        """Without those that were entered in error."""
        return self.filter(struck_at__isnull=True)


class LegalStatus(StruckOut):
    """One legal status of a child's placement, from when until when. Several can stand at once.

    England and Wales: Children Act 1989, Adoption and Children Act 2002. What each means for parental responsibility is
    in ``families.placements``.
    """

    class Kind(models.TextChoices):
        VOLUNTARY = "s20", "Accommodated by agreement (section 20; section 76 in Wales)"
        POLICE = "police", "Police protection (section 46)"
        EMERGENCY = "epo", "Emergency protection order (section 44)"
        INTERIM_CARE = "ico", "Interim care order (section 38)"
        FULL_CARE = "fco", "Care order (section 31)"
        AT_HOME = "co_home", "Care order, placed with parents"
        SUPERVISION = "so", "Supervision order (section 35)"
        ARRANGEMENTS = "cao", "Child arrangements order (section 8)"
        GUARDIANSHIP = "sgo", "Special guardianship order (section 14A)"
        PRIVATE_FOSTERING = "private", "Private fostering"
        KINSHIP = "kinship", "With family or friends, without an order"
        EARLY_PERMANENCE = "ffa", "Fostering for adoption"
        PLACEMENT = "placement", "Placement order (section 21)"
        ADOPTION_PLACED = "adoption", "Placed for adoption"
        ADOPTED = "adopted", "Adoption order made"
        PROCEEDINGS = "proceedings", "Care proceedings under way"
        OTHER = "other", "Another arrangement"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Person, models.CASCADE, related_name="legal_statuses")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)
    authority = models.CharField("local authority or court", max_length=120, blank=True)
    note = models.TextField(blank=True)  # who decides what, as the placement plan says it
    # After an adoption by the partner of a parent: that parent, whose responsibility the order leaves as it was.
    keeps = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = LegalStatusQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(StruckOut.Meta):
        verbose_name_plural = "legal statuses"
        ordering = ["-from_on", "-recorded_at"]
        constraints = [
            *StruckOut.Meta.constraints,
            models.CheckConstraint(
                condition=Q(keeps__isnull=True) | Q(kind="adopted"),
                name="only_an_adoption_leaves_a_parent_as_they_were",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="a_legal_status_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_current(self) -> bool:
        if self.is_struck:
            return False
        today = timezone.localdate()
        return self.from_on <= today and (self.until_on is None or self.until_on >= today)
