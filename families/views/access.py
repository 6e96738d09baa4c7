"""Who may open a record and who did; keeping it for named people alone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Permission
from families import access as readers
from families import actions, restriction
from families.forms.fields import add_action_error
from families.forms.restriction import LiftForm, RestrictForm
from families.models import AccessPack
from families.views.reach import case_for, person_asking


@require_safe
def access(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Who may open this record and why; for managers, who has looked."""
    found = case_for(request, case)
    user = person_asking(request)
    reads_audit = user.can(Permission.READ_AUDIT)
    return render(
        request,
        "families/access.html",
        {
            "case": found,
            "tab": "families:access",
            "restriction": restriction.standing(found),
            "readers": readers.who_may_open(found),
            "glass": readers.open_by_glass(found),
            "may_restrict": user.can(Permission.MANAGE_TEAM),
            "reads_audit": reads_audit,
            "packs": AccessPack.objects.visible_to(user).filter(case=found).select_related("person")
            if user.can(Permission.MANAGE_TEAM)
            else None,
            "lookers": readers.who_looked(found) if reads_audit else [],
        },
    )


def restrict(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Name the only people who may open this record, or change who they are."""
    found = case_for(request, case, permission=Permission.MANAGE_TEAM)
    standing = restriction.standing(found)
    form = RestrictForm(request.POST or None, case=found, standing=standing)
    form.cancel_url = reverse("families:access", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        user = person_asking(request)
        try:
            actions.restrict_family(by=user, case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved. For everybody else this record is not there any more.")
            if not restriction.names(user, found):
                return redirect("desk:my-day")
            return redirect("families:access", case=found.pk)
    return render(
        request,
        "families/case_form.html",
        {
            "case": found,
            "form": form,
            "heading": "Change who may open this record" if standing else "Restrict this record",
            "lead": (
                "For a family that colleagues know in private life, for somebody in danger, for a member of staff. "
                "The record leaves every list, search and report of everybody who is not named, managers and intake "
                "included. If you do not name yourself you lose it, too."
            ),
            "tab": "families:access",
        },
    )


def lift(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Let the team open the record again."""
    found = case_for(request, case, permission=Permission.MANAGE_TEAM)
    back = reverse("families:access", kwargs={"case": found.pk})
    if restriction.standing(found) is None:
        messages.info(request, "This record is not restricted.")
        return redirect(back)
    form = LiftForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.lift_restriction(by=person_asking(request), case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The restriction is lifted. The team can open this record again.")
            return redirect(back)
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Lift the restriction", "tab": "families:access"},
    )
