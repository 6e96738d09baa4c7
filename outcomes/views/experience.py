"""What families said about the service: for managers, of their teams."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Permission
from families.views.reach import person_asking
from outcomes.queries.experience import FEWEST, what_families_said


@require_safe
def experience(request: HttpRequest) -> HttpResponse:
    """Counted answers and families' own words, once there are enough of them."""
    user = person_asking(request)
    if not user.can(Permission.MANAGE_TEAM):
        raise PermissionDenied
    return render(request, "outcomes/experience.html", {"said": what_families_said(user), "fewest": FEWEST})
