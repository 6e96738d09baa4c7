"""Whether a record is restricted, and whom that names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import Permission, User
from accounts.roles import PERMISSIONS
from families.models import Adoption, Case, Restriction
from families.registry import HeaderFact, HeaderSource


def standing(case: Case) -> Restriction | None:
    """The restriction in force, with whom it names; None when the record is open to its team."""
    return (
        Restriction.objects.standing()
        .filter(family=case.family_id)
        .select_related("by")
        .prefetch_related("named__team")
        .first()
    )


def names(user: User, case: Case) -> bool:
    """Whether a restriction in force names this person."""
    return Restriction.objects.standing().filter(family=case.family_id, named=user).exists()


def last_manager(user: User, role: str) -> str:
    """Why somebody cannot leave yet: a restricted record would be closed to everybody who could open it again, or
    nobody would be left who may know of an adopted child's other record. Names no family: an administrator reads it."""
    if Permission.MANAGE_TEAM in PERMISSIONS.get(role, frozenset()):
        return ""
    managers = [each for each, rights in PERMISSIONS.items() if Permission.MANAGE_TEAM in rights]
    others = User.objects.filter(is_active=True, role__in=managers).exclude(pk=user.pk)
    if user.role not in managers:
        return ""
    kept = Restriction.objects.standing().filter(named=user)
    if kept.exclude(named__in=others).exists():
        return (
            f"A restricted record names no other manager than {user.name}. They name somebody else first, under Access."
        )
    known = Adoption.objects.standing().filter(known_to=user)
    if known.exclude(known_to__in=others).exists():
        return f"Nobody but {user.name} may change who knows of a record. They name another manager there first."
    return ""


def _facts(case: Case, user: User, found: Mapping[str, Any]) -> Iterator[HeaderFact]:
    if found["restricted"]:
        url = reverse("families:access", kwargs={"case": case.pk})
        yield HeaderFact("Restricted", "only the people named may open this record", url, order=1)


# Whoever opens a restricted record is told so on each of its pages: what they say of it goes no further.
IN_HEADER = HeaderSource(
    columns=lambda case, user: {"restricted": Exists(Restriction.objects.standing().filter(family=OuterRef("family")))},
    facts=_facts,
)
