"""Opening, for a written reason, what a role does not show; and the managers who read why."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import Permission, User
from families import actions, queries, restriction
from families.forms.case import GlassByReferenceForm, GlassForm
from families.forms.fields import add_action_error
from families.models import BreakGlass, Case
from families.views.reach import case_for, person_asking

LEAD = (
    "Opening a record that is not yours to work with is sometimes right: somebody is at risk, a colleague is "
    "ill. It lasts one hour. It is written down with your name, and the managers of the family’s team read your "
    "reason."
)
NOT_FOUND = "There is no record of that reference. That you looked for it, and that you gave a reason, is written down."


def _may_break_glass(request: HttpRequest) -> User:
    user = person_asking(request)
    if not user.can(Permission.BREAK_GLASS):
        raise PermissionDenied
    return user


def _opened(request: HttpRequest, glass: BreakGlass) -> HttpResponse:
    messages.warning(
        request,
        f"This record is open to you for one hour{', films included' if glass.film else ''}. "
        "The managers of its team are told.",
    )
    return redirect("families:case", case=glass.case_id)


def break_glass(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Give a reason for one case. The page is the same whether there is such a case or not."""
    user = _may_break_glass(request)
    form = GlassForm(request.POST or None)
    mine = Case.objects.visible_to(user).filter(pk=case).exists()
    form.cancel_url = reverse("families:case", kwargs={"case": case}) if mine else reverse("desk:my-day")
    if request.method == "POST" and form.is_valid():
        try:
            glass = actions.break_glass_of(
                by=user, pk=case, reason=form.cleaned_data["reason"], film=form.cleaned_data["film"] == "yes"
            )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            if glass is not None:
                return _opened(request, glass)
            form.add_error(None, NOT_FOUND)
    return render(request, "form.html", {"form": form, "heading": "Open a record for a written reason", "lead": LEAD})


def glass_find(request: HttpRequest) -> HttpResponse:
    """Give a reason for a record whose reference is known: names are never searched here."""
    user = _may_break_glass(request)
    form = GlassByReferenceForm(request.POST or None)
    form.cancel_url = reverse("desk:my-day")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            glass = actions.break_glass_by_reference(
                by=user, reference=data["reference"], reason=data["reason"], film=data["film"] == "yes"
            )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            if glass is not None:
                return _opened(request, glass)
            form.add_error("reference", NOT_FOUND)
    return render(
        request, "form.html", {"form": form, "heading": "Open another team’s record for a written reason", "lead": LEAD}
    )


def glass_close(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """End before its time what was opened for a written reason."""
    found = case_for(request, case)
    user = person_asking(request)
    broken = BreakGlass.objects.visible_to(user).filter(user=user, case=found).standing()
    if request.method == "POST":
        for glass in broken:
            actions.close_glass(by=user, glass=glass)
        messages.success(request, "Closed. The record is no longer open to you for that reason.")
        return redirect("desk:my-day")
    if not broken:
        raise Http404("Nothing is open for a written reason.")
    return render(request, "families/glass_close.html", {"case": found, "glass": broken[0]})


def glass_notice(request: HttpRequest, glass: uuid.UUID) -> HttpResponse:
    """A manager reads why a record of their team was opened, and says so; in a restricted one, whoever it names."""
    user = person_asking(request)
    found = get_object_or_404(
        BreakGlass.objects.visible_to(user).select_related("user", "case__family", "case__team", "seen_by"), pk=glass
    )
    if not (user.can(Permission.MANAGE_TEAM) or restriction.names(user, found.case)):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.confirm_glass_seen(by=user, glass=found)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Thank you. It is written down that you have read this.")
            return redirect("desk:my-day")
    return render(
        request,
        "families/glass_notice.html",
        {"glass": found, "case": found.case, "name": queries.name_of(queries.members(found.case))},
    )
