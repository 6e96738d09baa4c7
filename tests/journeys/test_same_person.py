"""Somebody who is known already is added again: the page says so while one types, and asks, with a script and without.

Two records that are one are brought together and taken apart again, at a desk and on a telephone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, axe, screenshot
from tests.cast import PASSWORD
from tests.stack import Stack

pytestmark = pytest.mark.journey

_HOUSEHOLDS = """
from accounts.models import Role, Team, User
from families.models import Person
from tests.cast import make_cast, make_family, PASSWORD
for left in Person.objects.filter(last_name="Thistlewood"):  # of this story, told once before
    left.first_name, left.last_name, left.phone = "Earlier", "Story", ""
    left.save()
asha = User.objects.filter(email="asha@service.example").first() or make_cast().asha
one, two = make_family(asha), make_family(asha)
one.sam.first_name, one.sam.last_name, one.sam.phone = "Marigold", "Thistlewood", "+447700900456"
one.sam.save()
two.sam.first_name, two.sam.last_name = "Kit", "Larkspur"
two.sam.save()
result = {"one": str(one.case.pk), "two": str(two.case.pk), "sam": str(one.sam.pk), "reference": one.family.reference}
"""
_COPY = """
from families.models import Membership, Person
again = Person.objects.create(
    kind="caregiver", first_name="Marygold", last_name="Thistlewood", date_of_birth="1995-04-03", phone="+447700900456"
)
from families.models import Case
Membership.objects.create(person=again, family=Case.objects.get(pk=case).family, relationship="other")
Case.objects.get(pk=case).people.add(again)
result = str(again.pk)
"""


def sign_in(page: Page, stack: Stack, email: str) -> None:
    page.goto(f"{stack.base_url}/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="My day")).to_be_visible()


def type_marigold(page: Page) -> None:
    page.get_by_label("First name").fill("Marigold")
    page.get_by_label("Last name").fill("Thistlewood")
    page.get_by_label("Who they are to the baby").select_option("non_birth_parent")
    page.locator("input[name='parental_responsibility'][value='no']").check()
    page.locator("input[name='lives_with_infant'][value='yes']").check()
    details = page.locator("summary", has_text="Date of birth")
    if details.count():
        details.first.click()
    for name, part in (("day", "3"), ("month", "4"), ("year", "1995")):
        page.locator(f"input[name='date_of_birth_{name}']").fill(part)


def right(page: Page, name: str, wide: int) -> None:
    screenshot(page, f"same-{name}", whole=True)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= wide


def test_somebody_known_is_not_written_down_twice_and_a_merge_is_undone(
    stack: Stack, page: Page, new_page: Callable[..., Page]
) -> None:
    found: dict[str, Any] = stack.python(_HOUSEHOLDS)
    sign_in(page, stack, "asha@service.example")

    # Misheard, and found all the same, by the key that leads to the search box.
    page.keyboard.press("/")
    page.keyboard.type("marygold thisslewood")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name=found["reference"])).to_be_visible()
    right(page, "search", 1280)

    # With a script: told while typing, asked when it is sent.
    add = f"{stack.base_url}/cases/{found['two']}/people/new/?kind=caregiver"
    page.goto(add)
    type_marigold(page)
    expect(page.get_by_role("status").get_by_text("Marigold Thistlewood, born 3 April 1995")).to_be_visible()
    right(page, "typing", 1280)
    page.get_by_role("button", name="Save this person").click()
    expect(page.get_by_role("radio", name="Use Marigold Thistlewood")).to_be_visible()
    right(page, "asked", 1280)

    # Without a script, on a telephone: the same question, and this person is used.
    plain = new_page(**PHONE, java_script_enabled=False)
    sign_in(plain, stack, "asha@service.example")
    plain.goto(add)
    type_marigold(plain)
    plain.get_by_role("button", name="Save this person").click()
    plain.get_by_role("radio", name="Use Marigold Thistlewood").check()
    plain.get_by_role("button", name="Save this person").click()
    expect(plain.get_by_text("Marigold was added.")).to_be_visible()

    # Two records, on a telephone: side by side, brought together, taken apart.
    again = stack.python(_COPY, case=found["two"])
    phone = new_page(**PHONE)
    sign_in(phone, stack, "carol@service.example")
    phone.goto(f"{stack.base_url}/people/duplicates/")
    right(phone, "twice", 390)
    phone.goto(f"{stack.base_url}/people/{again}/same-as/{found['sam']}/")
    right(phone, "side-by-side", 390)
    phone.get_by_role("group", name="First name").get_by_role("radio", name="Marigold").check()
    phone.get_by_role("button", name="Bring the two records together").click()
    expect(phone.get_by_text("One record now: Marigold Thistlewood")).to_be_visible()
    phone.goto(f"{stack.base_url}/people/merges/")
    right(phone, "merges", 390)
    phone.get_by_role("link", name="Undo").first.click()
    phone.get_by_role("button", name="Take them apart").click()
    expect(phone.get_by_text("there are two records again")).to_be_visible()
    assert stack.python("from families.models import Person\nresult = Person.objects.filter(pk=pk).exists()", pk=again)
