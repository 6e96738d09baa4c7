"""An adoption by a new family: the record that begins, read through first; the other one, for the few who may know."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Permission
from audit.actions import record as audit
from families import actions, identity, queries
from families.actions.adoption import in_the_earlier_record
from families.consequences import rehearse
from families.forms.adoption import AdoptionForm, WhoKnowsForm
from families.forms.fields import add_action_error
from families.forms.loss import StrikeOutForm
from families.models import Adoption, Case, Person
from families.responsibility import held
from families.views.people import member_or_404, person_url
from families.views.reach import case_for, person_asking
from families.views.saving import form_page

TAB = "families:people"


def adoption_begin(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Begin the record of an adopted child: the questions, then what it does, then it is done."""
    found = case_for(request, case, permission=Permission.MANAGE_TEAM)
    user = person_asking(request)
    child = member_or_404(found, person).person
    if not identity.may_begin(child):
        messages.info(request, "The record after an adoption begins for a baby who is born, and once.")
        return redirect(person_url(found, child))
    form = AdoptionForm(
        request.POST or None,
        by=user,
        case=found,
        child=child,
        members=queries.members(found),
        begun=identity.begun_from(user, found.family),
    )
    form.cancel_url = person_url(found, child, "legal")
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        try:
            if "confirmed" in request.POST:
                return _begun(request, found, child, form)
            return _read_through(request, found, child, form)
        except ValidationError as error:
            add_action_error(form, error)
    return render(
        request,
        "families/adoption_form.html",
        {
            "case": found,
            "child": child,
            "form": form,
            "heading": f"{child.short_name} was adopted by a new family",
            "held": held(child),
            "tab": TAB,
        },
    )


def _begun(request: HttpRequest, case: Case, child: Person, form: AdoptionForm) -> HttpResponse:
    user = person_asking(request)
    _, begun = actions.begin_after_adoption(by=user, case=case, child=child, new=form.new_record())
    reads = Case.objects.visible_to(user)
    said = f"The new record has begun: {begun.family.reference}. The one from before is restricted."
    if reads.filter(pk=begun.pk).exists():
        messages.success(request, said)
        return redirect("families:people", case=begun.pk)
    messages.success(request, f"{said} It belongs to a team whose records you do not open.")
    return redirect(person_url(case, child)) if reads.filter(pk=case.pk).exists() else redirect("desk:my-day")


def _read_through(request: HttpRequest, case: Case, child: Person, form: AdoptionForm) -> HttpResponse:
    """Everything once more, with what it will do: worked out by doing it, and taking it back."""
    user, new = person_asking(request), form.new_record()
    with transaction.atomic():
        actions.begin_after_adoption(by=user, case=case, child=child, new=new)
        transaction.set_rollback(True)
    return render(
        request,
        "families/adoption_check.html",
        {
            "case": case,
            "child": child,
            "new": new,
            "then": rehearse(by=user, case=case, child=child, change=in_the_earlier_record(new)),
            "names_me": user in new.named,
            "typed": [(name, value) for name in request.POST for value in request.POST.getlist(name)],
            "tab": TAB,
        },
    )


def _link_or_404(request: HttpRequest, case: Case, person: uuid.UUID) -> tuple[Person, Adoption]:
    who = member_or_404(case, person).person
    adoption = identity.known(person_asking(request), who)
    if adoption is None:
        raise Http404("Nothing that this person may know of.")
    return who, adoption


def _for_managers(request: HttpRequest) -> None:
    if not person_asking(request).can(Permission.MANAGE_TEAM):
        raise PermissionDenied


@never_cache
@require_safe
def identity_page(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """The other record of somebody who was adopted or who adopted; that it was looked at is written down."""
    found = case_for(request, case)
    who, adoption = _link_or_404(request, found, person)
    user = person_asking(request)
    audit(by=user, verb="identity.opened", subject=who, family_id=found.family_id, case_id=found.pk)
    return render(
        request,
        "families/identity.html",
        {
            "case": found,
            "person": who,
            "adoption": adoption,
            "other": identity.other_record(user, who, adoption),
            "known_to": adoption.known_to.order_by("name"),
            "may_change": user.can(Permission.MANAGE_TEAM) and not adoption.is_struck,
            "tab": TAB,
        },
    )


def identity_readers(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Name anew who may know that two records belong together."""
    found = case_for(request, case)
    who, adoption = _link_or_404(request, found, person)
    _for_managers(request)
    form = WhoKnowsForm(request.POST or None, adoption=adoption)

    def save() -> str:
        actions.change_who_knows(by=person_asking(request), adoption=adoption, **form.cleaned_data)
        return "Saved who may know."

    return form_page(
        request,
        case=found,
        form=form,
        heading="Who may know of the other record",
        save=save,
        back=_back(request, found, who, form),
        lead="Whoever you take out does not see from now on that the two belong together. What they know they know.",
    )


def identity_strike(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """The adoption was entered in error."""
    found = case_for(request, case)
    who, adoption = _link_or_404(request, found, person)
    _for_managers(request)
    form = StrikeOutForm(request.POST or None)
    form.fields["reason"].label = "How did it come to be entered in error?"

    def save() -> str:
        actions.strike_out_adoption(by=person_asking(request), adoption=adoption, **form.cleaned_data)
        return "Struck out. Both records are there as before; the order and the restriction are taken back by hand."

    return form_page(
        request,
        case=found,
        form=form,
        heading="This adoption was entered in error",
        save=save,
        back=reverse("families:identity", kwargs={"case": found.pk, "person": who.pk}),
        lead=(
            "Nothing in either record is deleted. They can be brought together by hand afterwards. Strike out the "
            "change of placement and lift the restriction in the earlier record, too."
        ),
    )


def _back(request: HttpRequest, case: Case, who: Person, form: WhoKnowsForm) -> str:
    """Where to go on; not to the other record for somebody who takes themselves out."""
    stays = not form.is_bound or not form.is_valid() or person_asking(request) in form.cleaned_data["known_to"]
    if not stays:
        return person_url(case, who)
    return reverse("families:identity", kwargs={"case": case.pk, "person": who.pk})
