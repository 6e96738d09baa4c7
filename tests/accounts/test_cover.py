"""A covered screen hides everything until its person is there, and loses nothing."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.actions.screen import MOST_TRIES
from accounts.models import SignIn
from audit.models import AuditEvent
from tests.accounts.conftest import FETCH, pass_time, sign_in_of
from tests.cast import PASSWORD, PIN, Cast

pytestmark = pytest.mark.django_db
UNCOVER = "/session/uncover/"
COVER = "/session/cover/"


@pytest.fixture
def covered(cast: Cast, signed_in) -> Client:
    client = signed_in(cast.asha)
    assert client.post(COVER, **FETCH).json()["covered"]
    return client


def is_covered(client: Client) -> bool:
    return client.get("/session/").json()["covered"]


def test_covering_hides_every_page(covered: Client) -> None:
    for path in ("/me/", "/me/sign-ins/", "/people/", "/audit/"):
        assert covered.get(path).url.startswith("/session/covered/")


def test_covering_twice_is_covering(covered: Client) -> None:
    assert covered.post(COVER, **FETCH).json()["covered"]


def test_the_pin_uncovers_in_place(covered: Client) -> None:
    said = covered.post(UNCOVER, {"pin": PIN}, **FETCH)
    assert said.status_code == 200
    assert said.json()["covered"] is False
    assert covered.get("/me/").status_code == 200


def test_the_password_uncovers_too(covered: Client) -> None:
    assert covered.post(UNCOVER, {"password": PASSWORD}, **FETCH).json()["covered"] is False


def test_someone_without_a_pin_is_asked_for_the_password(cast: Cast, signed_in) -> None:
    cast.asha.pin_hash = ""
    cast.asha.save()
    client = signed_in(cast.asha)
    client.post(COVER, **FETCH)
    page = client.get("/session/covered/").content.decode()
    assert "Your password" in page
    assert "Your PIN" not in page
    assert client.post(UNCOVER, {"pin": ""}, **FETCH).status_code == 400
    assert client.post(UNCOVER, {"password": PASSWORD}, **FETCH).status_code == 200


def test_uncovering_without_javascript_leads_back_to_the_page(covered: Client) -> None:
    page = covered.get(covered.get("/me/sign-ins/?page=2").url)
    to = page.context["form"]["to"].value()
    response = covered.post(UNCOVER, {"pin": PIN, "to": to})
    assert (response.status_code, response.url) == (302, "/me/sign-ins/?page=2")


def test_the_cover_button_works_without_javascript(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    response = client.post(COVER, {"back": "/me/pin/"})
    assert response.status_code == 303
    assert "pin" not in response.url.partition("?")[0]
    to = client.get(response.url).context["form"]["to"].value()
    assert client.post(UNCOVER, {"pin": PIN, "to": to}).url == "/me/pin/"


def test_a_tab_loaded_again_while_covered_goes_back_to_where_it_was(covered: Client) -> None:
    response = covered.post(UNCOVER, {"pin": PIN, "place": "/me/sign-ins/"})
    assert response.url == "/me/sign-ins/"


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_uncovering_leads_to_no_other_host(covered: Client, place: str) -> None:
    assert covered.post(UNCOVER, {"pin": PIN, "place": place}).url == "/"


def test_a_place_that_was_tampered_with_leads_to_my_day(covered: Client) -> None:
    assert covered.post(UNCOVER, {"pin": PIN, "to": "gAAAAABnonsense"}).url == "/"


def test_a_wrong_pin_says_how_many_tries_are_left(covered: Client) -> None:
    response = covered.post(UNCOVER, {"pin": "000000"}, **FETCH)
    assert response.status_code == 400
    assert response.json()["error"] == "That is not your PIN. 4 tries are left"
    page = covered.post(UNCOVER, {"pin": "000000"})
    assert "3 tries are left" in page.content.decode()
    assert is_covered(covered)


def test_five_wrong_tries_sign_out(cast: Cast, covered: Client) -> None:
    for _ in range(MOST_TRIES - 1):
        assert covered.post(UNCOVER, {"pin": "000000"}, **FETCH).status_code == 400
    last = covered.post(UNCOVER, {"pin": "000000"}, **FETCH)
    assert last.status_code == 401
    assert last.json() == {"signed_out": True}
    assert not SignIn.objects.filter(user=cast.asha).exists()
    # The right one comes too late.
    assert covered.post(UNCOVER, {"pin": PIN}).url.startswith("/account/login/")
    assert AuditEvent.objects.filter(verb="screen.uncover-refused").count() == MOST_TRIES
    assert AuditEvent.objects.get(verb="sign-out.done").detail["reason"] == "wrong tries at the cover"


def test_pins_and_passwords_count_together(covered: Client) -> None:
    for _ in range(2):
        covered.post(UNCOVER, {"pin": "000000"}, **FETCH)
        covered.post(UNCOVER, {"password": "wrong"}, **FETCH)
    assert covered.post(UNCOVER, {"password": "wrong"}, **FETCH).status_code == 401


def test_without_javascript_the_fifth_wrong_try_leads_to_the_sign_in_page(covered: Client) -> None:
    for _ in range(MOST_TRIES - 1):
        covered.post(UNCOVER, {"pin": "000000"})
    response = covered.post(UNCOVER, {"pin": "000000"})
    assert response.url.startswith("/account/login/")
    assert "5 wrong tries" in covered.get(response.url).content.decode()


def test_the_count_begins_anew_after_uncovering(cast: Cast, covered: Client) -> None:
    for _ in range(3):
        covered.post(UNCOVER, {"pin": "000000"}, **FETCH)
    covered.post(UNCOVER, {"pin": PIN}, **FETCH)
    assert sign_in_of(cast.asha).wrong_tries == 0


def test_covering_again_does_not_give_new_tries(cast: Cast, covered: Client) -> None:
    covered.post(UNCOVER, {"pin": "000000"}, **FETCH)
    covered.post(COVER, **FETCH)
    assert sign_in_of(cast.asha).wrong_tries == 1


def test_another_person_s_pin_does_not_uncover(cast: Cast, covered: Client) -> None:
    cast.ben.set_pin("314159")
    cast.ben.save()
    assert covered.post(UNCOVER, {"pin": "314159"}, **FETCH).status_code == 400


def test_nothing_typed_is_no_try(cast: Cast, covered: Client) -> None:
    assert covered.post(UNCOVER, {"pin": ""}, **FETCH).json()["error"] == "Enter your PIN or your password"
    assert sign_in_of(cast.asha).wrong_tries == 0


def test_uncovering_what_is_not_covered_changes_nothing(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    assert client.post(UNCOVER, {"pin": "000000"}, **FETCH).json()["covered"] is False
    assert sign_in_of(cast.asha).wrong_tries == 0


def test_all_tabs_of_a_sign_in_are_covered_and_no_other_sign_in_is(cast: Cast, signed_in) -> None:
    here, elsewhere = signed_in(cast.asha), signed_in(cast.asha)
    here.post(COVER, **FETCH)
    assert is_covered(here)
    assert not is_covered(elsewhere)


def test_the_covered_page_of_a_screen_that_is_not_covered_leads_on(cast: Cast, signed_in) -> None:
    assert signed_in(cast.asha).get("/session/covered/").url == "/"


def test_nobody_reaches_the_cover_without_a_sign_in(client: Client) -> None:
    assert client.get("/session/covered/").url.startswith("/account/login/")
    assert client.post(UNCOVER, {"pin": PIN}).url.startswith("/account/login/")
    assert client.post(COVER, **FETCH).json() == {"signed_out": True}


def test_what_is_opened_for_a_family_leads_on_after_uncovering_without_saying_where(cast: Cast, signed_in) -> None:
    """``cover(request, then=…)``: the place is kept with the sign-in, in no address."""
    from accounts.actions import cover

    client = signed_in(cast.asha)
    request = RequestFactory().get("/room/")
    request.sign_in, request.person_behind_cover, request.user = sign_in_of(cast.asha), None, cast.asha
    cover(request, then="/me/sign-ins/")
    page = client.get("/session/covered/")
    assert "sign-ins" not in page.content.decode()
    # Uncovering another tab in place uses it up for nobody.
    client.post(UNCOVER, {"pin": PIN}, **FETCH)
    client.post(COVER, **FETCH)
    assert client.post(UNCOVER, {"pin": PIN}).url == "/me/sign-ins/"
    client.post(COVER, **FETCH)
    assert client.post(UNCOVER, {"pin": PIN}).url == "/"


def test_the_idle_cover_counts_wrong_tries_too(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=11)
    for _ in range(MOST_TRIES):
        last = client.post(UNCOVER, {"pin": "000000"}, **FETCH)
    assert last.status_code == 401


def test_a_get_request_neither_covers_nor_uncovers(covered: Client) -> None:
    assert covered.get(COVER).status_code == 405
    assert covered.get(UNCOVER).status_code == 405


def test_covering_and_uncovering_need_the_page_s_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.asha)
    assert client.post(COVER, **FETCH).status_code == 403
    assert client.post(UNCOVER, {"pin": PIN}, **FETCH).status_code == 403
    assert client.post("/session/activity/", "{}", content_type="application/json").status_code == 403


def test_a_click_in_one_tab_does_not_undo_the_cover_made_in_another(cast: Cast, signed_in) -> None:
    """The clock is written by itself: a request that began before the cover and ends after it changes only the time."""
    from accounts.clock import touch

    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=5)
    read_before = sign_in_of(cast.asha)
    client.post(COVER, **FETCH)
    touch(read_before)
    assert is_covered(client)


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "111111", "123456", "654321", "121212", "123123"])
def test_a_pin_that_is_no_pin_or_everybody_s_is_refused(cast: Cast, signed_in, pin: str) -> None:
    response = signed_in(cast.asha).post(reverse("accounts:pin"), {"pin": pin, "again": pin, "password": PASSWORD})
    assert response.status_code == 200
    assert response.context["form"].errors["pin"]


def test_a_pin_is_set_with_the_password_and_uncovers(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    wrong = client.post(reverse("accounts:pin"), {"pin": "295037", "again": "295037", "password": "wrong"})
    assert wrong.context["form"].errors["password"]
    client.post(reverse("accounts:pin"), {"pin": "295037", "again": "295037", "password": PASSWORD})
    client.post(COVER, **FETCH)
    assert client.post(UNCOVER, {"pin": "295037"}, **FETCH).status_code == 200
    assert AuditEvent.objects.filter(verb="pin.set", actor_id=str(cast.asha.pk)).exists()
