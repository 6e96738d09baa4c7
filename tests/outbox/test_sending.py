"""No message is lost, none is sent twice, and each is decided again when it is about to leave."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import transaction
from django.utils import timezone

from audit.models import AuditEvent
from outbox import actions, queries, registry, sending, wordings
from outbox.models import Message
from outbox.registry import Content

State = Message.State


class Server:
    """A mail server of the tests, behind Django's own interface."""

    taken: list[mail.EmailMessage] = []
    at_open: list[Exception | None] = []  # what the next connections meet
    at_data: list[Exception | None] = []

    def __init__(self, **_: Any) -> None:
        pass

    def open(self) -> bool:
        self._meet(self.at_open)
        return True

    def close(self) -> None:
        raise smtplib.SMTPServerDisconnected("gone")  # a server that hangs up instead of saying goodbye

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        self._meet(self.at_data)
        self.taken.extend(messages)
        return len(messages)

    @staticmethod
    def _meet(planned: list[Exception | None]) -> None:
        error = planned.pop(0) if planned else None
        if error:
            raise error


@pytest.fixture
def server(settings: LazySettings) -> type[Server]:
    settings.EMAIL_BACKEND = "tests.outbox.test_sending.Server"
    Server.taken, Server.at_open, Server.at_data = [], [], []
    return Server


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_rules", [])
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register_kind("note", lambda message: Content(subject="Look", body=f"Look at {message.subject_id}.\n"))


def posted(**changes: Any) -> Message:
    given: dict[str, Any] = {"kind": "note", "channel": "email", "to": "sam@example.test", "subject_id": "7"}
    return actions.post(by=None, **given | changes)


def now_due(message: Message) -> Message:
    """The same message, when its next try has come."""
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    message.refresh_from_db()
    return message


@pytest.mark.django_db
def test_a_message_leaves_once_however_often_the_task_comes(server: type[Server]) -> None:
    message = posted()
    assert sending.send(message.pk) == State.SENT
    assert sending.send(message.pk) == ""
    assert [one.to for one in server.taken] == [["sam@example.test"]]
    assert server.taken[0].body == "Look at 7.\n"


@pytest.mark.django_db
def test_a_mail_server_that_dies_loses_no_message_and_sends_none_twice(server: type[Server]) -> None:
    """Out of reach, refusing for now, then well: every message leaves, each once."""
    server.at_open = [ConnectionRefusedError(), smtplib.SMTPServerDisconnected("gone")]
    server.at_data = [smtplib.SMTPDataError(451, b"later"), None, smtplib.SMTPSenderRefused(421, b"busy", "x")]
    messages = [posted(subject_id=number) for number in range(4)]
    for _ in range(6):
        for message in messages:
            sending.send(now_due(message).pk)
    assert sorted(one.body for one in server.taken) == [f"Look at {number}.\n" for number in range(4)]
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


@pytest.mark.django_db
def test_a_server_that_breaks_off_in_the_middle_is_not_tried_again_without_a_person(
    server: type[Server], cast: Any
) -> None:
    server.at_data = [smtplib.SMTPServerDisconnected("in the middle of the data")]
    message = posted()
    assert sending.send(message.pk) == State.UNSURE
    assert sending.send(now_due(message).pk) == ""
    assert sending.reconcile() == 0
    assert server.taken == []
    actions.send_again(by=cast.dev, message=message)
    assert sending.send(message.pk) == State.SENT


@pytest.mark.django_db
def test_a_worker_that_died_before_handing_over_costs_nothing(server: type[Server]) -> None:
    message = posted()
    long_ago = timezone.now() - 2 * sending.STALE
    Message.objects.update(state=State.SENDING, claimed_at=long_ago)
    assert sending.reconcile() == 1
    assert sending.send(message.pk) == State.SENT
    assert len(server.taken) == 1


@pytest.mark.django_db
def test_a_worker_that_died_while_handing_over_sends_nothing_a_second_time(server: type[Server]) -> None:
    message = posted()
    long_ago = timezone.now() - 2 * sending.STALE
    Message.objects.update(state=State.SENDING, claimed_at=long_ago, handed_at=long_ago)
    assert sending.reconcile() == 0
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.UNSURE, "The worker that was sending it died.")


@pytest.mark.django_db
def test_tries_grow_further_apart_and_end_after_two_days(server: type[Server]) -> None:
    message = posted()
    written = message.created_at
    tries = []
    while message.state == State.WAITING:
        server.at_open = [ConnectionRefusedError()]
        before = message.due_at
        # Time passes by moving the whole message back.
        shift = before - timezone.now()
        Message.objects.filter(pk=message.pk).update(
            due_at=timezone.now(), created_at=message.created_at - max(shift, timedelta(0))
        )
        sending.send(message.pk)
        message.refresh_from_db()
        tries.append(message.due_at - timezone.now())
    assert message.state == State.FAILED
    assert "48 hours" in message.reason
    assert "sam@" not in message.reason
    assert tries[0] < timedelta(minutes=2) < tries[5] < tries[8] <= timedelta(hours=4)
    assert 15 < message.tries < 30
    assert written > message.created_at


