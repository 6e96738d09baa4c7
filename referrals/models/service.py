"""What a service says and asks in its own words: lists, texts and rules that it changes without code."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Listed(models.Model):
    """A line of a list that the service keeps in its own order. One that was used is put away, never deleted."""

    label = models.CharField(max_length=160, unique=True)
    hint = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class Reason(Listed):
    """A reason for referring, as it is chosen from in the form. ``nhs_code``: REASON FOR REFERRAL, where one fits."""

    nhs_code = models.CharField(max_length=2, blank=True)

    class Meta(Listed.Meta):
        verbose_name = "reason for referring"


class DeclineReason(Listed):
    """Why a referral is not taken on. ``public_words`` is what the referrer reads of it."""

    public_words = models.CharField(max_length=500, blank=True)

    class Meta(Listed.Meta):
        verbose_name = "reason for declining"


class Signpost(models.Model):
    """Another service that somebody can turn to: shown where a referral does not fit, and when one is redirected."""

    name = models.CharField(max_length=160, unique=True)
    words = models.CharField(max_length=300)  # for whom it is, and what it does
    phone = models.CharField(max_length=40, blank=True)  # as people read it: "111", "116 123"
    url = models.URLField(blank=True)
    email = models.EmailField(blank=True)
    urgent = models.BooleanField(default=False)  # shown wherever the page says that this is no emergency service
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(url="") | ~Q(email=""), name="a_signpost_says_how_to_reach_it"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ServiceArea(models.Model):
    """The first half of a postcode ("BD5") where the service works. Without any, it works everywhere."""

    outcode = models.CharField(max_length=4, unique=True)

    class Meta:
        ordering = ["outcode"]

    def __str__(self) -> str:
        return self.outcode


class GuideText(models.Model):
    """What the public pages say, in the service's words; a new version never changes an old one."""

    class Key(models.TextChoices):
        GUIDE = "guide", "About video interaction guidance"
        INTRODUCTION = "introduction", "Before a professional begins"
        SELF_INTRODUCTION = "self_introduction", "Before a parent or carer begins"
        EMERGENCY = "emergency", "We are not an emergency service"
        NOT_ELIGIBLE = "not_eligible", "When a referral does not fit"
        PRIVACY = "privacy", "How we use what you tell us"
        SUCCESS = "success", "After it was sent"
        TALK = "talk", "Talk to us first"

    key = models.CharField(max_length=20, choices=Key.choices)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()  # paragraphs; a line that begins with "# " is a heading, with "- " an item
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["key", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.get_key_display()}, version {self.version}"


class IntakeRules(models.Model):
    """One row: whom the service takes on, within what time it decides, and how long what is unfinished is kept."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    most_age_months = models.PositiveSmallIntegerField(
        "an infant is younger than, in months, when referred", default=24
    )
    pregnancy_from_weeks = models.PositiveSmallIntegerField("a pregnancy is at least so many weeks", default=0)
    outside_may_ask = models.BooleanField("whoever does not fit may ask the team anyway", default=True)
    self_referral = models.BooleanField("parents and carers may refer themselves", default=True)
    urgent_days = models.PositiveSmallIntegerField("working days to decide: urgent", default=1)
    soon_days = models.PositiveSmallIntegerField("working days to decide: soon", default=5)
    routine_days = models.PositiveSmallIntegerField("working days to decide: routine", default=10)
    draft_days = models.PositiveSmallIntegerField("days that an unsent form is kept", default=30)
    return_days = models.PositiveSmallIntegerField("days that a link to come back works", default=7)
    link_days = models.PositiveSmallIntegerField("days that a referrer's link works", default=30)

    class Meta:
        verbose_name_plural = "intake rules"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_row_of_intake_rules"),
            models.CheckConstraint(condition=Q(most_age_months__range=(1, 72)), name="an_age_limit_is_a_child_s"),
            models.CheckConstraint(condition=Q(pregnancy_from_weeks__lte=40), name="a_pregnancy_lasts_forty_weeks"),
            models.CheckConstraint(
                condition=Q(urgent_days__gte=1, soon_days__gte=models.F("urgent_days"))
                & Q(routine_days__gte=models.F("soon_days")),
                name="what_is_urgent_is_decided_first",
            ),
            models.CheckConstraint(
                condition=Q(draft_days__gte=models.F("return_days"), return_days__gte=1, link_days__gte=1),
                name="a_link_back_leads_to_something",
            ),
        ]

    def __str__(self) -> str:
        return "Intake rules"

    def clean(self) -> None:
        if not self.urgent_days <= self.soon_days <= self.routine_days:
            raise ValidationError("Urgent must not take longer than soon, nor soon longer than routine.")
        if self.return_days > self.draft_days:
            raise ValidationError("A link to come back cannot work for longer than the form is kept.")

    def working_days(self, priority: str) -> int:
        """How many working days a referral of that priority may wait for its decision."""
        return int(getattr(self, f"{priority}_days"))
