"""Covering and uncovering a screen; beginning and ending sign-ins."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import held
from accounts.adapters import factors_of
from accounts.clock import session_key
from accounts.models import SignIn, User
from accounts.request import Request
from accounts.signals import signed_out_everywhere
from audit.actions import record

MOST_TRIES = 5


@dataclass(frozen=True)
class Uncovering:
    """What came of a try to uncover: ``done``, or how many tries are left, or ``signed_out`` after the last."""

    done: bool
    tries_left: int = 0

    @property
    def signed_out(self) -> bool:
        return not self.done and self.tries_left == 0


def begin(request: Request, user: User) -> SignIn:
    """Start the clock of a fresh sign-in; its id goes into the session."""
    SignIn.objects.filter(user=user, started_at__lte=timezone.now() - settings.ABSOLUTE_TIMEOUT).delete()
    SignIn.objects.filter(pk=session_key(request)).delete()
    held.forget_old()
    sign_in = SignIn.objects.create(
        user=user,
        has_factor=factors_of(user).exists(),
        address=address_of(request),
        browser=request.headers.get("User-Agent", "")[:200],
    )
    request.session["sign_in"] = str(sign_in.pk)
    return sign_in


def address_of(request: Request) -> str | None:
    """Where the request comes from, past the proxies that we trust."""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return None


def cover(request: Request, *, then: str = "") -> None:
    """Cover every page of this sign-in until its person proves to be there.

    ``then`` is the address on this service where uncovering leads; it is kept here, not in any address. What the
    right needs for a family's eyes (the shared review) must not go through this sign-in.
    """
    sign_in = request.sign_in
    if sign_in is None:
        return
    change: dict[str, object] = {"covered_at": timezone.now()}
    if then:
        change["then"] = held.safe(then)[:500]
    SignIn.objects.filter(pk=sign_in.pk).update(**change)
    if request.person_behind_cover is None and request.user.is_authenticated:
        request.person_behind_cover = request.user


def uncover(request: Request, *, pin: str = "", password: str = "") -> Uncovering:
    """Uncover with the person's PIN or password; the fifth wrong try ends the sign-in.

    Each try is counted before it is judged, so that many sent at once are no more than five.
    """
    sign_in: SignIn | None = request.sign_in
    user: User | None = request.person_behind_cover
    if sign_in is None or user is None:
        return Uncovering(done=sign_in is not None)
    SignIn.objects.filter(pk=sign_in.pk).update(wrong_tries=F("wrong_tries") + 1)
    sign_in.refresh_from_db(fields=["wrong_tries", "then"])
    allowed = sign_in.wrong_tries <= MOST_TRIES
    if allowed and (user.check_pin(pin) if pin else bool(password) and user.check_password(password)):
        now = timezone.now()
        SignIn.objects.filter(pk=sign_in.pk).update(covered_at=None, active_at=now, wrong_tries=0)
        request.user = user
        request.person_behind_cover = None
        sign_in.covered_at, sign_in.active_at, sign_in.wrong_tries = None, now, 0
        return Uncovering(done=True)
    record(by=user, verb="screen.uncover-refused", subject=user, way="pin" if pin else "password")
    if sign_in.wrong_tries >= MOST_TRIES:
        request.user = user
        request.session["sign_out_reason"] = "wrong tries at the cover"
        logout(request)
        request.user = AnonymousUser()  # type: ignore[assignment]
        request.person_behind_cover = None
        return Uncovering(done=False)
    return Uncovering(done=False, tries_left=MOST_TRIES - sign_in.wrong_tries)


def take_place(request: Request) -> str:
    """Where uncovering leads, once: what ``cover`` was told. A tab that uncovers in place leaves it for another."""
    if request.sign_in is None:
        return ""
    then = request.sign_in.then
    if then:
        SignIn.objects.filter(pk=request.sign_in.pk).update(then="")
        request.sign_in.then = ""
    return held.safe(then)


@transaction.atomic
def sign_out_everywhere(*, by: User, user: User, keep: SignIn | None = None) -> int:
    """End all sign-ins of ``user`` at once but ``keep``; how many ended.

    A session whose row is gone is nobody's from its next request on, also one that is open in a browser now.
    """
    ending = SignIn.objects.filter(user=user)
    if keep is not None:
        ending = ending.exclude(pk=keep.pk)
    count = ending.alive().count()
    ending.delete()
    record(by=by, verb="account.signed-out-everywhere", subject=user, ended=count, kept_own=keep is not None)
    transaction.on_commit(lambda: signed_out_everywhere.send(sender=User, user=user, kept=keep is not None))
    return count
