"""What this service adds to allauth's pages."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts import demonstration


class SignIn(LoginView):
    """The sign-in page; in the demonstration it says who may sign in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if not settings.PRODUCTION:
            context["demonstration"] = {
                "people": demonstration.PEOPLE,
                "password": demonstration.PASSWORD,
                "pin": demonstration.PIN,
            }
        return context


class SecondStep(IndexView):
    """The overview of second factors; where somebody is led who must set one up first."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"second_step_required": settings.MFA_REQUIRED}


class RemovePasskey(RemoveWebAuthnView):
    """Removes a passkey, but not the last factor where one is required; the library asks that of an app only."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        return super().form_valid(form)
