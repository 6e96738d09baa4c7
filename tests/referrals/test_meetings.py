"""A triage meeting: one referral after another, who was there, what was decided, and at its end the minutes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from audit.models import AuditEvent
from referrals import actions, meetings
from referrals.models import Decision, Meeting, Referral, Signpost
from tests.cast import Cast
from tests.referrals.filling import Writer
from tests.referrals.made import make_referral

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
ADVICE = {"reason": "Too early for us.", "to_referrer": "Please ask again when she is back at home."}


def begun(cast: Cast, *referrals: Referral, others: str = "") -> Meeting:
    return actions.begin_meeting(
        by=cast.ina, referrals=[each.pk for each in referrals], present=[cast.ina, cast.carol], others=others
    )


def test_it_goes_through_what_the_queue_shows_in_its_order_and_ends_with_minutes(
    cast: Cast, signed_in: SignedIn
) -> None:
    first = make_referral(same_day=True, same_day_why="They said so", immediate_risk="yes")
    second, soon = make_referral(), make_referral(priority="soon")
    client = signed_in(cast.ina)
    page = client.get(reverse("referrals:meeting-begin")).content.decode()
    assert "3 referrals wait" in page
    people = {"present": [cast.ina.pk, cast.carol.pk], "others": "A guest from the ward"}
    client.post(f"{reverse('referrals:meeting-begin')}?priority=routine", people)
    meeting = Meeting.objects.get()
    following = reverse("referrals:meeting-next", args=[meeting.pk])
    answer = client.get(following, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("referrals:referral", args=[first.pk])
    assert "1 of 2" in answer.content.decode()

    decide = reverse("referrals:decide", args=[first.pk, "advice"])
    assert "Ina Intake and Carol Manager were there" in client.post(decide, ADVICE).content.decode().replace(
        "Carol Manager and Ina Intake", "Ina Intake and Carol Manager"
    )
    went = client.post(decide, {**ADVICE, "send": "1"}, follow=True)
    assert went.redirect_chain[-1][0] == reverse("referrals:referral", args=[second.pk])
    decision = Decision.objects.get()
    assert set(decision.present.all()) == {cast.ina, cast.carol}

    leave = reverse("referrals:leave", args=[second.pk])
    assert "Enter why it is left" in client.post(leave, {"reason": ""}).content.decode()
    ended = client.post(leave, {"reason": "The ward has not rung back."}, follow=True)
    assert ended.redirect_chain[-1][0] == reverse("referrals:meeting", args=[meeting.pk])
    shown = ended.content.decode()
    assert "1 was left for another day" in shown
    assert "2 still wait" in shown, "one of another priority, and the one that was left"
    assert "To the referrer: print it, or ring" in shown
    assert "A guest from the ward" in shown
    assert "Too early for us." in shown
    assert second.exchanges.get().text.endswith("The ward has not rung back.")
    client.post(reverse("referrals:meeting-end", args=[meeting.pk]))
    meeting.refresh_from_db()
    assert meeting.ended_at is not None
    assert soon.is_open


def test_a_decision_that_is_taken_back_is_none_of_the_meeting_s(cast: Cast) -> None:
    referral = make_referral()
    meeting = begun(cast, referral)
    actions.decide(by=cast.ina, referral=referral, outcome="advised", **ADVICE)
    assert meetings.agenda_of(cast.ina, meeting).next is None
    Decision.objects.update(undone_at=meeting.at, undone_by=cast.ina)
    Referral.objects.update(state="looking")
    assert meetings.agenda_of(cast.ina, meeting).next == referral


def test_what_a_colleague_decides_meanwhile_is_not_asked_again_and_not_minuted_as_the_meeting_s(cast: Cast) -> None:
    referral, other = make_referral(), make_referral()
    meeting = begun(cast, referral, other)
    actions.decide(by=cast.carol, referral=referral, outcome="advised", **ADVICE)
    agenda = meetings.agenda_of(cast.ina, meeting)
    assert agenda.next == other
    assert agenda.items[0].decision is None
    assert not Decision.objects.get().present.exists()


def test_one_meeting_at_a_time_and_only_whoever_minutes_it_goes_on_with_it(cast: Cast, signed_in: SignedIn) -> None:
    referral = make_referral()
    meeting = begun(cast, referral)
    with pytest.raises(ValidationError, match="End it before"):
        begun(cast, referral)
    with pytest.raises(ValidationError, match="Ina Intake minutes"):
        actions.end_meeting(by=cast.carol, meeting=meeting)
    shown = signed_in(cast.carol).get(reverse("referrals:meeting", args=[meeting.pk])).content.decode()
    assert "End the meeting" not in shown
    actions.end_meeting(by=cast.ina, meeting=meeting)
    with pytest.raises(ValidationError, match="has ended"):
        actions.leave_for_next_time(by=cast.ina, meeting=meeting, referral=referral, reason="Later.")


def test_nothing_waits_is_said_and_nobody_there_is_asked_about(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.ina)
    url = reverse("referrals:meeting-begin")
    assert "Nothing waits" in client.post(url, {"present": [cast.ina.pk]}).content.decode()
    make_referral()
    assert "Select who is here" in client.post(url, {"others": "x"}).content.decode()
    assert not Meeting.objects.exists()


def test_the_minutes_cost_the_same_for_one_and_for_many(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client, counts = signed_in(cast.ina), []
    for number in (1, 12):
        Meeting.objects.all().delete()
        meeting = begun(cast, *[make_referral() for _ in range(number)])
        client.get(reverse("referrals:meeting", args=[meeting.pk]))
        with django_assert_max_num_queries(40) as counted:  # type: ignore[attr-defined]
            client.get(reverse("referrals:meeting", args=[meeting.pk]))
        counts.append(len(counted))
    assert counts[0] == counts[1]


# --- Passing it on ---


def test_what_was_sent_goes_with_a_referral_that_is_passed_on(cast: Cast, signed_in: SignedIn) -> None:
    writer = Writer()
    writer.fill()
    writer.send()
    referral = Referral.objects.get()
    actions.decide(
        by=cast.ina,
        referral=referral,
        outcome="redirected",
        reason="It is about sleep alone.",
        to_referrer="We have passed it on.",
        passed_to=Signpost.objects.filter(active=True).first(),
    )
    client = signed_in(cast.ina)
    url = reverse("referrals:what-was-sent", args=[referral.pk])
    page = client.get(reverse("referrals:referral", args=[referral.pk])).content.decode()
    assert "Save it to pass it on" in page
    assert url in page
    answer = client.get(url)
    assert answer["Cache-Control"] == "no-store"
    assert "attachment" in answer["Content-Disposition"]
    read = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Alex talks to the twins and sings." in read
    assert "It is about sleep alone." not in read, "what is for colleagues stays here"
    assert AuditEvent.objects.filter(verb="referral.exported").count() == 1


# --- The letter on paper ------------------------------------------------------------------------------------------


def test_a_letter_is_printed_as_it_was_decided(cast: Cast, signed_in: SignedIn) -> None:
    referral = make_referral(referrer_organisation="Riverside Clinic")
    client = signed_in(cast.ina)
    url = reverse("referrals:letter", args=[referral.pk, "referrer"])
    assert client.get(url).status_code == 404, "nothing is written yet"
    actions.decide(by=cast.ina, referral=referral, outcome="advised", **ADVICE)
    shown = client.get(url).content.decode()
    for words in (ADVICE["to_referrer"], "Hanna Visitor", "Riverside Clinic", referral.reference.text):
        assert words in shown
    assert "Too early for us." not in shown, "what is for colleagues is not in it"
    assert client.get(reverse("referrals:letter", args=[referral.pk, "family"])).status_code == 404
