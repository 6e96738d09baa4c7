"""Logging contacts with a family, and advice about families that stay anonymous."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Permission, User
from families import actions
from families.actions.contacts import may_correct
from families.contact import ways_to_reach
from families.forms.contacts import ConsultationForm, ContactForm, StrikeForm
from families.forms.fields import add_action_error
from families.models import Consultation, Contact
from families.protection import guarded_in
from families.queries import members
from families.views.reach import editable_case_for, person_asking

ON_A_PAGE = 50


def contact_log(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Write down a call, message or letter; ``?person=`` says with whom."""
    found = editable_case_for(request, case)
    form = ContactForm(request.POST or None, case=found, who=request.GET.get("person", ""))
    form.cancel_url = reverse("families:notes", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            contact = actions.log_contact(by=person_asking(request), case=found, **form.facts())
        except ValidationError as error:
            add_action_error(form, error, {"at": "time", "person": "who"})
        else:
            messages.success(request, f"{contact.get_kind_display()}: saved.")
            return redirect("families:notes", case=found.pk)
    guard = guarded_in(found)
    careful = [
        (member.person, ways_to_reach(member.person), guard.of(member.person))
        for member in members(found)
        if str(member.person.pk) in form.people
    ]
    context = {"case": found, "form": form, "heading": "Log a contact", "tab": "families:notes", "careful": careful}
    return render(request, "families/contact_form.html", context)


def contact_edit(request: HttpRequest, case: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
    """Correct a contact that one logged just now."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    logged = get_object_or_404(Contact.objects.visible_to(user).select_related("case"), pk=contact, case=found)
    back = reverse("families:notes", kwargs={"case": found.pk})
    if not may_correct(user, logged):
        messages.info(request, "This contact can no longer be changed. Strike it out and log it again if it is wrong.")
        return redirect(back)
    form = ContactForm(request.POST or None, case=found, contact=logged)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_contact(by=user, contact=logged, **form.facts())
        except ValidationError as error:
            add_action_error(form, error, {"at": "time", "person": "who"})
        else:
            messages.success(request, "The contact is corrected.")
            return redirect(back)
    context = {"case": found, "form": form, "heading": "Correct this contact", "tab": "families:notes"}
    return render(request, "families/contact_form.html", context)


def contact_strike(request: HttpRequest, case: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
    """Strike out a contact that belongs elsewhere."""
    found = editable_case_for(request, case)
    logged = get_object_or_404(Contact.objects.visible_to(person_asking(request)), pk=contact, case=found)
    return strike(request, logged, reverse("families:notes", kwargs={"case": found.pk}), found, "families:notes")


def strike(request: HttpRequest, entry: Any, back: str, case: Any = None, tab: str = "") -> HttpResponse:
    """The one page on which an entry is struck out; the caller has checked who may."""
    if entry.is_struck:
        messages.info(request, "This is struck out already.")
        return redirect(back)
    form = StrikeForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.strike_out(by=person_asking(request), entry=entry, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Struck out. What it said is hidden and kept.")
            return redirect(back)
    return render(
        request,
        "families/case_form.html" if case else "form.html",
        {
            "case": case,
            "form": form,
            "heading": "Entered in error",
            "lead": (
                "What was written is hidden from everybody and kept. That it was struck out, by whom and why, stays "
                "in view. This cannot be undone."
            ),
            "tab": tab,
            "back_url": back,
            "back_label": "Back",
        },
    )


# --- Consultations --------------------------------------------------------------------------------------------


def _colleague(request: HttpRequest, permission: str) -> User:
    user = person_asking(request)
    if not user.can(permission):
        raise PermissionDenied
    return user


def _in_words(minutes: int) -> str:
    """ "25 minutes", "1 hour", "3 hours 20 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' * (hours != 1)}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} minute{'s' * (rest != 1)}")
    return " ".join(parts)


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Advice that was given about families who stay anonymous."""
    user = _colleague(request, Permission.SEE_CASES)
    found = Consultation.objects.visible_to(user).select_related("given_by", "team", "struck_by")
    total = Consultation.objects.visible_to(user).standing().aggregate(minutes=Sum("minutes"))["minutes"] or 0
    context = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page", 1)),
        "count": Consultation.objects.visible_to(user).standing().count(),
        "time": _in_words(total),
        "may_log": user.can(Permission.EDIT_CASES),
    }
    return render(request, "families/consultations.html", context)


def consultation_log(request: HttpRequest) -> HttpResponse:
    """Write down advice that was given."""
    user = _colleague(request, Permission.EDIT_CASES)
    form = ConsultationForm(request.POST or None)
    form.cancel_url = reverse("families:consultations")
    if request.method == "POST" and form.is_valid():
        try:
            actions.log_consultation(by=user, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The consultation is saved, without a record.")
            return redirect("families:consultations")
    return render(
        request,
        "form.html",
        {
            "form": form,
            "heading": "Log an anonymous consultation",
            "lead": (
                "For advice to a professional about a family who have not been referred. No record is opened, so write "
                "nothing that says who they are. If they agree to be known, ask for a referral instead."
            ),
            "back_url": reverse("families:consultations"),
            "back_label": "Consultations",
        },
    )


def consultation_strike(request: HttpRequest, consultation: uuid.UUID) -> HttpResponse:
    """Strike out a consultation that was entered in error: one's own, or of a team that one manages."""
    user = _colleague(request, Permission.EDIT_CASES)
    entry = get_object_or_404(Consultation.objects.visible_to(user), pk=consultation)
    if entry.given_by_id != user.pk and not user.can(Permission.MANAGE_TEAM):
        raise PermissionDenied
    return strike(request, entry, reverse("families:consultations"))
