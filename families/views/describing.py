"""The small pages about somebody: reaching them, who they are, their household, their needs, a child's legal status."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from families import actions, queries
from families.forms.about import CHILDREN, AboutForm, LegalStatusForm, PlaceForm
from families.forms.contact import ChildAddressForm, ContactForm
from families.forms.needs import NeedForm
from families.models import Case, LegalStatus, Membership, Need, Person
from families.responsibility import PARENTS
from families.views.people import member_or_404, person_url
from families.views.protection import closed_page
from families.views.reach import editable_case_for, person_asking
from families.views.remembered import asked_no_more
from families.views.saving import form_page
from nhsuk_forms.forms import NhsForm


def contact(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """How to reach somebody safely."""
    found = editable_case_for(request, case)
    member = member_or_404(found, person)
    who = member.person
    if instead := asked_no_more(request, found, member, "contact") or closed_page(request, found, who):
        return instead
    baby = who.kind == Person.Kind.INFANT  # reached through whoever cares for them
    form: NhsForm = (ChildAddressForm if baby else ContactForm)(request.POST or None, person=who)

    def save() -> str:
        actions.change_contact(by=person_asking(request), case=found, person=who, changes=form.cleaned_data)
        return f"Saved where {who.short_name} lives." if baby else f"Saved how to reach {who.short_name}."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"Where {who.short_name} lives" if baby else f"How to reach {who.short_name}",
        save=save,
        back=person_url(found, who, "contact"),
        person=who,
        lead="" if baby else "Ask when they are alone. What nobody has asked about is not used.",
    )


def about(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Who somebody is, as far as they wish to say."""
    found = editable_case_for(request, case)
    member = member_or_404(found, person)
    who = member.person
    if instead := asked_no_more(request, found, member, "about"):
        return instead
    form = AboutForm(request.POST or None, person=who)

    def save() -> str:
        actions.change_background(by=person_asking(request), case=found, person=who, changes=form.cleaned_data)
        return f"Saved what {who.short_name} said."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"About {who.short_name}: background",
        save=save,
        back=person_url(found, who, "about"),
        person=who,
        lead="In their own words, and only if they wish. Every question can stay unasked.",
    )


def place(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Somebody's place in this household."""
    found = editable_case_for(request, case)
    member = member_or_404(found, person)
    if instead := asked_no_more(request, found, member, "household"):
        return instead
    membership: Membership = member.membership  # type: ignore[assignment]
    form = PlaceForm(request.POST or None, membership=membership)

    def save() -> str:
        actions.change_place(by=person_asking(request), case=found, membership=membership, changes=form.cleaned_data)
        return f"Saved the place of {member.person.short_name} in this household."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"{member.person.short_name} in this household",
        save=save,
        back=person_url(found, member.person, "household"),
        person=member.person,
    )


def need_add(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Something that somebody needs in order to understand and be understood."""
    found = editable_case_for(request, case)
    member = member_or_404(found, person)
    who = member.person
    if instead := asked_no_more(request, found, member, "needs"):
        return instead
    form = NeedForm(request.POST or None)

    def save() -> str:
        actions.add_need(by=person_asking(request), case=found, person=who, **form.changes())
        return f"Saved what {who.short_name} needs. Every page of this family shows it at the top."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"Something {who.short_name} needs",
        save=save,
        back=person_url(found, who, "needs"),
    )


def need_edit(request: HttpRequest, case: uuid.UUID, need: uuid.UUID) -> HttpResponse:
    """Say a need differently, how it is met, or that it is no longer so."""
    found = editable_case_for(request, case)
    row = get_object_or_404(Need.objects.visible_to(person_asking(request)).select_related("person"), pk=need)
    member = member_or_404(found, row.person_id)
    who = member.person
    if instead := asked_no_more(request, found, member, "needs"):
        return instead
    form = NeedForm(request.POST or None, need=row)

    def save() -> str:
        actions.change_need(by=person_asking(request), case=found, need=row, changes=form.changes())
        return f"Saved what {who.short_name} needs."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"Something {who.short_name} needs",
        save=save,
        back=person_url(found, who, "needs"),
    )


@require_POST
def needs_asked(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Somebody was asked about their needs today, and nothing is to be added."""
    found = editable_case_for(request, case)
    member = member_or_404(found, person)
    who = member.person
    if instead := asked_no_more(request, found, member, "needs"):
        return instead
    actions.asked_about_needs(by=person_asking(request), case=found, person=who)
    messages.success(request, f"Saved that {who.short_name} was asked today.")
    return redirect(person_url(found, who, "needs"))


def _parents(case: Case) -> list[Person]:
    """The parents of a case, one of whom may be the partner of whoever adopts."""
    return [
        each.person for each in queries.members(case) if each.membership and each.membership.relationship in PARENTS
    ]


def legal_add(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Under which order or arrangement a child lives."""
    found = editable_case_for(request, case)
    member = member_or_404(found, person)
    child = member.person
    if instead := asked_no_more(request, found, member, "legal"):
        return instead
    if child.kind not in CHILDREN:
        messages.info(request, "A legal status of placement is recorded for a child.")
        return redirect(person_url(found, child))
    form = LegalStatusForm(request.POST or None, parents=_parents(found))

    def save() -> str:
        actions.add_legal_status(by=person_asking(request), case=found, child=child, **form.facts())
        return f"Saved the legal status of {child.short_name}. Check who has parental responsibility."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"Legal status of {child.short_name}",
        save=save,
        back=person_url(found, child, "legal"),
        lead="What stands under each answer is a help, not advice. The order itself says what holds.",
    )


def legal_edit(request: HttpRequest, case: uuid.UUID, legal: uuid.UUID) -> HttpResponse:
    """Correct a legal status, or say until when it stood."""
    found = editable_case_for(request, case)
    status = (
        LegalStatus.objects.visible_to(person_asking(request)).select_related("child", "keeps").filter(pk=legal).first()
    )
    if status is None or status.is_struck:
        raise Http404("No such legal status for this person.")
    child = member_or_404(found, status.child_id).person
    form = LegalStatusForm(request.POST or None, parents=_parents(found), status=status)

    def save() -> str:
        actions.change_legal_status(by=person_asking(request), case=found, status=status, changes=form.facts())
        return f"Saved the legal status of {child.short_name}."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"Legal status of {child.short_name}",
        save=save,
        back=person_url(found, child, "legal"),
    )
