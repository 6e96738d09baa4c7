"""Coming back, the code, the confirmation, the copy, and what a referrer does afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from families.files import kinds
from outbox import sending
from outbox.models import Message
from referrals import actions
from referrals.models import Attachment, Draft, Exchange, Referral, ReferrerLink
from tests.cast import Cast
from tests.families import uploads
from tests.referrals.filling import DECLARATION, PAGES, Writer, day, unborn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def deliver() -> str:
    """Send what waits; the body of the last e-mail."""
    for message in Message.objects.filter(state="waiting").order_by("created_at"):
        sending.send(message.pk)
    return str(mail.outbox[-1].body) if mail.outbox else ""


def sent_and_checked() -> tuple[Writer, Referral]:
    writer = Writer()
    writer.fill()
    writer.send()
    code = re.search(r"\b(\d{6})\b", deliver())
    assert code
    writer.post("sent", {"code": code[1]})
    return writer, Referral.objects.get()


def following(body: str) -> Client:
    client = Client()
    link = re.search(r"/referral/[\w-]+/", body)
    assert link
    assert client.get(link[0]).headers["Location"] == "/referral/"
    return client


# --- Coming back ----------------------------------------------------------------------------------------------


def test_a_link_brings_the_form_to_another_device_once() -> None:
    writer = Writer()
    writer.fill(until="reasons")
    assert writer.post("save", {"email": "hanna@trust.example"}) == "saved/"
    body = deliver()
    assert "Alex" not in body
    link = re.search(r"/refer/return/[\w-]+/", body)
    assert link
    other = Client()
    assert other.get(link[0]).status_code == 200
    assert other.get(link[0]).status_code == 200, "looking at it uses nothing up"
    went = other.post(link[0], follow=True)
    assert "Why do you refer?" in went.content.decode()
    assert "Alex" in other.get(f"{writer.base}check/").content.decode()
    assert Client().post(link[0]).status_code == 404
    assert writer.client.get(f"{writer.base}check/").status_code == 404, "it is on the other device now"


def test_a_link_can_be_shown_instead_and_ends_in_time() -> None:
    writer = Writer()
    writer.fill(until="you")
    page = writer.client.post(f"{writer.base}save/", {"way": "show"}).content.decode()
    link = re.search(r"/refer/return/[\w-]+/", page)
    assert link
    Draft.objects.update(return_until=timezone.now() - timedelta(minutes=1))
    assert Client().post(link[0]).status_code == 404


def test_whoever_guesses_links_is_soon_not_answered_any_more() -> None:
    client = Client()
    assert {client.post("/refer/return/guess/").status_code for _ in range(30)} == {404}
    assert client.post("/refer/return/guess/").status_code == 429


# --- The code, the confirmation ---------------------------------------------------------------------------------


def test_the_referral_arrives_whether_or_not_a_code_does() -> None:
    writer = Writer()
    writer.fill()
    writer.send()
    referral = Referral.objects.get()
    assert not referral.from_outside
    assert not actions.check_code(draft=Draft.objects.get(), code="000000"), "none was sent yet"
    assert "works no more" not in writer.look("sent")


def test_a_code_checks_the_address_and_brings_the_link() -> None:
    _, referral = sent_and_checked()
    assert referral.from_outside
    body = deliver()
    assert referral.reference.text in body
    for told in ("Alex", "Hanna", "twins", "07700"):
        assert told not in body
    page = following(body).get("/referral/").content.decode()
    assert "Received" in page
    assert "Alex" in page


def test_a_wrong_code_is_tried_five_times_at_most() -> None:
    writer = Writer()
    writer.fill()
    writer.send()
    code = re.search(r"\b(\d{6})\b", deliver())
    assert code
    wrong = "000000" if code[1] != "000000" else "111111"
    for _ in range(5):
        assert "too old" in writer.client.post(f"{writer.base}sent/", {"code": wrong}).content.decode()
    writer.client.post(f"{writer.base}sent/", {"code": code[1]})
    assert not Referral.objects.get().from_outside
    for _ in range(10):
        writer.client.post(f"{writer.base}sent/", {"again": "1"})
    assert Message.objects.filter(kind="referral-code").count() == 5


def test_the_copy_has_what_was_written_and_survives_any_letter() -> None:
    writer = Writer()
    strange = "Łukasz <b>&amp;</b> 👶🏽 \u202ereversed\u202c \x1b[31m =cmd|' /C calc'!A0"
    writer.fill(hopes={"hopes": strange + "\n" + "word " * 600, "wish": "unsure"})
    writer.send()
    answer = writer.client.get(f"{writer.base}copy.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    import io

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert Referral.objects.get().reference.text in text
    assert "<b>&amp;</b>" in text
    assert "Hanna Visitor" in text


# --- Files --------------------------------------------------------------------------------------------------------


def test_a_file_comes_with_the_referral_and_what_is_none_is_said() -> None:
    writer = Writer()
    writer.fill(until="files")
    wrong = uploads.sent("letter.pdf", b"MZ this is a program" * 50)
    said = writer.client.post(f"{writer.base}files/", {"file": wrong})
    assert "There is a problem" in said.content.decode()
    assert writer.client.post(f"{writer.base}files/", {}).status_code == 200
    writer.client.post(f"{writer.base}files/", {"file": uploads.sent("drawing.jpg", uploads.jpeg())})
    assert "drawing.jpg" in writer.look("files")
    kept = Attachment.objects.get()
    assert kept.file_kind == kinds.FileKind.JPEG
    writer.post("files", {"go": "on"})
    assert writer.send() == "sent/"
    kept.refresh_from_db()
    assert kept.referral == Referral.objects.get()
    assert kept.draft is None


def test_a_file_can_be_taken_out_again() -> None:
    writer = Writer()
    writer.fill(until="files")
    writer.client.post(f"{writer.base}files/", {"file": uploads.sent("drawing.jpg", uploads.jpeg())})
    writer.post(f"files/{Attachment.objects.get().pk}/remove")
    assert not Attachment.objects.exists()


# --- The referrer's page --------------------------------------------------------------------------------------------


def test_a_referrer_answers_and_it_waits_for_us_again(cast: Cast) -> None:
    _, referral = sent_and_checked()
    client = following(deliver())
    referral.state = "asked"
    referral.save()
    Exchange.objects.create(referral=referral, direction="to", text="Which hospital?", by=cast.ina)
    Exchange.objects.create(referral=referral, direction="inside", text="They rang twice.", by=cast.ina)
    page = client.get("/referral/").content.decode()
    assert "Which hospital?" in page
    assert "They rang twice" not in page
    assert "Ina" not in page
    assert client.post("/referral/", {"text": ""}).status_code == 200
    assert client.post("/referral/", {"text": "The Infirmary."}).status_code == 303
    referral.refresh_from_db()
    assert referral.state == "looking"
    assert "The Infirmary." in client.get("/referral/").content.decode()


def test_a_referrer_takes_it_back_with_why_and_only_while_it_is_open() -> None:
    _, referral = sent_and_checked()
    client = following(deliver())
    assert "Enter why" in client.post("/referral/withdraw/", {"reason": ""}).content.decode()
    assert client.post("/referral/withdraw/", {"reason": "They changed their mind."}).status_code == 303
    referral.refresh_from_db()
    assert referral.state == "withdrawn"
    assert referral.decisions.get().outcome == "withdrawn"
    assert client.get("/referral/withdraw/").headers["Location"] == "/referral/"
    client.post("/referral/", {"text": "And another thing."})
    assert not Exchange.objects.exists()
    assert "Take this referral back" not in client.get("/referral/").content.decode()


def test_a_link_ends_and_another_goes_to_the_checked_address_only() -> None:
    _, referral = sent_and_checked()
    client = following(deliver())
    ReferrerLink.objects.update(made_at=timezone.now() - timedelta(days=40), until=timezone.now() - timedelta(days=1))
    assert "See where a referral stands" in client.get("/referral/").content.decode()
    before = Message.objects.count()
    told = [client.post("/referral/", {"reference": text}) for text in ("R-777-777", referral.reference.text.lower())]
    assert {each.headers["Location"] for each in told} == {"/referral/link-sent/"}
    assert Message.objects.count() == before + 1
    client.post("/referral/", {"reference": referral.reference.text})
    assert Message.objects.count() == before + 1, "one an hour"
    assert mail.outbox[-1].to == ["hanna@trust.example"] if deliver() else False
    assert following(str(mail.outbox[-1].body)).get("/referral/").status_code == 200


def test_a_referral_that_was_withdrawn_is_not_written_of() -> None:
    _, referral = sent_and_checked()
    actions.withdraw(referral=referral, reason="Changed.")
    sent = len(mail.outbox)
    deliver()
    assert len(mail.outbox) == sent
    assert Message.objects.get(kind="referral-received").reason == "It was withdrawn."


# --- The staff door -------------------------------------------------------------------------------------------------


def test_a_telephone_referral_is_saved_with_its_gaps_and_counts_from_the_call(cast: Cast, signed_in: object) -> None:
    client = signed_in(cast.ina)  # type: ignore[operator]
    base = client.post("/referrals/new/").headers["Location"].removesuffix("start/")
    client.post(f"{base}start/", unborn())
    client.post(f"{base}agreement/", {"agreed": "yes"})
    assert client.post(f"{base}declaration/", DECLARATION).headers["Location"] == f"{base}you/"
    assert not Referral.objects.exists()
    rang = timezone.localdate() - timedelta(days=3)
    call = {"channel": "telephone", "name": "Hanna", **day("received_on", rang), "received_time": "2:15pm"}
    client.post(f"{base}you/", call)
    client.post(f"{base}caregivers/1/", {"first_name": "Alex"})
    assert "Hanna" in client.get("/referrals/new/").content.decode()
    assert client.post(f"{base}declaration/", {}).headers["Location"] == f"{base}sent/"
    referral = Referral.objects.get()
    assert (referral.by, referral.channel, referral.door) == (cast.ina, "telephone", "staff")
    at = timezone.localtime(referral.received_at)
    assert (at.date(), at.hour, at.minute) == (rang, 14, 15)
    assert referral.people.get(kind="caregiver").first_name == "Alex"
    assert client.get(f"{base}sent/").status_code == 200
    assert client.get(f"{base}copy.pdf").status_code == 200
    assert not Message.objects.filter(kind="referral-code").exists()


def test_without_agreement_a_colleague_writes_a_consultation_down_instead(cast: Cast, signed_in: object) -> None:
    client = signed_in(cast.ina)  # type: ignore[operator]
    base = client.post("/referrals/new/").headers["Location"].removesuffix("start/")
    client.post(f"{base}start/", unborn())
    client.post(f"{base}agreement/", {"agreed": "no"})
    page = client.get(f"{base}caregivers/1/", follow=True).content.decode()
    assert "Write down a consultation" in page
    assert client.post(f"{base}caregivers/1/", PAGES["caregivers"]).headers["Location"].endswith("no-agreement/")
