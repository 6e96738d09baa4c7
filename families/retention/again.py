"""Erasing once more what a restored backup has brought back."""

from __future__ import annotations

import uuid

from accounts.models import Team, User
from families.models import Erasure, Family, What
from families.retention import belonging, deleting
from families.retention.ledger import Entry
from families.retention.registry import films_kept

State = Erasure.State
ERASED = "the backup had brought it back; erased again"
KNOWN = "the backup did not know of it; its certificate is written again"


def erase_again(entry: Entry) -> str:
    """Carry out an erasure of the ledger if anything of it is there; what was done, in words, or "".

    Raises what the erasing raises: a restore is not over before this has run to its end.
    """
    back = _is_back(entry)
    row = Erasure.objects.filter(pk=entry.id).first()
    if row is not None and row.state == State.DONE and not back:
        return ""
    if row is None or row.state == State.DONE:
        # A finished certificate is never changed: what came back with it is erased under another number.
        row = _written_anew(entry, uuid.UUID(entry.id) if row is None else uuid.uuid4())
    attempt = uuid.uuid4()
    Erasure.objects.filter(pk=row.pk).update(state=State.FILES, attempt=attempt, problem="")
    row.refresh_from_db()
    deleting.carry_out(row, attempt, once_more=True)
    return ERASED if back else KNOWN


def _is_back(entry: Entry) -> bool:
    if entry.what == What.FILMS:
        # Films made since, when the work began again, are none of it.
        return bool(films_kept([uuid.UUID(each) for each in entry.cases], entry.moment))
    roots = belonging.Roots(frozenset({uuid.UUID(entry.family)}), frozenset(map(uuid.UUID, entry.cases)))
    return Family.objects.filter(pk=entry.family).exists() or bool(belonging.rows_of(roots))


def _written_anew(entry: Entry, key: uuid.UUID) -> Erasure:
    row = entry.as_erasure()
    row.pk = key
    if entry.team is None or not Team.objects.filter(pk=entry.team).exists():
        row.team = None
    if not User.objects.filter(pk=entry.decided_by).exists():
        row.decided_by = None
    row.save(force_insert=True)
    return row
