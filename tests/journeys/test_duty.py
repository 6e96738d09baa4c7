"""Duty and risk in Chromium: what cannot wait reaches whoever is on, climbs, is answered; a worry has its end."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.journeys.at_the_desk import fill_date, look, sign_in
from tests.stack import Stack

pytestmark = pytest.mark.journey

_FAMILY = """
from accounts.models import User
from tests.cast import make_cast, make_family
family = make_family(User.objects.filter(name__startswith="Asha").first() or make_cast().asha)
result = {"case": str(family.case.pk), "reference": family.family.reference}
"""
# Sam answers the last question of a PHQ-9 with "several days".
_CRITICAL = """
from families.models import Case
from outcomes.actions.scores import Given, record_score
from outcomes.models import MeasureVersion
case = Case.objects.get(pk=case)
version = MeasureVersion.objects.filter(measure__key="phq-9").latest("pk")
sam = case.people.get(first_name="Sam")
answers = {item: 0 for item in range(1, 9)} | {9: 1}
record_score(by=None, case=case, version=version, given=Given(respondent=sam, about_caregiver=sam), answers=answers)
"""
# The clock goes on by so many minutes for whatever waits, and the worker's minute comes.
_LATER = """
from datetime import timedelta
from django.db.models import F
from families.duty import climbing
from families.models import Alert
Alert.objects.open().update(raised_at=F("raised_at") - timedelta(minutes=minutes))
result = climbing.climb()
"""


def test_a_critical_answer_reaches_whoever_is_on_duty_and_climbs_until_somebody_has_it(
    house: Stack, new_page: Callable[..., Page]
) -> None:
    family = house.python(_FAMILY)
    carol, asha, sue = (sign_in(new_page(), house, name) for name in ("carol", "asha", "sue"))

    # the manager writes the rota, with keys alone
    carol.goto(f"{house.base_url}/duty/")
    expect(carol.get_by_role("heading", name="Nobody is on duty now")).to_be_visible()
    expect(carol.get_by_text("Nobody is told of an alert outside this service", exact=False)).to_be_visible()
    look(carol, "duty-nobody")
    carol.get_by_role("link", name="Put somebody on duty").press("Enter")
    carol.get_by_role("button", name="Save this duty").press("Enter")
    expect(carol.get_by_role("alert")).to_contain_text("Select who is on duty")
    look(carol, "duty-shift-errors")
    for label, name in (("Who is on duty?", "Asha"), ("Deputy", "Sue")):
        carol.get_by_label(label).focus()
        carol.keyboard.type(name)
    fill_date(carol, "Day", 0)
    carol.get_by_label("From").fill("0:00")
    carol.get_by_label("To", exact=True).fill("0:00")  # midnight to midnight
    look(carol, "duty-shift")
    carol.get_by_role("button", name="Save this duty").press("Enter")
    expect(carol.get_by_text("On duty now: Asha Practitioner")).to_be_visible()
    look(carol, "duty-rota")

    # an answer that cannot wait: whoever is on duty sees it on every page
    house.python(_CRITICAL, case=family["case"])
    asha.goto(f"{house.base_url}/families/")
    asha.get_by_role("link", name="Look now").press("Enter")
    look(asha, "duty-my-day")
    asha.get_by_role("region", name="Alerts").get_by_role("link").first.press("Enter")
    expect(asha.get_by_text("Asha Practitioner (whoever is on duty)")).to_be_visible()
    expect(asha.get_by_text("Whoever is on duty must keep this service open and look.", exact=False)).to_be_visible()
    look(asha, "duty-alert")

    # nobody answers: the deputy, then the manager
    sue.goto(f"{house.base_url}/")
    expect(sue.get_by_role("link", name="Look now")).to_have_count(0)
    house.python(_LATER, minutes=16)
    sue.reload()
    expect(sue.get_by_role("link", name="Look now")).to_be_visible()
    carol.goto(f"{house.base_url}/")
    expect(carol.get_by_role("link", name="Look now")).to_have_count(0)
    house.python(_LATER, minutes=16)
    carol.reload()
    carol.get_by_role("link", name="Look now").press("Enter")
    carol.get_by_role("region", name="Alerts").get_by_role("link").first.press("Enter")
    for told in (
        "Asha Practitioner (whoever is on duty)",
        "Sue Supervisor (the deputy)",
        "Carol Manager (the managers)",
    ):
        expect(carol.get_by_text(told)).to_be_visible()

    # somebody has it: it stops waiting for everybody
    asha.get_by_label("What do you do about it?").fill("Ringing Sam now.")
    asha.get_by_role("button", name="I have this").press("Enter")
    expect(asha.get_by_text("You have this alert. It climbs no further.")).to_be_visible()
    look(asha, "duty-answered")
    for page in (sue, carol):
        page.goto(f"{house.base_url}/")
        expect(page.get_by_role("link", name="Look now")).to_have_count(0)
    assert house.python(_LATER, minutes=120) == 0
    asha.get_by_role("link", name="Look at it").press("Enter")
    expect(asha.get_by_role("heading", level=1)).to_have_text("A critical answer")


def test_a_worry_is_discussed_decided_acted_on_and_settled_and_a_task_is_done(
    house: Stack, new_page: Callable[..., Page]
) -> None:
    case = house.python(_FAMILY)["case"]
    phone, desk = sign_in(new_page(**PHONE), house, "asha"), sign_in(new_page(), house, "asha")
    risk = f"{house.base_url}/cases/{case}/risk/"

    # on a telephone: what was seen, whom it was discussed with, what was decided and done
    phone.goto(risk)
    look(phone, "duty-risk-empty-phone")
    phone.get_by_role("link", name="Write down a concern").click()
    phone.get_by_label("What did you see or hear?").fill("A bruise on Rowan’s left arm.")
    look(phone, "duty-concern-phone")
    phone.get_by_role("button", name="Save this concern").click()
    for kind, text in (
        ("Discussed with", "Sue, safeguarding supervisor, by telephone."),
        ("Decision", "Refer to children’s social care today."),
        ("Action", "Referred at 15:40, spoke with the duty social worker."),
    ):
        phone.get_by_role("link", name="Add what happened next").click()
        phone.get_by_role("radio", name=kind).check()
        phone.get_by_label("What was said, decided or done?").fill(text)
        phone.get_by_role("button", name="Add this").click()
        expect(phone.get_by_text(text)).to_be_visible()
    expect(phone.get_by_text("Nobody yet")).to_have_count(0)
    look(phone, "duty-risk-phone")

    # at the desk, with keys alone: what was shared, the flag, how risk stands, what came of it
    desk.goto(risk)
    desk.get_by_role("link", name="Write down what was shared").press("Enter")
    desk.get_by_label("With whom?").fill("Duty social worker, children’s social care")
    desk.get_by_label("What was shared?").fill("The bruise, when and where it was seen.")
    desk.get_by_label("Why?", exact=True).fill("A baby who does not move yet has a bruise.")
    desk.get_by_role("radio", name="To safeguard a child", exact=False).press("Space")
    desk.get_by_role("radio", name="No", exact=True).press("Space")
    desk.get_by_label("Why not?").fill("Telling before the visit would put Rowan at risk.")
    look(desk, "duty-shared")
    desk.get_by_role("button", name="Save what was shared").press("Enter")
    desk.get_by_role("link", name="Put up a flag").press("Enter")
    desk.get_by_label("What must whoever opens this record know?").fill("Two workers at every visit")
    fill_date(desk, "When is it looked at again?", 28)
    desk.get_by_role("button", name="Put this flag up").press("Enter")
    desk.get_by_role("link", name="Review the risk").press("Enter")
    desk.get_by_role("radio", name="Medium").press("Space")
    desk.get_by_label("What does this rest on?").fill("The visit of today.")
    fill_date(desk, "When is it looked at again?", 7)
    look(desk, "duty-review")
    desk.get_by_role("button", name="Save this review").press("Enter")
    desk.get_by_role("link", name="Say what came of it").press("Enter")
    look(desk, "duty-settle")
    desk.get_by_label("What came of it?").fill("Seen by a paediatrician: a birthmark. Nothing further.")
    desk.get_by_role("button", name="Save what came of it").press("Enter")
    expect(desk.get_by_text("Settled", exact=True)).to_be_visible()
    look(desk, "duty-risk")
    desk.goto(f"{house.base_url}/cases/{case}/")
    expect(desk.get_by_text("Two workers at every visit").first).to_be_visible()
    expect(desk.get_by_text("medium, reviewed", exact=False)).to_be_visible()

    # something to do, on the day of whoever leads the case, until it is done
    desk.goto(f"{house.base_url}/cases/{case}/tasks/")
    desk.get_by_role("link", name="Add a task").last.press("Enter")
    desk.get_by_label("What is to be done?").fill("Ring the health visitor")
    fill_date(desk, "By when?", 0)
    look(desk, "duty-task")
    desk.get_by_role("button", name="Save this task").press("Enter")
    phone.goto(f"{house.base_url}/")
    expect(phone.get_by_role("link", name="Ring the health visitor")).to_be_visible()
    phone.get_by_role("link", name="Ring the health visitor").click()
    look(phone, "duty-tasks-phone")
    phone.get_by_role("button", name=re.compile("Done.*Ring the health visitor")).click()
    phone.goto(f"{house.base_url}/")
    expect(phone.get_by_role("link", name="Ring the health visitor")).to_have_count(0)
