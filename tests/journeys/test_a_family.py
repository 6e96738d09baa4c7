"""One family's record, from the pregnancy to the end of the work, kept on a phone and without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import PHONE, axe, screenshot
from tests.cast import PASSWORD, PIN
from tests.stack import Stack, running

pytestmark = pytest.mark.journey

_READY = """
from outcomes.models import Measure, MeasureVersion
from outcomes.shipped import put_in_place
from tests.cast import make_cast
put_in_place(Measure, MeasureVersion)
make_cast()
"""

_KEPT = """
from families.models import Case, Consent
from outcomes.models import CriticalAnswer, Goal, Score
case = Case.objects.get(pk=case)
babies = case.people.filter(kind="infant").order_by("created_at")
result = {
    "first": str(babies[0].pk),
    "babies": [[baby.first_name, baby.gestation_days] for baby in babies],
    "consents": sorted(
        [row.person.first_name, row.purpose, row.decided_by.first_name, row.withdrawn_at is None]
        for row in Consent.objects.filter(person__cases=case)
    ),
    "notes": [note.signed_at is not None for note in case.notes.all()],
    "goals": Goal.objects.filter(case=case).count(),
    "scores": [[score.version.measure.key, score.answers["9"]] for score in Score.objects.filter(case=case)],
    "critical": [answer.acted for answer in CriticalAnswer.objects.filter(case=case)],
    "closed": [[str(closure.why), closure.goals] for closure in case.closures.all()],
}
"""


@pytest.fixture(scope="module")
def house() -> Iterator[Stack]:
    with running(workers=(), beat=False) as stack:
        stack.python(_READY)
        yield stack


class Keys:
    """Somebody at a phone whose screen is kept and whose every step is a key."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.pictures = 0

    def look(self, name: str) -> None:
        """A picture; nothing wider than the screen; nothing that axe finds."""
        self.pictures += 1
        screenshot(self.page, f"family-{self.pictures:02}-{name}", whole=True)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name} scrolls sideways"
        axe(self.page)

    def at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))

    def go(self, name: str, within: Locator | None = None) -> None:
        """Follow a link with Enter."""
        (within or self.main).get_by_role("link", name=re.compile(name)).first.press("Enter")

    def tab(self, name: str) -> None:
        self.page.get_by_role("navigation", name=re.compile("Parts of")).get_by_role("link", name=name).press("Enter")

    def push(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).last.press("Enter")

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into a box."""
        box = (within or self.main).get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$")).first
        box.focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, question: str, answer: str, within: Locator | None = None) -> None:
        """Answer a question that has several answers."""
        group = (within or self.main).get_by_role("group", name=re.compile(question)).last
        radio = group.get_by_role("radio", name=re.compile(f"^{answer}$")).first
        radio.press("Space")
        expect(radio).to_be_checked()

    def day(self, group: Locator, day: date) -> None:
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part).press_sequentially(str(number))

    def unfold(self, words: str) -> None:
        folded = self.page.locator("details", has=self.page.locator("summary", has_text=words)).last
        folded.locator("summary").first.press("Enter")
        expect(folded).to_have_attribute("open", "")


def sign_in(house: Stack, page: Page) -> Keys:
    page.goto(f"{house.base_url}/account/login/?next=/families/")
    page.get_by_label("Email address").press_sequentially("asha@service.example")
    page.get_by_label("Password", exact=True).press_sequentially(PASSWORD)
    page.keyboard.press("Enter")
    keys = Keys(page)
    keys.at("Families")
    return keys


def open_the_case(keys: Keys) -> str:
    """A baby without a name is expected; its parents live apart."""
    keys.go("Open a case")
    keys.at("Open a case")
    baby = keys.page.get_by_role("group", name="The baby", exact=True)
    keys.choose("Is the baby born", "Not yet", baby)
    keys.day(keys.page.get_by_role("group", name=re.compile("expected", re.I)).first, date.today() + timedelta(weeks=5))
    keys.write("First name", "Sam", keys.page.get_by_role("group", name="Who cares for the baby"))
    sam = keys.page.get_by_role("group", name="Who cares for the baby")
    keys.write("Last name", "Fern", sam)
    sam.get_by_label("Who they are to the baby").select_option("birth_parent")
    keys.choose("Do they have parental responsibility", "Yes", sam)
    keys.choose("Do they live with the baby", "Yes", sam)
    keys.unfold("Somebody else cares for the baby too")
    kit = keys.page.get_by_role("group", name="The other caregiver")
    keys.write("First name", "Kit", kit)
    keys.write("Last name", "Ash", kit)
    kit.get_by_label("Who they are to the baby").select_option("non_birth_parent")
    keys.choose("Do they have parental responsibility", "Yes", kit)
    keys.choose("Do they live with the baby", "No", kit)
    keys.look("open")
    keys.push("Open this case")
    keys.at("Timeline")
    expect(keys.page.get_by_text("unborn, due in 5 weeks").first).to_be_visible()
    keys.look("unborn")
    found = re.search(r"/cases/([0-9a-f-]{36})/", keys.page.url)
    assert found
    return found[1]


def the_birth_of_twins(keys: Keys, today: date) -> None:
    """The one who was expected keeps the record; the other joins it."""
    keys.tab("People")
    keys.at("People")
    keys.go("Record the birth")
    keys.at("The birth of the baby")
    keys.day(keys.page.get_by_role("group", name="Date of birth").first, today)
    keys.write("First name", "Rowan")
    keys.write("Weeks of pregnancy at birth", "35+0")
    keys.unfold("More than one baby was born")
    twin = keys.page.locator("details[open]").last
    twin.get_by_role("checkbox").first.press("Space")
    keys.write("First name", "Wren", twin)
    keys.look("birth")
    keys.push("Record the birth")
    expect(keys.page.get_by_role("heading", level=2, name="Wren")).to_be_visible()
    keys.look("born")


def agree(keys: Keys, case: str, house: Stack) -> None:
    """Sam answers in the frame, for herself and for each of the babies apart."""
    keys.tab("Consent")
    keys.at("Consent")
    keys.look("consent-to-ask")
    keys.go("Sign on screen.*Sam")
    keys.page.get_by_role("checkbox", name="Supervision").press("Space")
    keys.push("Hand over to Sam")
    keys.at("Hello Sam")
    keys.push("Begin")
    for heading in ("Making short films", "Watching the films together"):
        keys.at(heading)
        for each in keys.page.get_by_role("radio", name="Yes", exact=True).all():
            each.press("Space")
        keys.look(heading.replace(" ", "-").lower())
        keys.push("Next")
    keys.page.get_by_label("Or type your name").press_sequentially("Sam Fern")
    keys.page.keyboard.press("Enter")
    expect(keys.page.get_by_text("Please hand the device back.")).to_be_visible()
    keys.page.get_by_label("PIN or password").press_sequentially(PIN)
    keys.page.keyboard.press("Enter")
    keys.at("Consent")
    keys.look("consent-agreed")


def write_a_note(keys: Keys) -> None:
    keys.tab("Notes")
    keys.go("Write a note")
    keys.push("Begin this note")
    first = keys.page.get_by_role("textbox", name="What the family is managing")
    first.press_sequentially("Sam waits until Rowan looks, and Wren is carried meanwhile.")
    expect(keys.page.locator("[data-note-state]")).to_contain_text("Saved ")
    keys.look("note")
    keys.push("Sign this note")
    expect(keys.page.get_by_text("The note is signed.")).to_be_visible()
    keys.look("note-signed")


def agree_a_goal(keys: Keys) -> None:
    keys.tab("Goals and measures")
    keys.look("goals-none")
    keys.go("Agree a goal")
    keys.write("The goal", "Evenings in which all of us breathe")
    keys.page.get_by_role("radio", name="Theirs together").press("Space")
    keys.push("Save this goal")
    expect(keys.page.get_by_text("The goal is written down.")).to_be_visible()


def ask_the_phq_9(keys: Keys) -> None:
    """Answered on the practitioner's phone, in Sam's hand; the last answer is one that must be seen to today."""
    keys.go("Ask the family")
    for answer in ("PHQ-9", "Sam Fern", "Together, on this tablet", "At the beginning"):
        keys.page.get_by_role("radio", name=answer).first.press("Space")
    keys.look("ask")
    keys.push("Go on")
    keys.push("Hand the device over")
    keys.page.wait_for_url(re.compile("/together/"))
    keys.go("Begin")
    for number in range(1, 10):
        keys.at(f"Question {number} of 9")
        keys.page.get_by_role("radio", name="Several days" if number == 9 else "Not at all", exact=True).press("Space")
        keys.push("Next")
    keys.look("answers")
    keys.push("I have finished")
    expect(keys.page.get_by_text("Please hand the device back.")).to_be_visible()
    keys.page.get_by_label("For the practitioner: PIN or password").press_sequentially(PIN)
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url(re.compile("/goals/"))
    keys.look("act-today")
    keys.page.get_by_role("link", name=re.compile("Sam’s answer to PHQ-9, question 9")).press("Enter")
    keys.write("What was done?", "Talked with Sam before leaving; her GP rings tomorrow.")
    keys.push("Save what was done")
    expect(keys.page.get_by_text("Saved what was done.")).to_be_visible()
    expect(keys.page.get_by_text("Act today:")).to_have_count(0)


def change_of_mind(keys: Keys) -> None:
    """Sam takes one agreement back; no other ends by it."""
    keys.page.get_by_role("link", name=re.compile("Stop agreement")).press("Enter")
    keys.page.get_by_role("checkbox", name="Wren: to be filmed").press("Space")
    keys.page.get_by_role("radio", name="Sam Fern").press("Space")
    keys.look("stop")
    keys.push("Stop now")
    expect(keys.page.get_by_text("Stopped from now on: Wren, to be filmed.")).to_be_visible()
    keys.look("stopped")


def the_end_of_the_work(keys: Keys) -> None:
    keys.tab("Timeline")
    keys.go("Close this case")
    keys.page.get_by_label("The work is done").press("Space")
    keys.write("Summary", "They found out together what helps the two to settle.")
    keys.page.get_by_label("Reached", exact=True).first.press("Space")
    keys.look("close")
    keys.push("Close this case")
    expect(keys.page.get_by_text("The case is closed.")).to_be_visible()
    expect(keys.page.get_by_text("Wren was born")).to_be_visible()
    keys.look("closed")


def test_a_family_from_the_pregnancy_to_the_end_of_the_work(house: Stack, new_page: Callable[..., Page]) -> None:
    page = new_page(**PHONE)
    keys = sign_in(house, page)
    case = open_the_case(keys)
    before = house.python(_KEPT, case=case)
    the_birth_of_twins(keys, date.today())
    agree(keys, case, house)
    write_a_note(keys)
    agree_a_goal(keys)
    ask_the_phq_9(keys)
    change_of_mind(keys)
    the_end_of_the_work(keys)

    kept = house.python(_KEPT, case=case)
    agreed = [["Rowan", "film"], ["Rowan", "shared_review"], ["Sam", "film"], ["Sam", "shared_review"]]
    assert kept == {
        "first": before["first"],  # the same person before and after the birth
        "babies": [["Rowan", 245], ["Wren", 245]],
        "consents": [
            *([*each, "Sam", True] for each in agreed),
            ["Wren", "film", "Sam", False],
            ["Wren", "shared_review", "Sam", True],
        ],
        "notes": [True],
        "goals": 1,
        "scores": [["phq-9", 1]],
        "critical": ["Talked with Sam before leaving; her GP rings tomorrow."],
        "closed": [["The work is done", "reached"]],
    }
