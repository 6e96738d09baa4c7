"""Text messages through GOV.UK Notify: none is lost, none is sent twice, and what became of each is asked for."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import jwt
import pytest
from django.conf import LazySettings
from django.core.checks import run_checks

from outbox import actions, checks, queries, registry, sending
from outbox.models import Message
from outbox.registry import Content
from tests.outbox.notify_server import FakeNotify, notify_server

pytestmark = pytest.mark.django_db
State = Message.State
SERVICE, SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0", "9a1e9a1b-4d56-4f6b-8b4e-3a5a40b1e6b7"
NUMBER = "+447700900123"
BAD_NUMBER = [{"error": "ValidationError", "message": "phone_number Not enough digits"}]


@pytest.fixture
def notify(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNotify]:
    with notify_server() as fake:
        settings.OUTBOX_CHANNELS = {**settings.OUTBOX_CHANNELS, "sms": "outbox.channels.notify.Notify"}
        settings.NOTIFY_API_KEY = f"made_up-{SERVICE}-{SECRET}"
        settings.NOTIFY_TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
        settings.NOTIFY_URL, settings.NOTIFY_TIMEOUT = fake.url, 2
        monkeypatch.setitem(
            registry._kinds, "hello", registry.Kind("hello", "Hello", lambda message: Content(sms="Please ring us."))
        )
        yield fake


def posted() -> Message:
    return actions.post(by=None, kind="hello", channel="sms", to=NUMBER, subject_id="1")


def sent(message: Message) -> Message:
    sending.send(message.pk)
    message.refresh_from_db()
    return message


def test_a_text_message_leaves_under_our_own_name_for_it(notify: FakeNotify, settings: LazySettings) -> None:
    message = sent(posted())
    (taken,) = notify.taken
    assert message.state == State.SENT
    assert message.receipt == taken["id"]
    assert (taken["phone_number"], taken["template_id"]) == (NUMBER, settings.NOTIFY_TEMPLATE)
    assert (taken["reference"], taken["personalisation"]) == (str(message.pk), {"body": "Please ring us."})
    assert jwt.decode(notify.tokens[0], SECRET, algorithms=["HS256"])["iss"] == SERVICE
    assert message.to_locked == "", "its number is forgotten"
    assert queries.can_leave("sms")


@pytest.mark.parametrize(
    ("meets", "state", "said"),
    [
        ((400, BAD_NUMBER), State.FAILED, "does not take this number"),
        ((400, [{"error": "BadRequestError", "message": "Template not found"}]), State.WAITING, "VIG_NOTIFY_TEMPLATE"),
        ((403, [{"error": "AuthError", "message": "Invalid token"}]), State.WAITING, "VIG_NOTIFY_API_KEY"),
        ((429, [{"error": "RateLimitError", "message": "Exceeded rate limit"}]), State.WAITING, "code 429"),
        ((500, []), State.WAITING, "code 500"),
        ((503, []), State.WAITING, "code 503"),
    ],
)
def test_what_notify_says_decides_whether_it_is_tried_again(
    notify: FakeNotify, meets: object, state: str, said: str
) -> None:
    notify.planned = [meets]
    message = sent(posted())
    assert message.state == state
    assert said in message.reason
    assert NUMBER not in message.reason
    assert not notify.taken


def test_an_answer_that_was_lost_is_asked_for_and_nobody_is_told_twice(notify: FakeNotify) -> None:
    notify.planned = ["lost"]
    message = sent(posted())
    assert message.state == State.SENT
    assert message.receipt == notify.taken[0]["id"]
    sending.reconcile()
    assert len(notify.taken) == 1


def test_where_notify_does_not_know_it_a_person_decides(notify: FakeNotify) -> None:
    notify.planned = ["gone"]
    message = sent(posted())
    assert message.state == State.UNSURE
    assert "does not know the message" in message.reason
    notify.planned = ["lost", (500, [])]
    assert sent(posted()).state == State.UNSURE


def test_a_notify_that_is_not_there_is_tried_later(notify: FakeNotify, settings: LazySettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.NOTIFY_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
    message = sent(posted())
    assert message.state == State.WAITING
    assert "cannot be reached" in message.reason


def test_what_became_of_each_is_asked_for(notify: FakeNotify) -> None:
    messages = [sent(posted()) for _ in range(4)]
    for message, status in zip(
        messages, ("delivered", "permanent-failure", "temporary-failure", "sending"), strict=True
    ):
        notify.statuses[message.receipt] = status
    assert sending.ask_delivery() == 3
    found = []
    for message in messages:
        message.refresh_from_db()
        found.append(message.delivery)
    assert found == ["delivered", "undeliverable", "undeliverable", ""]
    notify.planned = [(500, [])]
    assert sending.ask_delivery() == 0, "it is asked again another time"


def test_half_a_set_up_stops_the_start_and_loses_no_message(notify: FakeNotify, settings: LazySettings) -> None:
    assert run_checks(tags=[checks.TAG]) == []
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEMPLATE = "a-key", ""
    assert len(run_checks(tags=[checks.TAG])) == 2
    message = sent(posted())
    assert message.state == State.WAITING
    assert "not set up whole" in message.reason
