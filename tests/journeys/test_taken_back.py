"""A referrer follows their referral from an e-mail, answers, says more and takes it back; triage sees each of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.journeys.at_the_desk import look, sign_in
from tests.stack import Stack

pytestmark = pytest.mark.journey

NARROW = {"viewport": {"width": 390, "height": 844}}
_REFERRED = """
from django.utils import timezone
from accounts.models import User
from outbox import sending
from outbox.models import Message
from referrals import actions
from tests.cast import make_cast
from tests.referrals.made import make_referral
ina = make_cast().ina
referral = make_referral(referrer_email="hanna@clinic.example", referrer_email_checked_at=timezone.now())
other = make_referral(referrer_name="Another Colleague")
actions.ask(by=ina, referral=referral, text="When may we ring you?")
for message in Message.objects.filter(state="waiting"):
    sending.send(message.pk)
result = {"referral": str(referral.pk), "other": str(other.pk), "reference": referral.reference.text}
"""
_LEFT = """
from outbox.models import Message
from referrals.models import Referral
from outbox import sending
for message in Message.objects.filter(state="waiting"):
    sending.send(message.pk)
referral = Referral.objects.get(pk=pk)
result = {"state": referral.state, "mails": Message.objects.filter(state="filed").count(),
          "said": [each.text for each in referral.exchanges.filter(direction="from")]}
"""
_DECIDED = """
from referrals.models import Meeting, Referral
meeting = Meeting.objects.get()
result = {"state": Referral.objects.get(pk=pk).state, "ended": meeting.ended_at is not None,
          "items": meeting.items.count()}
"""


def _link(house: Stack) -> str:
    """What the newest e-mail leads to."""
    mails = sorted((house.data_dir / "mail").glob("*"), key=lambda path: path.stat().st_mtime)
    found = re.search(r"https?://[^/\s]+(/referral/[^\s]+)", mails[-1].read_text().replace("=\n", ""))
    assert found, mails[-1].read_text()
    return house.base_url + found[1]


def test_a_referrer_answers_says_more_and_takes_it_back_and_a_meeting_decides_the_rest(
    house: Stack, new_page: Callable[..., Page]
) -> None:
    made = house.python(_REFERRED)
    hanna = new_page(**NARROW)
    link = _link(house)
    hanna.goto(link)
    expect(hanna.get_by_text("When may we ring you?")).to_be_visible()
    expect(hanna.get_by_text(made["reference"])).to_be_visible()
    axe(hanna)
    hanna.get_by_role("main").get_by_role("textbox").first.fill("On Tuesday in the morning.")
    hanna.get_by_role("main").get_by_role("button").first.click()
    expect(hanna.get_by_text("On Tuesday in the morning.")).to_be_visible()
    hanna.get_by_role("main").get_by_role("textbox").first.fill("They have moved to their aunt.")
    hanna.get_by_role("main").get_by_role("button").first.click()
    expect(hanna.get_by_text("They have moved to their aunt.")).to_be_visible()

    # triage sees that there is something to read
    ina = sign_in(new_page(), house, "ina")
    ina.goto(f"{house.base_url}/referrals/")
    expect(ina.get_by_text("New answer")).to_be_visible()

    # it is taken back, after being asked once more
    hanna.get_by_role("link", name="Take this referral back").press("Enter")
    axe(hanna)
    reason = hanna.get_by_role("main").get_by_role("textbox")
    if reason.count():
        reason.first.fill("The family found help near their aunt.")
    hanna.get_by_role("main").get_by_role("button").first.press("Enter")
    expect(hanna.get_by_role("heading", name=re.compile("Withdrawn"))).to_be_visible()
    expect(hanna.get_by_role("link", name="Take this referral back")).to_have_count(0)
    axe(hanna)
    left = house.python(_LEFT, pk=made["referral"])
    assert left["state"] == "withdrawn"
    assert len(left["said"]) >= 2
    assert left["mails"] == 1, "nothing is written to them about what they did themselves"
    ina.goto(f"{house.base_url}/referrals/{made['referral']}/")
    expect(ina.get_by_text("withdrawn", exact=False).first).to_be_visible()
    expect(ina.get_by_role("link", name="Accept", exact=True)).to_have_count(0)

    # somebody who only has the reference finds nothing
    stranger = new_page(**NARROW)
    stranger.goto(f"{house.base_url}/referral/")
    expect(stranger.get_by_text("On Tuesday in the morning.")).to_have_count(0)

    # what is left is decided at a meeting, by keys alone
    ina.goto(f"{house.base_url}/referrals/")
    ina.get_by_role("link", name="Go through these at a meeting").press("Enter")
    ina.get_by_label("Carol Manager").press("Space")
    look(ina, "meeting-begin")
    ina.get_by_role("button", name="Begin the meeting").press("Enter")
    expect(ina.get_by_role("region", name="The meeting that you minute")).to_contain_text("1 of 1")
    look(ina, "meeting-referral")
    ina.get_by_role("link", name="Do not take on").press("Enter")
    ina.get_by_role("group", name=re.compile("^Why is it not taken on")).get_by_role("radio").first.press("Space")
    ina.get_by_label("Why, for your colleagues?").fill("They live too far away.")
    ina.get_by_role("button", name="Look at it before it goes").press("Enter")
    expect(ina.get_by_text("were there")).to_be_visible()
    ina.get_by_role("button", name="Decide it and go on").press("Enter")
    expect(ina.get_by_text("The agenda is empty: all are decided.")).to_be_visible()
    expect(ina.get_by_text("The queue is empty.")).to_be_visible()
    look(ina, "meeting-minutes")
    ina.get_by_role("link", name=re.compile("^Letter to the referrer")).press("Enter")
    look(ina, "letter")
    ina.go_back()
    ina.get_by_role("button", name="End the meeting").press("Enter")
    expect(ina.get_by_text("The meeting is over.")).to_be_visible()
    assert house.python(_DECIDED, pk=made["other"]) == {"state": "declined", "ended": True, "items": 1}
