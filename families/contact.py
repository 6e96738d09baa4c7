"""How somebody may be reached: the one place that says so.

Whoever rings, writes, or lets the service send a message asks here; nothing else reads ``may_text`` and its like to
decide. Silence is not permission: a way that nobody has asked about is not used by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from families import phones
from families.models import Address, Answer, Person


class Channel(models.TextChoices):
    CALL = "call", "Phone call"
    VOICEMAIL = "voicemail", "Voicemail"
    TEXT = "text", "Text message"
    EMAIL = "email", "E-mail"
    POST = "post", "Letter"


@dataclass(frozen=True)
class Way:
    """One way to reach somebody: where to, and what they answered when asked."""

    channel: Channel
    to: str  # as it is shown: a number, an address, the lines of an envelope
    answer: Answer
    why_not: str  # a sentence; empty when it may be used

    @property
    def open(self) -> bool:
        return not self.why_not

    @property
    def asked(self) -> bool:
        return self.answer != Answer.NOT_ASKED


@dataclass(frozen=True)
class Reach:
    """Everything to know before reaching somebody."""

    ways: tuple[Way, ...]
    safe_times: str
    discreet_words: str
    hide_caller: bool
    address_confidential: bool

    def way(self, channel: str) -> Way:
        return next(way for way in self.ways if way.channel == channel)

    def may(self, channel: str) -> bool:
        """Whether this way may be used, by a person or by the service itself."""
        return self.way(channel).open

    def why_not(self, channel: str) -> str:
        """Why this way is not used, as a sentence; empty when it may be."""
        return self.way(channel).why_not

    @property
    def open_ways(self) -> list[Way]:
        return [way for way in self.ways if way.open]


def letter_address(person: Person) -> tuple[str, str]:
    """Where a letter goes, and else why none can: ``(address, "")`` or ``("", sentence)``.

    Somebody's own address comes before their household's. A household's is theirs only while they are known to live
    there; with two homes it is not guessed which.
    """
    own = [address for address in person.addresses.all() if address.is_current and address.on_one_line]
    own.sort(key=lambda address: address.kind != Address.Kind.LETTERS)
    if own:
        return own[0].on_one_line, ""
    homes = {
        address.on_one_line
        for membership in person.memberships.all()
        if not membership.has_left and (membership.lives_with_infant or person.kind == Person.Kind.INFANT)
        for address in membership.family.addresses.all()
        if address.is_current and address.on_one_line
    }
    if len(homes) == 1:
        return homes.pop(), ""
    if homes:
        return "", f"{person.short_name} has more than one home. Write down which address letters go to."
    return "", f"No address of {person.short_name} is known."


def ways_to_reach(person: Person) -> Reach:
    """What may be used to reach somebody. Every channel is in it, with the reason where it is closed.

    Reads the person's addresses, memberships and those households' addresses: prefetch
    ``addresses`` and ``memberships__family__addresses`` where many people are shown.
    """
    name = person.short_name
    if person.lost:
        closed = f"Nothing is sent to {name}, who has died."
        return Reach(
            ways=tuple(Way(channel, "", Answer.NO, closed) for channel in Channel),
            safe_times="",
            discreet_words="",
            hide_caller=False,
            address_confidential=person.address_confidential,
        )
    address, no_address = letter_address(person)
    mobiles = [number for number in (person.phone, person.other_phone) if phones.is_mobile(number)]
    called = phones.shown(person.phone or person.other_phone)
    texted = phones.shown(mobiles[0]) if mobiles else ""
    no_phone = f"No phone number of {name} is known."
    no_mobile = f"No mobile number of {name} is known." if called else no_phone
    asked = (
        (Channel.CALL, called, person.may_call, no_phone, f"{name} does not want calls."),
        (Channel.VOICEMAIL, called, person.may_voicemail, no_phone, f"Leave no voicemail for {name}."),
        (Channel.TEXT, texted, person.may_text, no_mobile, f"{name} does not want texts."),
        (
            Channel.EMAIL,
            person.email,
            person.may_email,
            f"No e-mail address of {name} is known.",
            f"Send {name} no e-mail.",
        ),
        (Channel.POST, address, person.may_post, no_address, f"Send {name} nothing by post."),
    )
    return Reach(
        ways=tuple(
            Way(channel, to, Answer(answer), _why_not(name, channel, to, answer, *said))
            for channel, to, answer, *said in asked
        ),
        safe_times=person.safe_times,
        discreet_words=person.discreet_words,
        hide_caller=person.hide_caller,
        address_confidential=person.address_confidential,
    )


def _why_not(name: str, channel: Channel, to: str, answer: str, unknown: str, refused: str) -> str:
    if answer == Answer.NO:
        return refused
    if not to:
        return unknown
    if answer == Answer.NOT_ASKED:
        return f"{name} has not been asked whether a {channel.label.lower()} is safe."
    return ""
