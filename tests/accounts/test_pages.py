"""Every page of signing in and of one's account can be shown."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

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
