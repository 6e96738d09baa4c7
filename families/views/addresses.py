"""Where a household, or somebody apart from it, lives."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from families import actions, queries
from families.forms.contact import AddressForm
from families.models import Address, Case
from families.protection import guarded_in
from families.views.people import person_url
from families.views.protection import are_open, closed_page
from families.views.reach import editable_case_for, person_asking
from families.views.saving import form_page


def _back(case: Case, address_of: object) -> str:
    """The page that shows the address: the person's own, or everybody's."""
    for member in queries.members(case):
        if str(member.person.pk) == str(address_of):
            return person_url(case, member.person, "contact")
    return reverse("families:people", kwargs={"case": case.pk})


def address_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Add an address of the household, or (``?whose=``) of one person."""
    found = editable_case_for(request, case)
    people = {str(member.person.pk): member.person for member in queries.members(found)}
    whose = request.GET.get("whose", "")
    form = AddressForm(request.POST or None, people=list(people.values()), whose=whose if whose in people else "")

    def save() -> str:
        facts = dict(form.cleaned_data)
        person = people.get(facts.pop("whose"))
        actions.add_address(by=person_asking(request), case=found, person=person, **facts)
        return f"Saved an address of {person.short_name}." if person else "Saved an address of the household."

    return form_page(request, case=found, form=form, heading="Add an address", save=save, back=_back(found, whose))


def _closed(request: HttpRequest, case: Case, address: Address) -> HttpResponse | None:
    """Where to go first when the address tells where somebody protected is; None when it may be shown."""
    guard = guarded_in(case)
    if address.pk not in guard.addresses:
        return None
    people = [member.person for member in queries.members(case) if member.person.pk == address.person_id]
    whose = people or [each.person for each in guard.protections.values()]
    if any(are_open(request, case, person) for person in whose):
        return None
    return closed_page(request, case, whose[0])


def address_edit(request: HttpRequest, case: uuid.UUID, address: uuid.UUID) -> HttpResponse:
    """Correct an address, or say until when it was right."""
    found = editable_case_for(request, case)
    of_this_case = Q(family=found.family_id) | Q(person__in=[member.person.pk for member in queries.members(found)])
    row = get_object_or_404(Address.objects.visible_to(person_asking(request)).filter(of_this_case), pk=address)
    if closed := _closed(request, found, row):
        return closed
    form = AddressForm(request.POST or None, people=[], address=row)

    def save() -> str:
        actions.change_address(by=person_asking(request), case=found, address=row, changes=form.cleaned_data)
        return "Saved the address."

    return form_page(
        request, case=found, form=form, heading="Change an address", save=save, back=_back(found, row.person_id)
    )
