"""The one list of pages that need no sign-in. A page that is not here is closed."""

from __future__ import annotations

from django.http import HttpRequest

# View names, with their namespace.
PUBLIC_VIEWS: frozenset[str] = frozenset(
    {
        "live",
        "accessibility",
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)


def is_public(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in PUBLIC_VIEWS
