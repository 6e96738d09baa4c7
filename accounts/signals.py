"""What happens when people come and go: the clock starts and ends, and the audit trail is written."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal
from django.http import HttpRequest

from accounts.clock import session_key
from accounts.models import SignIn, User
from accounts.request import Request
from audit.actions import record

# Sent after commit with ``user`` and ``kept`` (their own sign-in goes on): whoever opened something that outlives a
# sign-in ends it too.
signed_out_everywhere = Signal()


def on_signed_in(sender: Any, request: Request, user: User, **kwargs: Any) -> None:
    from accounts.actions.screen import begin

    methods = request.session.get("account_authentication_methods") or []
    ways = sorted({str(one.get("type") or one.get("method")) for one in methods if isinstance(one, dict)})
    begin(request, user)
    record(by=user, verb="sign-in.succeeded", subject=user, ways=ways)


def on_sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A known account is named by its id; what was typed for an unknown one may be anybody's and is not kept."""
    tried = str(credentials.get("email") or credentials.get("username") or "")
    known = User.objects.filter(email__iexact=tried).values_list("pk", flat=True).first() if tried else None
    record(by=None, verb="sign-in.failed", subject=("accounts.user", known or "unknown"))


def on_signed_out(sender: Any, request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if user is None or request is None:
        return
    SignIn.objects.filter(pk=session_key(request)).delete()
    reason = request.session.get("sign_out_reason") or getattr(request, "why_signed_out", "") or "own"
    if reason == "elsewhere":
        return  # written down where it was done
    record(by=user, verb="sign-out.done", subject=user, reason=reason)


def on_factor_changed(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    from accounts.adapters import factors_of

    verb = {
        factor_signals.authenticator_added: "factor.added",
        factor_signals.authenticator_removed: "factor.removed",
        factor_signals.authenticator_reset: "factor.renewed",
    }[kwargs["signal"]]
    SignIn.objects.filter(user=user).update(has_factor=factors_of(user).exists())
    record(by=user, verb=verb, subject=user, kind=str(authenticator.type))


def on_factor_failed(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    record(by=None, verb="factor.failed", subject=user, kind=str(authenticator.type))


def on_password_changed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A new password ends the sign-ins made with the old one; a change keeps the one it was made in."""
    reset = kwargs["signal"] is account_signals.password_reset
    others = SignIn.objects.filter(user=user)
    if not reset:
        others = others.exclude(pk=session_key(request))
    others.delete()
    record(by=None if reset else user, verb="password.reset" if reset else "password.changed", subject=user)
    signed_out_everywhere.send(sender=User, user=user, kept=not reset)


def connect() -> None:
    auth_signals.user_logged_in.connect(on_signed_in, dispatch_uid="accounts.on_signed_in")
    auth_signals.user_login_failed.connect(on_sign_in_failed, dispatch_uid="accounts.on_sign_in_failed")
    auth_signals.user_logged_out.connect(on_signed_out, dispatch_uid="accounts.on_signed_out")
    for signal in (
        factor_signals.authenticator_added,
        factor_signals.authenticator_removed,
        factor_signals.authenticator_reset,
    ):
        signal.connect(on_factor_changed, sender=Authenticator, dispatch_uid=f"accounts.factor.{id(signal)}")
    factor_signals.authentication_failed.connect(on_factor_failed, dispatch_uid="accounts.on_factor_failed")
    for signal in (account_signals.password_changed, account_signals.password_set, account_signals.password_reset):
        signal.connect(on_password_changed, dispatch_uid=f"accounts.password.{id(signal)}")
