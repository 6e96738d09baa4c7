"""Goals and questionnaires as a family meets them: on the practitioner's tablet, and alone with a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, axe
from tests.cast import PASSWORD, PIN
from tests.stack import Stack

pytestmark = pytest.mark.journey

_FAMILY = """
from accounts.models import User
from outcomes.models import Measure, MeasureVersion
from outcomes.shipped import put_in_place
from tests.cast import make_cast, make_family
put_in_place(Measure, MeasureVersion)
Measure.objects.filter(key="phq-9").update(critical_by_link=True)
asha = User.objects.filter(email="asha@service.example").first() or make_cast().asha
family = make_family(asha)
result = {"case": str(family.case.pk), "reference": family.family.reference}
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


def ask(page: Page, stack: Stack, family: dict[str, str], what: str, way: str) -> None:
    page.goto(f"{stack.base_url}/cases/{family['case']}/goals/")
    page.get_by_role("link", name="Ask the family").click()
    page.get_by_role("radio", name=what).check()
    page.get_by_role("radio", name="Sam Example").check()
    page.get_by_role("radio", name=way).check()
    page.get_by_role("radio", name="At the beginning").check()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile("/asked/"))


def answer(page: Page, words: str, number: int, of: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {number} of {of}")
    page.get_by_role("radio", name=words, exact=True).check()
    page.get_by_role("button", name="Next").click()


def come_back(page: Page) -> None:
    """The practitioner takes the tablet again."""
    expect(page.get_by_text("Please hand the device back.")).to_be_visible()
    page.get_by_label("For the practitioner: PIN or password").fill(PIN)
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url(re.compile("/goals/"))


def nothing_of_the_record(page: Page, family: dict[str, str]) -> None:
    seen = page.content()
    assert not re.search(r"\b(Rowan|Sam|Example|Asha|PHQ|score|critical)\b", seen)
    assert family["reference"] not in seen
    assert family["case"] not in page.url


def test_a_goal_and_a_questionnaire_are_answered_together_on_the_tablet(
    stack: Stack, page: Page, family: dict[str, str]
) -> None:
    sign_in(page, stack)
    page.goto(f"{stack.base_url}/cases/{family['case']}/goals/")
    page.get_by_role("link", name="Agree a goal").click()
    page.get_by_label("The goal").fill("Evenings in which we all breathe")
    page.get_by_role("radio", name="Theirs together").check()
    page.get_by_role("button", name="Save this goal").click()
    expect(page.get_by_text("The goal is written down.")).to_be_visible()

    ask(page, stack, family, "How near they feel to their goals", "Together, on this tablet")
    page.get_by_role("button", name="Hand the device over").click()
    page.wait_for_url(re.compile("/together/"))
    axe(page)
    page.get_by_role("link", name="Begin").click()
    axe(page)
    nothing_of_the_record(page, family)
    answer(page, "4", 1, 1)
    page.get_by_role("button", name="I have finished").click()
    come_back(page)
    expect(page.get_by_role("img", name="Sam: 4 of 10")).to_be_visible()

    ask(page, stack, family, "PHQ-9", "Together, on this tablet")
    page.get_by_role("button", name="Hand the device over").click()
    page.wait_for_url(re.compile("/together/"))
    page.get_by_role("link", name="Begin").click()
    answer(page, "Several days", 1, 9)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 9")
    answer(page, "More than half the days", 1, 9)
    page.get_by_role("button", name="Skip this one").click()
    for number in range(3, 9):
        answer(page, "Not at all", number, 9)
    answer(page, "Several days", 9, 9)
    expect(page.get_by_text("You skipped 1.")).to_be_visible()
    nothing_of_the_record(page, family)
    page.get_by_role("button", name="I have finished").click()
    nothing_of_the_record(page, family)
    come_back(page)
    axe(page)
    page.get_by_role("link", name="Sam’s answer to PHQ-9, question 9").click()
    axe(page)
    page.get_by_label("What was done?").fill("Talked with Sam before leaving; her GP rings tomorrow.")
    page.get_by_role("button", name="Save what was done").click()
    expect(page.get_by_text("Saved what was done.")).to_be_visible()
    expect(page.get_by_text("Act today:")).to_have_count(0)


def test_a_questionnaire_by_link_needs_no_script_and_shows_help_at_once(
    stack: Stack, page: Page, new_page: Callable[..., Page], family: dict[str, str]
) -> None:
    sign_in(page, stack)
    ask(page, stack, family, "PHQ-9", "By a link on their own phone")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link for Sam").input_value()

    phone = new_page(**{**PHONE, "java_script_enabled": False})
    phone.goto(link)
    assert phone.url == f"{stack.base_url}/q/", "the token has left the address"
    expect(phone).to_have_title("A few questions")
    expect(phone.get_by_text("Nobody reads your answers straight away.")).to_be_visible()
    phone.get_by_role("link", name="Begin").click()
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("alert")).to_have_text("Choose an answer, or skip this one.")
    for number in range(1, 9):
        answer(phone, "Not at all", number, 9)
    answer(phone, "Several days", 9, 9)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you for saying that")
    expect(phone.get_by_role("link", name="116 123")).to_be_visible()
    nothing_of_the_record(phone, family)

    page.goto(f"{stack.base_url}/cases/{family['case']}/")
    expect(page.get_by_text("Act today:")).to_be_visible()

    phone.get_by_role("link", name="Go on with the questions").click()
    phone.get_by_role("button", name="I have finished").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("This link does not open anything")

    same = new_page(**PHONE)  # axe needs a script
    same.goto(f"{stack.base_url}/q/thanks/")
    axe(same)
    assert same.evaluate("document.documentElement.scrollWidth") <= 390
