"""A questionnaire's link by text or e-mail: only in ways that are allowed, discreet, decided again when it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families.actions.loss import LossFacts, record_loss
from families.models import Answer, Protection
from outbox import sending
from outbox.channels.email import Email
from outbox.models import Message
from outbox.registry import Content
from outcomes.actions import askings, links
from outcomes.models import Asking
from tests.cast import Cast, FamilyInTests
from tests.outcomes.test_askings import asked, told_in

SignedIn = Callable[[User], Client]
FORBIDDEN = ["Rowan", "Sam", "Nan", "Example", "Asha", "GAD", "anxiety", "measure", "questionnaire", "baby", "family"]
LINK = re.compile(r"https?://\S+/q/([\w-]+)/")


class Texts:
    """A provider of text messages of the tests."""

    leaves, sentence = True, ""
    taken: list[tuple[str, str]] = []

    def prepare(self) -> None:
        pass

    def send(self, *, message_id: str, to: str, content: Content) -> str:
        self.taken.append((to, content.sms))
        return message_id


@pytest.fixture
def texts(settings: LazySettings) -> list[tuple[str, str]]:
    settings.OUTBOX_CHANNELS = {**settings.OUTBOX_CHANNELS, "sms": "tests.outcomes.test_links_sent.Texts"}
    Texts.taken = []
    return Texts.taken


@pytest.fixture
def family(family: FamilyInTests) -> FamilyInTests:
    """Sam may be sent texts, and nothing else."""
    sam = family.sam
    sam.phone, sam.may_text = "+447700900123", Answer.YES
    sam.email, sam.may_email = "sam@example.test", Answer.NO
    sam.save()
    return family


def url(family: FamilyInTests, asking: Asking, name: str = "asking-send") -> str:
    return reverse(f"outcomes:{name}", kwargs={"case": family.case.pk, "asking": asking.pk})


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address, follow=True).content.decode().split())


def sent(cast: Cast, asking: Asking, **more: Any) -> Message:
    return links.send_link(by=cast.asha, asking=asking, channel="sms", **more)


def leaves(message: Message) -> Message:
    sending.send(message.pk)
    message.refresh_from_db()
    return message


# --- It leaves ------------------------------------------------------------------------------------------------------


def test_a_link_is_sent_in_a_way_that_they_allow_and_opens_the_questions(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, texts: list[tuple[str, str]]
) -> None:
    asking, client = asked(cast, family), signed_in(cast.asha)
    form = page(client, url(family, asking))
    assert "Text message to 07700 900123" in form
    assert "Send Sam no e-mail." in form
    assert 'value="email"' not in form
    assert client.post(url(family, asking), {"channel": "email"}).status_code == 400
    assert client.post(url(family, asking), {"channel": "sms"}).url == url(family, asking, "asking")
    asking.refresh_from_db()
    assert asking.token_hash is None  # nothing that opens anything waits in the database
    assert "on its way" in page(client, url(family, asking, "asking"))
    assert client.post(url(family, asking), {"channel": "sms"}).status_code == 400  # two clicks send one message
    assert Message.objects.count() == 1

    message = leaves(Message.objects.get())
    assert message.state == "sent"
    to, words = texts[0]
    assert to == "+447700900123"
    found = LINK.search(words)
    assert found is not None
    opened = askings.asking_of(found[1])
    assert opened == asking
    for word in FORBIDDEN:
        assert not told_in(word, words.replace("Parent-Infant", "")), word
    assert "Text message: sent" in page(client, url(family, asking, "asking"))
    goals = page(client, reverse("outcomes:goals", kwargs={"case": family.case.pk}))
    assert "Text message: sent" in goals
    assert AuditEvent.objects.filter(verb="questionnaire.link-posted", subject_id=str(asking.pk)).count() == 1


def test_sent_again_the_older_link_ends(cast: Cast, family: FamilyInTests, texts: list[tuple[str, str]]) -> None:
    asking = asked(cast, family)
    leaves(sent(cast, asking))
    leaves(sent(cast, asking))
    older, newer = (LINK.search(words)[1] for _, words in texts)  # type: ignore[index]
    assert askings.asking_of(older) is None
    assert askings.asking_of(newer) == asking


def test_discreet_words_leave_the_service_out_and_nobody_who_may_not_reads_an_address(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, settings: LazySettings, texts: list[tuple[str, str]]
) -> None:
    settings.SERVICE_NAME, settings.DEFAULT_FROM_EMAIL = "Riverside Infants", "Riverside Infants <post@service.example>"
    assert "Riverside" in links.sample(discreet=False).sms
    family.sam.discreet_words = "It is about the library"
    family.sam.save()
    asking = asked(cast, family)
    leaves(sent(cast, asking))
    assert "Riverside" not in texts[0][1]
    words = links.sample(discreet=True)
    assert "Riverside" not in f"{words.subject} {words.body} {words.sms}"
    assert "Call" not in words.body
    Email().send(message_id="1", to="sam@example.test", content=words)
    Email().send(message_id="2", to="sam@example.test", content=links.sample(discreet=False))
    assert [each.from_email for each in mail.outbox] == ["post@service.example", settings.DEFAULT_FROM_EMAIL]
    family.sam.discreet_words = ""
    family.sam.save()
    Protection.objects.create(person=family.sam, from_everyone=True, reason="He looks for her.", by=cast.asha)
    assert links.is_discreet(family.sam)
    form = page(signed_in(cast.asha), url(family, asking))
    assert "07700" not in form
    assert "must not be found" in form


def test_where_nothing_can_leave_the_page_says_so_and_the_link_is_still_shown(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    asking, client = asked(cast, family), signed_in(cast.asha)
    said = page(client, url(family, asking))
    assert "Nothing can be sent." in said
    assert "reach nobody" in said or "none is sent" in said
    assert "Make the link" in said
    with pytest.raises(ValidationError):
        sent(cast, asking)
    assert not Message.objects.exists()
    assert "/q/" in client.post(url(family, asking, "asking-link")).content.decode()


# --- It does not leave ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"may_text": Answer.NOT_ASKED}, "has not been asked whether a text message is safe"),
        ({"phone": "", "may_text": Answer.YES}, "No phone number of Sam is known"),
    ],
)
def test_a_way_that_was_not_allowed_is_not_offered(
    changes: dict[str, Any], reason: str, cast: Cast, family: FamilyInTests, texts: list[tuple[str, str]]
) -> None:
    for name, value in changes.items():
        setattr(family.sam, name, value)
    family.sam.save()
    with pytest.raises(ValidationError, match=reason):
        sent(cast, asked(cast, family))


def test_a_number_shared_with_whom_somebody_is_protected_from_is_not_used(
    cast: Cast, family: FamilyInTests, texts: list[tuple[str, str]]
) -> None:
    family.nan.phone = family.sam.phone
    family.nan.save()
    asking = asked(cast, family)
    message = sent(cast, asking)  # a telephone in common is nobody's harm by itself
    Protection.objects.create(person=family.sam, from_everyone=True, reason="She looks for him.", by=cast.asha)
    assert leaves(message).state == "not_sent"
    with pytest.raises(ValidationError, match="one of them is protected"):
        sent(cast, asking)


def _withdraw(cast: Cast, family: FamilyInTests, asking: Asking) -> None:
    askings.withdraw(by=cast.asha, asking=asking)


def _answered(cast: Cast, family: FamilyInTests, asking: Asking) -> None:
    askings.send(asking=asking)


def _died(cast: Cast, family: FamilyInTests, asking: Asking) -> None:
    record_loss(by=cast.asha, case=family.case, person=family.rowan, facts=LossFacts(kind="died"))


def _made_by_hand(cast: Cast, family: FamilyInTests, asking: Asking) -> None:
    askings.make_link(by=cast.asha, asking=asking)


def _changed_mind(cast: Cast, family: FamilyInTests, asking: Asking) -> None:
    family.sam.may_text = Answer.NO
    family.sam.save()


def _other_number(cast: Cast, family: FamilyInTests, asking: Asking) -> None:
    family.sam.phone = "+447700900456"
    family.sam.save()


def _safe_time_over(cast: Cast, family: FamilyInTests, asking: Asking) -> None:
    family.sam.safe_times = "weekdays from 10 to 2"
    family.sam.save()
    Asking.objects.filter(pk=asking.pk).update(message_at=timezone.now() - timedelta(minutes=16))


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_withdraw, "taken back"),
        (_answered, "answered already"),
        (_died, "has died"),
        (_made_by_hand, "Another link was made"),
        (_changed_mind, "do not want messages in this way"),
        (_other_number, "another one now"),
        (_safe_time_over, "safe may be over"),
    ],
)
def test_it_is_decided_again_when_it_is_about_to_leave(
    happens: Callable[[Cast, FamilyInTests, Asking], None],
    reason: str,
    cast: Cast,
    family: FamilyInTests,
    signed_in: SignedIn,
    texts: list[tuple[str, str]],
) -> None:
    asking = asked(cast, family)
    message = sent(cast, asking)
    happens(cast, family, asking)
    message = leaves(message)
    assert message.state == "not_sent"
    assert reason in message.reason
    assert not told_in("Sam", message.reason)
    assert texts == []
    if happens is not _made_by_hand:  # there the link on the page is what counts
        assert f"not sent. {message.reason}" in page(signed_in(cast.asha), url(family, asking, "asking"))


def test_where_some_times_are_safe_somebody_says_that_this_is_one(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, texts: list[tuple[str, str]]
) -> None:
    family.sam.safe_times = "weekdays from 10 to 2"
    family.sam.save()
    asking, client = asked(cast, family), signed_in(cast.asha)
    assert "weekdays from 10 to 2" in page(client, url(family, asking))
    answer = client.post(url(family, asking), {"channel": "sms"})
    assert answer.status_code == 400
    assert "tick that this is one" in answer.content.decode()
    client.post(url(family, asking), {"channel": "sms", "safe_now": "on"})
    assert leaves(Message.objects.get()).state == "sent"


def test_what_is_answered_together_and_what_was_taken_back_is_never_sent(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, texts: list[tuple[str, str]]
) -> None:
    client = signed_in(cast.asha)
    together, back = asked(cast, family, way="together"), asked(cast, family)
    askings.withdraw(by=cast.asha, asking=back)
    for each in (together, back):
        assert client.post(url(family, each), {"channel": "sms"}).url == url(family, each, "asking")
        with pytest.raises(askings.NotOpen):
            sent(cast, each)
    assert not Message.objects.exists()
