"""What people are looked up by. Worked out from the record, and made again from it at any time."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Permission
from families.models.person import Person

if TYPE_CHECKING:
    from accounts.models import User


class SearchKey(models.Model):
    """One thing by which one person is found: a word of a name, a date, a number.

    Written whenever the person, their household or an address is saved (``families.finding.keys``), never by hand.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "First name"
        LAST = "last", "Last name"
        KNOWN_AS = "known_as", "Known as"
        EARLIER = "earlier", "Earlier surname"
        BORN = "born", "Date of birth"
        DUE = "due", "Expected date"
        NHS = "nhs", "NHS number"
        PHONE = "phone", "Phone"
        EMAIL = "email", "E-mail"
        POSTCODE = "postcode", "Postcode"

    person = models.ForeignKey(Person, models.CASCADE, related_name="search_keys")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value"], name="one_key_of_its_kind")]
        indexes = [
            models.Index(fields=["value", "kind"]),
            # what begins with the letters typed, whatever the database's own order of letters
            models.Index(fields=["value"], name="search_key_begins", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} key"


class NamePart(models.Model):
    """One trigram or sound of a word that is somebody's name: how a misspelt search finds the words that exist.

    By word and not by person: there are far fewer names than people, so that looking here stays quick.
    """

    word = models.CharField(max_length=60)
    part = models.CharField(max_length=70)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "word"], name="a_part_once_in_a_word")]
        indexes = [models.Index(fields=["word"])]

    def __str__(self) -> str:
        return "part of a name"


class TwoPeople(models.Model):
    """Somebody looked, and these are two people although they are alike: nobody is asked again."""

    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="told_apart_once"),
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="two_people_are_two"),
        ]

    def __str__(self) -> str:
        return "two people"


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: User) -> MergeQuerySet:
        """Those of records that this person may open; all of them, without a name, for whoever keeps the service."""
        if user.can(Permission.UNDO_MERGES) and not user.can(Permission.SEE_CASES):
            return self
        return self.filter(kept__in=Person.objects.visible_to(user))

    def undoable(self) -> MergeQuerySet:
        return self.filter(undone_at__isnull=True, until__gt=timezone.now()).exclude(snapshot="")


class Merge(models.Model):
    """Two records of one person were brought together: into ``kept``; the other's row is gone.

    ``snapshot`` holds what it takes to undo that exactly, for 30 days; then it is emptied, and the merge is final.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges")
    gone_id = models.UUIDField()
    family_reference = models.CharField(max_length=12, blank=True)  # where it happened, for whoever sees no name
    gone_reference = models.CharField(max_length=12, blank=True, db_index=True)  # of a household: old letters carry it
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    snapshot = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"Merge of {self.at:%Y-%m-%d %H:%M}"

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and bool(self.snapshot) and timezone.now() < self.until
