"""A referral as it was sent, and what became of it."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Permission, Team
from families.models import Answer, Case, Person, Restriction
from families.models.person import REFERENCE_ALPHABET
from referrals.models.draft import Door

if TYPE_CHECKING:
    from accounts.models import User


def new_text() -> str:
    """A reference such as ``R-7K3-MTQ``, one can say it on the telephone; that it is new is the database's to know."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"R-{letters[:3]}-{letters[3:]}"


class Reference(models.Model):
    """A reference that was given once. The row outlives its referral, so that none is ever given again."""

    text = models.CharField(max_length=9, unique=True, default=new_text, editable=False)
    given_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.text


class Source(models.TextChoices):
    """SOURCE OF REFERRAL FOR MENTAL HEALTH of the NHS Data Dictionary: those that refer to such a service."""

    GP = "A1", "GP practice"
    HEALTH_VISITOR = "A2", "Health visiting"
    PRIMARY_CARE = "A3", "Other primary care"
    MATERNITY = "A4", "Maternity"
    SELF = "B1", "Parent or carer, about themselves"
    RELATIVE = "B2", "Relative or other carer"
    SOCIAL_CARE = "C1", "Children’s social care"
    EDUCATION = "C2", "Nursery, school or children’s centre"
    HOUSING = "C3", "Housing"
    PAEDIATRICS = "F2", "Hospital: children’s ward or neonatal unit"
    COMMUNITY_PAEDIATRICS = "F3", "Community paediatrics"
    VOLUNTARY = "G4", "Charity or community group"
    SECONDARY_CARE = "H2", "Mental health or other hospital service"
    SINGLE_POINT = "M7", "Single point of access"
    INTERNAL = "P1", "Another team of this organisation"
    OTHER = "M6", "Somewhere else"


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> ReferralQuerySet:
        """All of them for those who take referrals in; for others those allocated to them and those of their cases.

        One that led into a restricted record exists for whom the restriction names, and for nobody else.
        """
        if not user.is_active:
            return self.none()
        reachable = self.exclude(case__family__in=Restriction.objects.keeping_out(user).values("family"))
        if user.can(Permission.TRIAGE_REFERRALS):
            return reachable
        return reachable.filter(Q(triager=user) | Q(case__in=Case.objects.visible_to(user)))

    def undecided(self) -> ReferralQuerySet:
        return self.filter(state__in=Referral.OPEN)


