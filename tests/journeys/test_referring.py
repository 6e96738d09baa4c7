"""Referring: unborn twins by keyboard on a phone's width, gone on with on another device; a parent without script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import axe
from tests.stack import Stack, running

pytestmark = pytest.mark.journey

NARROW = {"viewport": {"width": 390, "height": 844}}
DUE = date.today() + timedelta(weeks=14)
_SENT = """
from referrals.models import Referral
result = [
    [
        r.door,
        r.reference.text,
        r.source,
        sorted([p.kind, p.first_name, str(p.expected_on or "")] for p in r.people.all()),
    ]
    for r in Referral.objects.select_related("reference").order_by("created_at")
]
"""


@pytest.fixture(scope="module")
def house() -> Iterator[Stack]:
    with running(workers=(), beat=False) as stack:
        yield stack


class Hand:
    """Somebody who fills the form in: by Tab, arrows and Enter, or by tapping."""

    def __init__(self, page: Page, *, keyboard: bool = False, script: bool = True) -> None:
        self.page, self.keyboard, self.script = page, keyboard, script

    def _at(self, what: Locator) -> None:
        """Come to a control by Tab alone."""
        for _ in range(60):
            if what.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab does not lead to {what}")

    def write(self, label: str, text: str) -> None:
        box = self.page.get_by_label(re.compile(label)).first
        if not self.keyboard:
            box.fill(text)
            return
        self._at(box)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def pick(self, question: str, answer: str) -> None:
        group = self.page.get_by_role("group", name=re.compile(question)).first
        box = group.get_by_label(answer, exact=True)
        if not self.keyboard:
            box.check()
            return
        if box.get_attribute("type") == "checkbox":
            self._at(box)
            self.page.keyboard.press("Space")
        else:
            first = group.get_by_role("radio").first
            self._at(first)
            self.page.keyboard.press("Space")
            for _ in range(12):
                if box.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        expect(box).to_be_checked()

    def tick(self, label: str) -> None:
        box = self.page.get_by_label(re.compile(label))
        if self.keyboard:
            self._at(box)
            self.page.keyboard.press("Space")
        else:
            box.check()
        expect(box).to_be_checked()

    def day(self, question: str, when: date) -> None:
        group = self.page.get_by_role("group", name=re.compile(question))
        for part, number in (("Day", when.day), ("Month", when.month), ("Year", when.year)):
            box = group.get_by_label(part)
            if self.keyboard:
                self._at(box)
                self.page.keyboard.press("Control+a")
                self.page.keyboard.type(str(number))
            else:
                box.fill(str(number))

    def press(self, button: str, *, then: str) -> None:
        """Press a button, or what looks like one; the page that follows has this heading."""
        found = self.page.get_by_role("main").get_by_role("button", name=button, exact=True)
        if self.keyboard:
            self._at(found)
            self.page.keyboard.press("Enter")
        else:
            found.click()
        self.at(then)

    def go(self, then: str) -> None:
        self.press("Continue", then=then)

    def at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        if self.script:
            wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wide, f"{heading} is wider than the screen"


def _open(house: Stack, page: Page, door: str) -> Hand:
    hand = Hand(page, keyboard=door.startswith("A professional"))
    page.goto(f"{house.base_url}/about-vig/")
    hand.at("About video interaction guidance")
    hand.press("Start now", then="Refer a family")
    hand.pick("Who are you", door)
    hand.press("Start", then="Is this the right service?")
    return hand


def test_unborn_twins_by_keyboard_and_gone_on_with_on_another_device(
    house: Stack, new_page: Callable[..., Page]
) -> None:
    page = new_page(**NARROW)
    hand = _open(house, page, "A professional who knows a family")
    hand.pick("been born", "No, not yet")
    hand.day("expected", DUE)
    hand.write("Where does the baby live", "BD5 0NA")
    hand.pick("something between", "Yes")
    axe(page)
    hand.go("Does the family know")
    hand.pick("Do they know", "Yes: whoever looks after the baby knows and agrees")
    hand.write("Who agreed", "Mum")
    hand.day("When did you talk", date.today())
    hand.pick("How", "Face to face")
    axe(page)
    hand.go("not an emergency service")
    hand.tick("I understand")
    axe(page)
    hand.go("About you")
    hand.go("About you")
    expect(page.get_by_role("link", name="Enter your name")).to_be_visible()
    axe(page)
    for label, text in (
        ("Your name", "Hanna Visitor"),
        ("What you do", "Health visitor"),
        ("Where you work", "Made-up Trust"),
        ("Your phone number", "01632 960 200"),
    ):
        hand.write(label, text)
    page.get_by_label("What kind of service is that?").select_option(label="Health visiting")
    hand.go("About the baby")
    axe(page)
    hand.go("Babies")
    hand.press("Add another baby", then="About another baby")
    hand.pick("been born", "No, not yet")
    hand.day("expected", DUE)
    hand.go("Babies")
    axe(page)
    page.go_back()
    page.go_forward()
    hand.at("Babies")
    expect(page.get_by_text("Baby 2")).to_have_count(2)  # the link, and what taking it out says
    hand.go("Who looks after the baby?")
    hand.write("First name", "Alex")
    hand.pick("to the baby", "Birth parent")
    hand.pick("parental responsibility", "Yes")
    hand.pick("live with the baby", "The baby is not born yet")
    axe(page)
    hand.go("How can we reach them safely?")
    page.get_by_role("link", name="Save, and come back later").click()
    hand.at("Save, and come back later")
    axe(page)
    page.get_by_role("button", name="Show me the link").click()
    link = page.get_by_text("/refer/return/").inner_text()

    other = new_page(**NARROW)
    hand = Hand(other)
    other.goto(link)
    axe(other)
    hand.press("Go on", then="How can we reach them safely?")
    hand.write("Phone number", "07700 900 321")
    hand.pick("What is safe", "Text messages")
    axe(other)
    hand.go("Language, and what they need")
    hand.pick("need anything", "No, nothing")
    axe(other)
    hand.go("Parents and carers")
    hand.go("Other children")
    hand.go("Who else works with the family?")
    hand.go("Why do you refer?")
    hand.tick("A young parent")
    hand.write("What have you seen", "Alex talks to the twins and sings.")
    axe(other)
    hand.go("What they hope for")
    hand.write("What do they hope for", "To know them before they come.")
    hand.pick("kind of help", "Video interaction guidance")
    hand.go("What else is going on")
    axe(other)
    hand.go("Children’s social care")
    hand.pick("social care involved", "No")
    axe(other)
    hand.go("Is anybody at risk?")
    for question in ("danger now", "harm themselves", "harm somebody else", "baby come to harm", "visits them"):
        hand.pick(question, "No")
    axe(other)
    hand.go("Where and when")
    hand.pick("May we tell the family", "No")
    axe(other)
    hand.go("Reports and letters")
    axe(other)
    hand.go("Check what you wrote")
    axe(other)
    hand.go("Before you send it")
    hand.tick("What I wrote is true")
    hand.tick("I have read how")
    axe(other)
    hand.press("Send this referral", then="Your referral has arrived")
    axe(other)
    with other.expect_download() as copy:
        other.get_by_role("link", name="Get a copy").click()
    assert copy.value.suggested_filename.startswith("referral-R-")
    door, reference, source, people = house.python(_SENT)[-1]
    assert (door, source) == ("professional", "A2")
    assert people == [["caregiver", "Alex", ""], ["infant", "", str(DUE)], ["infant", "", str(DUE)]]
    expect(other.get_by_text(reference)).to_be_visible()
    other.go_back()
    hand.at("Your referral has arrived")
    page.reload()
    expect(page.get_by_text("Alex")).to_have_count(0)


def test_a_parent_asks_for_help_without_script(house: Stack, new_page: Callable[..., Page]) -> None:
    page = new_page(**NARROW, java_script_enabled=False)
    hand = Hand(page, script=False)
    page.goto(f"{house.base_url}/refer/")
    hand.pick("Who are you", "A parent or carer who would like help")
    hand.press("Start", then="Is this the right service?")
    hand.pick("been born", "Yes")
    hand.day("was your baby born", date.today() - timedelta(weeks=9))
    hand.write("Where do you live", "BD5")
    hand.pick("something between", "Not sure")
    hand.go("not an emergency service")
    hand.tick("I understand")
    hand.go("About your baby")
    hand.write("First name", "Robin")
    hand.go("Babies")
    hand.go("About you")
    hand.go("About you")
    expect(page.get_by_role("link", name="Enter your first name")).to_be_visible()
    hand.write("Your first name", "Sam")
    hand.pick("Who are you to the baby", "Non-birth parent")
    hand.pick("parental responsibility", "Yes")
    hand.pick("live with your baby", "Yes")
    hand.go("How can we reach you safely?")
    hand.write("Phone number", "07700 900 322")
    hand.pick("What is safe", "Calls")
    hand.go("Language, and what you need")
    hand.pick("need anything", "No, nothing")
    hand.go("Parents and carers")
    hand.go("Other children")
    hand.go("Who else works with")
    hand.go("What is it about?")
    hand.tick("Hard to read what the baby needs")
    hand.write("What would you like to tell us", "He looks away from me.")
    hand.go("What you hope for")
    hand.write("What do you hope for", "That he looks at me.")
    hand.pick("kind of help", "Not sure")
    hand.go("What else is going on")
    hand.go("Children’s social care")
    hand.pick("social care involved", "No")
    hand.go("Are you safe?")
    for question in ("danger now", "thoughts of harming", "baby may come to harm"):
        hand.pick(question, "No")
    hand.go("Where and when")
    hand.pick("May we write to you", "No, I will ring you")
    hand.go("Reports and letters")
    hand.go("Check what you wrote")
    hand.go("Before you send it")
    hand.tick("What I wrote is true")
    hand.tick("I have read how")
    hand.press("Send this to the team", then="We have your message")
    door, reference, source, people = house.python(_SENT)[-1]
    assert (door, source) == ("self", "B1")
    assert people == [["caregiver", "Sam", ""], ["infant", "Robin", ""]]
    expect(page.get_by_text(reference)).to_be_visible()
