"""Every page of the door can be shown, in our own frame, and leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sign_in_urls, tasks
from accounts.models import HeldForm, SignIn
from accounts.public import COVERED_VIEWS, PUBLIC_VIEWS, SET_UP_VIEWS
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
        "account_reset_password_from_key_done",
    ],
)
def test_a_page_for_people_who_are_not_signed_in_is_shown(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert b"nhsuk-header" in response.content
    assert b"vig-cover" not in response.content


@pytest.mark.parametrize(
    "name",
    [
        "accounts:account",
        "accounts:pin",
        "accounts:sign-ins",
        "accounts:signed-in",
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_list_webauthn",
    ],
)
def test_a_page_of_one_s_own_account_is_shown(cast: Cast, signed_in, name: str) -> None:
    response = signed_in(cast.asha).get(reverse(name))
    assert response.status_code == 200
    assert b"vig-cover" in response.content


def test_every_page_of_the_sign_in_library_is_in_our_own_frame() -> None:
    ours = Path(settings.BASE_DIR) / "templates"
    looked_at = []
    for pattern in sign_in_urls.urlpatterns:
        names = getattr(pattern.callback, "view_class", None)
        template = getattr(names, "template_name", None)
        if template:
            assert Path(get_template(template).origin.name).is_relative_to(ours), template
            looked_at.append(template)
    assert len(looked_at) > 15


def test_every_letter_is_in_our_own_words() -> None:
    ours = Path(settings.BASE_DIR) / "templates"
    for letter in (
        "account/email/password_reset_key",
        "account/email/password_changed",
        "account/email/password_reset",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/webauthn_added",
        "mfa/email/webauthn_removed",
        "mfa/email/recovery_codes_generated",
    ):
        for part in ("subject", "message"):
            assert Path(get_template(f"{letter}_{part}.txt").origin.name).is_relative_to(ours)


def test_the_lists_of_open_pages_name_pages_that_are_there() -> None:
    from django.urls import get_resolver

    names = set()

    def walk(resolver, prefix: str) -> None:
        for one in resolver.url_patterns:
            if hasattr(one, "url_patterns"):
                walk(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
            elif one.name:
                names.add(prefix + one.name)

    walk(get_resolver(), "")
    ours = {name for name in PUBLIC_VIEWS | COVERED_VIEWS | SET_UP_VIEWS if name.startswith(("account", "mfa"))}
    assert ours <= names


def test_signing_out_on_purpose_leaves_nothing_in_the_browser(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    client.get("/me/")
    assert client.cookies["vig_writer"].value
    response = client.post(reverse("account_logout"))
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.cookies["vig_writer"].value == ""
    # A sign-in that ends by itself leaves what an interrupted piece of work needs.
    client = signed_in(cast.asha)
    SignIn.objects.all().delete()
    assert "Clear-Site-Data" not in client.get("/me/").headers


def test_pages_stay_in_no_cache_and_in_nobody_s_frame(cast: Cast, signed_in) -> None:
    headers = signed_in(cast.asha).get("/me/").headers
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_what_is_over_is_forgotten(cast: Cast, signed_in) -> None:
    signed_in(cast.asha)
    signed_in(cast.ben)
    long_ago = timezone.now() - timedelta(days=2)
    SignIn.objects.filter(user=cast.asha).update(started_at=long_ago)
    HeldForm.objects.create(token="old", user=cast.asha, path="/", body="x", created_at=long_ago)
    HeldForm.objects.create(token="new", user=cast.asha, path="/", body="x")
    tasks.forget()
    assert [one.user for one in SignIn.objects.all()] == [cast.ben]
    assert [one.token for one in HeldForm.objects.all()] == ["new"]
