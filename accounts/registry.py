"""What the apps to the right tell the accounts: whose events somebody may read, which settings are theirs, and what
they keep encrypted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class AuditScope:
    """``families(user)``: ids (as text) of the families whose events a manager may read.

    ``find(text)``: ids of the families that a reference typed into the filter means. ``case_url_name`` leads from a
    case's id to its page, for those who may open it.
    """

    families: Callable[[User], Collection[str]]
    find: Callable[[str], Collection[str]]
    case_url_name: str = ""


_scopes: list[AuditScope] = []


def register_audit_scope(scope: AuditScope) -> None:
    """Called once, from the ``ready`` of the app that holds the families."""
    _scopes.append(scope)


def audit_scopes() -> tuple[AuditScope, ...]:
    return tuple(_scopes)


@dataclass(frozen=True)
class SettingsPage:
    """Something of its own that the service can change without code: a line on the settings page.

    ``permissions``: one of them is enough to be shown it (and the page itself asks again).
    """

    label: str
    url_name: str
    hint: str
    permissions: tuple[str, ...]
    order: int = 50


_settings_pages: list[SettingsPage] = []


def register_settings_page(page: SettingsPage) -> None:
    """Called from the ``ready`` of the app whose wording, list or threshold it is."""
    if page not in _settings_pages:
        _settings_pages.append(page)
        _settings_pages.sort(key=lambda each: (each.order, each.label))


def settings_pages_for(user: User) -> list[SettingsPage]:
    """The settings that this person's role may change."""
    return [page for page in _settings_pages if any(user.can(each) for each in page.permissions)]


# Why somebody cannot leave yet, or be something else: a sentence that says what has to be done first, or "".
Keeper = Callable[["User", str], str]

_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Called from the ``ready`` of an app in which something may depend on one person. It is asked before their account
    is closed (with an empty role) and before they get another role."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def still_needed(user: User, role: str = "") -> list[str]:
    """Why ``user`` cannot leave, or be ``role``, yet."""
    return [said for keeper in _keepers if (said := keeper(user, role))]


# Encrypts again, with the newest key, whatever an app keeps under ``accounts.locker``; returns how much that was.
Relocker = Callable[[], int]

_relockers: list[Relocker] = []


def register_relocker(relocker: Relocker) -> None:
    """Called from the ``ready`` of an app that keeps something encrypted."""
    if relocker not in _relockers:
        _relockers.append(relocker)


def relockers() -> tuple[Relocker, ...]:
    return tuple(_relockers)
