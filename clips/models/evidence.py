"""A film that is kept as evidence: who keeps it, why, what its people are told, and how it ends."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts import safeguarding
from clips.models.recording import Recording
from families.models import Case, Restriction

if TYPE_CHECKING:
    from accounts.models import User


class EvidenceHoldQuerySet(models.QuerySet["EvidenceHold"]):
    def visible_to(self, user: User) -> EvidenceHoldQuerySet:
        """Holds that this person may read: those of the safeguarding leads alone, and none for anybody else.

        A lead reads them whether or not the record is theirs to open; a restricted record that keeps them out keeps
        its films from them, too.
        """
        if user not in safeguarding.leads():
            return self.none()
        return self.exclude(recording__case__family__in=Restriction.objects.keeping_out(user).values("family"))

    def in_force(self) -> EvidenceHoldQuerySet:
        return self.filter(released_at__isnull=True)

    def of_cases(self, cases: Collection[Case]) -> EvidenceHoldQuerySet:
        return self.filter(recording__case__in=cases)


class EvidenceHold(models.Model):
    """A safeguarding lead keeps one film as evidence, until they release it.

    While one is in force, the film's ``evidence_since`` says so: that column is what decides. What the film's people
    are told is ``words``; where telling would put somebody in danger, ``not_told_why`` says so instead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="holds")
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()  # for the safeguarding leads alone
    review_on = models.DateField()  # whether it is still needed
    words = models.TextField(blank=True)  # why, as the people in the film are told it
    not_told_why = models.TextField(blank=True)
    told_on = models.DateField(null=True, blank=True)
    told_who = models.CharField(max_length=200, blank=True)  # who was told, and how
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)  # when that was written down
    deletion_due_at = models.DateTimeField(null=True, blank=True)  # somebody took their agreement back
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_why = models.TextField(blank=True)

    objects = EvidenceHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording"], condition=Q(released_at__isnull=True), name="a_film_is_kept_as_evidence_once"
            ),
            models.CheckConstraint(
                condition=~Q(words="") | ~Q(not_told_why=""), name="evidence_is_told_of_or_says_why_not"
            ),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True)
                | (~Q(told_who="") & Q(told_by__isnull=False) & Q(told_at__isnull=False)),
                name="told_of_evidence_says_who_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | (Q(released_by__isnull=False) & ~Q(released_why="")),
                name="released_evidence_says_why_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Kept as evidence since {self.held_at:%Y-%m-%d}"

    @property
    def quiet(self) -> bool:
        """Whether the people in the film are not to learn of it, because telling them would put somebody in danger."""
        return not self.words

    @property
    def to_tell(self) -> bool:
        """Whether its people are still to be told: for the first time, or again after somebody took agreement back."""
        if self.quiet or self.released_at is not None:
            return False
        if self.told_at is None:
            return True
        return self.deletion_due_at is not None and self.told_at < self.deletion_due_at
