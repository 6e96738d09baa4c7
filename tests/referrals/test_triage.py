"""Looking at referrals and deciding about them: the queue, one screen each, outcomes, and what becomes of the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from families import actions as record
from families.models import Alert, Case, Contact, Family, Membership, Person, Professional, RiskConcern
from outbox import sending
from outbox.models import Message
from referrals import actions, queue, waiting
from referrals.models import Decision, DeclineReason, Exchange, Referral, Signpost
from referrals.questions import step_of
from tests.cast import Cast, FamilyInTests
from tests.referrals.filling import PAGES, Writer
from tests.referrals.made import make_referral
from tests.referrals.test_after_sending import sent_and_checked

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def sent(**instead: dict[str, object]) -> Referral:
    writer = Writer()
    writer.fill(babies=2, **instead)
    writer.send()
    return Referral.objects.order_by("-created_at")[0]


def deliver() -> None:
    for message in Message.objects.filter(state="waiting", due_at__lte=timezone.now()).order_by("created_at"):
        sending.send(message.pk)


def pressed(client: Client, url: str, answers: dict[str, object], button: str = "send") -> str:
    answer = client.post(url, {**answers, button: "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer.headers["Location"])


# --- The queue ------------------------------------------------------------------------------------------------


def test_danger_comes_first_then_whatever_is_to_be_decided_soonest(cast: Cast) -> None:
    today = timezone.localdate()
    late = make_referral(decide_by=today - timedelta(days=1))
    calm = make_referral(decide_by=today + timedelta(days=9))
    danger = make_referral(
        decide_by=today + timedelta(days=9), immediate_risk="yes", same_day=True, same_day_why="They said so"
    )
    page = queue.page_of(cast.ina, show="open", by=queue.Narrowed(), number=1)
    assert [row.referral for row in page.object_list] == [danger, late, calm]
    only_late = queue.page_of(cast.ina, show="open", by=queue.Narrowed(late=True), number=1)
    assert [row.referral for row in only_late.object_list] == [late]
    waiting = queue.waiting_for(cast.ina)
    assert (waiting.open, waiting.late, waiting.same_day, waiting.news) == (3, 1, 1, 0)


def test_the_queue_costs_the_same_for_one_and_for_twenty(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.ina)
    counts = []
    for more in (1, 19):
        for _ in range(more):
            make_referral()
        client.get("/referrals/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/referrals/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_several_are_given_to_somebody_together_and_nobody_else_s_role_takes_them(
    cast: Cast, signed_in: SignedIn
) -> None:
    chosen = [make_referral(), make_referral()]
    client = signed_in(cast.carol)
    wrong = client.post("/referrals/", {"give-to": cast.ina.pk})
    assert "Select the referrals" in wrong.content.decode()
    wrong = client.post("/referrals/", {"referral": [each.pk for each in chosen], "give-to": cast.asha.pk})
    assert wrong.status_code == 200
    answer = client.post("/referrals/", {"referral": [each.pk for each in chosen], "give-to": cast.ina.pk})
    assert answer.status_code == 302
    assert set(Referral.objects.values_list("triager", flat=True)) == {cast.ina.pk}


# --- One screen -----------------------------------------------------------------------------------------------


def test_everything_that_was_sent_stands_on_one_screen(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ina).get(f"/referrals/{sent().pk}/").content.decode()
    for words in (PAGES["hopes"]["hopes"], PAGES["reasons"]["observed"], "Hanna Visitor", "Polish", "07700 900321"):
        assert str(words) in page, words
    assert "Nobody of this referral seems to be in the record" in page


def test_known_people_and_their_cases_stand_beside_it(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    referral = make_referral()
    referral.people.filter(kind="caregiver").update(
        first_name="Sam", last_name="Example", date_of_birth=family.sam.date_of_birth
    )
    family.sam.phone = "+447700900321"
    family.sam.save()
    page = signed_in(cast.ina).get(f"/referrals/{referral.pk}/").content.decode()
    assert "the same name, the same date of birth, the same phone" in page
    assert f"/cases/{family.case.pk}/" in page


def test_a_restricted_record_says_only_to_ask_the_lead_who_hears_of_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    family.sam.phone = "+447700900321"
    family.sam.save()
    record.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol], reason="A colleague.")
    referral = make_referral()
    referral.people.filter(kind="caregiver").update(
        first_name="Sam", last_name="Example", date_of_birth=family.sam.date_of_birth
    )
    client = signed_in(cast.ina)
    page = client.get(f"/referrals/{referral.pk}/").content.decode()
    assert "Ask the service lead before you decide." in page
    assert family.family.reference not in page
    assert "Nan" not in page
    client.get(f"/referrals/{referral.pk}/")
    alert = Alert.objects.get()
    assert alert.notices.filter(user=cast.carol).exists()
    assert alert.case is None
    assert "Sam" not in alert.title + alert.detail
    assert family.family.reference not in alert.title + alert.detail
    assert client.post(f"/referrals/{referral.pk}/accept/", {"team": cast.north.pk}).status_code == 302
    referral.refresh_from_db()
    assert referral.state == "received"


def test_a_question_is_answered_on_the_referrer_s_page_and_comes_back_as_news(cast: Cast, signed_in: SignedIn) -> None:
    _, referral = sent_and_checked()
    client = signed_in(cast.ina)
    pressed(client, f"/referrals/{referral.pk}/ask/", {"text": "Who is there in the evenings?"})
    referral.refresh_from_db()
    assert (referral.state, referral.triager) == ("asked", cast.ina)
    deliver()
    letter = str(mail.outbox[-1].body)
    assert "evenings" not in letter
    assert referral.reference.text in letter
    link = re.search(r"/referral/[\w-]+/", letter)
    assert link
    referrer = Client()
    referrer.get(link[0])
    assert "Who is there in the evenings?" in referrer.get("/referral/").content.decode()
    referrer.post("/referral/", {"text": "Nan is."})
    assert queue.waiting_for(cast.ina).news == 1
    assert "Nan is." in client.get(f"/referrals/{referral.pk}/").content.decode()
    assert queue.waiting_for(cast.ina).news == 0


def test_what_was_said_on_the_telephone_lets_it_go_on(cast: Cast, signed_in: SignedIn) -> None:
    referral = make_referral()
    actions.ask(by=cast.ina, referral=referral, text="How are they?")
    client = signed_in(cast.ina)
    pressed(client, f"/referrals/{referral.pk}/note/", {"text": "She rang: they are well.", "answered": "on"})
    referral.refresh_from_db()
    assert referral.state == "looking"
    assert referral.exchanges.get(direction=Exchange.Direction.INSIDE).by == cast.ina


def test_how_soon_is_counted_anew_from_the_day_it_came(cast: Cast) -> None:
    referral = make_referral()
    changed = actions.set_priority(by=cast.ina, referral=referral, priority="urgent", reason="She leaves the ward.")
    assert changed.decide_by < referral.decide_by
    assert "She leaves the ward." in changed.exchanges.get().text


# --- Outcomes -------------------------------------------------------------------------------------------------


def test_nothing_is_decided_before_it_was_looked_at_as_it_will_be_read(cast: Cast, signed_in: SignedIn) -> None:
    _, referral = sent_and_checked()
    client, url = signed_in(cast.ina), f"/referrals/{referral.pk}/advice/"
    form = client.get(url).content.decode()
    assert "Thank you for your referral" in form
    answers: dict[str, object] = {"reason": "Enough is around them.", "to_referrer": "Dear Hanna,\n\nSing with them."}
    preview = client.post(url, answers).content.decode()
    assert "Look at it before it goes" in preview
    assert "Sing with them." in preview
    assert not Decision.objects.exists()
    assert "Sing with them." in client.post(url, {**answers, "change": "1"}).content.decode()
    assert not Decision.objects.exists()
    pressed(client, url, answers)
    decision = Decision.objects.get()
    assert (decision.outcome, decision.by, decision.to_referrer) == (
        "advised",
        cast.ina,
        "Dear Hanna,\n\nSing with them.",
    )
    deliver()
    letter = str(mail.outbox[-1].body)
    assert "Sing" not in letter
    link = re.search(r"/referral/[\w-]+/", letter)
    assert link
    referrer = Client()
    referrer.get(link[0])
    page = referrer.get("/referral/").content.decode()
    assert "Sing with them." in page
    assert "Enough is around them." not in page


def test_every_outcome_asks_for_its_reason_and_goes_one_way_only(cast: Cast, signed_in: SignedIn) -> None:
    client, referral = signed_in(cast.ina), make_referral()
    for outcome, words in (
        ("decline", "Select why it is not taken on"),
        ("redirect", "Select the service that it is passed on to"),
        ("advice", "Enter why, for your colleagues"),
    ):
        answer = client.post(f"/referrals/{referral.pk}/{outcome}/", {"to_referrer": "x"})
        assert answer.status_code == 200
        assert words in answer.content.decode()
    reason = DeclineReason.objects.filter(active=True).first()
    assert reason
    answers: dict[str, object] = {"decline_reason": reason.pk, "reason": "Too far away.", "to_referrer": "Dear Hanna"}
    pressed(client, f"/referrals/{referral.pk}/decline/", answers)
    assert client.get(f"/referrals/{referral.pk}/redirect/").status_code == 302
    assert client.post(f"/referrals/{referral.pk}/accept/", {}).status_code == 302
    assert Decision.objects.count() == 1
    assert client.get(f"/referrals/{referral.pk}/somewhere/").status_code == 404


def test_the_family_hears_in_the_way_that_is_safe_and_in_words_that_tell_nothing(
    cast: Cast, settings: LazySettings
) -> None:
    referral = sent()
    service = Signpost.objects.filter(active=True)[0]
    actions.decide(
        by=cast.ina,
        referral=referral,
        outcome="redirected",
        passed_to=service,
        reason="They live there.",
        to_referrer="Dear Hanna",
        to_family="Hello, we have answered whoever asked us for you.",
    )
    message = Message.objects.get(kind="referral-family")
    assert (message.channel, message.to) == ("sms", referral.family_address)


# --- Accepting ------------------------------------------------------------------------------------------------


def accepted(cast: Cast, referral: Referral, **more: object) -> Case:
    return actions.accept(by=cast.ina, referral=referral, team=cast.north, to_referrer="Dear Hanna", **more)  # type: ignore[arg-type]


def test_accepting_carries_everything_over_and_nothing_is_typed_again(cast: Cast, signed_in: SignedIn) -> None:
    referral = sent(
        risk={**PAGES["risk"], "to_self": "yes", "what": "She has thought of it."},
        reaching={
            **PAGES["reaching"],
            "address": "1 Made-up Way",
            "postcode": "BD5 0NA",
            "discreet": "Say the surgery",
        },
    )
    client, url = signed_in(cast.ina), f"/referrals/{referral.pk}/accept/"
    assert client.get(url).status_code == 200
    pathway = client.get(url).context["form"].fields["pathway"].queryset[0]
    answers: dict[str, object] = {
        "team": cast.north.pk,
        "lead": cast.asha.pk,
        "pathway": pathway.pk,
        "to_referrer": "Dear Hanna",
        "to_family": "Hello.",
    }
    preview = client.post(url, answers).content.decode()
    assert "A new family" in preview
    assert not Case.objects.exists()
    pressed(client, url, answers)
    referral.refresh_from_db()
    case = referral.case
    assert case is not None
    assert (referral.state, case.lead, case.team) == ("accepted", cast.asha, cast.north)
    twins = case.people.filter(kind="infant")
    assert twins.count() == 2
    assert all(twin.unborn for twin in twins)
    alex = case.people.get(kind="caregiver")
    assert (alex.first_name, alex.phone, alex.may_text, alex.may_email) == ("Alex", "+447700900321", "yes", "not_asked")
    assert (alex.discreet_words, alex.language, alex.interpreter_needed) == ("Say the surgery", "Polish", True)
    assert alex.addresses.get().postcode == "BD5 0NA"
    assert Membership.objects.get(person=alex).parental_responsibility == "yes"
    assert "She has thought of it." in RiskConcern.objects.get(case=case).text
    contact = Contact.objects.get(case=case)
    assert str(PAGES["hopes"]["hopes"]) in contact.note
    assert "Hanna Visitor" in contact.other_party
    assert {row.person_id for row in referral.people.all()} == set(case.people.values_list("pk", flat=True))
    assert client.get(f"/cases/{case.pk}/").status_code == 200


def test_somebody_known_is_joined_field_by_field_and_nothing_else_is_written_over(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    family.sam.phone, family.sam.language = "+447700900321", "English"
    family.sam.save()
    record.close_case(by=cast.asha, case=family.case, closed_on=timezone.localdate(), reason="Done.")
    born = family.sam.date_of_birth
    assert born
    sam = {
        **PAGES["caregivers"],
        "first_name": "Sam",
        "last_name": "Example",
        "known_as": "Sammie",
        "born_on_day": born.day,
        "born_on_month": born.month,
        "born_on_year": born.year,
    }
    referral = sent(caregivers=sam)
    client, url = signed_in(cast.ina), f"/referrals/{referral.pk}/accept/"
    form = client.get(url).context["form"]
    assert form.fields["who_caregiver-1"].initial == str(family.sam.pk)
    assert form.fields["family"].initial == str(family.family.pk)
    take = f"take_caregiver-1_{family.sam.pk}"
    assert {name for name, _ in form.fields[take].choices} == {"known_as", "language"}
    answers: dict[str, object] = {
        "team": cast.north.pk,
        "pathway": form.fields["pathway"].queryset[0].pk,
        "who_caregiver-1": str(family.sam.pk),
        take: ["known_as"],
        "family": str(family.family.pk),
        "to_referrer": "Dear Hanna",
    }
    wrong = client.post(url, {**answers, "family": "new", "send": "1"}).content.decode()
    assert "Somebody is known. Select the family they belong to" in wrong
    pressed(client, url, answers)
    family.sam.refresh_from_db()
    assert (family.sam.known_as, family.sam.language) == ("Sammie", "English")
    case = Referral.objects.get(pk=referral.pk).case
    assert case is not None
    assert case.family == family.family
    assert case != family.case
    assert Person.objects.filter(first_name="Sam").count() == 1
    assert case.people.filter(kind="infant").count() == 2


def test_two_people_of_a_referral_never_become_one(cast: Cast, family: FamilyInTests) -> None:
    referral = sent()
    known = {"infant-1": actions.Joined(family.rowan), "infant-2": actions.Joined(family.rowan)}
    with pytest.raises(ValidationError, match="cannot be the same person"):
        accepted(cast, referral, family=family.family, known=known)
    assert Family.objects.count() == 1


def test_an_acceptance_is_taken_back_within_ten_minutes_by_the_same_person_and_nobody_was_told(
    cast: Cast, signed_in: SignedIn
) -> None:
    _, referral = sent_and_checked()
    case = accepted(cast, referral)
    deliver()
    assert all("decided" not in str(each.body) for each in mail.outbox)
    assert signed_in(cast.carol).post(f"/referrals/{referral.pk}/undo/").status_code == 302
    referral.refresh_from_db()
    assert referral.state == "accepted"
    signed_in(cast.ina).post(f"/referrals/{referral.pk}/undo/")
    referral.refresh_from_db()
    case.refresh_from_db()
    assert (referral.state, referral.case, case.is_closed) == ("looking", None, True)
    Message.objects.filter(state="waiting").update(due_at=timezone.now())
    deliver()
    assert all("decided" not in str(each.body) for each in mail.outbox)
    again = accepted(cast, referral)
    Decision.objects.filter(undone_at__isnull=True).update(at=timezone.now() - timedelta(minutes=11))
    assert actions.may_undo(cast.ina, Referral.objects.get(pk=referral.pk)) is None
    assert not again.is_closed


def test_what_was_keyed_in_with_gaps_is_completed_while_accepting(cast: Cast, signed_in: SignedIn) -> None:
    draft = actions.begin(by=cast.ina, door="staff")
    you = step_of("you", "staff")
    assert you
    today = timezone.localdate()
    posted = {
        "channel": ["telephone"],
        "name": ["Dr Made-up"],
        "received_on_day": [str(today.day)],
        "received_on_month": [str(today.month)],
        "received_on_year": [str(today.year)],
    }
    actions.keep(draft=draft, step=you, item=1, posted=posted)
    referral = actions.send(draft=draft)
    client, url = signed_in(cast.ina), f"/referrals/{referral.pk}/accept/"
    form = client.get(url).context["form"]
    answers: dict[str, object] = {
        "team": cast.north.pk,
        "pathway": form.fields["pathway"].queryset[0].pk,
        "to_referrer": "Dear Dr Made-up",
    }
    wrong = client.post(url, {**answers, "send": "1"}).content.decode()
    assert "Enter when the baby was born, or is expected" in wrong
    assert "What is the parent or carer called?" in wrong
    pressed(
        client,
        url,
        {
            **answers,
            "gap_infant-1_first_name": "Robin",
            "gap_infant-1_date_of_birth_day": today.day,
            "gap_infant-1_date_of_birth_month": today.month,
            "gap_infant-1_date_of_birth_year": today.year,
            "gap_caregiver-1_first_name": "Alex",
            "gap_caregiver-1_relationship": "birth_parent",
        },
    )
    case = Referral.objects.get(pk=referral.pk).case
    assert case is not None
    assert case.people.get(kind="infant").date_of_birth == today
    assert case.people.get(kind="caregiver").first_name == "Alex"


def test_professionals_come_along_with_what_the_family_said_about_them(cast: Cast) -> None:
    writer = Writer()
    writer.fill(until="reasons")
    writer.post(
        "professionals/1",
        {"role": "midwife", "name": "Mira Made-up", "phone": "01632 960 222", "may_contact": "yes"},
    )
    for page in ("reasons", "hopes", "background", "social-care", "risk", "place", "files"):
        writer.post(page, writer.answers(page))
    writer.send()
    case = accepted(cast, Referral.objects.get())
    mira = Professional.objects.get(family=case.family)
    assert (mira.role, mira.name, mira.may_contact) == ("midwife", "Mira Made-up", "yes")


# --- What it asks of somebody, and where it is found again ------------------------------------------------------


def test_my_day_leads_whoever_takes_referrals_in_to_the_queue_and_nobody_else(cast: Cast, signed_in: SignedIn) -> None:
    make_referral(decide_by=timezone.localdate() - timedelta(days=1))
    make_referral()
    (task,) = waiting.to_decide(cast.ina)
    assert (task.title, task.detail, task.url) == ("2 referrals to decide", "1 past the target", "/referrals/")
    assert "2 referrals to decide" in signed_in(cast.ina).get("/").content.decode()
    assert not list(waiting.to_decide(cast.asha))


def test_a_case_tells_on_its_timeline_who_referred(cast: Cast, signed_in: SignedIn) -> None:
    referral = sent()
    case = accepted(cast, referral)
    page = signed_in(cast.asha).get(f"/cases/{case.pk}/?kind=referral").content.decode()
    assert f"/referrals/{referral.pk}/" in page
    assert "Hanna Visitor, Health visitor" in page
    assert signed_in(cast.asha).get(f"/referrals/{referral.pk}/").status_code == 200
