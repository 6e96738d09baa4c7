"""A caregiver's record on a phone, by keyboard: how to reach her safely, what she needs, who works with the family,
and the same caregiver in a second family."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.practising import Practitioner
from tests.stack import Stack

pytestmark = pytest.mark.journey

# Another family of Asha's, without the caregiver whom this story is about.
_SECOND = """
from accounts.models import User
from tests.cast import make_family
second = make_family(User.objects.get(email="asha@service.example"))
second.rowan.first_name = "Wren"
second.rowan.save()
second.sam.first_name = "Jo"
second.sam.save()
result = {"case": str(second.case.pk), "reference": second.family.reference}
"""

_KEPT = """
from families.contact import ways_to_reach
from families.models import Case, Person, Professional
case = Case.objects.select_related("family").get(pk=case)
sam = case.people.get(first_name="Sam")
reach = ways_to_reach(sam)
practice = Professional.objects.get(family=case.family)
result = {
    "phone": sam.phone, "open": [way.channel.value for way in reach.open_ways], "times": reach.safe_times,
    "hide": reach.hide_caller, "needs": sam.communication_needs, "families": sam.families.count(),
    "practice": [str(practice), practice.ods_code, practice.may_contact, practice.permission_by.short_name],
    "sams": Person.objects.filter(first_name="Sam", families__in=sam.families.all()).distinct().count(),
}
"""


def asked(page: Page, label: str) -> Locator:
    """The box or list with this label, whether or not it may stay empty."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))


def type_into(page: Page, label: str, text: str) -> None:
    """Reach a box and type, without a mouse."""
    asked(page, label).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def answer(page: Page, question: str, option: str) -> None:
    """Choose one of several answers with the keyboard alone."""
    radio = page.get_by_role("group", name=re.compile(question)).get_by_role("radio", name=option, exact=True)
    radio.focus()
    page.keyboard.press("Space")
    expect(radio).to_be_checked()


def unfold(page: Page, words: str) -> None:
    """Open what is folded away."""
    page.locator("summary", has_text=words).focus()
    page.keyboard.press("Enter")


def go(page: Page, role: str, name: str) -> None:
    """Follow a link or press a button with Enter."""
    page.get_by_role("main").get_by_role(role, name=re.compile(name)).first.focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_a_caregivers_record_is_kept_on_a_phone_without_a_mouse(stack: Stack, phone: Page) -> None:
    asha = Practitioner(stack, phone, "people", wide=390)
    second = stack.python(_SECOND)
    asha.sign_in()
    page = phone
    page.goto(f"{stack.base_url}/cases/{asha.family['case']}/people/")
    asha.here("people")
    go(page, "link", "^Sam Example$")
    heading(page, "Sam Example")
    asha.here("person")

    go(page, "link", "Change how to reach Sam")
    heading(page, "How to reach Sam")
    type_into(page, "When it is safe to get in touch", "weekdays from 10 to 2")
    answer(page, "May we send texts", "Yes")
    answer(page, "May we leave a voicemail", "No")
    go(page, "button", "Save how to reach them")
    expect(page.get_by_role("alert")).to_contain_text("Enter the number for texts")
    asha.here("contact-number-missing")
    type_into(page, "Phone number", "07700 900 123")
    expect(asked(page, "When it is safe to get in touch")).to_have_value("weekdays from 10 to 2")
    asked(page, "Do not say who is calling").focus()
    page.keyboard.press("Space")
    go(page, "button", "Save how to reach them")
    expect(page.get_by_text("Saved how to reach Sam")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("07700 900123")
    asha.here("person-contact")

    go(page, "link", "Add something they need")
    answer(page, "What is it about", "Help in talking together")
    type_into(page, "What do they need?", "face her, so that she can lip-read")
    answer(page, "May we tell other services", "Yes")
    asha.here("need")
    go(page, "button", "Save this need")
    expect(page.get_by_text("Sam: face her, so that she can lip-read")).to_be_visible()

    go(page, "link", "Change background")
    asked(page, "Ethnic category").select_option("Z")
    unfold(page, "Sexual orientation and gender identity")
    asha.here("background")
    go(page, "button", "Save what they said")
    expect(page.get_by_text("Saved what Sam said")).to_be_visible()

    go(page, "link", "Everybody in this family")
    go(page, "link", "Add an address")
    type_into(page, "Address", "1 Example Street")
    type_into(page, "Postcode", "zz993vz")
    asha.here("address")
    go(page, "button", "Save this address")
    expect(page.get_by_text("1 Example Street, ZZ99 3VZ")).to_be_visible()

    go(page, "link", "Professionals around the family")
    asha.here("professionals-none")
    go(page, "link", "Add a professional")
    asked(page, "What they are to the family").select_option("gp")
    type_into(page, "Organisation", "Example Practice")
    answer(page, "May we contact them", "Yes")
    asked(page, "Who in the family answered?").select_option("Sam")
    unfold(page, "ODS code, whose they are")
    type_into(page, "ODS code", "a81001")
    asha.here("professional")
    go(page, "button", "Save this professional")
    heading(page, "Professionals around the family")
    asha.here("professionals")

    page.goto(f"{stack.base_url}/cases/{second['case']}/people/")
    go(page, "link", "Add somebody who has a record already")
    type_into(page, "Name, NHS number, phone or reference", asha.family["reference"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Who is it?")).to_be_visible()
    asha.here("known")
    go(page, "link", "^Sam Example$")
    heading(page, "Add Sam to this family")
    asked(page, "Who they are to the baby").select_option("step_parent")
    answer(page, "Do they have parental responsibility", "No")
    answer(page, "Do they live in this household", "No")
    asha.here("join")
    go(page, "button", "Add them to this family")
    heading(page, "Sam Example")
    link = page.get_by_role("main").get_by_role("link", name=asha.family["reference"])
    expect(link).to_be_visible()
    asha.here("second-family")

    assert stack.python(_KEPT, case=asha.family["case"]) == {
        "phone": "+447700900123",
        "open": ["text"],
        "times": "weekdays from 10 to 2",
        "hide": True,
        "needs": "face her, so that she can lip-read",
        "families": 2,
        "practice": ["Example Practice", "A81001", "yes", "Sam"],
        "sams": 1,
    }
    asha.every_page_was_right()