class Referral(models.Model):
    """What somebody asked of the service for a family. ``answers`` is what they wrote, and never changes.

    Names and dates stand a second time in ``ReferredPerson``, for lists and for finding whom the service knows.
    """

    class Channel(models.TextChoices):
        ONLINE = "online", "Online form"
        TELEPHONE = "telephone", "Telephone"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"
        IN_PERSON = "in_person", "In person"

    class Priority(models.TextChoices):
        ROUTINE = "routine", "Routine"
        SOON = "soon", "Soon"
        URGENT = "urgent", "Urgent"

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        LOOKING = "looking", "Being looked at"
        ASKED = "asked", "More information asked for"
        ACCEPTED = "accepted", "Accepted"
        ADVISED = "advised", "Returned with advice"
        REDIRECTED = "redirected", "Passed on to another service"
        DECLINED = "declined", "Not accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN = (State.RECEIVED, State.LOOKING, State.ASKED)

    class Wish(models.TextChoices):
        VIG = "vig", "Video interaction guidance"
        OTHER = "other", "Another kind of help with the relationship"
        UNSURE = "unsure", "Not sure"

    class Risk(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNKNOWN = "unknown", "I do not know"

    class Reach(models.TextChoices):
        NONE = "", "Nobody said how"
        PHONE = "phone", "Telephone"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        POST = "post", "Letter"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.OneToOneField(Reference, models.PROTECT, related_name="referral")
    sent_key = models.UUIDField("what was sent once", unique=True, default=uuid.uuid4, editable=False)
    door = models.CharField(max_length=12, choices=Door.choices)
    channel = models.CharField(max_length=9, choices=Channel.choices, default=Channel.ONLINE)
    received_at = models.DateTimeField(default=timezone.now)  # of a telephone call: when they rang
    created_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=dict)  # as ``Draft.typed``
    wordings = models.JSONField(default=dict, blank=True)  # key of the text → the version that was read and accepted
    source = models.CharField(max_length=2, choices=Source.choices, blank=True)
    asked_anyway = models.BooleanField("did not fit, and was sent anyway", default=False)
    immediate_risk = models.CharField(max_length=7, choices=Risk.choices, default=Risk.UNKNOWN)
    same_day = models.BooleanField("to be looked at on the same day", default=False)
    same_day_why = models.CharField(max_length=300, blank=True)
    priority = models.CharField(max_length=7, choices=Priority.choices, default=Priority.ROUTINE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    state_since = models.DateTimeField(default=timezone.now)
    decide_by = models.DateField("to be decided by")
    wish = models.CharField("what is hoped for", max_length=6, choices=Wish.choices, default=Wish.UNSURE)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="referrals")
    triager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="referrals_to_look_at"
    )
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="referrals")
    referrer_name = models.CharField(max_length=150, blank=True)
    referrer_role = models.CharField(max_length=100, blank=True)
    referrer_organisation = models.CharField(max_length=160, blank=True)
    referrer_email = models.EmailField(blank=True)
    referrer_email_checked_at = models.DateTimeField(null=True, blank=True)
    referrer_phone = models.CharField(max_length=16, blank=True)
    family_may_be_told = models.CharField(max_length=9, choices=Answer.choices, default=Answer.NOT_ASKED)
    family_channel = models.CharField(max_length=5, choices=Reach.choices, blank=True)
    family_address = models.CharField(max_length=254, blank=True)  # number or e-mail that is safe, as they said

    objects = ReferralQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["answers", "wordings"])

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["state", "decide_by"], name="referral_to_decide"),
            models.Index(fields=["triager", "state"], name="referral_of_triager"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="accepted", case__isnull=False) | (~Q(state="accepted") & Q(case__isnull=True)),
                name="an_accepted_referral_has_its_case",
            ),
            models.CheckConstraint(
                condition=Q(channel="online") | Q(by__isnull=False), name="somebody_keyed_in_what_came_otherwise"
            ),
            models.CheckConstraint(
                condition=~Q(immediate_risk="yes") | Q(same_day=True) | ~Q(same_day_why=""),
                name="an_immediate_risk_is_looked_at_the_same_day",
            ),
            models.CheckConstraint(
                condition=Q(referrer_email_checked_at__isnull=True) | ~Q(referrer_email=""),
                name="a_checked_address_is_there",
            ),
            models.CheckConstraint(
                condition=~Q(family_may_be_told="yes") | (~Q(family_channel="") & ~Q(family_address="")),
                name="a_family_that_may_be_told_says_where",
            ),
        ]

    def __str__(self) -> str:
        return f"Referral of {self.received_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its outcome."""
        return self.state in self.OPEN

    @property
    def from_outside(self) -> bool:
        """Whether somebody outside can follow it: a referrer whose e-mail address was checked."""
        return bool(self.referrer_email and self.referrer_email_checked_at)


class ReferredPerson(models.Model):
    """Somebody whom a referral names: for lists, and for finding out whether the service knows them.

    Made from the answers, which stay the truth. ``person``: who they turned out to be when it was accepted.
    """

    class Kind(models.TextChoices):
        INFANT = "infant", "Infant"
        CAREGIVER = "caregiver", "Caregiver"
        CHILD = "child", "Other child"
        OTHER = "other", "Somebody else"

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="people")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()  # of the item in the answers
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    known_as = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True, db_index=True)
    phone = models.CharField(max_length=16, blank=True, db_index=True)  # E.164: families.phones
    email = models.EmailField(blank=True, db_index=True)
    postcode = models.CharField(max_length=8, blank=True)  # standard form: families.postcodes
    relationship = models.CharField(max_length=20, blank=True)  # Membership.Relationship
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="referred_as")

    class Meta:
        verbose_name_plural = "referred people"
        ordering = ["referral", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "kind", "number"], name="one_referred_person_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="referred_people_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(date_of_birth__isnull=True) | Q(expected_on__isnull=True),
                name="a_referred_baby_is_born_or_expected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def unborn(self) -> bool:
        return self.kind == self.Kind.INFANT and self.date_of_birth is None and self.expected_on is not None

    @property
    def short_name(self) -> str:
        return self.known_as or self.first_name or str(self)

    def age_in_days(self, on: date) -> int | None:
        """Days since birth on that day; None before birth or without a date."""
        return None if self.date_of_birth is None else (on - self.date_of_birth).days
