"""How every page of a family begins: who asks, and may they?"""

from __future__ import annotations

import uuid
from typing import cast

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest

from accounts.models import Permission, User
from audit.actions import record as audit
from families.models import BreakGlass, Case

SEEN_AGAIN = 3600  # seconds: opening the same case within the hour is one look, not many


def person_asking(request: HttpRequest) -> User:
    """The signed-in user; the door lets nobody else through."""
    return cast(User, request.user)


def case_for(request: HttpRequest, pk: uuid.UUID, *, permission: str = "") -> Case:
    """The case ``pk`` if this person may open it: 404 for a stranger, 403 for a colleague without ``permission``.

    The look is audited (``case.opened``) once an hour for each person and case.
    """
    user = person_asking(request)
    glass = BreakGlass.objects.visible_to(user).filter(user=user, case=OuterRef("pk")).standing()
    cases = (
        Case.objects.visible_to(user)
        .select_related("family", "team", "lead", "pathway", "place")
        .annotate(by_glass=Exists(glass))
    )
    case = cases.filter(pk=pk).first()
    if case is None:
        raise Http404("No such case for this person.")
    if permission and not user.can(permission):
        raise PermissionDenied
    seen(user, case, broken_glass=case.by_glass)
    return case


def editable_case_for(request: HttpRequest, pk: uuid.UUID) -> Case:
    """The case ``pk`` if this person may write in it."""
    return case_for(request, pk, permission=Permission.EDIT_CASES)


def seen(user: User, case: Case, *, broken_glass: bool | None = None) -> None:
    """Write down that somebody opened a case, and whether a written reason opened it for them (None: look)."""
    if cache.add(f"case-opened:{user.pk}:{case.pk}", 1, SEEN_AGAIN):
        if broken_glass is None:
            broken_glass = BreakGlass.objects.visible_to(user).filter(user=user, case=case).standing().exists()
        audit(
            by=user,
            verb="case.opened",
            subject=case,
            family_id=case.family_id,
            case_id=case.pk,
            broken_glass=broken_glass,
        )
