"""What is due for deletion, what is against it, copies for the family, the decision, and the certificate."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Permission, User
from families import queries
from families.actions import retention as actions
from families.forms.fields import add_action_error
from families.forms.retention import AnswerOfferForm, DeleteForm, HoldForm, LiftHoldForm, OfferForm
from families.models import Case, CopyOffer, Erasure, LegalHold, What
from families.retention import certificate, keeping
from families.retention.showing import due_for
from families.views.reach import case_for, person_asking

TAB = "families:access"
PAGE = 25


def _manager(request: HttpRequest) -> User:
    user = person_asking(request)
    if not user.can(Permission.MANAGE_TEAM):
        raise PermissionDenied
    return user


def _what(what: str) -> str:
    if what not in What.values:
        raise Http404("The schedule ends no such thing.")
    return what


# --- What is due --------------------------------------------------------------------------------------------------


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """What the schedule says is over, and what was deleted."""
    user = _manager(request)
    due = due_for(user).select_related("case__family", "case__team").prefetch_related("case__people__memberships")
    page = Paginator(due, PAGE).get_page(request.GET.get("page"))
    offers: dict[tuple[uuid.UUID, str], CopyOffer] = {}
    shown = {(each.case_id, each.what): each for each in page}
    for offer in CopyOffer.objects.visible_to(user).filter(case__in=[case for case, what in shown]).order_by("at"):
        about = shown.get((offer.case_id, offer.what))
        if about is not None and offer.offered_on >= keeping.offers_count_from(about.case, about.what, about.due_on):
            offers[offer.case_id, offer.what] = offer
    rows = [
        {
            "due": each,
            "name": queries.name_of(queries.members(each.case)),
            "offer": offers.get((each.case_id, each.what)),
        }
        for each in page
    ]
    erasures = Paginator(Erasure.objects.visible_to(user).select_related("decided_by"), PAGE)
    return render(
        request,
        "families/retention/due.html",
        {"page": page, "rows": rows, "erasures": erasures.get_page(request.GET.get("deleted"))},
    )


@require_safe
def kept(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """How long this record is kept and why; what holds it; what a manager can do."""
    found = case_for(request, case)
    user = person_asking(request)
    parts = [_part(found, what, user) for what in (What.FILMS, What.RECORD)]
    holds = LegalHold.objects.visible_to(user).filter(family=found.family_id).select_related("by", "lifted_by")
    return render(
        request,
        "families/retention/kept.html",
        {
            "case": found,
            "tab": TAB,
            "parts": parts,
            "standing": [each for each in holds if each.stands],
            "earlier": [each for each in holds if not each.stands],
            "may_decide": user.can(Permission.MANAGE_TEAM),
        },
    )


def _part(case: Case, what: str, user: User) -> dict[str, Any]:
    reckoning = keeping.reckoning(case, what)
    over = reckoning is not None and reckoning.is_over
    offer, no_offer = keeping.offer_for(case, what), keeping.why_no_offer(case, what)
    against = keeping.against(case, what, user) if over else []
    return {
        "what": what,
        "label": "The films of this case" if what == What.FILMS else "The whole record",
        "reckoning": reckoning,
        "there": what != What.FILMS or keeping.has_films(case),
        "over": over,
        "against": against,
        "offer": offer,
        "no_offer": no_offer,
        "copies": [] if no_offer or (offer and offer.given_on) else keeping.copies_possible(case, what),
        "ready": over and not against and not keeping.unanswered(offer),
    }


# --- Holds --------------------------------------------------------------------------------------------------------


def _case(request: HttpRequest, case: uuid.UUID) -> tuple[Case, User]:
    return case_for(request, case, permission=Permission.MANAGE_TEAM), person_asking(request)


def _form(request: HttpRequest, case: Case, form: Any, heading: str, lead: str = "", **more: Any) -> HttpResponse:
    form.cancel_url = reverse("families:kept", kwargs={"case": case.pk})
    context = {"case": case, "form": form, "heading": heading, "lead": lead, "tab": TAB, **more}
    return render(request, more.get("template", "families/case_form.html"), context)


@require_http_methods(["GET", "POST"])
def hold_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Keep everything of a family, whatever the schedule says."""
    found, user = _case(request, case)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.place_hold(by=user, case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved. Nothing of this family is deleted by schedule now.")
            return redirect("families:kept", case=found.pk)
    lead = "For an inquiry, a court, an investigation. It covers the whole record of this family, films included."
    return _form(request, found, form, "Put this record on hold", lead)


@require_http_methods(["GET", "POST"])
def hold_lift(request: HttpRequest, case: uuid.UUID, legal_hold: uuid.UUID) -> HttpResponse:
    """The schedule counts again."""
    found, user = _case(request, case)
    held = get_object_or_404(LegalHold.objects.visible_to(user), family=found.family_id, pk=legal_hold)
    if held.lifted_at is not None:
        messages.info(request, "This hold is lifted already.")
        return redirect("families:kept", case=found.pk)
    form = LiftHoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.lift_hold(by=user, case=found, hold=held, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The hold is lifted. The schedule counts again.")
            return redirect("families:kept", case=found.pk)
    return _form(request, found, form, "Lift a hold", f"{held.get_kind_display()}: {held.reason}")


# --- Copies for the family ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, case: uuid.UUID, what: str) -> HttpResponse:
    """Write down that the family was offered copies, or why they cannot be."""
    found, user = _case(request, case)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer_copies(by=user, case=found, what=_what(what), **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("families:kept", case=found.pk)
    return _form(
        request,
        found,
        form,
        "Copies for the family",
        "Before anything is deleted the family is asked whether they would like copies, in a way that is safe.",
        template="families/retention/offer.html",
        copies=keeping.copies_possible(found, _what(what)),
        what=what,
    )


@require_http_methods(["GET", "POST"])
def offer_answer(request: HttpRequest, case: uuid.UUID, offer: uuid.UUID) -> HttpResponse:
    """What the family said; and that they have their copies."""
    found, user = _case(request, case)
    made = get_object_or_404(CopyOffer.objects.visible_to(user), case=found, pk=offer)
    if request.method == "POST" and "given" in request.POST:
        try:
            actions.give_copies(by=user, case=found, offer=made)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Saved. They have their copies.")
        return redirect("families:kept", case=found.pk)
    form = AnswerOfferForm(request.POST or None, initial={"answer": made.answer, "words": made.answer_words})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_offer(by=user, case=found, offer=made, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("families:kept", case=found.pk)
    return _form(request, found, form, "The family’s answer", f"Asked on {made.offered_on:%-d %B %Y}.")


# --- The decision -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, case: uuid.UUID, what: str) -> HttpResponse:
    """A manager decides; the worker deletes."""
    found, user = _case(request, case)
    left = keeping.may_decide(found, _what(what), user)
    form = DeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erasure = actions.decide_to_delete(by=user, case=found, what=what, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return redirect("families:erasure", erasure=erasure.pk)
    return _form(
        request,
        found,
        form,
        "Delete the films for good" if what == What.FILMS else "Delete the whole record for good",
        template="families/retention/delete.html",
        what=what,
        left=left,
        reckoning=keeping.reckoning(found, what),
        counts=None if left else keeping.what_would_go(found, what),
        backup_days=settings.BACKUP_DAYS,
    )


# --- Afterwards ---------------------------------------------------------------------------------------------------


def _erasure(request: HttpRequest, erasure: uuid.UUID) -> Erasure:
    user = _manager(request)
    return get_object_or_404(Erasure.objects.visible_to(user).select_related("decided_by", "team"), pk=erasure)


@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, erasure: uuid.UUID) -> HttpResponse:
    """How far the worker is; when it is done, the certificate."""
    found = _erasure(request, erasure)
    if request.method == "POST":
        try:
            actions.try_again(by=person_asking(request), erasure=found)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("families:erasure", erasure=found.pk)
    done = found.state == Erasure.State.DONE
    context = {"erasure": found, "certificate": certificate.certificate(found) if done else None}
    return render(request, "families/retention/certificate.html", context)


@require_safe
def erasure_status(request: HttpRequest, erasure: uuid.UUID) -> JsonResponse:
    """How far the worker is, for the page that waits."""
    found = _erasure(request, erasure)
    return JsonResponse({"state": found.state, "done": found.done, "steps": found.steps})


@require_safe
def erasure_pdf(request: HttpRequest, erasure: uuid.UUID) -> HttpResponse:
    """The certificate to file."""
    found = _erasure(request, erasure)
    if found.state != Erasure.State.DONE:
        raise Http404("There is no certificate yet.")
    response = HttpResponse(certificate.pdf(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="deletion-{found.reference}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
