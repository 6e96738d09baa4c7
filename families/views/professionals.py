"""Professionals around a family: the page, adding, changing."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import Permission
from families import actions, queries
from families.forms.professionals import ProfessionalForm
from families.models import Case, Person, Professional
from families.protection import guarded_in
from families.views.protection import are_open, closed_page
from families.views.reach import case_for, editable_case_for, person_asking
from families.views.saving import form_page


def _people(case: Case) -> list[Person]:
    return [member.person for member in queries.members(case)]


def _back(case: Case) -> str:
    return reverse("families:professionals", kwargs={"case": case.pk})


def professionals(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Everybody who works with the family, those who no longer do below."""
    found = case_for(request, case)
    user = person_asking(request)
    rows = list(
        Professional.objects.visible_to(user).filter(family=found.family_id).select_related("about", "permission_by")
    )
    guard = guarded_in(found)
    kept = {row.pk for row in rows if row.about and guard.of(row.about) and not are_open(request, found, row.about)}
    return render(
        request,
        "families/professionals.html",
        {
            "case": found,
            "tab": "families:people",
            "current": [row for row in rows if row.is_current],
            "past": [row for row in rows if not row.is_current],
            "kept": kept,  # where they are or who they are would tell where somebody protected is
            "may_edit": user.can(Permission.EDIT_CASES),
        },
    )


def professional_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Somebody who works with the family from elsewhere."""
    found = editable_case_for(request, case)
    form = ProfessionalForm(request.POST or None, people=_people(found))

    def save() -> str:
        added = actions.add_professional(by=person_asking(request), case=found, facts=form.cleaned_data)
        return f"{added} was added."

    return form_page(request, case=found, form=form, heading="Add a professional", save=save, back=_back(found))


def professional_edit(request: HttpRequest, case: uuid.UUID, professional: uuid.UUID) -> HttpResponse:
    """Correct what is known of a professional, or say until when they worked with the family."""
    found = editable_case_for(request, case)
    rows = Professional.objects.visible_to(person_asking(request)).filter(family=found.family_id)
    row = get_object_or_404(rows, pk=professional)
    if row.about is not None and (closed := closed_page(request, found, row.about)) is not None:
        return closed
    form = ProfessionalForm(request.POST or None, people=_people(found), professional=row)

    def save() -> str:
        actions.change_professional(by=person_asking(request), case=found, professional=row, changes=form.cleaned_data)
        return f"Saved what changed about {row}."

    return form_page(request, case=found, form=form, heading=f"About {row}", save=save, back=_back(found))
