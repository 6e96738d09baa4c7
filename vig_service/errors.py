"""What people see when a page cannot be shown: what happened, what to do, and that nothing is lost."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from vig_service.context import identity

# Never written back into a page, not even for the person who typed it.
SECRET_WORDS = ("password", "pin", "code", "secret", "token", "credential")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, and 413 where the request was refused for its size."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    # The request itself may be malformed (a wrong host, a broken cookie): nothing of it is read here.
    return _bare("400.html", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. What ``PermissionDenied("…")`` says is shown, so say it in words for the person."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "403.html", {"reason": reason}, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. The same words whether a record is not there or is not this person's to see."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def too_large(request: HttpRequest, limit_bytes: int) -> HttpResponse:
    """413, with the limit in words."""
    return _bare("413.html", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limit_bytes=limit_bytes)


def too_many(request: HttpRequest, retry_after_seconds: int = 60) -> HttpResponse:
    """429, with when to try again. allauth's rate limits, which count by the minute, call it too."""
    minutes = max(1, -(-retry_after_seconds // 60))
    response = render(request, "429.html", {"minutes": minutes}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(retry_after_seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Asks the database for nothing: it may be what failed."""
    return _bare("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is out of date, usually because of a new sign-in in another tab.

    When the browser vouches that the form was on a page of this service (``Sec-Fetch-Site``, which no page can
    forge) and someone is signed in, what was typed is offered back to be sent again; pages are sent with
    no-store, so going Back would show an empty form.
    """
    typed = _typed(request)
    return render(
        request, "403_csrf.html", {"typed": typed, "action": request.get_full_path()}, status=HTTPStatus.FORBIDDEN
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form held, if it may be shown again; nothing where it came from elsewhere or holds a secret."""
    user = getattr(request, "user", None)
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or user is None or not user.is_authenticated:
        return []
    if request.method != "POST" or request.FILES:
        return []
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if any(word in name.lower() for name in fields for word in SECRET_WORDS):
        return []
    return [(name, str(value)) for name, values in fields.items() for value in values]


def _bare(template: str, status: HTTPStatus, **context: Any) -> HttpResponse:
    """A page rendered without the request: no person, no session, no database."""
    return HttpResponse(render_to_string(template, {**identity(), **context}), status=status)
