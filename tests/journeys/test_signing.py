"""Consent in a living room: signed by finger on a phone in the frame, by keys alone, taken back, objected to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, axe, screenshot
from tests.cast import PIN
from tests.journeys.at_the_desk import sign_in
from tests.stack import Stack

pytestmark = pytest.mark.journey

_FAMILY = """
from accounts.models import User
from families.models import Membership, Person
from tests.cast import consent_to_everything, make_cast, make_family
asha = User.objects.filter(email="asha@service.example").first() or make_cast().asha
family = make_family(asha)
alex = Person.objects.create(kind="caregiver", first_name="Alex", last_name="Example")
Membership.objects.create(
    person=alex, family=family.family, relationship="non_birth_parent", parental_responsibility="yes"
)
family.case.people.add(alex)
if agreed:
    consent_to_everything(family, by=asha)
result = {
    "case": str(family.case.pk), "sam": str(family.sam.pk), "reference": family.family.reference,
}
"""
_DECIDED = """
from families.models import Consent
rows = Consent.objects.filter(person__cases=case).select_related("person", "signature")
result = sorted([row.person.first_name, row.purpose, row.decision, bool(row.signature_id)] for row in rows)
"""


def make(house: Stack, *, agreed: bool) -> dict[str, Any]:
    made: dict[str, Any] = house.python(_FAMILY, agreed=agreed)
    return made


def decided(house: Stack, family: dict[str, Any]) -> list[list[Any]]:
    rows: list[list[Any]] = house.python(_DECIDED, case=family["case"])
    return rows


def say(page: Page, heading: str, *answers: str) -> None:
    """Answer one question for each person asked about, in their order."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    for number, answer in enumerate(answers):
        page.get_by_role("group").nth(number).get_by_text(answer, exact=True).click()
    page.get_by_role("button", name="Next").click()


def test_signed_by_finger_on_a_phone_and_handed_back(house: Stack, new_page: Callable[..., Page]) -> None:
    page = new_page(**PHONE)
    family = make(house, agreed=False)
    sign_in(page, house)
    page.goto(f"{house.base_url}/cases/{family['case']}/consent/")
    page.locator("a", has_text="Sign on screen: Sam").click()
    page.get_by_role("checkbox", name="Supervision").uncheck()
    page.get_by_role("checkbox", name="Training").check()
    page.get_by_role("button", name="Hand over to Sam").click()
    page.wait_for_url("**/together/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Sam")
    axe(page)
    screenshot(page, "signing-begin", whole=True)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("1 of 3")).to_be_visible()
    axe(page)
    screenshot(page, "signing-question", whole=True)
    widths = {round(box["width"]) for each in page.locator(".together-choice").all() if (box := each.bounding_box())}
    assert len(widths) == 1  # yes, no and not today are equally large
    say(page, "Making short films", "Yes", "Yes")
    say(page, "Watching the films together", "Yes", "Not today")
    say(page, "Training other people", "No", "No")

    # Neither Back nor a reload, nor the address of the desk, shows anything but this.
    expect(page.get_by_role("heading", name="What you have said")).to_be_visible()
    assert page.title() == "Together"
    assert family["reference"] not in page.content()
    assert family["case"] not in page.content()
    page.reload()
    expect(page.get_by_role("heading", name="What you have said")).to_be_visible()
    desk = page.context.new_page()
    desk.goto(f"{house.base_url}/cases/{family['case']}/consent/")
    expect(desk.locator("h1")).to_have_text("Paused")
    desk.close()

    pad = page.locator("[data-canvas]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(((20, 90), (80, 30), (140, 120), (220, 50), (280, 100))):
        kind = "touchStart" if number == 0 else "touchMove"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": box["x"] + x, "y": box["y"] + y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()
    axe(page)
    screenshot(page, "signing-sign", whole=True)
    page.get_by_role("button", name="Done", exact=True).last.click()
    expect(page.get_by_text("Please hand the device back.")).to_be_visible()
    axe(page)
    screenshot(page, "signing-thanks")

    page.fill("#secret", "0000")
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("alert")).to_have_text("That is not right. 4 tries are left.")
    page.fill("#secret", PIN)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Consent")
    assert decided(house, family) == [
        ["Rowan", "film", "given", True],
        ["Rowan", "training", "refused", True],
        ["Sam", "film", "given", True],
        ["Sam", "shared_review", "given", True],
        ["Sam", "training", "refused", True],
    ]
    axe(page)
    screenshot(page, "consent-390", whole=True)
    answer = page.request.get(page.locator("a", has_text="See the signature").first.evaluate("link => link.href"))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    page.goto(f"{house.base_url}/together/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")


def test_by_keys_alone_with_a_typed_name(house: Stack, page: Page) -> None:
    family = make(house, agreed=False)
    sign_in(page, house)
    page.goto(f"{house.base_url}/cases/{family['case']}/consent/{family['sam']}/sign/")
    for purpose in ("To be seen in the shared review", "Supervision"):
        page.get_by_role("checkbox", name=purpose).press("Space")
    page.get_by_role("checkbox", name="Rowan").press("Space")
    page.get_by_role("button", name="Hand over to Sam").press("Enter")
    page.get_by_role("button", name="Begin").press("Enter")
    page.get_by_role("button", name="Next").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Choose an answer: yes, no or not today.")
    page.get_by_role("radio", name="No", exact=True).press("Space")
    page.get_by_role("button", name="Next").press("Enter")
    page.get_by_label("Or type your name").press_sequentially("Sam")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Please hand the device back.")).to_be_visible()
    page.get_by_label("PIN or password").press_sequentially(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Consent")
    assert decided(house, family) == [["Sam", "film", "refused", True]]


def test_taken_back_in_one_sentence_and_an_objection_is_a_task(house: Stack, page: Page) -> None:
    family = make(house, agreed=True)
    sign_in(page, house)
    page.goto(f"{house.base_url}/cases/{family['case']}/")
    page.get_by_role("link", name="Stop agreement…").click()
    page.get_by_role("checkbox", name="Rowan: to be filmed").check()
    page.get_by_role("radio", name="Alex Example").check()  # holds parental responsibility, and was not asked
    page.get_by_role("button", name="Stop now").click()
    expect(page.get_by_text("Those who decide differ: Rowan").first).to_be_visible()
    expect(page.get_by_text("No film may be made or looked at yet.")).to_be_visible()
    expect(page.get_by_text("They differ").first).to_be_visible()
    axe(page)
    screenshot(page, "consent-conflict", whole=True)
    page.locator("a", has_text="Changed their mind: Nan, Supervision").click()
    expect(page.get_by_role("checkbox", name="Nan: supervision")).to_be_checked()
    page.get_by_role("radio", name="Nan Example").check()
    page.get_by_role("button", name="Stop now").click()
    expect(page.get_by_text("Stopped from now on: Nan, supervision.")).to_be_visible()
    page.goto(f"{house.base_url}/")
    expect(page.get_by_role("link", name="Those who decide for Rowan differ: being filmed").first).to_be_visible()
