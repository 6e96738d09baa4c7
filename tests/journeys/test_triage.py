"""Triage on the morning after: a known family joined field by field, a letter with advice, one taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_the_desk import look, sign_in
from tests.stack import Stack

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 390, "height": 844}}
_REFERRED = """
from django.test import Client
from django.utils import timezone
from families import actions as record
from families.models import Person
from referrals.models import Referral
from tests.cast import make_cast, make_family
from tests.referrals.filling import PAGES, Writer
cast = make_cast()
family = make_family(cast.asha)
family.sam.phone, family.sam.language = "+447700900321", "English"
family.sam.save()
record.close_case(by=cast.asha, case=family.case, closed_on=timezone.localdate(), reason="Done.")
born = Person.objects.get(pk=family.sam.pk).date_of_birth
sam = {**PAGES["caregivers"], "first_name": "Sam", "last_name": "Example", "known_as": "Sammie",
       "born_on_day": born.day, "born_on_month": born.month, "born_on_year": born.year}
for instead in ({"caregivers": sam}, {}):
    writer = Writer(client=Client(headers={"host": "127.0.0.1"}))
    writer.fill(**instead)
    writer.send()
found = Referral.objects.order_by("created_at").select_related("reference")
result = {"known": str(found[0].pk), "stranger": str(found[1].pk), "sam": str(family.sam.pk),
          "reference": found[1].reference.text, "family": family.family.reference}
"""
_BECAME = """
from families.models import Person
from referrals.models import Referral
known, stranger = Referral.objects.get(pk=known), Referral.objects.get(pk=stranger)
result = {"known": known.state, "stranger": stranger.state, "letter": stranger.decisions.get().to_referrer,
          "again": known.case.family.cases.count() if known.case else 0,
          "sam": Person.objects.get(pk=sam).known_as}
"""


def _press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_a_known_family_is_accepted_and_another_returned_with_advice(
    house: Stack, new_page: Callable[..., Page]
) -> None:
    made = house.python(_REFERRED)
    page = sign_in(new_page(**PHONE), house, "ina")
    page.get_by_role("banner").get_by_role("link", name="Referrals", exact=True).click()
    expect(page.get_by_text("2 to decide")).to_be_visible()
    look(page, "triage-queue")

    # Sam was here before: known by name, day of birth and telephone, their closed case beside the referral
    page.goto(f"{house.base_url}/referrals/{made['known']}/")
    expect(page.get_by_role("heading", name="Who is known")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_role("link", name=made["family"])).to_be_visible()
    look(page, "triage-referral")
    page.get_by_role("main").get_by_role("button", name="I look at this").click()
    expect(page.get_by_text("being looked at", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Accept", exact=True).click()
    expect(page.get_by_role("group", name=re.compile("^Who is Sam")).get_by_role("radio").first).to_be_checked()
    look(page, "triage-accept")
    page.get_by_label(re.compile("Sammie")).check()
    _press(page, "Look at it before it goes")
    expect(page.get_by_text(f"Joins {made['family']}")).to_be_visible()
    look(page, "triage-preview")
    _press(page, "Accept it and go to the next")

    # the next: advice has to be written before it can go, and nothing that was typed is lost
    expect(page.get_by_role("heading", level=1)).to_contain_text(made["reference"])
    page.get_by_role("link", name="Return with advice").click()
    page.get_by_label("Why, for your colleagues?").fill("They have a nursery nurse who knows them well.")
    _press(page, "Look at it before it goes")
    expect(page.get_by_role("link", name="Enter what you suggest, in the letter")).to_be_visible()
    expect(page.get_by_label("Why, for your colleagues?")).to_have_value(
        "They have a nursery nurse who knows them well."
    )
    look(page, "triage-advice-error")
    letter = page.get_by_label("To whoever referred")
    letter.fill(letter.input_value().replace("suggest:", "suggest: go on as you do, and ring us in May."))
    _press(page, "Look at it before it goes")
    expect(page.get_by_text("ring us in May")).to_be_visible()
    _press(page, "Decide it")
    expect(page.get_by_text("Returned with advice", exact=False).first).to_be_visible()
    look(page, "triage-decided")
    became = house.python(_BECAME, known=made["known"], stranger=made["stranger"], sam=made["sam"])
    assert "ring us in May" in became.pop("letter")
    assert became == {"known": "accepted", "stranger": "advised", "again": 2, "sam": "Sammie"}

    # accepted by mistake: the same person takes it back, and it waits again
    page.goto(f"{house.base_url}/referrals/{made['known']}/")
    _press(page, "Take it back")
    expect(page.get_by_text("Taken back. Nobody was told")).to_be_visible()
    page.get_by_role("banner").get_by_role("link", name="Referrals", exact=True).click()
    expect(page.get_by_text("1 to decide")).to_be_visible()
