"""Questionnaires by a one-time link, on somebody's own phone: no sign-in, no script needed, nothing of the record.

The token stands in the first address alone; from there a cookie carries it, so that neither the history nor Back of a
shared phone holds it. Opened anew, the link goes on where it was and shows nothing that was answered before.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.screen import address_of
from accounts.middleware import see_other
from accounts.request import Request
from outcomes.actions import askings
from outcomes.views.answering import Place, show

COOKIE = "vig_questions"
PATH = "/q/"
BASE = "outcomes/answering/link_base.html"
MOST_MISSES, FORGOTTEN_AFTER = 20, 600  # wrong links from one address, in so many seconds


def _page(request: Request, page: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    context = {**(context or {}), "parent": BASE, "service_name": ""}
    return render(request, f"outcomes/answering/{page}.html", context, status=status)


def _closed(request: Request) -> HttpResponse:
    response = _page(request, "closed", status=404)
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _address(step: str) -> str:
    return reverse("outcomes:answer-step", kwargs={"step": step}) if step else reverse("outcomes:answer")


@require_safe
def answer_open(request: Request, token: str) -> HttpResponseBase:
    """The link itself: changes the token into a cookie and leads on. Whoever guesses is soon not answered any more."""
    misses = f"q-missed:{address_of(request)}"
    if cache.get(misses, 0) >= MOST_MISSES:
        return _page(request, "closed", {"too_many": True}, status=429)
    asking = askings.asking_of(token)
    if asking is None:
        cache.add(misses, 0, FORGOTTEN_AFTER)
        cache.incr(misses)
        return _closed(request)
    askings.open_anew(asking=asking)
    response = see_other(reverse("outcomes:answer"))
    # Lax: the link is followed from a message; gone with the browser
    response.set_cookie(COOKIE, token, path=PATH, secure=settings.PRODUCTION, httponly=True, samesite="Lax")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
def answer(request: Request, step: str = "") -> HttpResponseBase:
    """A page of the questionnaire that this browser's cookie opens."""
    asking = askings.asking_of(request.COOKIES.get(COOKIE, ""))
    if asking is None:
        return _closed(request)

    def finished() -> HttpResponse:
        response = see_other(reverse("outcomes:answer-thanks"))
        response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
        return response

    place = Place(
        render=lambda page, context: _page(request, page, context),
        address=_address,
        finished=finished,
        gone=lambda: _closed(request),
        alone=True,
    )
    return show(request, asking, step, place)


@require_safe
def answer_thanks(request: Request) -> HttpResponse:
    """Thank you. It says the same to everybody, and where help is."""
    return _page(request, "thanks")
