"""Duty: the rota, and alerts."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families.duty import alerts, reading, rota
from families.forms.duty import AnswerForm, DutyRulesForm, ShiftForm
from families.forms.fields import add_action_error
from families.models.duty import Alert, DutyShift
from families.views.reach import person_asking

RULES_HEADING = "Duty alerts"


def _keeper(request: HttpRequest) -> User:
    user = person_asking(request)
    if not rota.may_keep_rota(user):
        raise PermissionDenied
    return user


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text)
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        today = timezone.localdate()
        return today - timedelta(days=today.weekday())


def duty(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, what waits, and the rota of a week."""
    user = person_asking(request)
    if not user.can(Permission.SEE_CASES):
        raise PermissionDenied
    monday = _monday(request.GET.get("week", ""))
    if not date(2000, 1, 10) < monday < date(2999, 1, 1):
        monday = _monday("")
    kept = rota.rules()
    return render(
        request,
        "families/duty/rota.html",
        {
            "alerts": reading.open_alerts_visible(user),
            "now": rota.on_duty(user.team),
            "rules": kept,
            "week": rota.week_of(monday),
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "before": monday - timedelta(days=7),
            "after": monday + timedelta(days=7),
            "nobody_hears": reading.why_nobody_hears(),
            "may_edit": rota.may_keep_rota(user),
        },
    )


def shift_add(request: HttpRequest) -> HttpResponse:
    """Write somebody into the rota."""
    user = _keeper(request)
    form = ShiftForm(request.POST or None)
    form.cancel_url = reverse("families:duty")
    if request.method == "POST" and form.is_valid():
        try:
            shifts = rota.put_on_duty(by=user, **form.values())
        except ValidationError as error:
            add_action_error(form, error)
        else:
            many = len(shifts)
            messages.success(request, "Saved." if many == 1 else f"Saved {many} days.")
            return redirect(f"{reverse('families:duty')}?week={timezone.localdate(shifts[0].starts_at)}")
    return render(request, "form.html", _form("Put somebody on duty", form))


def shift_edit(request: HttpRequest, shift: uuid.UUID) -> HttpResponse:
    """Change one span of the rota, or take it out."""
    user = _keeper(request)
    found = get_object_or_404(DutyShift.objects.select_related("person"), pk=shift)
    back = f"{reverse('families:duty')}?week={timezone.localdate(found.starts_at)}"
    if request.method == "POST" and "remove" in request.POST:
        rota.take_off_duty(by=user, shift=found)
        messages.success(request, "Taken out of the rota.")
        return redirect(back)
    form = ShiftForm(request.POST or None, shift=found)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            rota.change_duty(by=user, shift=found, **form.values())
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect(back)
    return render(request, "families/duty/shift.html", _form("Change this duty", form))


def duty_rules(request: HttpRequest) -> HttpResponse:
    """How long an alert may wait, and what is said when nobody is on duty."""
    user = person_asking(request)
    if not (user.can(Permission.MANAGE_TEAM) or user.can(Permission.MANAGE_SETTINGS)):
        raise PermissionDenied
    kept = rota.rules()
    names = ("deputy_after", "managers_after", "out_of_hours")
    form = DutyRulesForm(request.POST or None, initial={name: getattr(kept, name) for name in names})
    # the rota is for those who see families; an administrator comes here from the settings
    back_url, back_label = reverse("families:duty"), "Duty"
    if not user.can(Permission.SEE_CASES):
        back_url, back_label = reverse("accounts:settings"), "Settings"
    form.cancel_url = back_url
    if request.method == "POST" and form.is_valid():
        try:
            rota.change_rules(by=user, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved. It counts for alerts that wait now, too.")
            return redirect(back_url)
    said = _form(RULES_HEADING, form) | {"back_url": back_url, "back_label": back_label}
    return render(request, "form.html", said)


def alert(request: HttpRequest, alert: uuid.UUID) -> HttpResponse:
    """One alert: what it is, who has been told, and saying that one has it."""
    user = person_asking(request)
    found = get_object_or_404(
        Alert.objects.visible_to(user).select_related("case__family", "team", "raised_by", "acknowledged_by"), pk=alert
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            alerts.acknowledge(by=user, alert=found, answer=form.cleaned_data["answer"])
        except ValidationError as error:
            messages.info(request, " ".join(error.messages))
        else:
            messages.success(request, "You have this alert. It climbs no further.")
        return redirect("families:alert", alert=found.pk)
    return render(
        request,
        "families/duty/alert.html",
        {
            "view": reading.as_seen(user, found),
            "alert": found,
            "notices": found.notices.select_related("user"),
            "form": form,
            "rules": rota.rules(),
            "nobody_hears": reading.why_nobody_hears(),
            "may_break_glass": user.can(Permission.BREAK_GLASS),
        },
    )


def _form(heading: str, form: object) -> dict[str, object]:
    return {"form": form, "heading": heading, "back_url": reverse("families:duty"), "back_label": "Duty"}
