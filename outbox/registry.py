"""What other apps tell the outbox: how a kind of message reads, and when one is not sent after all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    version: int = 0  # of the words; 0 is what ships


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


@dataclass(frozen=True)
class Wordable:
    """Words that a service may put in its own: what ships in ``folder``, and the placeholders with an example of each.

    ``discreet``: they must not say whose they are.
    """

    key: str
    label: str
    folder: str
    example: Mapping[str, str]
    discreet: bool = False


_kinds: dict[str, Kind] = {}
_wordables: dict[str, Wordable] = {}
_rules: list[SendRule] = []


def register_kind(kind: str, render: Renderer, *, label: str = "") -> None:
    """Called from the ``ready`` of the app that writes messages of this kind."""
    _kinds[kind] = Kind(kind, label or kind.replace("-", " ").replace("_", " ").capitalize(), render)


def register_words(
    key: str, *, label: str, folder: str, example: Mapping[str, str] | None = None, discreet: bool = False
) -> Wordable:
    """Called from the ``ready`` of the app that writes these words, beside ``register_kind``."""
    _wordables[key] = Wordable(key, label, folder, dict(example or {}), discreet)
    return _wordables[key]


def wordables() -> list[Wordable]:
    """All words that a service may change, by name."""
    return sorted(_wordables.values(), key=lambda each: each.label)


def wordable(key: str) -> Wordable | None:
    return _wordables.get(key)


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


def in_words(key: str, **values: Any) -> Content:
    """What is sent, in the words of ``key`` that are in force now. Raises KeyError for words that nobody registered."""
    from outbox import wordings

    return wordings.content(_wordables[key], values)
