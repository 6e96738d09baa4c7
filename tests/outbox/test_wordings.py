"""The words of messages: changed by a service, by version, looked at as they arrive; never able to name a family."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from outbox import actions, registry, sending, wordings
from outbox.models import Message, MessageWording
from referrals.actions.following import LINK
from tests.cast import Cast
from tests.referrals.made import make_referral

SignedIn = Callable[[User], Client]
URL = "/settings/messages/referral-link/"
MINE = {
    "subject": "{service_name}: your link",
    "body": "Hello,\n\nthis is your link: {link}\n\nWarmly,\n{service_name}",
    "sms": "Your link: {link}",
    "why": "Friendlier",
    "read": 0,
}


@pytest.fixture
def dev(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.dev)


def link_sent() -> Message:
    referral = make_referral(referrer_email="hanna@clinic.example", referrer_email_checked_at="2026-01-01T00:00Z")
    message = actions.post(by=None, kind=LINK, channel="email", to="hanna@clinic.example", subject_id=referral.pk)
    sending.send(message.pk)
    message.refresh_from_db()
    return message


@pytest.fixture(autouse=True)
def _mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.mark.django_db
def test_all_that_ships_is_whole_and_offers_what_it_uses() -> None:
    assert len(registry.wordables()) >= 9
    for each in registry.wordables():
        ships = wordings.shipped(each)
        for part in wordings.PARTS:
            text = getattr(ships, part)
            assert text, (each.key, part)
            assert wordings.unknown(each, text) == [], (each.key, part)
            assert "{{" not in text
        read = wordings.fill(ships, wordings.offered(each))
        assert "{" not in f"{read.subject}{read.body}{read.sms}"


@pytest.mark.django_db
def test_new_words_are_looked_at_as_they_arrive_then_saved_and_sent(dev: Client, settings: LazySettings) -> None:
    before = link_sent()
    assert before.wording == 0
    shown = dev.post(URL, {**MINE, "preview": "1"}).content.decode()
    assert f"{settings.SERVICE_NAME}: your link" in shown
    assert "https://…/referral/…" in shown
    assert not MessageWording.objects.exists(), "nothing is saved by looking"
    dev.post(URL, MINE)
    after = link_sent()
    assert after.wording == 1
    assert mail.outbox[-1].subject == f"{settings.SERVICE_NAME}: your link"
    assert "this is your link: http" in mail.outbox[-1].body
    assert "Version 1" in dev.get(reverse("outbox:wordings")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("body", "Hello {baby}, your link: {link}", "There is no {baby} in this message"),
        ("body", "No link", "Put {link} in"),
        ("subject", "{link.__class__}", "There is no {link.__class__}"),
        ("sms", "", "Enter the text message"),
        ("body", "{% load static %} {{ link }}", "There is no"),
    ],
)
def test_what_a_message_cannot_say_is_refused_beside_its_box(dev: Client, part: str, text: str, said: str) -> None:
    answer = dev.post(URL, {**MINE, part: text})
    assert answer.status_code == 400
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert not MessageWording.objects.exists()


@pytest.mark.django_db
def test_earlier_words_and_those_that_ship_are_put_back_as_a_version(dev: Client) -> None:
    dev.post(URL, MINE)
    dev.post(URL, {**MINE, "subject": "Another one", "read": 1})
    page = dev.get(f"{URL}?from=1").content.decode()
    assert 'value="{service_name}: your link"' in page
    assert "Begin from version 1" in page
    found = registry.wordable("referral-link")
    assert found is not None
    ships = wordings.shipped(found)
    back = {"subject": ships.subject, "body": ships.body, "sms": ships.sms, "why": "As it was", "read": 2}
    dev.post(URL, back)
    newest = MessageWording.objects.get(key="referral-link", version=3)
    assert newest.as_shipped
    assert link_sent().wording == 3
    assert wordings.in_force(found).body == ships.body


@pytest.mark.django_db
def test_two_who_save_at_once_do_not_overwrite_one_another(cast: Cast, dev: Client) -> None:
    actions.save_wording(by=cast.dev, key="referral-link", why="First", words=("a", "b", "c"), read_version=0)
    with pytest.raises(ValidationError, match="another version meanwhile"):
        actions.save_wording(by=cast.dev, key="referral-link", why="Second", words=("d", "e", "f"), read_version=0)
    answer = dev.post(URL, MINE)
    assert "another version meanwhile" in answer.content.decode()
    assert "this is your link" in answer.content.decode(), "what was typed is still there"


@pytest.mark.django_db
def test_discreet_words_cannot_say_whose_they_are(dev: Client) -> None:
    url = "/settings/messages/questionnaire-link-discreet/"
    words = {**MINE, "subject": "{service_name}", "body": "{link} until {until}", "sms": "{link} {until}"}
    assert "There is no {service_name}" in dev.post(url, words).content.decode()
    assert dev.get("/settings/messages/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("’" * 70, 1), ("’" * 71, 2)]
)
def test_text_messages_are_counted_as_networks_count_them(text: str, parts: int) -> None:
    assert wordings.sms_parts(text) == parts


@given(st.text(max_size=80), st.text(max_size=30))
def test_a_value_is_never_read_as_another_placeholder(text: str, value: str) -> None:
    words = wordings.Words(0, "", text.replace("{", "").replace("}", "") + "{link}", "")
    said = wordings.fill(words, {"link": f"{value}{{service_name}}", "service_name": "never"})
    assert said.body.endswith(f"{value}{{service_name}}")
