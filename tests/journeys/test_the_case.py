"""A case from its end to its next beginning, in Chromium: closed with its outcome, opened anew, within a limit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.journeys.at_the_desk import look, sign_in
from tests.stack import Stack

pytestmark = pytest.mark.journey

_FAMILY = """
from datetime import timedelta
from django.utils import timezone
from families.models import StageChange
from tests.cast import make_cast, make_family
cast = make_cast()
family = make_family(cast.asha)
case = family.case
case.opened_on = case.stage_since = timezone.localdate() - timedelta(days=40)
case.save()
StageChange.objects.create(case=case, stage="vig", label="VIG", by=cast.asha, at=timezone.now() - timedelta(days=40))
result = {"case": str(case.pk), "reference": family.family.reference}
"""


def test_a_case_ends_and_the_family_comes_back(house: Stack, new_page: Callable[..., Page]) -> None:
    family = house.python(_FAMILY)
    manager, page = new_page(), new_page(**PHONE)

    # the manager says after how many days a case is amber
    sign_in(manager, house, "carol")
    manager.get_by_role("link", name="Settings").click()
    look(manager, "case-settings")
    manager.get_by_role("link", name="Pathways and stages").click()
    look(manager, "case-pathways")
    manager.get_by_role("link", name=re.compile("Change.*VIG of Video")).press("Enter")
    manager.get_by_label("Amber after").fill("30")
    manager.get_by_role("button", name="Save this stage").press("Enter")
    expect(manager.get_by_text("Amber days: 112 → 30")).to_be_visible()

    # the practitioner sees it on a telephone: in the list, narrowed, and on the case
    sign_in(page, house, "asha")
    page.goto(f"{house.base_url}/families/")
    expect(page.get_by_text("Amber: long in this stage")).to_be_visible()
    look(page, "case-worklist-phone")
    page.get_by_text("Narrow and order the list").click()
    page.get_by_label("Long in their stage").select_option("red")
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_text("No family is left by what you chose.")).to_be_visible()
    page.get_by_role("link", name="Show all").last.click()
    page.get_by_role("link", name="Rowan Example").click()
    look(page, "case-timeline-phone")

    # the work ends
    page.get_by_role("link", name="Close this case").click()
    page.get_by_role("button", name="Close this case").click()
    expect(page.get_by_role("alert")).to_contain_text("Select why the work ends")
    page.get_by_label("The work is done").check()
    page.get_by_label("Summary", exact=True).fill("They found out together what helps her to settle.")
    page.get_by_label("Reached", exact=True).check()
    look(page, "case-close-phone")
    page.get_by_role("button", name="Close this case").click()
    expect(page.get_by_text("The case is closed.")).to_be_visible()

    # the family comes back, and the earlier case stands beside the new one
    page.get_by_role("link", name="Open a new case for this family").click()
    look(page, "case-again-phone")
    page.get_by_role("button", name="Open this case").click()
    expect(page.get_by_text("A new case is open for this family.")).to_be_visible()
    assert family["case"] not in page.url
    expect(page.get_by_role("heading", name="Other work with this family")).to_be_visible()
    expect(page.get_by_text("The work is done")).to_be_visible()
    look(page, "case-new-phone")
    page.goto(f"{house.base_url}/families/")
    manager.goto(f"{house.base_url}/families/?show=all")
    look(manager, "case-worklist")
