"""The ways out. Each is one small class; which one a service has is a setting."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from outbox.channels.outcomes import NotNow, Refused, Unsure
from outbox.registry import Content


class Transport(Protocol):
    """One way out.

    ``leaves``: whether what it takes really reaches anybody. ``sentence``: if not, what to say wherever something
    depends on it, and to administrators how to mend it.

    ``send`` returns the provider's receipt (or nothing), and raises NotNow when the message certainly has not left and
    may be tried again, Refused when it never will, Unsure when nobody can tell. Anything else counts as Unsure.
    """

    leaves: bool
    sentence: str

    def prepare(self) -> None:
        """Reach the provider, before anything is handed over. Raises NotNow."""

    def send(self, *, message_id: str, to: str, content: Content) -> str: ...


def transport(channel: str) -> Transport:
    """The way out for ``channel`` ("email", "sms")."""
    return _made(settings.OUTBOX_CHANNELS[channel])()


@cache
def _made(path: str) -> type[Transport]:
    return import_string(path)


__all__ = ["NotNow", "Refused", "Transport", "Unsure", "transport"]
