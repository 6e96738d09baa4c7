"""How this service bends allauth: no signing up, secrets encrypted at rest, our own words."""

from __future__ import annotations

from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from accounts import locker
from accounts.models import User
from audit.actions import record

WAIT = "Too many tries. Wait 5 minutes, then try again."


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not right. Check both and try again.",
        "incorrect_password": "That is not your password. Type it again.",
        "enter_current_password": "That is not your password. Type it again.",
        "incorrect_code": "That code is not right, or it has been used. Wait for the next one and type it again.",
        "invalid_password_reset": "This link has been used or is too old. Ask for a new one.",
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an administrator adds people

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": "Use my password",
            "mfa_reauthenticate": "Use a code from my app, or a recovery code",
            "mfa_reauthenticate:webauthn": "Use a passkey",
        }
        return [
            method | {"description": words.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            # The address that was tried is not kept: it may be anybody's.
            record(by=None, verb="sign-in.refused", subject=("accounts.user", "unknown"), reason="too many tries")
            raise


class MFAAdapter(DefaultMFAAdapter):
    """The second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": (
            "A second step is required here, and this is your only one. Add another before you remove it."
        ),
    }

    def encrypt(self, text: str) -> str:
        return locker.lock(text)

    def decrypt(self, encrypted_text: str) -> str:
        return locker.unlock(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """The code as an ``<svg>`` to stand in the page: the policy allows no ``data:`` picture."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return (
            f'<svg class="app-qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}" '
            'role="img" aria-label="QR code for your authenticator app" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{len(rows)}v{len(rows)}H0z"/><path fill="#000" d="{squares}"/></svg>'
        )

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last factor where one is required. Recovery codes alone are no factor."""
        if not settings.MFA_REQUIRED or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        return factors_of(authenticator.user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"

    def _get_site_name(self) -> str:
        return str(settings.SERVICE_NAME)


def factors_of(user: User) -> Any:
    """A person's second factors: authenticator app and passkeys."""
    return Authenticator.objects.filter(
        user_id=user.pk, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
