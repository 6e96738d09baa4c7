"""Getting in with e-mail and password, and what is said to somebody who does not."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import SignIn
from audit.models import AuditEvent
from tests.accounts.conftest import confirm_password, post_sign_in
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
RESET = "/account/password/reset/"


def events(verb: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb=verb))


def test_the_right_password_lets_in(client: Client, cast: Cast) -> None:
    response = post_sign_in(client, cast.asha, next="/me/")
    assert response.url == "/me/"
    assert client.get("/me/").status_code == 200
    (event,) = events("sign-in.succeeded")
    assert event.actor_id == str(cast.asha.pk)
    assert event.detail == {"ways": ["password"]}


def test_the_address_may_be_typed_in_capitals(client: Client, cast: Cast) -> None:
    response = client.post(reverse("account_login"), {"login": cast.asha.email.upper(), "password": PASSWORD})
    assert response.status_code == 302


def test_a_sign_in_is_not_fixed_beforehand(client: Client, cast: Cast) -> None:
    client.get(reverse("account_login"))
    client.post(RESET, {"email": "x@service.example"})
    before = client.session.session_key
    post_sign_in(client, cast.asha)
    assert client.session.session_key != before


def test_a_sign_in_ends_with_the_browser(client: Client, cast: Cast) -> None:
    post_sign_in(client, cast.asha)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, cast: Cast) -> None:
    wrong = post_sign_in(client, cast.asha, "wrong")
    unknown = client.post(reverse("account_login"), {"login": "nobody@service.example", "password": "wrong"})
    said = "The email address or the password is not right. Check both and try again."
    for response in (wrong, unknown):
        assert response.status_code == 200
        assert response.context["form"].non_field_errors() == [said]


def test_a_closed_account_gets_the_same_answer_to_a_wrong_password(client: Client, cast: Cast) -> None:
    cast.asha.is_active = False
    cast.asha.save()
    assert "not right" in post_sign_in(client, cast.asha, "wrong").content.decode()
    assert post_sign_in(client, cast.asha).url == reverse("account_inactive")
    assert not SignIn.objects.exists()


def test_a_password_is_hashed_for_an_unknown_address_too(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the time an answer takes does not tell who works here."""
    hashed: list[str] = []
    from accounts.models import User

    real = User.set_password
    monkeypatch.setattr(User, "set_password", lambda self, raw: (hashed.append(raw), real(self, raw))[1])
    client.post(reverse("account_login"), {"login": "nobody@service.example", "password": "guess"})
    assert hashed == ["guess"]


def test_failed_sign_ins_are_written_down_without_the_address_that_was_typed(client: Client, cast: Cast) -> None:
    post_sign_in(client, cast.asha, "wrong")
    client.post(reverse("account_login"), {"login": "private.person@home.example", "password": "wrong"})
    known, unknown = sorted(events("sign-in.failed"), key=lambda event: event.pk)
    assert known.subject_id == str(cast.asha.pk)
    assert unknown.subject_id == "unknown"
    for event in AuditEvent.objects.all():
        assert "private" not in f"{event.subject_id}{event.actor_id}{event.detail}"


def test_five_wrong_passwords_close_the_account_s_door_for_a_while(client: Client, cast: Cast) -> None:
    for _ in range(5):
        post_sign_in(client, cast.asha, "wrong")
    response = post_sign_in(client, cast.asha)
    assert response.status_code == 200
    assert "Too many tries. Wait 5 minutes" in response.content.decode()
    assert not SignIn.objects.exists()
    assert events("sign-in.refused")
    # Others at the same address, behind one NHS gateway, still get in.
    assert post_sign_in(client, cast.ben).status_code == 302


def test_an_unknown_address_is_held_back_in_the_same_way(client: Client, cast: Cast) -> None:
    for _ in range(6):
        response = client.post(reverse("account_login"), {"login": "nobody@service.example", "password": "x"})
    assert "Too many tries" in response.content.decode()


def test_too_many_of_one_kind_of_request_get_a_page_that_says_when_to_try_again(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    post_sign_in(client, cast.asha, "wrong")
    response = post_sign_in(client, cast.asha)
    assert response.status_code == 429
    assert "Too many tries in a short time" in response.content.decode()
    assert response.headers["Retry-After"]


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_host(client: Client, cast: Cast, next_page: str) -> None:
    assert post_sign_in(client, cast.asha, next=next_page).url == "/"


def test_signed_out_somebody_is_led_back_to_the_page_they_asked_for(client: Client, cast: Cast) -> None:
    assert client.get("/me/sign-ins/").url == "/account/login/?next=/me/sign-ins/"


@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/confirm-email/abc/",
        "/account/password/set/",
        "/account/login/code/",
        "/account/login/code/confirm/",
        "/account/2fa/trust/",
        "/account/2fa/webauthn/signup/",
        "/account/sessions/",
        "/account/3rdparty/",
        "/account/social/signup/",
        "/admin/",
    ],
)
def test_what_this_service_does_not_offer_is_not_there(cast: Cast, signed_in, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert signed_in(cast.dev).get(path).status_code == 404


def test_nobody_can_sign_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


# --- Passwords ---------------------------------------------------------------------------------------------


def link_in(letter: mail.EmailMessage) -> str:
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(letter.body))
    assert found, letter.body
    return found[1]


def choose_password(client: Client, link: str, password: str):
    form = client.get(link, follow=True)
    return client.post(form.context["action_url"], {"password1": password, "password2": password}, follow=True)


