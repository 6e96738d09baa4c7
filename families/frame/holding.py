"""Holding something open for a family: the token, and the practitioner's word that they are there.

For every kind of lease: the frame's, and the room's of the shared review.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Protocol

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.actions import uncover
from accounts.actions.screen import take_place
from accounts.models import User
from accounts.request import Request
from families.models import Lease

MOST_TRIES = 5


class HeldByUser(Protocol):
    """A lease that names whose it is."""

    user: User


def new_token() -> str:
    """A token for a browser's cookie, which nobody guesses."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def proves_to_be_there(lease: Lease, user: User, secret: str) -> bool:
    """Whether ``secret`` is the PIN or the password of ``user``, who opened what ``lease`` holds.

    A try is counted before it is judged, so that many at once are no more than five; the fifth wrong one ends the
    lease for good.
    """
    rows = type(lease)._default_manager.filter(pk=lease.pk)
    rows.update(wrong_tries=F("wrong_tries") + 1)
    lease.refresh_from_db(fields=["wrong_tries"])
    may_try = lease.wrong_tries <= MOST_TRIES and bool(secret) and user.is_active
    if may_try and (user.check_pin(secret) or user.check_password(secret)):
        rows.update(wrong_tries=0)
        lease.wrong_tries = 0
        return True
    if lease.wrong_tries >= MOST_TRIES:
        rows.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    return False


def tries_left(lease: Lease) -> int:
    """How often the PIN or password may still be tried."""
    return max(0, MOST_TRIES - lease.wrong_tries)


def wrong_in_words(lease: Lease) -> str:
    """What somebody reads whose PIN or password was wrong; empty after the last try."""
    left = tries_left(lease)
    if not left:
        return ""
    return f"That is not right. {left} tries are left." if left > 1 else "That is not right. One try is left."


def back_at_the_desk(request: Request, user: User, secret: str, to: str) -> str:
    """Uncover the desk for ``user``, who has just proved to be there; the address that leaving leads to.

    That is ``to`` where their own sign-in is behind the cover of this browser; else the covered page, or the way to
    sign in.
    """
    if request.person_behind_cover == user:
        by_pin = user.check_pin(secret)
        if uncover(request, pin=secret if by_pin else "", password="" if by_pin else secret).done:
            take_place(request)  # what covering was told: it leads to the same page
    return to if request.user == user else reverse("accounts:covered")
