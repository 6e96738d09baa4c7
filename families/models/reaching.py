"""How somebody can be reached, and what they said about it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from families.models.answers import Answer

if TYPE_CHECKING:
    from accounts.models import User


def _answer(label: str) -> models.CharField[Any, Any]:
    return models.CharField(label, max_length=9, choices=Answer.choices, default=Answer.NOT_ASKED)


class Reaching(models.Model):
    """The columns of a person about reaching them. What may be used is asked of ``families.contact`` alone."""

    phone = models.CharField(max_length=16, blank=True, db_index=True)  # E.164: families.phones
    other_phone = models.CharField(max_length=16, blank=True, db_index=True)
    phone_note = models.CharField(max_length=200, blank=True)  # "the second one is her mother's"
    email = models.EmailField(blank=True, db_index=True)
    may_call = _answer("calls")
    may_voicemail = _answer("voicemail")
    may_text = _answer("texts")
    may_email = _answer("e-mail")
    may_post = _answer("post")
    safe_times = models.CharField(max_length=200, blank=True)
    discreet_words = models.CharField(max_length=300, blank=True)  # what to say, or how to write, if somebody else sees
    hide_caller = models.BooleanField("do not say who is calling", default=False)
    address_confidential = models.BooleanField(default=False)
    contact_asked_on = models.DateField("last talked about", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def contact_with_care(self) -> bool:
        """Whether something must be read before somebody calls or writes."""
        return bool(self.safe_times or self.discreet_words or self.hide_caller)


class AddressQuerySet(models.QuerySet["Address"]):
    def visible_to(self, user: User) -> AddressQuerySet:
        from families.models.person import Family, Person

        return self.filter(
            Q(family__in=Family.objects.visible_to(user)) | Q(person__in=Person.objects.visible_to(user))
        )

    def current(self) -> AddressQuerySet:
        """Where somebody lives today."""
        today = timezone.localdate()
        return self.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=today), Q(until_on__isnull=True) | Q(until_on__gte=today)
        )


class Address(models.Model):
    """Where a household, or one person apart from it, lives or can be written to, from when until when."""

    class Kind(models.TextChoices):
        HOME = "home", "Home"
        TEMPORARY = "temporary", "Temporary home"
        REFUGE = "refuge", "Refuge or other place of safety"
        LETTERS = "letters", "For letters only"
        NONE = "none", "No fixed home"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey("families.Family", models.CASCADE, null=True, blank=True, related_name="addresses")
    person = models.ForeignKey("families.Person", models.CASCADE, null=True, blank=True, related_name="addresses")
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.HOME)
    lines = models.CharField("address", max_length=400, blank=True)  # one line of the envelope each
    postcode = models.CharField(max_length=8, blank=True, db_index=True)  # standard form: families.postcodes
    note = models.CharField(max_length=200, blank=True)  # how to find it, where to park, whose dog
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AddressQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(family__isnull=False, person__isnull=True) | Q(family__isnull=True, person__isnull=False),
                name="an_address_is_a_household_s_or_a_person_s",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="an_address_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind="none") | ~Q(lines="") | ~Q(postcode=""), name="an_address_says_where"
            ),
        ]

    def __str__(self) -> str:
        return self.on_one_line or self.get_kind_display()

    @property
    def on_one_line(self) -> str:
        return ", ".join([*self.lines.splitlines(), *([self.postcode] if self.postcode else [])])

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return (self.from_on is None or self.from_on <= today) and (self.until_on is None or self.until_on >= today)
