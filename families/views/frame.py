"""The frame's addresses: one for whatever is in it, one for leaving it. Nobody is signed in here.

Each request brings the token of a lease in its cookie; without one there is nothing.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from accounts.clock import is_navigation
from accounts.middleware import see_other
from accounts.request import Request
from families.frame import holding, leases, pages
from families.frame.kinds import kind_named
from families.models import FrameLease

LEAVE = "leave"  # the step that asks for the practitioner


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
def frame(request: Request, step: str = "") -> HttpResponseBase:
    """What was handed over; its kind answers while the lease is open."""
    lease = pages.held_by(request)
    if lease is None:
        return pages.closed(request)
    if lease.done_at is not None:
        return _ask(request, lease)
    kind = kind_named(lease.kind)
    if kind is None or not leases.is_open(lease):
        if not is_navigation(request):
            return JsonResponse({"open": False}, status=403)
        return _ask(request, lease, status=403)
    return kind.show(request, lease, step)


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
def frame_leave(request: Request) -> HttpResponse:
    """The practitioner leaves, or goes on with a frame that ran out, by their PIN or password."""
    lease = pages.held_by(request)
    if lease is None:
        return pages.closed(request)
    if request.method != "POST":
        return _ask(request, lease)
    secret = request.POST.get("secret", "")
    if not secret:
        return _ask(request, lease, error="Enter your PIN or your password", status=400)
    if not leases.practitioner_is_there(lease, secret):
        if not holding.tries_left(lease):
            return pages.forget_cookie(see_other(reverse("accounts:covered")))
        return _ask(request, lease, error=holding.wrong_in_words(lease), status=400)
    if "go-on" in request.POST and leases.may_hold(lease.user, lease.case, lease.kind):
        leases.go_on(lease)
        return pages.again()
    leases.close_frame(lease=lease)
    to = holding.back_at_the_desk(request, lease.user, secret, lease.back)
    return pages.forget_cookie(see_other(to))


def _ask(
    request: Request, lease: FrameLease, *, thanks: bool = False, error: str = "", status: int = 200
) -> HttpResponse:
    """The page that asks for the practitioner. It says nothing about what was handed over."""
    context = {
        "thanks": lease.done_at is not None,
        "runs": leases.is_open(lease) and lease.done_at is None,
        "error": error,
    }
    return pages.render(request, lease, "families/frame/leave.html", context, status=status)
