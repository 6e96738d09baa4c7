"""What somebody sent too late is kept, and sent again when they are back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import held
from accounts.models import HeldForm, SignIn, Team
from tests.accounts.conftest import FETCH, pass_time, post_sign_in
from tests.cast import PIN, Cast

pytestmark = pytest.mark.django_db
TEAM = "/teams/add/"
WORDS = {"name": "The <Larks> & “friends”\r\nof the west"}


def held_page(client: Client, covered_url: str):
    """Uncover without JavaScript; the page that sends the kept form again."""
    to = client.get(covered_url).context["form"]["to"].value()
    response = client.post("/session/uncover/", {"pin": PIN, "to": to})
    return client.get(response.url)


def fields_of(page) -> dict[str, str]:
    return dict(page.context["kept"].fields)


@pytest.fixture
def dev(cast: Cast, signed_in) -> Client:
    return signed_in(cast.dev)


def test_a_form_sent_while_covered_is_sent_again_after_uncovering(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    response = dev.post(TEAM, {"name": "West"})
    assert response.status_code == 303
    assert response.url.startswith("/session/covered/?to=")
    assert not Team.objects.filter(name="West").exists()
    page = held_page(dev, response.url)
    assert page.status_code == 200
    assert page.context["kept"].path == TEAM
    assert fields_of(page) == {"name": "West"}
    dev.post(TEAM, {**fields_of(page), held.MARK: page.context["kept"].token})
    assert Team.objects.filter(name="West").exists()
    assert not HeldForm.objects.exists()


def test_the_covered_page_holds_nothing_of_what_was_typed(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    response = dev.post(TEAM, {"name": "Zebrafinch"})
    assert "Zebrafinch" not in dev.get(response.url).content.decode()
    assert "Zebrafinch" not in HeldForm.objects.get().body


def test_words_come_back_exactly(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    page = held_page(dev, dev.post(TEAM, WORDS).url)
    assert fields_of(page) == WORDS
    assert "&lt;Larks&gt;" in page.content.decode()


def test_every_value_of_a_field_comes_back(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    page = held_page(dev, dev.post(TEAM, {"who": ["1", "2"], "name": ""}).url)
    assert page.context["kept"].fields == [("who", "1"), ("who", "2"), ("name", "")]


@pytest.mark.parametrize("name", ["password", "oldpassword", "password1", "pin", "code", "credential", "api_token"])
def test_secrets_are_never_kept(cast: Cast, dev: Client, name: str) -> None:
    pass_time(cast.dev, minutes=11)
    dev.post(TEAM, {"name": "West", name: "hush"})
    assert not HeldForm.objects.exists()


@pytest.mark.parametrize("name", ["postcode", "opinion", "encoder", "secretary", "spinning"])
def test_words_that_only_sound_like_secrets_are_kept(cast: Cast, dev: Client, name: str) -> None:
    pass_time(cast.dev, minutes=11)
    dev.post(TEAM, {name: "x"})
    assert HeldForm.objects.exists()


def test_files_are_not_kept_and_the_page_says_so(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    response = dev.post(TEAM, {"name": "West", "scan": SimpleUploadedFile("scan.pdf", b"x")})
    page = held_page(dev, response.url).content.decode()
    assert "1 file could not be kept" in page
    assert "data-send-on" not in page


def test_only_its_writer_gets_a_form_back(cast: Cast, dev: Client, signed_in) -> None:
    pass_time(cast.dev, minutes=11)
    dev.post(TEAM, {"name": "West"})
    path = f"/session/held/{HeldForm.objects.get().token}/"
    assert signed_in(cast.asha).get(path).status_code == 404
    assert signed_in(cast.dev).get(path).status_code == 200


def test_a_form_sent_after_eight_hours_comes_back_after_signing_in_again(cast: Cast, dev: Client) -> None:
    dev.get("/people/")  # a page, which notes whose browser this is
    SignIn.objects.update(started_at=timezone.now() - timedelta(hours=9))
    response = dev.post(TEAM, {"name": "West"})
    assert response.status_code == 303
    assert response.url.startswith("/account/login/?next=/session/held/")
    back = post_sign_in(dev, cast.dev, next=response.url.partition("next=")[2])
    page = dev.get(back.url)
    assert fields_of(page) == {"name": "West"}


def test_a_form_sent_after_being_signed_out_elsewhere_comes_back(cast: Cast, dev: Client) -> None:
    dev.get("/people/")
    SignIn.objects.all().delete()
    dev.get("/people/", **FETCH)  # a poll finds out first
    response = dev.post(TEAM, {"name": "West"})
    back = post_sign_in(dev, cast.dev, next=response.url.partition("next=")[2])
    assert fields_of(dev.get(back.url)) == {"name": "West"}


def test_whoever_signs_in_next_does_not_get_the_words_of_the_one_before(cast: Cast, dev: Client) -> None:
    dev.get("/people/")
    SignIn.objects.all().delete()
    response = dev.post(TEAM, {"name": "West"})
    back = post_sign_in(dev, cast.asha, next=response.url.partition("next=")[2])
    assert dev.get(back.url).status_code == 404


def test_a_form_from_a_browser_that_nobody_signed_in_to_is_not_kept(client: Client, cast: Cast) -> None:
    response = client.post(TEAM, {"name": "West"})
    assert response.url == f"/account/login/?next={TEAM}"
    assert not HeldForm.objects.exists()


def test_a_forged_writer_cookie_keeps_nothing(client: Client, cast: Cast) -> None:
    client.cookies["vig_writer"] = f"{cast.dev.pk}:forged"
    client.post(TEAM, {"name": "West"})
    assert not HeldForm.objects.exists()


def test_what_a_script_sends_is_not_kept_here_because_the_page_itself_waits(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    assert dev.post(TEAM, {"name": "West"}, **FETCH).status_code == 401
    assert not HeldForm.objects.exists()


def test_something_enormous_is_not_kept(cast: Cast, dev: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST_CHARACTERS", 1000)
    pass_time(cast.dev, minutes=11)
    response = dev.post(TEAM, {"name": "x" * 2000})
    assert response.status_code == 303
    assert not HeldForm.objects.exists()


def test_only_so_many_forms_of_one_person_are_kept(cast: Cast, dev: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST_FORMS", 3)
    pass_time(cast.dev, minutes=11)
    for number in range(5):
        dev.post(TEAM, {"name": f"Team {number}"})
    assert HeldForm.objects.count() == 3


def test_what_nobody_came_back_for_is_forgotten_after_a_day(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    dev.post(TEAM, {"name": "West"})
    token = HeldForm.objects.get().token
    HeldForm.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert held.take(cast.dev, token) is None
    held.forget_old()
    assert not HeldForm.objects.exists()


def test_a_form_that_has_arrived_is_not_offered_again(cast: Cast, dev: Client) -> None:
    pass_time(cast.dev, minutes=11)
    page = held_page(dev, dev.post(TEAM, {"name": "West"}).url)
    token = page.context["kept"].token
    dev.post(TEAM, {"name": "West", held.MARK: token})
    assert dev.get(f"/session/held/{token}/").status_code == 404


def test_a_sealed_place_tells_nothing_and_only_leads_here() -> None:
    sealed = held.seal("/cases/17/")
    assert "cases" not in sealed
    assert held.unseal(sealed) == "/cases/17/"
    assert held.unseal(held.seal("https://evil.example/")) == ""
    assert held.unseal("nonsense") == ""
