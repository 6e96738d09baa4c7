"""After it was sent; saving, and coming back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.screen import address_of
from accounts.middleware import see_other
from accounts.request import Request
from families.forms.fields import add_action_error
from outbox.queries import why_nothing_leaves
from referrals import actions, copies, eligibility, texts
from referrals.addresses import address
from referrals.forms.public import CodeForm, ComeBackForm
from referrals.models import Door, Draft, GuideText, Referral
from referrals.queries import referral_of
from referrals.views.reach import (
    FORGOTTEN_AFTER,
    MISSES,
    closed,
    draft_for,
    remember,
    secret_of,
    too_often,
    writing,
)

MOST_LINKS = {"address": 100, "device": 15}


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def save(request: Request, draft: Draft) -> HttpResponseBase:
    """Everything is saved; a link to come back by, on this device or another."""
    if draft.door == Door.STAFF:
        raise Http404
    form = ComeBackForm(request.POST if request.method == "POST" and request.POST.get("way") != "show" else None)
    link = ""
    if request.method == "POST":
        if too_often(request, "link", MOST_LINKS):
            return render(request, "429.html", {"minutes": 60}, status=429)
        if request.POST.get("way") == "show":
            # seen once, and never in an address of ours that somebody could go back to
            link = request.build_absolute_uri(f"/refer/return/{actions.give_link(draft=draft)}/")
        elif form.is_valid():
            try:
                actions.send_link(draft=draft, email=form.cleaned_data["email"])
            except ValidationError as error:
                add_action_error(form, error)
            else:
                return see_other(address(draft, "saved"))
    context = {
        "form": form,
        "link": link,
        "days": eligibility.rules().return_days,
        "kept_days": eligibility.rules().draft_days,
        "nothing_leaves": why_nothing_leaves("email"),
        "draft": draft,
        "resume_url": address(draft, "resume"),
    }
    return render(request, "referrals/form/save.html", context)


@require_safe
@writing
def saved(request: Request, draft: Draft) -> HttpResponseBase:
    """The link is on its way."""
    context = {"days": eligibility.rules().return_days, "resume_url": address(draft, "resume")}
    return render(request, "referrals/form/saved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: Request, token: str) -> HttpResponseBase:
    """A link to come back. It is used up by pressing the button: a program that looks at links in e-mails does not."""
    missed = f"refer:missed:{address_of(request)}"
    if cache.get(missed, 0) >= MISSES:
        return closed(request, 429)
    if request.method != "POST":
        return render(request, "referrals/form/come_back.html")
    secret = secret_of(request)
    draft = actions.come_back(token=token, secret=secret)
    if draft is None:
        cache.add(missed, 0, FORGOTTEN_AFTER)
        cache.incr(missed)
        return closed(request)
    return remember(see_other(address(draft, "resume")), secret)


Sent = Callable[[Request, Draft, Referral], HttpResponseBase]


def after_sending(view: Sent) -> Callable[..., HttpResponseBase]:
    """A page of what was sent; before it is, its writer is led back to where they left off."""

    @wraps(view)
    def inner(request: Request, draft: UUID, *, staff: bool = False) -> HttpResponseBase:
        found = draft_for(request, draft, staff=staff)
        if found is None:
            return closed(request)
        if found.sent_as_id is None:
            return see_other(address(found, "resume"))
        return view(request, found, referral_of(found))

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@after_sending
def sent(request: Request, found: Draft, referral: Referral) -> HttpResponseBase:
    """It has arrived: the reference, what happens next, a copy, and the code that opens the way to follow it."""
    staff = found.door == Door.STAFF
    may_check = bool(found.email) and not found.email_checked_at and not staff
    form = CodeForm(request.POST if request.method == "POST" and request.POST.get("again") is None else None)
    problem = ""
    if request.method == "POST" and may_check:
        if request.POST.get("again"):
            try:
                actions.ask_for_code(draft=found)
            except ValidationError as error:
                problem = " ".join(error.messages)
            if not problem:
                return see_other(address(found, "sent"))
        elif form.is_valid():
            if actions.check_code(draft=found, code=form.cleaned_data["code"]):
                return see_other(address(found, "sent"))
            form.add_error("code", "This is not the code, or it is too old. Ask for another")
    context = {
        "referral": referral,
        "draft": found,
        "staff": staff,
        "words": texts.words(GuideText.Key.SUCCESS),
        "form": form if may_check else None,
        "problem": problem,
        "nothing_leaves": why_nothing_leaves("email"),
        "copy_url": address(found, "copy"),
    }
    return render(request, "referrals/form/sent.html", context)


@require_safe
@after_sending
def copy(request: Request, found: Draft, referral: Referral) -> HttpResponseBase:
    """The copy of what was sent, to keep or to print; in the browser that sent it, or for its colleague."""
    return copies.response(referral)
