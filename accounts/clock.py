"""The clock of a sign-in: what counts as a gesture, and what a page may know of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import SignIn, User
from accounts.request import Request


def is_navigation(request: Request) -> bool:
    """A whole page was asked for, not a piece of one."""
    if "X-Requested-With" in request.headers:
        return False
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode == "navigate"
    # A browser from before these headers: a page is asked for as HTML, pictures and film are not.
    accepts = request.headers.get("Accept")
    return "Range" not in request.headers and (accepts is None or "text/html" in accepts)


def by_a_person(request: Request) -> bool:
    """A page somebody went to or a form somebody sent. Polls, ranges and a page that reloads itself are not."""
    if request.sign_in is None or not is_navigation(request):
        return False
    # Chromium, known by its client hint, says of every navigation whether a person began it.
    return "Sec-CH-UA" not in request.headers or request.headers.get("Sec-Fetch-User") == "?1"


NO_SIGN_IN = UUID(int=0)


def session_key(request: HttpRequest) -> UUID:
    """The id of the sign-in that this session says it belongs to; one that nobody has when it says none."""
    try:
        return UUID(str(request.session.get("sign_in")))
    except ValueError:
        return NO_SIGN_IN


def touch(sign_in: SignIn | None, *, ago: float = 0.0, at_once: bool = False) -> None:
    """Note a gesture made ``ago`` seconds ago. Written at most once a minute, or ``at_once`` near the limit."""
    if sign_in is None:
        return
    at = timezone.now() - timedelta(seconds=min(max(ago, 0.0), settings.IDLE_TIMEOUT.total_seconds()))
    step = min(timedelta(seconds=60), settings.IDLE_TIMEOUT / 10)
    if at > sign_in.active_at and (at_once or at >= sign_in.active_at + step):
        SignIn.objects.filter(pk=sign_in.pk, active_at__lt=at).update(active_at=at)
        sign_in.active_at = at


def who(user: User) -> str:
    """A person as a text that tells pages apart without naming anybody."""
    return salted_hmac("accounts.who", str(user.pk)).hexdigest()[:16]


def clock(request: Request) -> dict[str, Any]:
    """What every tab needs to know; reading it extends nothing."""
    sign_in = request.sign_in
    person = request.person_behind_cover or request.user
    if sign_in is None or not person.is_authenticated:
        return {"signed_out": True}
    now = timezone.now()
    covered = request.person_behind_cover is not None
    return {
        "covered": covered,
        "seconds_left": 0 if covered else sign_in.seconds_left(now),
        "absolute_left": sign_in.absolute_left(now),
        "who": who(person),
        "has_pin": bool(person.pin_hash),
        "csrf": get_token(request),
    }


def screen(request: Request) -> dict[str, Any]:
    """Context processor: what ``templates/accounts/_cover.html`` tells session.js. Asks the database for nothing."""
    sign_in = getattr(request, "sign_in", None)
    user = getattr(request, "user", None)
    if sign_in is None or user is None or not user.is_authenticated:
        return {}
    return {
        "screen_clock": {
            "idle": f"{settings.IDLE_TIMEOUT.total_seconds():g}",
            "warning": f"{settings.IDLE_WARNING.total_seconds():g}",
            "seconds_left": sign_in.seconds_left(timezone.now()),
            "who": who(user),
        }
    }
