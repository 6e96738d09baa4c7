"""A questionnaire's link sent to somebody: posted through the outbox, decided again when it is about to leave.

The link is made in the moment of writing the message: until then there is none, and nothing that could open anything
waits in the database. What the message says names no measure and nobody; for whoever asked for discreet words, or
might be looked for, it names no service either.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.locker import Unreadable
from accounts.models import User
from audit.actions import record as audit
from families import phones
from families.contact import Channel, ways_to_reach
from families.models import Membership, Person
from outbox.actions import post
from outbox.models import Message
from outbox.queries import can_leave, why_nothing_leaves
from outbox.registry import Content, in_words
from outcomes.actions.askings import LINK_LASTS, NotOpen, fingerprint, is_quiet, may_answer
from outcomes.models import Asking

KIND = "questionnaire-link"
DISCREET = "questionnaire-link-discreet"  # the words where somebody else may read them
UNDER_WAY = (Message.State.WAITING, Message.State.SENDING)
SAFE_FOR = timedelta(minutes=15)
"""How long "now is a safe time" holds: somebody said so when they pressed the button, and nobody asks them again."""
CHANNELS = {Channel.TEXT: Message.Channel.SMS, Channel.EMAIL: Message.Channel.EMAIL}


@dataclass(frozen=True)
class LinkWay:
    """One way in which a link could be sent to somebody: where to, or why not, as a sentence."""

    channel: Channel
    to: str  # as it is dialled or written to
    why_not: str

    @property
    def sent_by(self) -> str:
        return str(CHANNELS[self.channel])

    @property
    def shown(self) -> str:
        return phones.shown(self.to) if self.channel == Channel.TEXT else self.to


def ways_for_link(person: Person) -> list[LinkWay]:
    """Text message and e-mail, each with its reason where the person's own answers, or their safety, close it."""
    reach = ways_to_reach(person)
    mobile = next((number for number in (person.phone, person.other_phone) if phones.is_mobile(number)), "")
    found = []
    for channel, to in ((Channel.TEXT, mobile), (Channel.EMAIL, person.email)):
        why = reach.why_not(channel) or _somebody_elses(person, to)
        found.append(LinkWay(channel, to, why))
    return found


def _somebody_elses(person: Person, to: str) -> str:
    """Why a number or address is not safe that the record has of somebody else of the family as well, when one of
    the two is protected."""
    families = Membership.objects.filter(person=person).values("family")
    others = Person.objects.filter(memberships__family__in=families).exclude(pk=person.pk).distinct()
    same = [each for each in others if to and to.lower() in {each.phone, each.other_phone, each.email.lower()}]
    if same and any(is_protected(each) for each in (person, *same)):
        return "Somebody else of the family has the same one, and one of them is protected. Settle whose it is first."
    return ""


def is_protected(person: Person) -> bool:
    return person.protections.filter(lifted_at=None).exists()


def is_discreet(person: Person) -> bool:
    """Whether a message must not say who sends it."""
    return bool(person.discreet_words or person.hide_caller or person.address_confidential) or is_protected(person)


@transaction.atomic
def send_link(*, by: User, asking: Asking, channel: str, safe_now: bool = False) -> Message:
    """Have a link to this questionnaire sent. A link that was made before ends when the message is written.

    ``safe_now``: whoever sends it knows that this is one of the times that are safe. Raises NotOpen, or
    ValidationError with the sentence to show.
    """
    rows = Asking.objects.select_for_update(of=("self",)).select_related("case", "person", "version", "message")
    locked = rows.get(pk=asking.pk)
    if locked.way != Asking.Way.LINK or not may_answer(locked):
        raise NotOpen
    if locked.message is not None and locked.message.state in UNDER_WAY:
        raise ValidationError("A message with this link is on its way already. Wait until it has left.")
    way = next((each for each in ways_for_link(locked.person) if each.sent_by == channel), None)
    if way is None:
        raise ValidationError({"channel": "Select how to send it"})
    if why := way.why_not or ("" if can_leave(channel) else why_nothing_leaves(channel)):
        raise ValidationError({"channel": why})
    if locked.person.safe_times and not safe_now:
        raise ValidationError({"safe_now": "Send it only at a time that is safe, and tick that this is one"})
    message = post(
        by=by,
        kind=KIND,
        channel=channel,
        to=way.to,
        subject_id=locked.pk,
        case_id=locked.case_id,
        family_id=locked.case.family_id,
        person_id=locked.person_id,
    )
    locked.message, locked.message_at = message, timezone.now()
    locked.save(update_fields=["message", "message_at"])
    audit(
        by=by,
        verb="questionnaire.link-posted",
        subject=locked,
        family_id=locked.case.family_id,
        case_id=locked.case_id,
        channel=channel,
    )
    return message


def write(message: Message) -> Content:
    """The words of a message, with a link made now. A message that is written again has a newer link."""
    with transaction.atomic():
        asking = Asking.objects.select_for_update(of=("self",)).select_related("person").get(pk=message.subject_id)
        token = secrets.token_urlsafe(32)
        asking.token_hash, asking.expires_at = fingerprint(token), timezone.now() + LINK_LASTS
        asking.save(update_fields=["token_hash", "expires_at"])
    link = urljoin(settings.SERVICE_URL, reverse("outcomes:answer-open", kwargs={"token": token}))
    return _words(link, asking.expires_at, is_discreet(asking.person))


def _words(link: str, until: datetime, discreet: bool) -> Content:
    day = f"{timezone.localtime(until):%-d %B}"
    return in_words(DISCREET if discreet else KIND, link=link, until=day)


def sample(discreet: bool) -> Content:
    """The words as they would be sent now, with no link in them."""
    return _words(urljoin(settings.SERVICE_URL, "/q/…"), timezone.now() + LINK_LASTS, discreet)


def why_not_now(message: Message) -> str:
    """The outbox's rule: what was right when somebody pressed the button need not be when the message leaves."""
    if message.kind != KIND:
        return ""
    rows = Asking.objects.select_related("case", "person", "version")
    asking = rows.filter(pk=message.subject_id).first()
    if asking is None:
        return "The questionnaire is gone."
    if why := _why_closed(asking):
        return why
    if asking.message_id != message.pk:
        return "Another link was made, or sent, after this message was asked for."
    way = next(each for each in ways_for_link(asking.person) if each.sent_by == message.channel)
    if way.why_not:
        return "They do not want messages in this way any more, or it is not safe."
    try:
        if way.to != message.to:
            return "Their number or address is another one now."
    except Unreadable:
        return ""  # sending says so itself, and tries again
    if asking.person.safe_times and (asking.message_at is None or timezone.now() - asking.message_at > SAFE_FOR):
        return "The time at which it was safe may be over. Send it again when it is."
    return ""


def _why_closed(asking: Asking) -> str:
    if asking.done_at is not None:
        return "The questions were answered already."
    if asking.withdrawn_at is not None:
        return "The questionnaire was taken back."
    if is_quiet(asking.case, asking.person):
        return "Somebody in this family has died. Nothing is sent."
    return "" if may_answer(asking) else "The case is closed, or the time for these questions is over."