@pytest.mark.django_db
def test_it_is_decided_again_at_the_moment_of_sending(server: type[Server]) -> None:
    message = posted()
    registry.register_rule(lambda each: "Consent was withdrawn." if each.subject_id == "7" else "")
    assert sending.send(message.pk) == State.NOT_SENT
    message.refresh_from_db()
    assert message.reason == "Consent was withdrawn."
    assert message.to == ""
    assert server.taken == []


@pytest.mark.django_db
def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(server: type[Server]) -> None:
    server.at_data = [smtplib.SMTPRecipientsRefused({"sam@example.test": (550, b"no such user")})]
    message = posted()
    assert sending.send(message.pk) == State.FAILED
    message.refresh_from_db()
    assert "550" in message.reason
    assert "sam@" not in message.reason


@pytest.mark.django_db
def test_words_that_cannot_be_written_are_tried_again_when_they_can(server: type[Server]) -> None:
    registry.register_kind("note", lambda message: SimpleNamespace(subject=1 / 0))  # type: ignore[arg-type, return-value]
    message = posted()
    assert sending.send(message.pk) == State.WAITING
    registry.register_kind("note", lambda message: Content(subject="Look", body="Look.\n"))
    assert sending.send(now_due(message).pk) == State.SENT


@pytest.mark.django_db
def test_the_address_is_encrypted_while_it_waits_and_forgotten_when_it_has_left(server: type[Server]) -> None:
    message = posted()
    assert "sam" not in Message.objects.values_list("to_locked", flat=True).get()
    assert message.to == "sam@example.test"
    sending.send(message.pk)
    message.refresh_from_db()
    assert message.to_locked == ""


@pytest.mark.django_db
def test_the_same_key_is_posted_once() -> None:
    assert posted(key="alert:1:asha").pk == posted(key="alert:1:asha").pk
    assert posted(key="alert:2:asha").pk != posted(key="alert:1:asha").pk


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_transaction_that_failed_was_never_there(server: type[Server]) -> None:
    def fails() -> None:
        with transaction.atomic():
            posted()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert not Message.objects.exists()
    assert not AuditEvent.objects.filter(verb="message.posted").exists()


@pytest.mark.django_db
def test_in_a_service_without_a_mail_server_it_says_that_it_reached_nobody(
    settings: LazySettings, tmp_path: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.SMS_FILE_PATH = tmp_path / "texts"
    assert not queries.can_leave("email")
    assert "reaches nobody" in queries.why_nothing_leaves("email")
    message = posted()
    assert sending.send(message.pk) == State.FILED
    message.refresh_from_db()
    assert "reaches nobody" in message.reason
    registry.register_kind("note", lambda message: Content(sms="Look."))
    text = posted(channel="sms", to="07700 900123")
    assert sending.send(text.pk) == State.FILED
    assert (tmp_path / "texts" / f"{text.pk}.txt").read_text().endswith("Look.\n")


@pytest.mark.django_db
def test_without_a_provider_of_text_messages_none_is_sent_and_the_reason_is_kept(settings: LazySettings) -> None:
    settings.OUTBOX_CHANNELS = settings.OUTBOX_CHANNELS | {"sms": "outbox.channels.sms.NotConfigured"}
    text = posted(channel="sms", to="07700 900123")
    assert sending.send(text.pk) == State.NOT_SENT
    text.refresh_from_db()
    assert "No provider" in text.reason


def test_a_page_says_nothing_as_soon_as_one_way_out_is_set_up(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert queries.why_nothing_leaves() == ""
    assert queries.why_nothing_leaves("sms") != ""


@pytest.mark.django_db
def test_templates_write_plain_text(settings: LazySettings, tmp_path: Any) -> None:
    (tmp_path / "words").mkdir()
    for part, text in {"subject": "Ellie’s\n day", "body": "It's {{ what }}", "sms": "{{ service_name }}"}.items():
        (tmp_path / "words" / f"{part}.txt").write_text(text)
    templates = [dict(settings.TEMPLATES[0], DIRS=[tmp_path])]
    settings.TEMPLATES, settings.SERVICE_NAME = templates, "Mum & Me"
    content = wordings.content(registry.Wordable("words", "Words", "words", {"what": "x"}), {"what": "O'Neill's"})
    assert (content.subject, content.body, content.sms) == ("Ellie’s day", "It's O'Neill's\n", "Mum & Me")


@pytest.mark.django_db
def test_what_a_provider_says_later_is_kept(server: type[Server]) -> None:
    message = posted()
    sending.send(message.pk)
    message.refresh_from_db()
    actions.note_delivery(receipt=message.receipt, delivered=False)
    message.refresh_from_db()
    assert message.delivery == Message.Delivery.UNDELIVERABLE
    assert actions.note_delivery(receipt="", delivered=True) is None
