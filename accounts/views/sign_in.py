"""What this service adds to allauth's pages."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from django.conf import settings

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
