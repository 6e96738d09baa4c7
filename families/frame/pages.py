"""The frame as a browser meets it: handing over, the pages inside, the closed one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render as render_template
from django.urls import reverse

from accounts.actions import cover
from accounts.clock import is_navigation
from accounts.middleware import see_other
from accounts.request import Request
from families.frame import leases
from families.models import Case, FrameLease

COOKIE = "vig_frame"
PATH = "/together/"
_PLAIN = {"service_name": ""}  # the title is "Together" and nothing else


def hand_over(
    request: Request, *, case: Case, kind: str, subject_id: object, back: str, draft: dict[str, Any] | None = None
) -> HttpResponse:
    """Open the frame, cover the desk of this browser and lead to the frame.

    A page asked for by ``hand_over.js`` is told the address, so that the frame takes the place of the desk's page in
    the browser's history. Raises PermissionDenied.
    """
    _lease, token = leases.open_frame(
        by=request.user, case=case, kind=kind, subject_id=subject_id, back=back, draft=draft
    )
    cover(request, then=back)
    to = reverse("families:frame")
    response = see_other(to) if is_navigation(request) else JsonResponse({"to": to})
    # out of reach of scripts, sent to the frame alone, gone with the browser
    response.set_cookie(COOKIE, token, path=PATH, secure=settings.PRODUCTION, httponly=True, samesite="Strict")
    return response


def held_by(request: Request) -> FrameLease | None:
    """The lease that this browser's cookie stands for, whether it still runs or not."""
    return leases.lease_of(request.COOKIES.get(COOKIE, ""))


def frame_for(request: Request, kind: str) -> FrameLease | None:
    """The open frame of this kind that this browser holds, and that the family has not finished; else None."""
    lease = held_by(request)
    if lease is None or lease.kind != kind or lease.done_at is not None or not leases.is_open(lease):
        return None
    return lease


def render(
    request: Request,
    lease: FrameLease,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page in the frame."""
    return render_template(request, template, {**(context or {}), **_PLAIN}, status=status)


def again() -> HttpResponse:
    """After a form: the frame anew, by the address it always has."""
    return see_other(reverse("families:frame"))


def finish(request: Request, lease: FrameLease) -> HttpResponse:
    """The family has finished: say thank you, and wait to be handed back."""
    leases.finish(lease)
    return again()


def closed(request: Request) -> HttpResponse:
    """There is no frame: the same for a stranger as for one that was left."""
    if not is_navigation(request):
        return JsonResponse({"open": False}, status=404)
    return render_template(request, "families/frame/closed.html", _PLAIN, status=404)


def forget_cookie(response: HttpResponse) -> HttpResponse:
    """The browser holds no frame any more."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    return response
