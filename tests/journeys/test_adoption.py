"""A child is placed with those who are to adopt, then adopted: in Chromium, on a phone, and by keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.journeys.at_the_desk import fill_date, look
from tests.journeys.looking import Desk
from tests.stack import Stack

pytestmark = pytest.mark.journey


def test_a_placed_child_is_adopted_and_nothing_leads_to_who_they_were(
    house: Stack, new_page: Callable[..., Page]
) -> None:
    desk = Desk(house)
    case, rowan = desk.family["case"], desk.family["rowan"]
    person = f"{house.base_url}/cases/{case}/people/{rowan}/"
    asha, carol, ben = new_page(**PHONE), new_page(**PHONE), new_page()
    for page, name in ((asha, "asha"), (carol, "carol"), (ben, "ben")):
        desk.sign_in(page, name)

    # placed with those who are to adopt: written down by the practitioner, on a phone
    asha.goto(person)
    asha.get_by_role("link", name="Rowan lives with somebody else now, or under another order").click()
    asha.get_by_label("Placed with those who are to adopt").check()
    fill_date(asha, "From which day?", -30)
    asha.get_by_label("Under which new order or arrangement?").select_option(label="Placed for adoption")
    asha.get_by_label("Somebody who is not in this record yet").check()
    asha.get_by_label("First name", exact=True).fill("Fay")
    asha.get_by_label("Last name (optional)", exact=True).fill("Harbour")
    asha.get_by_label("Where they live").fill("9 Harbour Row")
    group = asha.get_by_role("group", name="Who does not live with Rowan any more?")
    group.get_by_label("Sam Example").check()
    asha.get_by_label("From everybody else in the family").check()
    asha.get_by_label("Why from everybody?").fill("The court said so.")
    asha.get_by_role("button", name="See what this changes").click()
    asha.get_by_role("button", name="Save it").click()
    expect(asha.get_by_role("heading", name="Placed with those who are to adopt")).to_be_visible()

    # the order is made: the manager begins the new record, with keys alone
    carol.goto(person)
    carol.get_by_role("link", name="Rowan was adopted by a new family").press("Enter")
    carol.get_by_role("button", name="See what this does").press("Enter")
    expect(carol.get_by_role("alert")).to_contain_text("Enter the child’s first name as it is now")
    look(carol, "adoption-errors")
    fill_date(carol, "On which day was the adoption order made?", -1)
    for label, words in (("First name now", "Linden"), ("Last name now (optional)", "Harbour")):
        carol.get_by_label(label, exact=True).focus()
        carol.keyboard.type(words)
    carol.get_by_label("Fay Harbour").press("Space")
    carol.get_by_label("Team for the new record").select_option(label="South")
    carol.get_by_label("Who leads the work with the new family?").select_option(label="Ben Practitioner (South)")
    look(carol, "adoption-form")
    carol.get_by_role("button", name="See what this does").press("Enter")
    expect(carol.get_by_role("heading", name="Once more, before it is done")).to_be_visible()
    expect(carol.get_by_text("Fay Harbour (adoptive parent)")).to_be_visible()
    look(carol, "adoption-check")
    carol.get_by_role("button", name="Change something").press("Enter")
    expect(carol.get_by_label("First name now", exact=True)).to_have_value("Linden")
    carol.get_by_role("button", name="See what this does").press("Enter")
    carol.get_by_role("button", name="Begin the new record").press("Enter")
    expect(carol.get_by_text("The one from before is restricted")).to_be_visible()

    # whoever works with the new family finds the child, and nothing of before
    ben.goto(f"{house.base_url}/families/?q=Linden")
    ben.get_by_role("link", name="Linden").first.click()
    expect(ben.get_by_text("Linden").first).to_be_visible()
    ben.get_by_role("link", name="People", exact=True).click()
    look(ben, "adoption-new-record")
    expect(ben.get_by_text("Rowan")).to_have_count(0)
    expect(ben.get_by_text("Fay").first).to_be_visible()
    ben.goto(f"{house.base_url}/families/?q=Rowan")
    expect(ben.get_by_role("link", name="Rowan")).to_have_count(0)

    # she who may know looks at it; the practitioner of the birth family does not see that there is something
    carol.goto(person)
    carol.get_by_role("link", name="Look at it when nobody else sees your screen").press("Enter")
    expect(carol.get_by_text("is Linden Harbour")).to_be_visible()
    look(carol, "adoption-other-record")
    carol.get_by_role("link", name="Change who may know").press("Enter")
    look(carol, "adoption-who-knows")
    asha.goto(person)
    expect(asha.get_by_text("Adopted by a new family")).to_be_visible()
    expect(asha.get_by_text("Another record")).to_have_count(0)
    assert asha.request.get(f"{person}other-record/").status == 404
