"""Adding somebody whose record exists already to another family."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from families import actions, known
from families.forms.households import JoinForm
from families.models import Person
from families.views.people import person_url
from families.views.reach import editable_case_for, person_asking
from families.views.saving import form_page


def person_known(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Find somebody among the records that this person may open."""
    found = editable_case_for(request, case)
    text = known.cleaned(request.GET.get("q", ""))
    return render(
        request,
        "families/person_known.html",
        {
            "case": found,
            "tab": "families:people",
            "text": text,
            "found": known.people_like(person_asking(request), text, beside=found) if text else [],
            "most": known.MOST,
        },
    )


def person_join(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Say who they are in this family, and add them."""
    found = editable_case_for(request, case)
    who = get_object_or_404(Person.objects.visible_to(person_asking(request)), pk=person)
    if who.memberships.filter(family=found.family_id).exists() and found.people.filter(pk=who.pk).exists():
        messages.info(request, f"{who.short_name} is in this family already.")
        return redirect(person_url(found, who))
    form = JoinForm(request.POST or None, person=who)

    def save() -> str:
        actions.join_household(by=person_asking(request), case=found, person=who, **form.facts())
        return f"{who.short_name} was added, and stays in every family they were in."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"Add {who.short_name} to this family",
        save=save,
        back=person_url(found, who),
        lead="Their record becomes part of this family too: whoever works with this family can open it.",
    )
