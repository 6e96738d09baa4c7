"""The service's own list of principles: what it calls them, how it describes them, with which key they are tagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from audit.actions import record
from clips.models import Principle

if TYPE_CHECKING:
    from accounts.models import User

# Keys of the workspace that do something else; everything else that is one letter or figure can tag.
TAKEN_KEYS = frozenset("0ijklomnprswczxvb")


@transaction.atomic
def save_principle(*, by: User, principle: Principle) -> Principle:
    """Keep a principle as it was filled in; marks made before keep the wording that they were made under."""
    if principle.position is None:
        last = Principle.objects.aggregate(last=Max("position"))["last"]
        principle.position = 1 if last is None else last + 1
    new = principle.pk is None
    principle.full_clean()
    principle.save()
    record(by=by, verb="principle.added" if new else "principle.changed", subject=principle)
    return principle


@transaction.atomic
def move_principle(*, by: User, principle: Principle, up: bool) -> None:
    """Change places with the principle before or after; nothing happens at the ends of the list."""
    rows = list(Principle.objects.select_for_update())
    at = next(index for index, each in enumerate(rows) if each.pk == principle.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    for position, each in enumerate(rows, start=1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])
    record(by=by, verb="principle.moved", subject=principle)
