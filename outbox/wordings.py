"""The words of messages: those that ship, those that a service put in their place, and how they read.

A service writes plain text with placeholders in braces, ``{link}``. Which there are is said by whoever sends it: none
names a family, so that no wording can. What ships stands in templates, and is in force until somebody saves a version;
a version is never changed, and a message that leaves notes the one that it was written in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from outbox.models import MessageWording
from outbox.registry import Content, Wordable

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
PARTS = ("subject", "body", "sms")
# GSM 03.38: a text message in its alphabet has 160 characters, one with any other letter 70; of several each has less.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")


@dataclass(frozen=True)
class Words:
    """The words of one kind of message; version 0 is what ships."""

    version: int
    subject: str
    body: str
    sms: str


def service_words() -> dict[str, str]:
    """What every message may say of the service."""
    return {
        "service_name": settings.SERVICE_NAME,
        "service_phone": settings.SERVICE_PHONE,
        "service_url": settings.SERVICE_URL,
    }


def offered(wordable: Wordable) -> dict[str, str]:
    """The placeholders that its words may use, each with an example. Discreet words cannot say whose they are."""
    return {**wordable.example, **({} if wordable.discreet else service_words())}


def shipped(wordable: Wordable) -> Words:
    """The words that come with the service, with its placeholders in braces."""
    return Words(
        0, **_templates(wordable.folder, {name: f"{{{name}}}" for name in {*wordable.example, *service_words()}})
    )


def in_force(wordable: Wordable) -> Words:
    """The newest version, or what ships."""
    row = MessageWording.objects.filter(key=wordable.key).first()
    if row is None or row.as_shipped:
        return Words(row.version, *_parts(shipped(wordable))) if row else shipped(wordable)
    return Words(row.version, row.subject, row.body, row.sms)


def _parts(words: Words) -> tuple[str, str, str]:
    return words.subject, words.body, words.sms


def content(wordable: Wordable, values: Mapping[str, Any]) -> Content:
    """The message in the words in force."""
    words = in_force(wordable)
    said = fill(words, {**service_words(), **values})
    return Content(
        subject=" ".join(said.subject.split()),
        body=f"{said.body.strip()}\n",
        sms=" ".join(said.sms.split()),
        discreet=wordable.discreet,
        version=words.version,
    )


def fill(words: Words, values: Mapping[str, Any]) -> Words:
    """Every placeholder replaced once: what stands in a value is never read as another."""

    def read(text: str) -> str:
        return PLACEHOLDER.sub(lambda found: str(values.get(found[1].strip(), found[0])), text)

    return Words(words.version, *map(read, _parts(words)))


def _templates(folder: str, values: Mapping[str, Any]) -> dict[str, str]:
    # Plain text: an apostrophe in it stays an apostrophe.
    known = Context(dict(values), autoescape=False)
    return {
        part: get_template(f"{folder}/{part}.txt").template.render(known).strip()  # type: ignore[attr-defined]
        for part in PARTS
    }


def unknown(wordable: Wordable, text: str) -> list[str]:
    """Placeholders in ``text`` that there are not."""
    return sorted({found[1].strip() for found in PLACEHOLDER.finditer(text)} - set(offered(wordable)))


def missing(wordable: Wordable, part: str, text: str) -> list[str]:
    """Placeholders without which the message would be of no use: those of its own that the shipped words have there."""
    used = {found[1].strip() for found in PLACEHOLDER.finditer(text)}
    needed = {found[1].strip() for found in PLACEHOLDER.finditer(getattr(shipped(wordable), part))}
    return sorted((needed & set(wordable.example)) - used)


def sms_parts(text: str) -> int:
    """How many text messages a text is sent as."""
    if set(text) <= GSM | GSM_TWICE:
        length, one, each = len(text) + sum(letter in GSM_TWICE for letter in text), 160, 153
    else:
        length, one, each = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= one else -(-length // each)
