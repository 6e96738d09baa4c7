"""The service's own lists, texts and rules for referrals; and the calls that people asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Permission
from accounts.request import Request
from families.forms.fields import add_action_error
from referrals import eligibility, texts
from referrals.actions import service as actions
from referrals.forms.service import (
    AnswerCallForm,
    AreaForm,
    DeclineReasonForm,
    ReasonForm,
    RulesForm,
    SignpostForm,
    TextForm,
)
from referrals.models import AdviceCall, DeclineReason, GuideText, Reason, ServiceArea, Signpost

PERMISSIONS = (Permission.MANAGE_TEAM, Permission.MANAGE_SETTINGS)


@dataclass(frozen=True)
class OwnList:
    """A list of the service's own: what it is called, its rows, the form of one."""

    label: str
    one: str
    model: type[models.Model]
    form: type[BaseForm]


LISTS: dict[str, OwnList] = {
    "reasons": OwnList("Reasons for referring", "a reason", Reason, ReasonForm),
    "decline-reasons": OwnList("Reasons for not accepting", "a reason", DeclineReason, DeclineReasonForm),
    "signposts": OwnList("Other services", "a service", Signpost, SignpostForm),
}


def _manager(request: Request) -> None:
    if not any(request.user.can(each) for each in PERMISSIONS):
        raise PermissionDenied


def _form(request: Request, form: Any, heading: str, save: Callable[[], object]) -> HttpResponse:
    """One form of the settings: what the action refuses stands beside its question."""
    back = reverse("referrals:settings")
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect(back)
    context = {"form": form, "heading": heading, "back_url": back, "back_label": "Referrals: settings"}
    return render(request, "form.html", context)


@require_safe
def settings(request: Request) -> HttpResponse:
    """Everything about referrals that the service words and decides itself."""
    _manager(request)
    context = {
        "rules": eligibility.rules(),
        "areas": ServiceArea.objects.all(),
        "lists": [(key, each, each.model._default_manager.all()) for key, each in LISTS.items()],
        "texts": [(key, label, texts.words(key)) for key, label in GuideText.Key.choices],
    }
    return render(request, "referrals/settings.html", context)


@require_http_methods(["GET", "POST"])
def rules(request: Request) -> HttpResponse:
    """Whom the service takes on, and within what time it decides."""
    _manager(request)
    form = RulesForm(request.POST or None, instance=eligibility.rules())
    return _form(request, form, "Rules", lambda: actions.save_rules(by=request.user, rules=form.instance))


@require_http_methods(["GET", "POST"])
def area(request: Request) -> HttpResponse:
    """Where the service works."""
    _manager(request)
    now = "\n".join(ServiceArea.objects.values_list("outcode", flat=True))
    form = AreaForm(request.POST if request.method == "POST" else None, initial={"outcodes": now})

    def save() -> None:
        actions.save_area(by=request.user, outcodes=form.cleaned_data["outcodes"])

    return _form(request, form, "The area that we work in", save)


@require_http_methods(["GET", "POST"])
def row(request: Request, which: str, row: int | None = None) -> HttpResponse:
    """Add a line to a list, or change one."""
    _manager(request)
    own = LISTS.get(which)
    if own is None:
        raise Http404
    instance = get_object_or_404(own.model._default_manager.all(), pk=row) if row is not None else own.model()
    form: Any = own.form(request.POST or None, instance=instance)  # type: ignore[call-arg]
    heading = f"Change {own.one}" if row is not None else f"Add {own.one}"
    return _form(request, form, heading, lambda: actions.save_row(by=request.user, row=form.instance))


@require_http_methods(["GET", "POST"])
def text(request: Request, key: str) -> HttpResponse:
    """A text of the public pages; the versions before it stay as they were read."""
    _manager(request)
    if key not in GuideText.Key.values:
        raise Http404
    now = texts.words(key)
    form = TextForm(request.POST or None, initial={"text": now.text})

    def save() -> None:
        # whoever had the page open sends the version that they read in the address
        read = request.GET.get("version", "")
        version = int(read) if read.isdecimal() and len(read) < 6 else now.version
        actions.save_text(by=request.user, key=key, text=form.cleaned_data["text"], read=version)

    return _form(request, form, GuideText.Key(key).label, save)


# --- Calls to make ------------------------------------------------------------------------------------------


@require_safe
def calls(request: Request) -> HttpResponse:
    """Who wants to be rung back, the longest waiting first; and whom somebody rang lately."""
    if not request.user.can(Permission.TRIAGE_REFERRALS):
        raise PermissionDenied
    rows = AdviceCall.objects.visible_to(request.user)
    done = rows.filter(answered_at__isnull=False).select_related("answered_by").order_by("-answered_at")[:30]
    return render(request, "referrals/calls.html", {"waiting": rows.waiting(), "done": done})


@require_http_methods(["GET", "POST"])
def call(request: Request, call: UUID) -> HttpResponse:
    """Write down what came of a call."""
    if not request.user.can(Permission.TRIAGE_REFERRALS):
        raise PermissionDenied
    found = get_object_or_404(AdviceCall.objects.visible_to(request.user), pk=call)
    form = AnswerCallForm(request.POST or None, call=found)
    form.cancel_url = reverse("referrals:calls")
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "advised" and value}
        try:
            actions.answer_call(by=request.user, call=found, **said)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("referrals:calls")
    return render(request, "referrals/call.html", {"form": form, "call": found})
