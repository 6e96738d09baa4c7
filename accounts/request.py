"""A request as it is behind the door, for type checkers; at run time it is Django's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import SignIn, User


class Request(HttpRequest):
    """What ``accounts.middleware.Door`` puts on every request. Views behind the door have a ``user``."""

    user: User
    sign_in: SignIn | None
    person_behind_cover: User | None  # while covered ``user`` is nobody
    was_signed_in: int | None  # whose sign-in this very request found to be over
    why_signed_out: str
