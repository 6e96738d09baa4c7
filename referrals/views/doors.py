"""The guide, the doors of the form, talking first."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import locker
from accounts.middleware import see_other
from accounts.models import Permission
from accounts.request import Request
from families.forms.fields import add_action_error
from referrals import actions, eligibility, texts
from referrals.addresses import address
from referrals.forms.public import TalkForm
from referrals.models import Door, GuideText, Signpost
from referrals.queries import begun_by_staff, calls_waiting
from referrals.views.reach import MOST_BEGUN, remember, secret_of, too_often

Key = GuideText.Key
REMEMBERED = "vig_referrer"
REMEMBERED_DAYS = 180
REMEMBERED_FIELDS = ("name", "role", "organisation", "source", "phone", "email", "best_times")
TRAP = "website"  # a box that nobody sees; a program fills in every box
MOST_CALLS = {"address": 60, "device": 10}


@require_safe
def guide(request: Request) -> HttpResponseBase:
    """What video interaction guidance is, for families and for those who know them."""
    return render(request, "referrals/guide.html", {"words": texts.words(Key.GUIDE)})


@require_http_methods(["GET", "HEAD", "POST"])
def doors(request: Request) -> HttpResponseBase:
    """Who are you? Opens a form for a professional, or for a parent or carer."""
    open_to = [Door.PROFESSIONAL.value]
    if eligibility.rules().self_referral:
        open_to.append(Door.SELF.value)
    door = request.POST.get("door", "")
    problem = ""
    if request.method == "POST":
        if door not in open_to:
            problem = "Select who you are"
        elif request.POST.get(TRAP):
            problem = "We could not tell that you are a person. Leave the box for programs empty and press again"
        elif too_often(request, "begin", MOST_BEGUN):
            return render(request, "429.html", {"minutes": 60}, status=429)
        else:
            secret = secret_of(request)
            draft = actions.begin(by=None, door=door, secret=secret)
            return remember(see_other(address(draft, "step", "start")), secret)
    context = {
        "open_to": open_to,
        "problem": problem,
        "professional": texts.words(Key.INTRODUCTION),
        "own": texts.words(Key.SELF_INTRODUCTION),
        "remembered": remembered(request),
        "trap": TRAP,
    }
    return render(request, "referrals/doors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def key_in(request: Request) -> HttpResponseBase:
    """The staff door: what came by telephone, e-mail or letter. What is unfinished is listed to go on with."""
    user = request.user
    if not user.can(Permission.TRIAGE_REFERRALS):
        raise PermissionDenied
    if request.method == "POST":
        draft = actions.begin(by=user, door=Door.STAFF)
        return see_other(address(draft, "step", "start"))
    return render(request, "referrals/key_in.html", {"begun": begun_by_staff(user), "calls": calls_waiting(user)})


@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: Request) -> HttpResponseBase:
    """Somebody asks to be rung back, without saying who the family is."""
    without = request.GET.get("from") == "agreement"
    form = TalkForm(request.POST or None, initial={"asker": "family"} if request.GET.get("door") == "self" else None)
    if request.method == "POST" and form.is_valid():
        if too_often(request, "talk", MOST_CALLS):
            return render(request, "429.html", {"minutes": 60}, status=429)
        try:
            actions.ask_for_a_call(**form.cleaned_data, without_agreement=without)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return see_other(reverse("referrals:talk-thanks"))
    context = {"form": form, "words": texts.words(Key.TALK), "without": without}
    return render(request, "referrals/talk.html", context)


@require_safe
def talk_thanks(request: Request) -> HttpResponseBase:
    """It was noted. It says the same to everybody."""
    return render(request, "referrals/talk_thanks.html", {"urgent": urgent_signposts()})


@require_POST
def forget(request: Request) -> HttpResponseBase:
    """Forget a professional's own details on this device."""
    response = see_other(reverse("referrals:doors"))
    response.delete_cookie(REMEMBERED, path="/refer/", samesite="Lax")
    messages.success(request, "Your details are forgotten on this device.")
    return response


def urgent_signposts() -> list[Signpost]:
    return list(Signpost.objects.filter(active=True, urgent=True))


def remembered(request: Request) -> dict[str, str]:
    """A professional's own details, if they asked this device to keep them."""
    try:
        kept = json.loads(locker.unlock(request.COOKIES[REMEMBERED], max_age=REMEMBERED_DAYS * 86400))
    except (KeyError, ValueError):  # none, or not ours any more
        return {}
    return {name: str(kept[name]) for name in REMEMBERED_FIELDS if name in kept} if isinstance(kept, dict) else {}


def keep_details(response: HttpResponseBase, said: dict[str, Any]) -> None:
    """Keep a professional's details on this device, encrypted; or forget them when that was not asked for."""
    if not said.get("remember"):
        response.delete_cookie(REMEMBERED, path="/refer/", samesite="Lax")
        return
    kept = locker.lock(json.dumps({name: said.get(name, "") for name in REMEMBERED_FIELDS}))
    response.set_cookie(
        REMEMBERED,
        kept,
        max_age=REMEMBERED_DAYS * 86400,
        path="/refer/",
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )
