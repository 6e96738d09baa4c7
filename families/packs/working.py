"""The worker's part: gather or build one pack, and say how far it is."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from families import files
from families.models import AccessPack
from families.packs import building, gathering

State = AccessPack.State
FAILED = "It could not be made: something of the record could not be read. Tell whoever runs the service."


def work(pack_id: str, attempt: str) -> None:
    """Do what the pack waits for. A message for an older attempt, or the same one twice, changes nothing."""
    mine = AccessPack.objects.filter(
        pk=pack_id, attempt=uuid.UUID(attempt), state__in=[State.GATHERING, State.BUILDING]
    )
    taken = uuid.uuid4()  # whoever else holds the old attempt's id finds nothing any more
    if not mine.update(attempt=taken, tries=F("tries") + 1, worked_at=timezone.now(), done=0):
        return
    pack = AccessPack.objects.select_related("person", "created_by").get(pk=pack_id)
    try:
        _gather(pack, taken) if pack.state == State.GATHERING else _build(pack, taken)
    except Exception:
        _finish(pack, taken, state=State.FAILED, problem=FAILED)
        raise


def _progress(pack: AccessPack, taken: uuid.UUID) -> gathering.Progress:
    def say(done: int, steps: int) -> None:
        AccessPack.objects.filter(pk=pack.pk, attempt=taken).update(done=done, steps=steps, worked_at=timezone.now())

    return say


def _finish(pack: AccessPack, taken: uuid.UUID, **columns: Any) -> bool:
    """Write the outcome, if the pack is still this attempt's."""
    return bool(AccessPack.objects.filter(pk=pack.pk, attempt=taken).update(worked_at=timezone.now(), **columns))


def _gather(pack: AccessPack, taken: uuid.UUID) -> None:
    sections = gathering.gather(pack.person, asker=pack.created_by, progress=_progress(pack, taken))
    suggested = {
        entry["key"]: entry["withhold"] for section in sections for entry in section["entries"] if entry["withhold"]
    }
    # What somebody decided before the record was gathered anew stays decided.
    keys = {entry["key"] for section in sections for entry in section["entries"]}
    withheld = suggested | {key: why for key, why in pack.withheld.items() if key in keys}
    _finish(pack, taken, state=State.TO_READ, gathered=sections, withheld=withheld)


def _build(pack: AccessPack, taken: uuid.UUID) -> None:
    data = building.build(
        name=pack.person.display_name,
        asked_on=pack.asked_on,
        made_on=timezone.localdate(),
        sections=pack.gathered,
        withheld=pack.withheld,
        progress=_progress(pack, taken),
    )
    stored, sha256 = files.keep_bytes(data, drawer="packs")
    with transaction.atomic():
        done = _finish(pack, taken, state=State.READY, stored=stored, sha256=sha256, size=len(data), problem="")
    if not done:
        files.remove(stored)
