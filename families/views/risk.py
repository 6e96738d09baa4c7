"""The staff-only risk section of a case."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import Permission
from families import actions
from families.forms.fields import add_action_error
from families.forms.risk import ConcernForm, SettleForm
from families.models import RiskConcern
from families.views.reach import case_for, editable_case_for, person_asking


def risk(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Concerns, those still open first."""
    found = case_for(request, case)
    user = person_asking(request)
    concerns = RiskConcern.objects.visible_to(user).filter(case=found).select_related("recorded_by", "settled_by")
    listed = sorted(concerns, key=lambda concern: concern.settled_at is not None)
    return render(
        request,
        "families/risk.html",
        {"case": found, "concerns": listed, "may_edit": user.can(Permission.EDIT_CASES)},
    )


def risk_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Write down a concern; ``?film=`` and ``?at=`` (microseconds) say where on film it was seen."""
    found = editable_case_for(request, case)
    seen_at = {name: request.GET.get(name) for name in ("film", "at") if request.GET.get(name)}
    form = ConcernForm(request.POST or None, initial=seen_at)
    form.cancel_url = reverse("families:risk", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_concern(
                by=person_asking(request),
                case=found,
                text=data["text"],
                discussed_with=data["discussed_with"],
                action=data["action"],
                film_id=data["film"],
                film_time_us=data["at"],
            )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The concern is written down. Only staff see it.")
            return redirect("families:risk", case=found.pk)
    return render(
        request,
        "families/case_form.html",
        {
            "case": found,
            "form": form,
            "heading": "Write down a concern",
            "lead": (
                "Only staff see this. If somebody is in danger now, act first: call 999 or the duty social "
                "worker, and write it down afterwards."
            ),
            "tab": "families:risk",
        },
    )


def risk_settle(request: HttpRequest, case: uuid.UUID, concern: uuid.UUID) -> HttpResponse:
    """Say what came of a concern."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    worry = get_object_or_404(RiskConcern.objects.visible_to(user), pk=concern, case=found)
    back = reverse("families:risk", kwargs={"case": found.pk})
    if worry.settled_at is not None:
        messages.info(request, "What came of this concern is already written down.")
        return redirect(back)
    form = SettleForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_concern(by=user, concern=worry, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved what came of the concern.")
            return redirect(back)
    return render(
        request,
        "families/risk_settle.html",
        {"case": found, "form": form, "concern": worry, "heading": "What came of it", "tab": "families:risk"},
    )
