"""Ten minutes without a gesture cover the screen; eight hours end the sign-in, whatever anybody does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SignIn
from tests.accounts.conftest import FETCH, pass_time, sign_in_of
from tests.cast import PIN, Cast

pytestmark = pytest.mark.django_db
ME = "/me/"


def test_a_page_is_shown_within_ten_minutes(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=9, seconds=55)
    assert client.get(ME).status_code == 200


def test_after_ten_minutes_without_a_gesture_the_screen_is_covered(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=10, seconds=1)
    response = client.get(ME)
    assert response.status_code == 303
    assert response.url.startswith("/session/covered/")
    page = client.get(response.url)
    assert page.status_code == 200
    assert "<title>Paused</title>" in page.content.decode()


def test_the_covered_page_and_its_address_say_nothing(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=11)
    response = client.get("/people/17/?secret=yes")
    assert "people" not in response.url
    assert "17" not in response.url.partition("?")[0]
    text = client.get(response.url).content.decode()
    for telling in ("Asha", "people/17", "Parent-Infant", "Families", cast.asha.email):
        assert telling not in text


def test_an_error_page_says_nobody_s_name_while_covered(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=11)
    response = client.get("/there-is-no-such-page/")
    assert response.status_code == 404
    assert "Asha" not in response.content.decode()


def test_going_to_a_page_counts_as_a_gesture(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    for _ in range(4):
        pass_time(cast.asha, minutes=6)
        assert client.get(ME).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_REQUESTED_WITH": "fetch"},
        {"HTTP_ACCEPT": "application/json"},
        {"HTTP_SEC_FETCH_MODE": "cors"},
        {"HTTP_SEC_FETCH_MODE": "no-cors"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_CH_UA": "Chromium"},  # a page that reloads itself
    ],
)
def test_polls_ranges_and_pages_that_reload_themselves_do_not_count(cast: Cast, signed_in, headers: dict) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=6)
    assert client.get(ME, **headers).status_code == 200
    pass_time(cast.asha, minutes=5)
    assert client.get(ME, **headers).status_code in {303, 401}


def test_a_navigation_that_a_person_began_counts_in_chromium(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=6)
    client.get(ME, HTTP_SEC_FETCH_MODE="navigate", HTTP_SEC_CH_UA="Chromium", HTTP_SEC_FETCH_USER="?1")
    pass_time(cast.asha, minutes=6)
    assert client.get(ME).status_code == 200


def test_the_status_tells_the_time_left_and_extends_nothing(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=8)
    before = sign_in_of(cast.asha).active_at
    said = client.get(reverse("accounts:session-status")).json()
    assert not said["covered"]
    assert 110 <= said["seconds_left"] <= 120
    assert 7 * 3600 < said["absolute_left"] < 8 * 3600
    assert sign_in_of(cast.asha).active_at == before


def test_a_gesture_told_by_the_page_extends(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=9)
    said = client.post(reverse("accounts:session-activity"), {"ago": 0}, content_type="application/json").json()
    assert 595 <= said["seconds_left"] <= 600


def test_a_gesture_counts_from_when_it_was_made(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=9)
    said = client.post(reverse("accounts:session-activity"), {"ago": 60}, content_type="application/json").json()
    assert 535 <= said["seconds_left"] <= 540


@pytest.mark.parametrize("body", ["", "[]", '{"ago": "x"}', '{"ago": -500}', '{"ago": 1e999}', '{"ago": null}'])
def test_nonsense_about_a_gesture_lengthens_nothing_past_the_limit(cast: Cast, signed_in, body: str) -> None:
    client = signed_in(cast.asha)
    response = client.post(reverse("accounts:session-activity"), body, content_type="application/json")
    assert response.status_code == 200
    assert response.json()["seconds_left"] <= 600


def test_a_gesture_does_not_uncover(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=11)
    response = client.post(reverse("accounts:session-activity"), {"ago": 0}, content_type="application/json")
    assert response.status_code == 401
    assert response.json() == {"covered": True}
    assert client.get(reverse("accounts:session-status")).json()["covered"]


def test_a_piece_of_a_page_gets_401_while_covered(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=11)
    for response in (client.get(ME, **FETCH), client.post("/me/pin/", {"pin": "1"}, **FETCH)):
        assert response.status_code == 401
        assert response.json() == {"covered": True}


def test_the_last_gesture_is_written_at_most_once_a_minute(cast: Cast, signed_in, django_assert_num_queries) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, seconds=30)
    before = sign_in_of(cast.asha).active_at
    client.get(ME)
    assert sign_in_of(cast.asha).active_at == before
    pass_time(cast.asha, seconds=31)
    client.get(ME)
    assert sign_in_of(cast.asha).active_at > before


def test_after_eight_hours_of_work_the_sign_in_ends(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    SignIn.objects.update(started_at=timezone.now() - timedelta(hours=8, seconds=1))
    response = client.get("/me/sign-ins/")
    assert response.status_code == 302
    assert response.url == "/account/login/?next=/me/sign-ins/"
    assert "8 hours" in client.get(response.url).content.decode()
    assert client.get(ME).status_code == 302


def test_after_eight_hours_a_piece_of_a_page_is_told_so(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    SignIn.objects.update(started_at=timezone.now() - timedelta(hours=8, seconds=1))
    response = client.get(ME, **FETCH)
    assert response.status_code == 401
    assert response.json() == {"signed_out": True}
    assert client.get(reverse("accounts:session-status")).json() == {"signed_out": True}


def test_the_time_left_never_goes_past_the_absolute_limit(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    SignIn.objects.update(started_at=timezone.now() - timedelta(hours=7, minutes=57))
    assert client.get(reverse("accounts:session-status")).json()["seconds_left"] <= 180


def test_a_covered_screen_lives_until_the_absolute_limit(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, hours=7, minutes=50)
    assert client.post(reverse("accounts:uncover"), {"pin": PIN}).status_code == 302
    assert client.get(ME).status_code == 200


def test_the_limits_come_from_the_settings(cast: Cast, signed_in, settings: LazySettings) -> None:
    settings.IDLE_TIMEOUT = timedelta(seconds=30)
    client = signed_in(cast.asha)
    pass_time(cast.asha, seconds=31)
    assert client.get(ME).status_code == 303


def test_a_session_without_a_sign_in_of_its_own_is_nobody_s(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    SignIn.objects.all().delete()
    assert client.get(ME).status_code == 302


def test_another_person_s_sign_in_does_not_serve(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    SignIn.objects.update(user=cast.ben)
    assert client.get(ME).status_code == 302


def test_signing_out_ends_the_sign_in(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    client.post(reverse("account_logout"))
    assert not SignIn.objects.filter(user=cast.asha).exists()


def test_signing_out_works_from_the_covered_page(cast: Cast, signed_in) -> None:
    client = signed_in(cast.asha)
    pass_time(cast.asha, minutes=11)
    client.post(reverse("account_logout"))
    assert not SignIn.objects.filter(user=cast.asha).exists()
    assert client.get(ME).url.startswith("/account/login/")


def test_pages_ask_the_database_no_more_for_the_clock_than_once(
    cast: Cast, signed_in, django_assert_max_num_queries
) -> None:
    client: Client = signed_in(cast.asha)
    client.get(ME)
    with django_assert_max_num_queries(3):  # session, person, sign-in
        client.get(reverse("accounts:session-status"))
