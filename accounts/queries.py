"""Reads that people look at."""

from __future__ import annotations

from accounts.roles import PERMISSIONS, Permission


def permissions_in_words(role: str) -> list[str]:
    """What a role does, in the order of ``Permission``."""
    held = PERMISSIONS.get(role, frozenset())
    return [one.label for one in Permission if one in held]
