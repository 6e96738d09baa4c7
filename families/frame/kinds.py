"""What can be opened in the frame. Each app registers its kinds in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponseBase

from accounts.models import Permission
from accounts.request import Request

if TYPE_CHECKING:
    from families.models import FrameLease

Show = Callable[[Request, "FrameLease", str], HttpResponseBase]


@dataclass(frozen=True)
class FrameKind:
    """One kind of page for a family.

    ``show(request, lease, step)`` answers every request in the frame while the lease is open: GET and POST of
    ``/together/`` (``step`` empty) and of ``/together/<step>/``. ``permission`` is what its practitioner must be
    allowed for the frame to open and to stay open.
    """

    name: str
    show: Show
    permission: str = Permission.EDIT_CASES


_kinds: dict[str, FrameKind] = {}


def register_kind(kind: FrameKind) -> None:
    """Called from the ``ready`` of the app that the page belongs to."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> FrameKind | None:
    """The kind, or None when the app that had it is gone."""
    return _kinds.get(name)
