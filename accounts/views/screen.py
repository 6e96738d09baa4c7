"""The clock and the cover: what session.js asks, and the same without JavaScript."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts import held
from accounts.actions import cover, uncover
from accounts.actions.screen import MOST_TRIES, take_place
from accounts.clock import clock, is_navigation, touch
from accounts.forms.screen import UncoverForm
from accounts.middleware import see_other
from accounts.request import Request


@require_GET
def session_status(request: Request) -> HttpResponse:
    """``{seconds_left, absolute_left, covered, who, csrf}``, or ``{signed_out: true}``. Never extends."""
    return JsonResponse(clock(request))


@require_POST
def session_activity(request: Request) -> HttpResponse:
    """A gesture, made ``ago`` seconds ago. A covered screen is not uncovered by it."""
    if request.person_behind_cover is not None:
        return JsonResponse({"covered": True}, status=401)
    touch(request.sign_in, ago=_ago(request), at_once=True)
    return JsonResponse(clock(request))


def _ago(request: Request) -> float:
    try:
        given = json.loads(request.body or b"{}").get("ago", 0)
        return float(given)
    except (ValueError, AttributeError, TypeError):
        return 0.0


@require_POST
def cover_now(request: Request) -> HttpResponse:
    """Cover; a person without JavaScript is led to the covered page and from there back to where they were."""
    cover(request)
    if not is_navigation(request):
        return JsonResponse(clock(request))
    back = held.safe(request.POST.get("back", ""))
    return see_other(reverse("accounts:covered") + (f"?to={held.seal(back)}" if back else ""))


@require_safe
def covered(request: Request) -> HttpResponse:
    """The covered page. It says nothing about what it covers."""
    if request.person_behind_cover is None:
        return redirect(_onwards(request, request.GET.get("to", "")))
    form = UncoverForm(person=request.person_behind_cover, initial={"to": request.GET.get("to", "")})
    return _covered_page(request, form)


def _covered_page(request: Request, form: UncoverForm, status: int = 200) -> HttpResponse:
    # Without the service's name the title is "Paused" and nothing else.
    return render(request, "accounts/covered.html", {"form": form, "service_name": ""}, status=status)


@require_POST
def session_uncover(request: Request) -> HttpResponse:
    """Uncover by PIN or password; JSON for session.js, a redirect for a form."""
    person, to = request.person_behind_cover, request.POST.get("to", "")
    as_json = not is_navigation(request)
    if person is None:
        return JsonResponse(clock(request)) if as_json else redirect(_onwards(request, to))
    form = UncoverForm(request.POST, person=person)
    if not form.is_valid():
        if as_json:
            return JsonResponse({"covered": True, "error": form.first_error()}, status=400)
        return _covered_page(request, form, 400)
    outcome = uncover(request, **form.given)
    if outcome.signed_out:
        if as_json:
            return JsonResponse({"signed_out": True}, status=401)
        messages.error(request, f"You were signed out after {MOST_TRIES} wrong tries. Sign in again to go on.")
        back = held.unseal(to) if to else ""
        return see_other(reverse(settings.LOGIN_URL) + (f"?next={back}" if back else ""))
    if not outcome.done:
        form.refuse(outcome.tries_left)
        if as_json:
            return JsonResponse({"covered": True, "error": form.first_error()}, status=400)
        return _covered_page(request, form, 400)
    if as_json:
        return JsonResponse(clock(request))
    return redirect(_onwards(request, to))


def _onwards(request: Request, to: str) -> str:
    """What was opened for a family comes first, then the page that was asked for, then where the tab was."""
    place = held.safe(request.POST.get("place", ""))
    return take_place(request) or (held.unseal(to) if to else "") or place or settings.LOGIN_REDIRECT_URL


@require_safe
def held_form(request: Request, token: str) -> HttpResponse:
    """A kept form, ready to be sent again to where it was going."""
    kept = held.take(request.user, token)
    if kept is None:
        raise Http404
    return render(request, "accounts/held.html", {"kept": kept, "mark": held.MARK})


@require_safe
def signed_in(request: Request) -> HttpResponse:
    """Where a sign-in ends that another tab waits for."""
    return render(request, "accounts/signed_in.html")
