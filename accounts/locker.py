"""Encryption of the few secrets that must be readable again: TOTP seeds, recovery seeds, held forms."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(ValueError):
    """The text was not encrypted with any of our keys."""


def lock(text: str) -> str:
    """``text`` encrypted with the newest key."""
    return _locker().encrypt(text.encode()).decode()


def unlock(locked: str, *, max_age: int | None = None) -> str:
    """What was locked. Raises Unreadable when no key of ours fits, or when it is older than ``max_age`` seconds."""
    try:
        return _locker().decrypt(locked.encode(), ttl=max_age).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unreadable("No key of VIG_FIELD_KEYS opens this. Was a key removed too early?") from error


def _locker() -> MultiFernet:
    keys = settings.FIELD_KEYS or [
        # The demonstration brings no keys of its own; production refuses to start without.
        base64.urlsafe_b64encode(hashlib.sha256(b"field key:" + secret.encode()).digest()).decode()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return MultiFernet([Fernet(key) for key in keys])
