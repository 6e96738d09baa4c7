"""What the record, to the right, tells the accounts: which families' events somebody may read in the audit log."""

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
