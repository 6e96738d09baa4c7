"""Outcomes of a referral: filled in, looked at as it will be read, and only then written down and sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.request import Request
from families import caseload
from families.forms.fields import add_action_error
from outbox.queries import why_nothing_leaves
from referrals import actions, carrying, meetings, queue
from referrals.beside import ASK_THE_LEAD, known_people
from referrals.forms.triage import AcceptForm, DecideForm, Letters
from referrals.models import Decision, Referral
from referrals.views.triage import TAKES_IN, referral_for

Outcome = Decision.Outcome
HEADINGS = {
    Outcome.ADVISED: "Return it with advice",
    Outcome.REDIRECTED: "Pass it on to another service",
    Outcome.DECLINED: "Do not take it on",
    Outcome.WITHDRAWN: "It was withdrawn",
    Outcome.ACCEPTED: "Accept this referral",
}
OUTCOMES = {
    "advice": Outcome.ADVISED,
    "redirect": Outcome.REDIRECTED,
    "decline": Outcome.DECLINED,
    "withdraw": Outcome.WITHDRAWN,
}
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "send", "change", "next"})


def _decided_already(request: Request, found: Referral) -> HttpResponse | None:
    if found.is_open:
        return None
    messages.info(request, f"This referral has its outcome: {found.get_state_display().lower()}.")
    return redirect("referrals:referral", referral=found.pk)


def _preview(request: Request, found: Referral, form: Letters, outcome: str, **more: Any) -> HttpResponse:
    """As it will be read. What was filled in travels along, so that nothing is kept before it is sent."""
    data = form.cleaned_data
    context = {
        "referral": found,
        "heading": HEADINGS[Outcome(outcome)],
        "outcome": Outcome(outcome).label,
        "to_referrer": data["to_referrer"].strip(),
        "to_family": data.get("to_family", "").strip(),
        "why_nothing": why_nothing_leaves("email"),
        "answers": [
            (name, value) for name, values in request.POST.lists() if name not in NOT_ANSWERS for value in values
        ],
        "back_url": reverse("referrals:referral", args=[found.pk]),
        "accepting": outcome == Outcome.ACCEPTED,
        "meeting": meetings.minuted_by(request.user, found),
        **more,
    }
    return render(request, "referrals/triage/preview.html", context)


def _shown(request: Request, found: Referral, form: Letters, outcome: str, **more: Any) -> HttpResponse:
    back = reverse("referrals:referral", args=[found.pk])
    form.cancel_url = back
    context = {
        "form": form,
        "referral": found,
        "heading": HEADINGS[Outcome(outcome)],
        "caption": found.reference.text,
        "back_url": back,
        "back_label": "The referral",
        **more,
    }
    return render(request, "referrals/triage/decide.html", context)


def _on(request: Request, found: Referral) -> HttpResponse:
    """To the next that waits where that was asked for, else back to this."""
    if meeting := meetings.minuted_by(request.user, found):
        return redirect("referrals:meeting-next", meeting=meeting.pk)
    if "next" in request.POST and (following := queue.following(request.user, found)):
        return redirect("referrals:referral", referral=following.pk)
    if "next" in request.POST:
        messages.success(request, "Nothing else waits to be decided.")
        return redirect("referrals:queue")
    return redirect("referrals:referral", referral=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def decide(request: Request, referral: UUID, outcome: str) -> HttpResponse:
    """Any outcome but accepting."""
    if outcome not in OUTCOMES:
        raise Http404("There is no such outcome.")
    found, meant = referral_for(request, referral), OUTCOMES[outcome]
    if away := _decided_already(request, found):
        return away
    form = DecideForm(request.POST or None, referral=found, outcome=meant)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        if "send" not in request.POST and "next" not in request.POST:
            reason = form.cleaned_data.get("decline_reason") or form.cleaned_data.get("passed_to")
            return _preview(request, found, form, meant, why=form.cleaned_data["reason"], chosen=reason)
        try:
            actions.decide(by=request.user, referral=found, outcome=meant, **_plain(form))
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"{meant.label}. What you wrote stands with the referral.")
            return _on(request, found)
    return _shown(request, found, form, meant)


def _plain(form: Letters) -> dict[str, Any]:
    names = ("decline_reason", "passed_to", "reason", "to_referrer", "to_family")
    return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def accept(request: Request, referral: UUID) -> HttpResponse:
    """It becomes a case: of a new family, or of one that is known, field by field."""
    found, user = referral_for(request, referral), request.user
    if away := _decided_already(request, found):
        return away
    beside = known_people(user, carrying.facts_for_matching(found))
    if beside.ask_the_lead:
        actions.ask_the_lead(by=user, referral=found, kept_back=beside.kept_back)
        messages.error(request, ASK_THE_LEAD)
        return redirect("referrals:referral", referral=found.pk)
    people = carrying.people_of(found)
    form = AcceptForm(
        request.POST or None, by=user, referral=found, beside=beside, people=people, loads=caseload.loads()
    )
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        data, joined = form.cleaned_data, form.joined()
        if "send" not in request.POST and "next" not in request.POST:
            family = form.family()
            who = [(name, joined[key].person.display_name if key in joined else "") for key, name, _ in people]
            return _preview(request, found, form, Outcome.ACCEPTED, who=who, family=family, lead=data["lead"])
        try:
            case = actions.accept(
                by=user,
                referral=found,
                team=data["team"],
                lead=data["lead"],
                pathway=data["pathway"],
                family=form.family(),
                known=joined,
                completed=form.completed(),
                reason=data["reason"],
                to_referrer=data["to_referrer"],
                to_family=data.get("to_family", ""),
            )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"Accepted: case {case.family.reference} is open.")
            return _on(request, found)
    return _shown(request, found, form, Outcome.ACCEPTED)


@require_POST
@requires(TAKES_IN)
def undo(request: Request, referral: UUID) -> HttpResponse:
    """Take an acceptance back within ten minutes."""
    found = referral_for(request, referral)
    try:
        actions.undo(by=request.user, referral=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Taken back. Nobody was told, and the case that was opened is closed.")
    return redirect("referrals:referral", referral=found.pk)
