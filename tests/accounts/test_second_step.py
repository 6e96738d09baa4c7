"""The second factor: set up, asked for, never got round, and unreadable in the database."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import locker
from accounts.models import SignIn
from audit.models import AuditEvent
from tests.accounts.conftest import FETCH, code_of, confirm_password, give_app, post_sign_in, wrong_code
from tests.accounts.test_sign_in import choose_password, link_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SECOND = "/account/2fa/authenticate/"


@pytest.fixture
def required(settings: LazySettings) -> None:
    settings.MFA_REQUIRED = True


@pytest.fixture
def committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the commit is done at once, inside the request, as on a real commit."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **options: act())


def test_with_an_app_the_password_alone_does_not_let_in(client: Client, cast: Cast) -> None:
    secret = give_app(cast.asha)
    assert post_sign_in(client, cast.asha, next="/me/").url.startswith(SECOND)
    assert client.get("/me/").status_code == 302
    assert not SignIn.objects.exists()
    assert client.get(SECOND).status_code == 200
    response = client.post(SECOND, {"code": code_of(secret)})
    assert response.url == "/me/"
    assert client.get("/me/").status_code == 200
    assert AuditEvent.objects.get(verb="sign-in.succeeded").detail == {"ways": ["password", "totp"]}


def test_a_wrong_code_does_not_let_in_and_is_written_down(client: Client, cast: Cast) -> None:
    secret = give_app(cast.asha)
    post_sign_in(client, cast.asha)
    response = client.post(SECOND, {"code": wrong_code(secret)})
    assert "That code is not right" in response.content.decode()
    assert client.get("/me/").status_code == 302
    assert AuditEvent.objects.get(verb="factor.failed").subject_id == str(cast.asha.pk)


def test_a_code_works_once(cast: Cast) -> None:
    secret = give_app(cast.asha)
    code = code_of(secret)
    for expected in (302, 200):
        client = Client()
        post_sign_in(client, cast.asha)
        assert client.post(SECOND, {"code": code}).status_code == expected


def test_codes_cannot_be_guessed_by_trying_many(client: Client, cast: Cast) -> None:
    secret = give_app(cast.asha)
    post_sign_in(client, cast.asha)
    for _ in range(5):
        client.post(SECOND, {"code": wrong_code(secret)})
    response = client.post(SECOND, {"code": code_of(secret)})
    assert "Too many tries" in response.content.decode()


def test_the_secret_is_encrypted_in_the_database(cast: Cast) -> None:
    secret = give_app(cast.asha)
    kept = json.dumps(Authenticator.objects.get(user=cast.asha).data)
    assert secret not in kept
    assert locker.unlock(json.loads(kept)["secret"]) == secret


def test_the_secret_of_the_recovery_codes_is_encrypted_too(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    set_up_app(client)
    seed = Authenticator.objects.get(user=cast.asha, type="recovery_codes").data["seed"]
    assert locker.unlock(seed)
    assert seed != locker.unlock(seed)


def test_an_older_key_still_opens_and_a_lost_one_says_so(settings: LazySettings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    locked = locker.lock("secret")
    settings.FIELD_KEYS = [new, old]
    assert locker.unlock(locked) == "secret"
    assert locker.unlock(locker.lock("newer")) == "newer"
    settings.FIELD_KEYS = [new]
    with pytest.raises(locker.Unreadable, match="VIG_FIELD_KEYS"):
        locker.unlock(locked)


# --- Setting up ----------------------------------------------------------------------------------------------


def set_up_app(client: Client) -> str:
    """Through the page, with the code that the app would show; the secret."""
    confirm_password(client)
    page = client.get("/account/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    response = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert response.url == reverse("mfa_view_recovery_codes"), response.content.decode()
    return secret


def test_the_qr_code_is_part_of_the_page_and_no_data_address(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    confirm_password(client)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    assert '<svg class="app-qr"' in page
    assert "data:image" not in page
    assert "style=" not in page


def test_an_app_is_set_up_and_recovery_codes_are_shown(cast: Cast, signed_in, committed: None) -> None:
    client = signed_in(cast.asha)
    set_up_app(client)
    codes = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    download = client.get("/account/2fa/recovery-codes/download/")
    assert codes[0] in download.content.decode()
    assert "attachment" in download.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="factor.added", actor_id=str(cast.asha.pk)).exists()
    assert any("authenticator app was set up" in letter.subject for letter in mail.outbox)
    for path in ("/account/2fa/", "/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/generate/"):
        assert client.get(path).status_code == 200


def test_a_recovery_code_lets_in_once(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    set_up_app(client)
    code = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    for expected in (302, 200):
        other = Client()
        post_sign_in(other, cast.asha)
        assert other.post(SECOND, {"code": code}).status_code == expected


def test_recovery_codes_are_not_shown_without_confirming_again(cast: Cast) -> None:
    secret = give_app(cast.asha)
    client = Client()
    post_sign_in(client, cast.asha)
    client.post(SECOND, {"code": code_of(secret)})
    assert client.get("/account/2fa/recovery-codes/generate/").url.startswith("/account/reauthenticate/")


def test_confirming_by_code_works_too(cast: Cast) -> None:
    secret = give_app(cast.asha)
    client = Client()
    client.force_login(cast.asha)
    assert client.get("/account/2fa/reauthenticate/").status_code == 200
    assert client.post("/account/2fa/reauthenticate/", {"code": code_of(secret), "next": "/me/"}).url == "/me/"
    assert client.get("/account/2fa/passkeys/add/").status_code == 200


def test_the_page_for_a_passkey_brings_its_options_as_data_and_no_script(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    confirm_password(client)
    page = client.get("/account/2fa/passkeys/add/").content.decode()
    assert '<script id="passkey-data" type="application/json">' in page
    assert 'data-passkey="add"' in page
    assert "onclick" not in page


# --- Required ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("required")
def test_where_it_is_required_somebody_without_one_reaches_the_set_up_and_nothing_else(cast: Cast, signed_in) -> None:
    client = signed_in(cast.dev)
    for path in ("/me/", "/people/", "/audit/", "/me/pin/", "/account/password/change/", "/session/held/x/"):
        response = client.get(path)
        assert (response.status_code, response.url) == (303, "/account/2fa/"), path
    assert client.post("/teams/add/", {"name": "West"}).status_code == 303
    piece = client.get("/people/", **FETCH)
    assert (piece.status_code, piece.json()) == (403, {"set_up": True})
    assert "Set up one of these to go on." in client.get("/account/2fa/").content.decode()


@pytest.mark.usefixtures("required")
def test_where_it_is_required_setting_one_up_opens_the_door(cast: Cast, signed_in, committed: None) -> None:
    client = signed_in(cast.dev)
    set_up_app(client)
    assert client.get("/account/2fa/recovery-codes/").status_code == 200
    assert client.get("/people/").status_code == 200


@pytest.mark.usefixtures("required")
def test_where_it_is_required_the_last_factor_stays(cast: Cast, signed_in) -> None:
    give_app(cast.asha)
    client = signed_in(cast.asha)
    confirm_password(client)
    page = client.get("/account/2fa/totp/deactivate/").content.decode()
    assert "this is your only one" in page
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=cast.asha, type="totp").exists()


@pytest.mark.usefixtures("required")
def test_the_last_passkey_stays_too(cast: Cast, signed_in) -> None:
    passkey = Authenticator.objects.create(user=cast.asha, type="webauthn", data={"name": "laptop", "credential": {}})
    client = signed_in(cast.asha)
    confirm_password(client)
    response = client.post(f"/account/2fa/passkeys/{passkey.pk}/remove/", follow=True)
    assert "this is your only one" in response.content.decode()
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_where_it_is_optional_the_app_can_be_removed(cast: Cast, signed_in, committed: None) -> None:
    give_app(cast.asha)
    client = signed_in(cast.asha)
    confirm_password(client)
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=cast.asha).exists()
    assert AuditEvent.objects.filter(verb="factor.removed").exists()


@pytest.mark.usefixtures("required")
def test_a_forgotten_password_does_not_get_round_the_second_step(client: Client, cast: Cast) -> None:
    give_app(cast.asha)
    client.post("/account/password/reset/", {"email": cast.asha.email})
    choose_password(client, link_in(mail.outbox[0]), "river-lamp-sixteen")
    assert client.get("/me/").status_code == 302
    assert post_sign_in(client, cast.asha, "river-lamp-sixteen").url.startswith(SECOND)
    assert client.get("/me/").status_code == 302
    assert Authenticator.objects.filter(user=cast.asha).exists()


def test_asking_for_a_password_link_does_not_hinder_setting_up_a_factor(client: Client, cast: Cast) -> None:
    """The sign-in library notes the address as unverified then, and would refuse a factor for that."""
    client.post("/account/password/reset/", {"email": cast.asha.email})
    post_sign_in(client, cast.asha)
    set_up_app(client)
