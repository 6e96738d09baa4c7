"""Which kinds of work open a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from accounts.request import Request
from accounts.roles import Permission

View = Callable[..., HttpResponse]


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Only for people whose role does this kind of work (one of these kinds); others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.can(each) for each in permissions):
                raise PermissionDenied("Your role does not open this page. Ask your administrator if you need it.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
