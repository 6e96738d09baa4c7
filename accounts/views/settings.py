"""What the service changes about itself without code: one page that leads to each list, wording and limit."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import safeguarding
from accounts.forms.safeguarding import SafeguardingForm
from accounts.models import Permission
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


@require_http_methods(["GET", "POST"])
def safeguarding_lead(request: Request) -> HttpResponse:
    """Name the safeguarding lead and the deputy."""
    user = request.user
    if not (user.can(Permission.MANAGE_TEAM) or user.can(Permission.MANAGE_SETTINGS)):
        raise PermissionDenied
    named = safeguarding.named()
    form = SafeguardingForm(request.POST or None, named=named)
    form.cancel_url = reverse("accounts:settings")
    if request.method == "POST" and form.is_valid():
        try:
            safeguarding.name_leads(by=user, **form.cleaned_data)
        except ValidationError as error:
            for field, said in error.message_dict.items():
                form.add_error(field, said)
        else:
            messages.success(request, "Saved. It counts from now on, also for what is kept already.")
            return redirect("accounts:settings")
    context = {
        "form": form,
        "heading": "Safeguarding lead",
        "named": named,
        "leads": safeguarding.leads(),
        "back_url": reverse("accounts:settings"),
        "back_label": "Settings",
    }
    return render(request, "accounts/safeguarding.html", context, status=400 if form.errors else 200)
