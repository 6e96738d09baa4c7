"""What the service changes about itself without code: one page that leads to each list, wording and limit."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.registry import settings_pages_for
from accounts.request import Request


@require_safe
def settings_index(request: Request) -> HttpResponse:
    """The settings that this person's role may change; 403 for those who have none."""
    pages = settings_pages_for(request.user)
    if not pages:
        raise PermissionDenied("Your role changes no settings. Ask your manager or administrator.")
    return render(
        request,
        "accounts/settings.html",
        {"pages": [{"label": each.label, "hint": each.hint, "url": reverse(each.url_name)} for each in pages]},
    )
