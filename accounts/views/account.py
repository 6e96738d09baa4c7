"""My account: who I am here, my PIN, my second step, where I am signed in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.forms.screen import PinForm
from accounts.models import SignIn
from accounts.queries import permissions_in_words
from accounts.request import Request


@require_safe
def account(request: Request) -> HttpResponse:
    user = request.user
    factors = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return render(
        request,
        "accounts/account.html",
        {
            "permissions": permissions_in_words(user.role),
            "has_app": Authenticator.Type.TOTP in factors,
            "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
            "sign_in_count": SignIn.objects.filter(user=user).alive().count(),
            "teams_managed": list(user.teams_managed.all()),
        },
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: Request) -> HttpResponse:
    """Set or change the PIN."""
    form = PinForm(request.POST or None, person=request.user)
    form.cancel_url = reverse("accounts:account")
    if request.method == "POST" and form.is_valid():
        actions.set_pin(by=request.user, pin=form.cleaned_data["pin"])
        messages.success(request, "Your PIN is saved. It uncovers your screen from now on.")
        return redirect("accounts:account")
    return render(request, "accounts/pin.html", {"form": form})


@require_safe
def sign_ins(request: Request) -> HttpResponse:
    """Where this person is signed in now."""
    rows = list(SignIn.objects.filter(user=request.user).alive())
    return render(request, "accounts/sign_ins.html", {"rows": rows, "here": request.sign_in})


@require_POST
def sign_out_elsewhere(request: Request) -> HttpResponse:
    ended = actions.sign_out_everywhere(by=request.user, user=request.user, keep=request.sign_in)
    messages.success(request, f"Signed out in {ended} other place{'' if ended == 1 else 's'}.")
    return redirect("accounts:sign-ins")
