"""The people who sign in, and their teams."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.roles import DESCRIPTIONS, PERMISSIONS, Permission, Role


class Team(models.Model):
    """A team of the service; its practitioners see one another's families."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Someone who works here. There is no superuser and no Django admin: every right is a role."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    teams_managed = models.ManyToManyField(Team, blank=True, related_name="managers")
    supervisor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervisees",
        limit_choices_to={"role": Role.SUPERVISOR},
    )
    pin_hash = models.CharField(max_length=128, blank=True)  # uncovers this person's own covered screen, nothing else
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.TRAINEE) | models.Q(supervisor__isnull=False) | models.Q(is_active=False),
                name="a_trainee_names_a_supervisor",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def can(self, permission: str) -> bool:
        """Whether this person's role does that kind of work."""
        return self.is_active and permission in PERMISSIONS.get(self.role, frozenset())

    def set_pin(self, pin: str) -> None:
        self.pin_hash = make_password(pin)

    def check_pin(self, pin: str) -> bool:
        return bool(self.pin_hash) and check_password(pin, self.pin_hash)

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def role_in_words(self) -> str:
        """What this person's role does, for their own account page and for the administrator."""
        return DESCRIPTIONS[self.role]

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:3]).upper()


# Marks of a User-Agent, the more particular first.
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


class SignInQuerySet(models.QuerySet["SignIn"]):
    def alive(self, now: datetime | None = None) -> SignInQuerySet:
        """Those within the absolute limit; a covered one is alive."""
        return self.filter(started_at__gt=(now or timezone.now()) - settings.ABSOLUTE_TIMEOUT)


class SignIn(models.Model):
    """One sign-in of one person: its clock, and whether its screen is covered.

    Kept here and not in the session, because a session is saved whole: a request that noted a click could write
    back a session read before the screen was covered. Each column here is written by itself. The session holds
    this row's id; a session whose row is gone has ended, wherever it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    started_at = models.DateTimeField(default=timezone.now)
    active_at = models.DateTimeField(default=timezone.now)  # the last gesture, written at most once a minute
    covered_at = models.DateTimeField(null=True, blank=True)  # covered on purpose; the idle limit needs no mark
    wrong_tries = models.PositiveSmallIntegerField(default=0)  # at the PIN or password of this covered screen
    has_factor = models.BooleanField(default=False)  # a second factor is set up, asked once rather than every page
    then = models.CharField(max_length=500, blank=True)  # where uncovering leads, kept out of the address
    address = models.GenericIPAddressField(null=True, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.started_at:%Y-%m-%d %H:%M}"

    def is_over(self, now: datetime) -> bool:
        return now >= self.started_at + settings.ABSOLUTE_TIMEOUT

    def is_covered(self, now: datetime) -> bool:
        """Covered on purpose, or left alone for longer than the idle limit."""
        return self.covered_at is not None or now >= self.active_at + settings.IDLE_TIMEOUT

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the screen covers itself; 0 when it is covered."""
        if self.is_covered(now):
            return 0
        return int((min(self.active_at + settings.IDLE_TIMEOUT, self._end()) - now).total_seconds())

    def absolute_left(self, now: datetime) -> int:
        """Whole seconds until this sign-in ends, whatever anybody does."""
        return max(0, int((self._end() - now).total_seconds()))

    @property
    def browser_in_words(self) -> str:
        """ "Firefox on Windows": enough to know one's own devices by."""
        name = next((label for mark, label in BROWSERS if mark in self.browser), "Another browser")
        system = next((label for mark, label in SYSTEMS if mark in self.browser), "")
        return f"{name} on {system}" if system else name

    def _end(self) -> datetime:
        return self.started_at + settings.ABSOLUTE_TIMEOUT


class HeldForm(models.Model):
    """A form that was sent while the screen was covered or the sign-in over: kept, encrypted, for its writer alone."""

    token = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="held_forms")
    path = models.CharField(max_length=500)
    body = models.TextField()  # MultiFernet over JSON: [[name, value], …]
    files_left_out = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"a form of {self.user_id}, {self.created_at:%Y-%m-%d %H:%M}"


class Safeguarding(models.Model):
    """One row: who is the safeguarding lead of this service, and who stands in for them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    lead = models.ForeignKey(User, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_safeguarding_lead"),
            models.CheckConstraint(
                condition=models.Q(deputy__isnull=True) | ~models.Q(deputy=models.F("lead")),
                name="the_safeguarding_deputy_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return "Safeguarding lead"


__all__ = ["HeldForm", "Permission", "Role", "Safeguarding", "SignIn", "Team", "User"]