def test_a_forgotten_password_is_chosen_anew_with_a_letter(client: Client, cast: Cast, signed_in) -> None:
    elsewhere = signed_in(cast.asha)
    assert client.post(RESET, {"email": cast.asha.email}).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == [cast.asha.email]
    page = choose_password(client, link_in(letter), "river-lamp-sixteen")
    assert "Your password is saved" in page.content.decode()
    # It signs nobody in, and ends what was open under the old password.
    assert client.get("/me/").status_code == 302
    assert elsewhere.get("/me/").status_code == 302
    assert post_sign_in(client, cast.asha, "river-lamp-sixteen").status_code == 302
    assert events("password.reset")


def test_an_unknown_address_gets_the_same_page_and_nobody_a_letter(client: Client, cast: Cast) -> None:
    known = client.post(RESET, {"email": cast.asha.email}, follow=True)
    mail.outbox.clear()
    unknown = Client().post(RESET, {"email": "nobody@service.example"}, follow=True)
    strip = re.compile(rb'value="[^"]+"')
    assert strip.sub(b"", unknown.content) == strip.sub(b"", known.content)
    assert not mail.outbox


def test_asking_for_a_link_takes_as_long_for_an_address_that_is_not_known(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.forms import sign_in

    slept: list[float] = []
    monkeypatch.setattr(sign_in, "SENDING_SECONDS", 5.0)
    monkeypatch.setattr(sign_in.time, "sleep", slept.append)
    for email in (cast.asha.email, "nobody@service.example"):
        client.post(RESET, {"email": email})
    assert all(4 < seconds <= 5 for seconds in slept)
    assert len(slept) == 2


def test_a_closed_account_gets_no_link(client: Client, cast: Cast) -> None:
    cast.asha.is_active = False
    cast.asha.save()
    client.post(RESET, {"email": cast.asha.email})
    assert not mail.outbox


def test_a_link_works_once(client: Client, cast: Cast) -> None:
    client.post(RESET, {"email": cast.asha.email})
    link = link_in(mail.outbox[0])
    choose_password(client, link, "river-lamp-sixteen")
    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_a_link_is_not_kept_in_the_address(client: Client, cast: Cast) -> None:
    client.post(RESET, {"email": cast.asha.email})
    link = link_in(mail.outbox[0])
    assert client.get(link).url.endswith("-set-password/")


@pytest.mark.parametrize("password", ["short", "password1234", "asha.practitioner", "123456789012"])
def test_a_weak_password_is_refused(client: Client, cast: Cast, password: str) -> None:
    client.post(RESET, {"email": cast.asha.email})
    page = choose_password(client, link_in(mail.outbox[0]), password)
    assert page.context["form"].errors


def test_changing_the_password_keeps_this_sign_in_and_ends_the_others(cast: Cast, signed_in) -> None:
    here, elsewhere = signed_in(cast.asha), signed_in(cast.asha)
    response = here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "river-lamp-sixteen", "password2": "river-lamp-sixteen"},
    )
    assert response.url == reverse("accounts:account")
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert events("password.changed")
    assert "your password was changed" in mail.outbox[0].subject


def test_changing_the_password_needs_the_old_one(cast: Cast, signed_in) -> None:
    response = signed_in(cast.asha).post(
        reverse("account_change_password"),
        {"oldpassword": "wrong", "password1": "river-lamp-sixteen", "password2": "river-lamp-sixteen"},
    )
    assert response.context["form"].errors["oldpassword"]


# --- Where I am signed in ----------------------------------------------------------------------------------


def test_sign_out_everywhere_else_ends_the_others_at_once(cast: Cast, signed_in) -> None:
    here, first, second = (signed_in(cast.asha) for _ in range(3))
    assert "3" in here.get("/me/").content.decode()
    response = here.post("/me/sign-ins/end-others/", follow=True)
    assert "Signed out in 2 other places." in response.content.decode()
    assert here.get("/me/").status_code == 200
    assert first.get("/me/").status_code == 302
    assert second.get("/me/").status_code == 302
    (event,) = events("account.signed-out-everywhere")
    assert event.detail == {"ended": 2, "kept_own": True}


def test_nobody_else_is_signed_out_by_it(cast: Cast, signed_in) -> None:
    ben = signed_in(cast.ben)
    signed_in(cast.asha).post("/me/sign-ins/end-others/")
    assert ben.get("/me/").status_code == 200


def test_the_list_shows_where_and_with_what(cast: Cast) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    post_sign_in(client, cast.asha)
    page = client.get("/me/sign-ins/").content.decode()
    assert "Firefox on Windows" in page
    assert "127.0.0.1" in page


def test_coming_and_going_is_written_down(cast: Cast, client: Client) -> None:
    post_sign_in(client, cast.asha)
    client.post(reverse("account_logout"))
    (event,) = events("sign-out.done")
    assert event.detail == {"reason": "own"}


def test_confirming_who_one_is_needs_the_password(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    assert client.get("/account/2fa/totp/activate/").url.startswith("/account/reauthenticate/")
    wrong = client.post("/account/reauthenticate/", {"password": "wrong"})
    assert wrong.context["form"].errors["password"]
    confirm_password(client)
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_the_demonstration_names_its_people_and_production_does_not(client: Client, settings: LazySettings) -> None:
    assert "asha@demo.example" in client.get("/account/login/").content.decode()
    settings.PRODUCTION = True
    assert "asha@demo.example" not in client.get("/account/login/").content.decode()
