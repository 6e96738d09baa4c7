"""What other apps tell the outbox: how a kind of message reads, and when one is not sent after all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

if TYPE_CHECKING:
    from outbox.models import Message


@dataclass(frozen=True)
class Content:
    """What is sent. An e-mail has ``subject`` and ``body``, a text message ``sms``.

    Whoever picks up the telephone may read it: nothing in it names a family, a person of one, or why.
    """

    subject: str = ""
    body: str = ""
    sms: str = ""
    discreet: bool = False  # its sender is an address alone, without the service's name


Renderer = Callable[["Message"], Content]
# "" when the message may leave, or why it may not: asked when it is about to leave, of the record as it is then. The
# reason is read by administrators and names nobody.
SendRule = Callable[["Message"], str]


@dataclass(frozen=True)
class Kind:
    """A kind of message, as administrators read it."""

    name: str
    label: str
    render: Renderer


_kinds: dict[str, Kind] = {}
_rules: list[SendRule] = []


def register_kind(kind: str, render: Renderer, *, label: str = "") -> None:
    """Called from the ``ready`` of the app that writes messages of this kind."""
    _kinds[kind] = Kind(kind, label or kind.replace("-", " ").replace("_", " ").capitalize(), render)


def register_rule(rule: SendRule) -> None:
    """Called from the ``ready`` of the app that knows why a message should not leave; asked about every kind."""
    if rule not in _rules:
        _rules.append(rule)


def kind_of(name: str) -> Kind | None:
    return _kinds.get(name)


def label_of(name: str) -> str:
    """What a kind is called; its name when the app that wrote it is gone."""
    found = _kinds.get(name)
    return found.label if found else name


def why_not(message: Message, rules: Iterable[SendRule] | None = None) -> str:
    """The first reason not to send a message now, or an empty text."""
    return next((reason for rule in (_rules if rules is None else rules) if (reason := rule(message))), "")


def from_templates(folder: str, context: Mapping[str, Any] | None = None, *, discreet: bool = False) -> Content:
    """The words from Django templates: ``<folder>/subject.txt``, ``body.txt`` and ``sms.txt``."""
    known = {
        "service_name": settings.SERVICE_NAME,
        "service_phone": settings.SERVICE_PHONE,
        "service_url": settings.SERVICE_URL,
        **(context or {}),
    }
    # Plain text: an apostrophe in it stays an apostrophe.
    words = Context(known, autoescape=False)
    subject, body, sms = (
        get_template(f"{folder}/{part}.txt").template.render(words).strip()  # type: ignore[attr-defined]
        for part in ("subject", "body", "sms")
    )
    return Content(subject=" ".join(subject.split()), body=f"{body}\n", sms=" ".join(sms.split()), discreet=discreet)
