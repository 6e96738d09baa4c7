"""A loss in Chromium: a pregnancy that ended, closed gently; a twin who died, and the work with the other goes on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.journeys.at_the_desk import look, sign_in
from tests.stack import Stack

pytestmark = pytest.mark.journey

# Two families of Asha's: one expects a baby, one has twins. Both have something planned and a message that waits.
_FAMILIES = """
from datetime import timedelta
from django.utils import timezone
from families import actions
from families.actions import CaregiverFacts, InfantFacts
from outbox.actions import post
from sessions.models import VigSession
from tests.cast import make_cast
cast, result = make_cast(), {}
today = timezone.localdate()
for name, infants in (
    ("expecting", [InfantFacts(expected_on=today + timedelta(weeks=18), last_name="Pepperwood")]),
    ("twins", [InfantFacts(first_name=each, date_of_birth=today - timedelta(weeks=11)) for each in ("Rowan", "Ida")]),
):
    sam = CaregiverFacts(first_name="Sam", relationship="birth_parent", parental_responsibility="yes")
    case = actions.open_case(by=cast.asha, infants=infants, caregivers=[sam], team=cast.north, lead=cast.asha)
    VigSession.objects.create(case=case, kind="filming", place="home", practitioner=cast.asha,
                              starts_at=timezone.now() + timedelta(days=3))
    waits = post(by=None, kind="reminder", channel="sms", to="+447700900123", subject_id=case.pk,
                 case_id=case.pk, family_id=case.family_id, person_id=case.people.get(kind="caregiver").pk)
    result[name] = {"case": str(case.pk), "message": str(waits.pk),
                    "babies": [str(each.pk) for each in case.people.filter(kind="infant").order_by("created_at")]}
"""
_LEAVES = """
from outbox import registry, sending
from outbox.models import Message
registry.register_kind("reminder", lambda message: registry.Content(sms="See you on Thursday"))
sending.send(message)
found = Message.objects.get(pk=message)
result = {"state": found.state, "reason": found.reason}
"""


def _write_down(page: Page, *, about: str = "") -> None:
    """From the People page: the quiet link, the questions, once more, saved."""
    page.get_by_role("link", name=about).click()
    page.get_by_role("radio", name="Not known").check()
    page.get_by_role("radio", name="Not now: they will say when").check()
    look(page, "loss-questions")
    page.get_by_role("button", name="Read it through before saving").click()
    expect(page.get_by_role("heading", name="Once more, before it is saved")).to_be_visible()
    look(page, "loss-once-more")
    page.get_by_role("button", name="Save it", exact=True).click()
    expect(page.get_by_role("heading", name="Messages")).to_be_visible()


def test_a_pregnancy_loss_and_the_death_of_a_twin(house: Stack, new_page: Callable[..., Page]) -> None:
    families = house.python(_FAMILIES)
    lost, twins = families["expecting"], families["twins"]
    page = sign_in(new_page(**PHONE), house)

    # a pregnancy that ended: everything falls silent, and the record says it as the family would
    page.goto(f"{house.base_url}/cases/{lost['case']}/people/")
    page.get_by_role("link", name="If this baby has been lost").click()
    page.get_by_role("radio", name="The pregnancy ended").check()
    page.get_by_role("radio", name="Not known").check()
    page.get_by_role("radio", name="They have not been asked yet").check()
    look(page, "loss-pregnancy-questions")
    page.get_by_role("button", name="Read it through before saving").click()
    look(page, "loss-pregnancy-once-more")
    page.get_by_role("button", name="Save it", exact=True).click()
    expect(page.get_by_role("heading", name="The baby they lost", level=1)).to_be_visible()
    expect(page.get_by_text("Still planned: talk these over")).to_be_visible()
    look(page, "loss-pregnancy")
    assert house.python(_LEAVES, message=lost["message"])["state"] == "not_sent"
    page.goto(f"{house.base_url}/cases/{lost['case']}/consent/")
    expect(page.get_by_text("Nothing is filmed, and nobody is asked any more.")).to_be_visible()
    expect(page.get_by_text("Consent to ask")).to_have_count(0)
    look(page, "loss-pregnancy-consent")
    for part, name in (("", "person"), ("change/", "change"), ("contact/", "contact")):
        page.goto(f"{house.base_url}/cases/{lost['case']}/people/{lost['babies'][0]}/{part}")
        expect(page.get_by_text("The baby they lost").first).to_be_visible()
        expect(page.get_by_text("Expected", exact=True)).to_have_count(0)
        look(page, f"loss-pregnancy-{name}")

    # its close, by the usual way
    page.goto(f"{house.base_url}/cases/{lost['case']}/close/")
    expect(page.get_by_role("radio", name="After the loss of a baby")).to_be_checked()
    look(page, "loss-close")
    page.get_by_role("button", name="Bring the work to its close").click()
    expect(page.get_by_text("The work came to its close")).to_be_visible()
    expect(page.get_by_text("Case closed")).to_have_count(0)
    look(page, "loss-closed")

    # a twin died: nothing is sent, and the work with the other goes on
    page = sign_in(new_page(), house)
    page.goto(f"{house.base_url}/cases/{twins['case']}/people/")
    _write_down(page, about="If Rowan has died")
    expect(page.get_by_text("The work with Ida goes on in this case.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("bring the work to its close"))).to_have_count(0)
    look(page, "loss-twin")
    assert house.python(_LEAVES, message=twins["message"])["state"] == "not_sent"
    page.goto(f"{house.base_url}/cases/{twins['case']}/people/")
    expect(page.get_by_role("link", name="Rowan, who died").first).to_be_visible()
    look(page, "loss-twin-people")
    page.goto(f"{house.base_url}/cases/{twins['case']}/people/{twins['babies'][1]}/")
    expect(page.get_by_text("Ida is reached through whoever cares for them.")).to_be_visible()
    look(page, "baby")
    page.goto(f"{house.base_url}/cases/{twins['case']}/")
    expect(page.get_by_role("navigation", name=re.compile("Parts of Ida"))).to_be_visible()
    expect(page.get_by_text("Consent to ask: Ida", exact=False).first).to_be_visible()
    look(page, "loss-twin-case")
