"""The form without script: one page after another, nothing lost by Back, nothing made twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from families.models import Alert
from outbox.models import Message
from referrals.models import AdviceCall, Draft, IntakeRules, Reference, Referral, ServiceArea
from tests.referrals.filling import DECLARATION, PAGES, Writer, day, in_weeks, unborn

pytestmark = pytest.mark.django_db


def test_a_professional_refers_unborn_twins() -> None:
    writer = Writer()
    writer.fill(babies=2)
    page = writer.look("check")
    assert "Not finished yet" not in page
    for words in ("Hanna Visitor", "Baby 1", "Baby 2", "Alex", "Polish", "sings"):
        assert words in page
    assert writer.send() == "sent/"
    referral = Referral.objects.get()
    assert referral.reference.text in writer.look("sent")
    assert [(each.kind, each.number) for each in referral.people.all()] == [
        ("caregiver", 1),
        ("infant", 1),
        ("infant", 2),
    ]
    assert all(each.unborn for each in referral.people.filter(kind="infant"))
    assert referral.people.get(kind="caregiver").phone == "+447700900321"
    assert (referral.source, referral.wish, referral.family_channel) == ("A2", "vig", "text")
    assert referral.state == "received"
    assert referral.events.count() == 1
    assert referral.decide_by > timezone.localdate()
    assert referral.wordings["privacy"] == 1
    assert Draft.objects.get().typed == {}


def test_a_parent_refers_themselves_and_is_asked_for_no_one_else_s_agreement() -> None:
    writer = Writer("self")
    assert writer.post("start", unborn(**PAGES["start"])) == "emergency/"
    writer.fill()
    assert "Your first name" in writer.look("caregivers/1")
    assert writer.send() == "sent/"
    referral = Referral.objects.get()
    assert (referral.door, referral.source, referral.referrer_name) == ("self", "B1", "Alex Made-up")


def test_the_baby_is_not_asked_about_twice() -> None:
    writer = Writer()
    writer.fill(until="babies/1")
    page = writer.look("babies/1")
    assert f'value="{in_weeks(14).year}"' in page


def test_what_does_not_fit_is_kept_and_said_beside_its_question() -> None:
    writer = Writer()
    writer.fill(until="you")
    assert writer.post("you", {"name": "Hanna", "phone": "not a number"}) == "you/"
    page = writer.look("you")
    assert "<title>Error" in page
    assert 'value="not a number"' in page
    assert "Enter what you do" in page


def test_back_and_a_second_send_write_the_same_page_again() -> None:
    writer = Writer()
    writer.fill(until="babies")
    writer.post("babies/1", unborn(first_name="Robin"))
    writer.post("babies/2", unborn(first_name="Kit"))
    writer.post("babies/2", unborn(first_name="Kit"))
    writer.post("babies/1", unborn(first_name="Robin", last_name="Made-up"))
    page = writer.look("babies")
    assert page.count("Robin") == page.count("Kit")
    assert sorted(writer.draft.typed["steps"]["babies"]) == ["1", "2"]


def test_a_number_is_not_given_again_after_somebody_was_taken_out() -> None:
    writer = Writer()
    writer.fill(until="children")
    child = {"first_name": "Mo", "lives": "with"}
    writer.post("children/1", child)
    writer.post("children/1/remove")
    assert f"{writer.base}children/2/" in writer.look("children")
    assert writer.client.get(f"{writer.base}children/1/").status_code == 404
    writer.post("children/2", child)
    assert list(writer.draft.typed["steps"]["children"]) == ["2"]


def test_the_last_baby_is_not_taken_out_and_there_is_an_end_to_further_ones() -> None:
    writer = Writer()
    writer.fill(until="babies")
    writer.post("babies/1/remove")
    assert list(writer.draft.typed["steps"]["babies"]) == ["1"]
    for number in range(2, 7):
        writer.post(f"babies/{number}", unborn())
    assert "There is room for 6" in writer.look("babies")
    assert writer.client.post(f"{writer.base}babies/7/", unborn()).status_code == 404


def test_without_the_family_s_agreement_nobody_s_name_is_asked() -> None:
    writer = Writer()
    writer.post("start", unborn(**PAGES["start"]))
    assert writer.post("agreement", {"agreed": "no"}) == "no-agreement/"
    for page in ("you", "babies/1", "caregivers/1", "check"):
        assert "The family has to agree first" in writer.look(page)
    assert writer.post("you", PAGES["you"]) == "no-agreement/"
    assert "you" not in writer.draft.typed["steps"]


def test_nothing_is_asked_before_the_first_questions_are_answered() -> None:
    writer = Writer()
    assert writer.post("caregivers/1", PAGES["caregivers"]) == "start/"
    assert writer.post("declaration", DECLARATION) == "check/"
    assert "Is this the right service?" in writer.look("check")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"born": "born", **day("born_on", in_weeks(-110)), "postcode": "BD5", "need": "yes"}, "younger than 2 years"),
        (unborn(postcode="BD5", need="no"), "what is hard between a baby"),
        (unborn(postcode="LS1 1UR", need="yes"), "LS1 is outside the area"),
    ],
)
def test_who_does_not_fit_is_told_why_and_may_ask_anyway(answers: dict[str, str], says: str) -> None:
    ServiceArea.objects.create(outcode="BD5")
    writer = Writer()
    assert writer.post("start", answers) == "not-this-time/"
    page = writer.look("not-this-time")
    assert says in page
    assert "116 123" in page
    assert "We may not be the right service" in writer.look("agreement")
    assert writer.post("not-this-time") == "agreement/"
    assert "Does the family know" in writer.look("agreement")


def test_whoever_asks_anyway_is_marked_and_other_answers_ask_anew() -> None:
    writer = Writer()
    outside = unborn(postcode="BD5", need="no")
    writer.post("start", outside)
    writer.post("not-this-time")
    writer.fill(start=outside)
    writer.post("start", outside | {"need": "unsure", "postcode": "BD6"})
    assert not writer.draft.typed.get("anyway"), "other answers, another question"
    assert writer.post("start", outside) == "not-this-time/"
    writer.post("not-this-time")
    assert writer.send() == "sent/"
    assert Referral.objects.get().asked_anyway


def test_where_the_service_does_not_want_it_nobody_asks_anyway() -> None:
    IntakeRules.objects.update(outside_may_ask=False)
    writer = Writer()
    writer.post("start", unborn(postcode="BD5", need="no"))
    assert "Ask the team anyway" not in writer.look("not-this-time")
    writer.post("not-this-time")
    assert "We may not be the right service" in writer.look("agreement")


def test_a_yes_to_danger_says_what_to_do_now_and_is_told_to_duty(cast: object) -> None:
    writer = Writer()
    danger = PAGES["risk"] | {"immediate": "yes", "what": "He came to the door."}
    writer.fill(until="risk")
    assert writer.post("risk", danger) == "help-now/"
    assert "Please do not wait for us" in writer.look("help-now")
    assert writer.post("help-now") == "place/"
    writer.fill(risk=danger)
    writer.send()
    assert Referral.objects.get().same_day
    alert = Alert.objects.get()
    assert alert.kind == "referral"
    assert "Alex" not in alert.title + alert.detail


def test_sending_twice_makes_one() -> None:
    writer = Writer()
    writer.fill()
    assert writer.send() == "sent/"
    assert writer.send() == "sent/"
    assert writer.post("you", PAGES["you"]) == "sent/"
    assert Referral.objects.count() == Reference.objects.count() == 1


def test_another_browser_does_not_open_what_was_begun_here() -> None:
    writer = Writer()
    writer.fill()
    stranger = Client()
    for page in ("", "check/", "caregivers/1/", "declaration/", "save/", "sent/", "copy.pdf"):
        answer = stranger.get(f"{writer.base}{page}")
        assert answer.status_code == 404, page
        assert b"Alex" not in answer.content
    stranger.cookies["vig_refer"] = "another secret"
    assert stranger.post(f"{writer.base}you/", PAGES["you"]).status_code == 404


def test_a_program_that_fills_in_every_box_begins_nothing_and_a_person_is_told_how() -> None:
    answer = Client().post("/refer/", {"door": "self", "website": "https://spam.example"})
    assert answer.status_code == 200
    assert "press again" in answer.content.decode()
    assert not Draft.objects.exists()


def test_whoever_begins_too_many_is_asked_to_wait() -> None:
    client = Client()
    assert {client.post("/refer/", {"door": "self"}).status_code for _ in range(30)} == {303}
    assert client.post("/refer/", {"door": "self"}).status_code == 429 or (
        client.post("/refer/", {"door": "self"}).status_code == 429
    )


def test_a_professional_s_details_are_kept_on_the_device_only_if_asked() -> None:
    writer = Writer()
    writer.fill(you=PAGES["you"] | {"remember": "on"})
    again = Writer(client=writer.client)
    again.fill(until="you")
    assert "Hanna Visitor" in again.look("you")
    writer.client.post("/refer/forget/")
    assert "Hanna Visitor" not in again.look("you")
    third = Writer()
    third.fill()
    fourth = Writer(client=third.client)
    fourth.fill(until="you")
    assert "Hanna Visitor" not in fourth.look("you")


def test_talking_first_names_no_family() -> None:
    client = Client()
    asked = {"name": "Hanna", "asker": "midwife", "phone": "01632 960 200", "best_time": "any"}
    said = client.post("/talk-to-us/?from=agreement", asked | {"question": "About 943 476 5919"})
    assert "Take it out" in said.content.decode()
    assert client.post("/talk-to-us/", asked | {"phone": ""}).status_code == 200
    assert client.post("/talk-to-us/?from=agreement", asked).status_code == 303
    call = AdviceCall.objects.get()
    assert call.without_agreement
    assert client.get("/talk-to-us/thanks/").status_code == 200


def test_the_guide_and_the_doors_open_for_everybody() -> None:
    client = Client()
    assert "LGBTQ+" in client.get("/about-vig/").content.decode()
    assert "A parent or carer who would like help" in client.get("/refer/").content.decode()
    IntakeRules.objects.update(self_referral=False)
    assert "A parent or carer who would like help" not in client.get("/refer/").content.decode()
    assert client.post("/refer/", {"door": "self"}).status_code == 200
    assert client.post("/refer/", {"door": "staff"}).status_code == 200


def test_no_name_leaves_in_an_address_or_a_message() -> None:
    writer = Writer()
    writer.fill()
    writer.send()
    told = Message.objects.get()
    assert told.kind == "referral-code"
    assert "Alex" not in writer.base


def test_what_nobody_came_back_to_is_forgotten_in_time() -> None:
    from referrals import actions

    old, new = Writer(), Writer()
    Draft.objects.filter(pk=old.draft.pk).update(saved_at=timezone.now() - timedelta(days=31))
    assert actions.forget_old() == 1
    assert [draft.pk for draft in Draft.objects.all()] == [new.draft.pk]
