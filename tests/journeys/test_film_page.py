"""The page of a film in a real browser: live progress, a withdrawal that shows within two seconds, the wrong film."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe, screenshot
from tests.cast import PASSWORD
from tests.clips.media import films
from tests.journeys.person import Person
from tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.film]

_FAMILY = """
from accounts.models import User
from tests.cast import consent_to_everything, make_cast, make_family
asha = User.objects.filter(email="asha@service.example").first() or make_cast().asha
family = make_family(asha)
consent_to_everything(family, by=asha)
other = make_family(asha)
consent_to_everything(other, by=asha)
result = {
    "case": str(family.case.pk), "rowan": str(family.rowan.pk), "sam": str(family.sam.pk),
    "other": str(other.case.pk), "other_reference": other.family.reference,
}
"""
_WITHDRAW = """
from django.db import transaction
from django.utils import timezone
from families import registry
from families.models import Consent, Person
person = Person.objects.get(pk=sam)
with transaction.atomic():
    Consent.objects.filter(person=person, purpose="film").update(withdrawn_at=timezone.now())
    registry.tell_holders(person, "film")
"""


@pytest.fixture
def family(stack: Stack) -> dict[str, str]:
    said: dict[str, str] = stack.python(_FAMILY)
    return said


def sign_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/account/login/")
    page.get_by_label("Email address").fill("asha@service.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)


def film_of(path: Path, **options: Any) -> bytes:
    return films.make(path, rate=25, size=(320, 240), **options).read_bytes()


def test_a_film_from_its_arrival_to_its_certificate(
    stack: Stack, page: Page, new_page: Any, family: dict[str, str], tmp_path: Path
) -> None:
    asha = Person(stack, "asha@service.example")
    data = film_of(tmp_path / "film.mp4", frames=200)
    said = asha.begin(family, len(data))
    film = said["film"]
    asha.piece(said["upload_url"], 0, data[: len(data) // 2])
    sign_in(page, stack)
    page.goto(f"{stack.base_url}/films/{film}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Film of 5 January 2026")
    expect(page.get_by_text("Being sent", exact=False).first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 50)
    screenshot(page, "film-arriving", whole=True)
    axe(page)

    asha.piece(said["upload_url"], len(data) // 2, data[len(data) // 2 :])
    asha.state_hash(said, data)
    # The page follows by itself.
    expect(page.get_by_role("link", name="Look at it and mark moments")).to_be_visible(timeout=60_000)
    expect(page.locator(".nhsuk-tag", has_text="Ready")).to_be_visible(timeout=90_000)
    expect(page.get_by_role("img", name="A picture from the film")).to_have_js_property("complete", True)
    assert page.get_by_role("img", name="A picture from the film").evaluate("image => image.naturalWidth") > 0
    screenshot(page, "film-ready", whole=True)
    axe(page)
    page.get_by_role("button", name="The copy on the device is erased").click()
    expect(page.get_by_text("The copy on the device was erased (Asha Practitioner")).to_be_visible()

    page.get_by_role("link", name="Wrong film").click()
    page.get_by_role("button", name="Stop this film now").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    axe(page)
    page.get_by_label("It shows another family").check()
    screenshot(page, "film-wrong", whole=True)
    page.get_by_role("button", name="Stop this film now").click()
    expect(page.get_by_text("Nobody can play this film, its moments or its stills. It shows")).to_be_visible()
    screenshot(page, "film-stopped", whole=True)
    axe(page)
    assert asha.ask("GET", f"/films/{film}/media/play").status == 410

    page.get_by_role("link", name="Move it").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Select the family whose film it is")).to_be_visible()
    page.get_by_label("Whose film is it?").select_option(value=family["other"])
    screenshot(page, "film-move", whole=True)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Sam Example").check()
    page.get_by_label("Rowan Example").check()
    screenshot(page, "film-move-people", whole=True)
    axe(page)
    page.get_by_role("button", name="Move the film").click()
    expect(page.get_by_text("The film is moved.")).to_be_visible()
    expect(page.get_by_text(family["other_reference"]).first).to_be_visible()
    assert asha.ask("GET", f"/films/{film}/media/poster").status == 200

    page.get_by_role("link", name="Wrong film").click()
    page.get_by_label("It should not have been sent for another reason").check()
    page.get_by_role("button", name="Stop this film now").click()
    page.get_by_role("link", name="Destroy it").click()
    page.get_by_label("Why is it destroyed?").fill("The family asked for it.")
    page.get_by_label("I know that the film").check()
    screenshot(page, "film-destroy", whole=True)
    axe(page)
    page.get_by_role("button", name="Destroy this film").click()
    expect(page.get_by_role("heading", name="Certificate of destruction")).to_be_visible()
    screenshot(page, "film-certificate", whole=True)
    axe(page)
    assert not (stack.data_dir / "media" / "films" / film).exists()

    phone = new_page(viewport={"width": 390, "height": 844})
    sign_in(phone, stack)
    phone.goto(f"{stack.base_url}/films/{film}/certificate/")
    screenshot(phone, "film-certificate-phone", whole=True)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_withdrawal_shows_on_the_open_page_within_two_seconds_and_a_bad_film_says_why(
    stack: Stack, page: Page, new_page: Any, family: dict[str, str], tmp_path: Path
) -> None:
    asha = Person(stack, "asha@service.example")
    film = asha.send(family, film_of(tmp_path / "film.mp4", frames=30))["film"]
    bad = asha.send(family, b"%PDF-1.4 a letter" * 50)["film"]
    sign_in(page, stack)
    page.goto(f"{stack.base_url}/films/{film}/")
    expect(page.locator(".nhsuk-tag", has_text="Ready")).to_be_visible(timeout=90_000)

    phone = new_page(viewport={"width": 390, "height": 844})
    sign_in(phone, stack)
    phone.goto(f"{stack.base_url}/films/{film}/")
    screenshot(phone, "film-ready-phone", whole=True)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    stack.python(_WITHDRAW, sam=family["sam"])
    expect(page.get_by_text("Sam no longer agrees to being filmed.").first).to_be_visible(timeout=4_000)
    expect(page.get_by_role("img", name="A picture from the film")).to_have_count(0)
    screenshot(page, "film-withdrawn", whole=True)
    axe(page)

    phone.goto(f"{stack.base_url}/films/{bad}/")
    expect(phone.get_by_text("This film cannot be used").or_(phone.get_by_text("Nobody can play"))).to_be_visible()
    other = new_page()
    sign_in(other, stack)
    fresh: dict[str, str] = stack.python(_FAMILY)
    bad = asha.send(fresh, b"%PDF-1.4 a letter" * 50)["film"]
    other.goto(f"{stack.base_url}/films/{bad}/")
    expect(other.get_by_text("This file is a document, not a film.")).to_be_visible(timeout=30_000)
    screenshot(other, "film-rejected", whole=True)
    axe(other)
