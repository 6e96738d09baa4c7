"""Which draft a request may write in, where its pages are, and how often somebody may knock."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from accounts.actions.screen import address_of
from accounts.middleware import see_other
from accounts.models import Permission
from accounts.request import Request
from referrals.actions.drafts import AlreadySent, fingerprint
from referrals.addresses import address
from referrals.models import Draft

COOKIE = "vig_refer"
COOKIE_PATH = "/refer/"
COOKIE_LASTS = timedelta(days=1)
MISSES, FORGOTTEN_AFTER = 30, 600  # wrong links of one address, in so many seconds
# A whole practice stands behind one address: generous there, closer for one browser.
MOST_BEGUN = {"address": 200, "device": 30}
AN_HOUR = 3600


def secret_of(request: Request) -> str:
    """This browser's secret, or a new one."""
    return request.COOKIES.get(COOKIE, "") or secrets.token_urlsafe(32)


def remember(response: HttpResponseBase, secret: str) -> HttpResponseBase:
    """The cookie that opens what was begun in this browser; for a day from the last page."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(COOKIE_LASTS.total_seconds()),
        path=COOKIE_PATH,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",  # a link to come back is followed from a message
    )
    return response


def too_often(request: Request, what: str, limits: dict[str, int], seconds: int = AN_HOUR) -> bool:
    """Count one more; whether that was too many from this address or this browser."""
    device = request.COOKIES.get(COOKIE, "")
    keys = {"address": address_of(request) or "", "device": fingerprint(device)[:20] if device else ""}
    over = False
    for kind, most in limits.items():
        if not keys[kind]:
            continue
        key = f"refer:{what}:{kind}:{keys[kind]}"
        cache.add(key, 0, seconds)
        try:
            over = cache.incr(key) > most or over
        except ValueError:  # it ran out between the two
            continue
    return over


def draft_for(request: Request, draft: UUID, *, staff: bool) -> Draft | None:
    """The draft of this address, if this browser began or came back to it; a colleague's by their sign-in."""
    if staff:
        user = request.user
        if not user.can(Permission.TRIAGE_REFERRALS):
            raise PermissionDenied
        return get_object_or_404(Draft.objects.visible_to(user), pk=draft)
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        return None
    return Draft.public.of_browser(fingerprint(secret)).filter(pk=draft).first()


def closed(request: Request, status: int = 404) -> HttpResponseBase:
    """Nothing is open here for this browser: what may have happened, and how to go on."""
    return render(request, "referrals/form/closed.html", status=status)


View = Callable[..., HttpResponseBase]


def writing(view: View) -> View:
    """A page of a draft: ``view(request, draft, …)``. What was sent already leads to its last page."""

    @wraps(view)
    def inner(request: Request, draft: UUID, *, staff: bool = False, **kwargs: Any) -> HttpResponseBase:
        found = draft_for(request, draft, staff=staff)
        if found is None:
            return closed(request)
        if found.sent_as_id is not None:
            return see_other(address(found, "sent"))
        try:
            response = view(request, found, **kwargs)
        except AlreadySent:
            response = see_other(address(found, "sent"))
        if not staff:
            remember(response, request.COOKIES[COOKIE])
        return response

    return inner
