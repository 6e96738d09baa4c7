"""What the tests of accounts share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.forms import sign_in
from accounts.models import SignIn, User
from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def _fresh_cache_and_no_waiting(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rate limits count in the cache; letters stay in memory; nobody waits for an address that is not known."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(sign_in, "SENDING_SECONDS", 0.0)
    cache.clear()
    yield
    cache.clear()


def post_sign_in(client: Client, user: User, password: str = PASSWORD, **extra: str):
    """What the sign-in page sends."""
    return client.post(reverse("account_login"), {"login": user.email, "password": password, **extra})


@pytest.fixture
def password_client() -> Callable[[User], Client]:
    """A client that signed in with e-mail and password through the page."""

    def sign_in_by_page(user: User) -> Client:
        client = Client()
        response = post_sign_in(client, user, next="/me/")
        assert response.status_code == 302, response.content.decode()
        return client

    return sign_in_by_page


def sign_in_of(user: User) -> SignIn:
    return SignIn.objects.get(user=user)


def pass_time(user: User, **delta: float) -> None:
    """Let time pass for this person's sign-ins: ``pass_time(asha, minutes=11)``."""
    gone = timedelta(**delta)
    for one in SignIn.objects.filter(user=user):
        one.started_at -= gone
        one.active_at -= gone
        if one.covered_at:
            one.covered_at -= gone
        one.save()


def give_app(user: User) -> str:
    """An authenticator app for this person; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """The code that the app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def wrong_code(secret: str) -> str:
    return f"{(int(code_of(secret)) + 1) % 10**6:06d}"


def confirm_password(client: Client, password: str = PASSWORD) -> None:
    """Go through "Confirm that it is you"."""
    response = client.post(reverse("account_reauthenticate"), {"password": password, "next": "/me/"})
    assert response.status_code == 302


FETCH = {"HTTP_X_REQUESTED_WITH": "fetch", "HTTP_ACCEPT": "application/json"}
