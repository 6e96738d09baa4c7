"""The referrer's page: where a referral stands, what is asked, taking it back. Never more than they wrote."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import see_other
from accounts.request import Request
from families.forms.fields import add_action_error
from referrals import actions
from referrals.forms.following import ReferenceForm, SayForm, WithdrawForm
from referrals.models import Exchange, Referral
from referrals.views.reach import too_often
from referrals.written import written_by

COOKIE = "vig_follow"
PATH = "/referral/"
MOST_LOOKS = {"address": 120}
MOST_RENEWALS = {"address": 60}


@require_safe
def follow_open(request: Request, token: str) -> HttpResponseBase:
    """The link from the e-mail: changes the token into a cookie, so that no address or Back holds it."""
    if too_often(request, "follow", MOST_LOOKS, 600):
        return render(request, "429.html", {"minutes": 10}, status=429)
    if actions.referral_of(token) is None:
        return see_other(reverse("referrals:follow") + "?link=over")
    response = see_other(reverse("referrals:follow"))
    response.set_cookie(COOKIE, token, path=PATH, secure=settings.PRODUCTION, httponly=True, samesite="Lax")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Request) -> HttpResponseBase:
    """The referral of this browser's link; without one, how to get another."""
    referral = actions.referral_of(request.COOKIES.get(COOKIE, ""))
    if referral is None:
        return _renew(request)
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.say(referral=referral, text=form.cleaned_data["text"])
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return see_other(reverse("referrals:follow"))
    return render(request, "referrals/following/referral.html", _context(referral, form))


def _context(referral: Referral, form: SayForm) -> dict[str, Any]:
    said = referral.exchanges.exclude(direction=Exchange.Direction.INSIDE)
    return {
        "referral": referral,
        "form": form,
        "events": referral.events.all(),
        "said": said,
        "sections": [
            {
                "heading": section.heading,
                "rows": [{"key": row.question, "value": row.answer, "lines": True} for row in section.rows],
            }
            for section in written_by(referral).sections()
            if section.rows
        ],
        "attachments": referral.attachments.all(),
    }


def _renew(request: Request) -> HttpResponseBase:
    form = ReferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often(request, "renew", MOST_RENEWALS):
            return render(request, "429.html", {"minutes": 60}, status=429)
        actions.renew_link(reference=form.cleaned_data["reference"])
        return see_other(reverse("referrals:follow-renewed"))
    context = {"form": form, "over": request.GET.get("link") == "over"}
    return render(request, "referrals/following/renew.html", context)


@require_safe
def follow_renewed(request: Request) -> HttpResponse:
    """The same for every reference, so that it gives none away."""
    return render(request, "referrals/following/renewed.html")


@require_http_methods(["GET", "HEAD", "POST"])
def follow_withdraw(request: Request) -> HttpResponseBase:
    """Take a referral back, with why."""
    referral = actions.referral_of(request.COOKIES.get(COOKIE, ""))
    if referral is None or not referral.is_open:
        return see_other(reverse("referrals:follow"))
    form = WithdrawForm(request.POST or None)
    form.cancel_url = reverse("referrals:follow")
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(referral=referral, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return see_other(reverse("referrals:follow"))
    context = {
        "form": form,
        "heading": "Take this referral back",
        "back_url": reverse("referrals:follow"),
        "lead": "We stop looking at it. What you wrote is kept for as long as the law asks of us.",
    }
    return render(request, "form.html", context)
