"""allauth's forms in our clothes: labels, hints and errors in our words."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.http import HttpRequest

from nhsuk_forms.forms import NhsFormMixin

PASSWORD_HINT = "At least 12 characters. Three words that do not belong together are good."  # noqa: S105 # a hint
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
SENDING_SECONDS = 1.0  # about what handing a letter to the mail server takes


def _plain(form: forms.BaseForm, **words: tuple[str, str]) -> None:
    """Set label and hint of each field; no placeholder (it goes when one types)."""
    for name, (label, hint) in words.items():
        field = form.fields[name]
        field.label, field.help_text = label, hint
        field.widget.attrs.pop("placeholder", None)


class LoginForm(NhsFormMixin, account.LoginForm):
    submit_label = ""  # the page adds hidden fields, and the passkey beside it
    looks = {"login": {"autocomplete": "username", "spellcheck": "false"}}
    nouns = {"login": "your email address", "password": "your password"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, login=("Email address", ""), password=("Password", ""))


class ReauthenticateForm(NhsFormMixin, account.ReauthenticateForm):
    submit_label = ""
    nouns = {"password": "your password"}
    looks = {"password": {"width": 20}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password=("Your password", ""))


class _TwiceMixin(NhsFormMixin):
    """A new password, typed twice."""

    nouns = {"password1": "a new password", "password2": "the new password again", "oldpassword": "your password"}
    looks = {name: {"width": 20} for name in ("oldpassword", "password1", "password2")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,  # type: ignore[arg-type]
            password1=("New password", PASSWORD_HINT),
            password2=("The new password again", ""),
        )


class ChangePasswordForm(_TwiceMixin, account.ChangePasswordForm):
    submit_label = "Change my password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, oldpassword=("Your password now", ""))


class NewPasswordForm(_TwiceMixin, account.ResetPasswordKeyForm):
    submit_label = "Save my password"


class ResetPasswordForm(NhsFormMixin, account.ResetPasswordForm):
    submit_label = "Send me a link"
    nouns = {"email": "your email address"}
    looks = {"email": {"autocomplete": "username", "spellcheck": "false"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, email=("Email address", "The one you sign in with"))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Takes as long for an address that we do not know, so that the clock does not tell who works here."""
        started = time.monotonic()
        email: str = super().save(request, **kwargs)
        time.sleep(max(0.0, SENDING_SECONDS - (time.monotonic() - started)))
        return email


class _CodeMixin(NhsFormMixin):
    submit_label = ""
    nouns = {"code": "the code"}
    looks = {"code": {"width": 10, "attrs": CODE}}
    hint = "6 digits from your authenticator app, or one of your recovery codes"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=("Code", self.hint))  # type: ignore[arg-type]


class CodeForm(_CodeMixin, factor.AuthenticateForm):
    submit_label = "Go on"


class ReauthenticateCodeForm(_CodeMixin, factor.ReauthenticateForm):
    pass


class ActivateAppForm(_CodeMixin, totp.ActivateTOTPForm):
    hint = "The 6 digits that the app shows now"
    submit_label = "Use this app from now on"


class DeactivateAppForm(NhsFormMixin, totp.DeactivateTOTPForm):
    submit_label = ""


class RecoveryCodesForm(NhsFormMixin, recovery.GenerateRecoveryCodesForm):
    submit_label = ""


class AddPasskeyForm(NhsFormMixin, passkey.AddWebAuthnForm):
    submit_label = ""
    mark_optional = False
    looks = {"name": {"width": 20}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        _plain(
            self,
            name=("Name of this passkey", "So that you know it again, for example “work laptop”"),
            passwordless=(
                "Sign in with it alone, without my password",
                "The device asks for your fingerprint, face or its own PIN. Untick for a plain security key.",
            ),
        )


class EditPasskeyForm(NhsFormMixin, passkey.EditWebAuthnForm):
    submit_label = "Save the name"
    looks = {"name": {"width": 20}}
    nouns = {"name": "a name for this passkey"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, name=("Name of this passkey", ""))
