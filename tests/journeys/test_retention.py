"""A record whose time is over, in Chromium: held, offered, a copy given, decided by keys alone, erased, certified."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.journeys.at_the_desk import look
from tests.journeys.looking import Desk
from tests.stack import Stack

pytestmark = pytest.mark.journey

# Their youngest turned 25 a year ago, and work ended when she was one.
_LONG_AGO = """
from datetime import timedelta
from django.utils import timezone
from families.models import Case
from families.retention import due
born = timezone.localdate() - timedelta(days=26 * 366)
found = Case.objects.get(pk=case)
found.people.update(date_of_birth=born)
Case.objects.filter(pk=case).update(opened_on=born, closed_on=born + timedelta(days=365), stage="closed")
due.work_out()
result = [found.family.reference, str(found.family_id)]
"""
# The worker's part, and every row that still names somebody of them.
_WORK = """
from families.models import Erasure
from families.retention import deleting
from tests.families.test_retention_erasing import mentions
erasure = Erasure.objects.get()
deleting.work(str(erasure.pk), str(erasure.attempt))
result = mentions({family, case, sam, rowan})
"""


def test_due_offered_copied_decided_erased(house: Stack, new_page: Callable[..., Page]) -> None:
    desk = Desk(house)
    case: str = desk.family["case"]
    reference, family = house.python(_LONG_AGO, case=case)
    carol = new_page()
    desk.sign_in(carol, "carol")

    # what waits for the manager leads there
    carol.get_by_role("link", name="Look at one record that is kept long enough").click()
    expect(carol.get_by_role("cell", name=re.compile("Offer copies"))).to_be_visible()
    look(carol, "retention-due")
    carol.get_by_role("link", name="Rowan").press("Enter")
    expect(carol.get_by_text("that time is over")).to_be_visible()

    # a court asks: nothing goes, whoever is at the desk
    carol.get_by_role("link", name="Put on hold").press("Enter")
    carol.get_by_role("button", name="Put on hold").press("Enter")
    expect(carol.get_by_role("alert")).to_contain_text("Enter why it is kept")
    look(carol, "retention-hold-errors")
    carol.get_by_role("radio", name="A claim, or proceedings in court").check()
    carol.get_by_label("Say more").fill("Reference FD00P00000.")
    carol.get_by_role("button", name="Put on hold").press("Enter")
    expect(carol.get_by_text("On hold: nothing is deleted.")).to_be_visible()
    carol.goto(f"{house.base_url}/cases/{case}/kept/record/delete/")
    expect(carol.get_by_text("It is on hold until somebody lifts that.")).to_be_visible()
    expect(carol.get_by_role("button", name="Delete for good")).to_have_count(0)
    carol.get_by_role("link", name="How long this is kept").click()
    carol.get_by_role("link", name="Lift this hold").click()
    carol.get_by_label("Why is it not needed any more?").fill("The court has done with it.")
    carol.get_by_role("button", name="Lift this hold").click()
    expect(carol.get_by_text("The hold is lifted.")).to_be_visible()

    # the family is offered copies, on a telephone between two visits, and would like them
    phone = new_page(**PHONE)
    desk.sign_in(phone, "carol")
    phone.goto(f"{house.base_url}/cases/{case}/kept/")
    phone.get_by_role("link", name="Write down that copies were offered").click()
    phone.get_by_role("radio", name="By telephone").check()
    phone.get_by_label(re.compile("^To whom, and what was said")).fill("Sam, on her own telephone.")
    look(phone, "retention-offer-phone")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("No answer yet; there is time until")).to_be_visible()
    phone.get_by_role("link", name="Write down their answer").click()
    phone.get_by_role("radio", name="They would like copies").check()
    phone.get_by_role("button", name="Save their answer").click()
    expect(phone.get_by_role("button", name="They have their copies")).to_be_visible()
    look(phone, "retention-wanted-phone")
    phone.goto(f"{house.base_url}/cases/{case}/kept/record/delete/")
    expect(phone.get_by_text("The copies that the family would like are not given yet.")).to_be_visible()
    phone.get_by_role("link", name="How long this is kept").click()
    phone.get_by_role("button", name="They have their copies").click()
    expect(phone.get_by_text("They have them since")).to_be_visible()

    # the decision, with keys alone: the wrong reference is not enough
    carol.reload()
    carol.get_by_role("link", name="Decide about the whole record").press("Enter")
    carol.get_by_label("The family’s reference").focus()
    carol.keyboard.type("VIG-222-222")
    carol.keyboard.press("Enter")
    expect(carol.get_by_role("alert")).to_contain_text(f"Enter the reference as it stands above: {reference}")
    look(carol, "retention-delete")
    carol.get_by_label("The family’s reference").focus()
    carol.keyboard.press("Control+A")
    carol.keyboard.type(reference.lower())
    carol.keyboard.press("Enter")
    expect(carol.get_by_role("heading", name=f"The whole record, {reference}")).to_be_visible()

    # the page that waits becomes the certificate; of the family nothing is left
    left: list[str] = house.python(_WORK, family=family, case=case, sam=desk.family["sam"], rowan=desk.family["rowan"])
    assert left == []
    expect(carol.get_by_role("heading", name="Certificate of deletion")).to_be_visible(timeout=15_000)
    for name in ("Rowan", "Sam", "Nan", "Example"):
        expect(carol.get_by_role("main").get_by_text(name)).to_have_count(0)
    look(carol, "retention-certificate")
    phone.goto(carol.url)
    look(phone, "retention-certificate-phone")
    with carol.expect_download() as downloading:
        carol.get_by_role("link", name="Save as PDF").click()
    assert downloading.value.suggested_filename == f"deletion-{reference}.pdf"
    assert carol.request.get(f"{house.base_url}/cases/{case}/kept/").status == 404
