"""Reads that people look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Role, SignIn, Team, User
from accounts.roles import DESCRIPTIONS, PERMISSIONS, Permission


def permissions_in_words(role: str) -> list[str]:
    """What a role does, in the order of ``Permission``."""
    held = PERMISSIONS.get(role, frozenset())
    return [one.label for one in Permission if one in held]


@dataclass(frozen=True)
class RoleInWords:
    label: str
    description: str
    permissions: list[str]


def roles_in_words() -> list[RoleInWords]:
    """Every role, so that who gives one knows what comes with it."""
    return [RoleInWords(role.label, DESCRIPTIONS[role], permissions_in_words(role)) for role in Role]


def people() -> QuerySet[User]:
    """Everybody with an account, the open ones first, each with ``has_factor``."""
    factors = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return User.objects.select_related("team").annotate(has_factor=Exists(factors)).order_by("-is_active", "name")


def teams() -> QuerySet[Team]:
    """Every team with ``people``, the number of open accounts in it."""
    return Team.objects.annotate(people=Count("members", filter=Q(members__is_active=True)))


@dataclass(frozen=True)
class PersonFacts:
    """What stands beside the form of one person."""

    passkeys: int
    has_app: bool
    sign_ins: int
    last_sign_in: datetime | None
    has_password: bool
    has_pin: bool
    permissions: list[str]


def person_facts(user: User) -> PersonFacts:
    factors = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return PersonFacts(
        passkeys=factors.count(Authenticator.Type.WEBAUTHN),
        has_app=Authenticator.Type.TOTP in factors,
        sign_ins=SignIn.objects.filter(user=user).alive().count(),
        last_sign_in=user.last_login,
        has_password=user.has_usable_password(),
        has_pin=bool(user.pin_hash),
        permissions=permissions_in_words(user.role),
    )
