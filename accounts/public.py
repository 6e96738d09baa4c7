"""The one list of pages that need no sign-in. A page that is not here is closed."""

from __future__ import annotations

from django.http import HttpRequest

# View names, with their namespace.
PUBLIC_VIEWS: frozenset[str] = frozenset(
    {
        "live",
        "desk:healthz",
        "accessibility",
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "accounts:session-status",  # says "signed out" rather than leading a poll to the sign-in page
    }
)

# The room has no sign-in: each of its views asks for the lease of its own that a cookie stands for.
ROOM_VIEWS: frozenset[str] = frozenset(
    f"clips:{name}"
    for name in (
        "room",
        "room-now",
        "room-pulse",
        "room-film",
        "room-picture",
        "room-seen",
        "room-still",
        "room-still-picture",
        "room-order",
        "room-words",
        "room-ideas",
        "room-end",
        "room-resume",
        "room-leave",
        "rate",
    )
)
# Nor has the frame (families.frame), for the same reason.
FRAME_VIEWS: frozenset[str] = frozenset({"families:frame", "families:frame-step", "families:frame-leave"})
# Nor has what a caregiver answers by a one-time link: each view asks for the token, in the address or in a cookie.
LINK_VIEWS: frozenset[str] = frozenset(
    f"outcomes:{name}" for name in ("answer", "answer-open", "answer-step", "answer-thanks")
)
# The guide, and the form by which a family is referred: each page of a draft asks for the secret of the browser that
# began it, each page of a referral for the token of its link.
REFERRAL_VIEWS: frozenset[str] = frozenset(
    f"referrals:{name}"
    for name in (
        "guide",
        "talk",
        "talk-thanks",
        "doors",
        "forget",
        "return",
        "refer-save",
        "refer-saved",
        "refer-resume",
        "refer-not-this-time",
        "refer-no-agreement",
        "refer-help-now",
        "refer-check",
        "refer-declaration",
        "refer-sent",
        "refer-copy",
        "refer-file-remove",
        "refer-step",
        "refer-item",
        "refer-item-remove",
        "follow",
        "follow-withdraw",
        "follow-renewed",
        "follow-open",
    )
)
PUBLIC_VIEWS |= ROOM_VIEWS | FRAME_VIEWS | LINK_VIEWS | REFERRAL_VIEWS

# Open to these methods only, because the request brings a token of its own that the view checks.
TOKEN_VIEWS: dict[str, frozenset[str]] = {"clips:upload": frozenset({"HEAD", "PATCH"})}

# A covered screen still reaches these, as the person behind the cover.
COVERED_VIEWS: frozenset[str] = frozenset(
    {"accounts:covered", "accounts:uncover", "accounts:cover", "accounts:session-activity", "account_logout"}
)

# Asking for the time is no gesture, and a gesture that is told says itself when it was made.
CLOCK_VIEWS: frozenset[str] = frozenset({"accounts:session-status", "accounts:session-activity"})

# Somebody who must set up a second factor first reaches these and nothing else.
SET_UP_VIEWS: frozenset[str] = COVERED_VIEWS | frozenset(
    {
        "mfa_index",
        "accounts:signed-in",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


def is_public(request: HttpRequest) -> bool:
    """Whether this page, asked for in this way, needs no sign-in."""
    match = request.resolver_match
    if match is None:
        return False
    return match.view_name in PUBLIC_VIEWS or request.method in TOKEN_VIEWS.get(match.view_name, ())
