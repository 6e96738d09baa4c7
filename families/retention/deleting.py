"""The worker's part of an erasure. Whatever dies, wherever, another worker goes on from there.

In this order, and each step may run again: once more it is asked whether anything speaks against it; the ledger gets
its line; files are destroyed while their rows still name them; then, in one transaction, every row goes and the
certificate is written. A file that was named by nothing but a row that is gone would be lost for good: so rows go last.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from audit.actions import record as audit
from families import files
from families.files import store
from families.finding import keys
from families.models import Case, CopyOffer, Due, Erasure, Family, Person, What
from families.retention import belonging, keeping, ledger
from families.retention.registry import Gone, keepers

log = logging.getLogger(__name__)
State = Erasure.State
SILENT = timedelta(minutes=5)  # a worker at work says so more often
MOST_TRIES = 5
GIVEN_UP = (
    "It could not be finished. Nothing is lost by that: it goes on from where it stands when somebody tries again."
)


def send(erasure: Erasure) -> None:
    """Tell the worker, once this transaction is through; a lost message is put back by ``put_back``."""
    key, attempt = str(erasure.pk), str(erasure.attempt)

    def publish() -> None:
        from families.tasks import erase

        try:
            erase.delay(key, attempt)
        except (OperationalError, RedisError) as error:
            log.warning("erasure %s waits for the broker: %s", key, error)

    transaction.on_commit(publish, robust=True)


def put_back() -> int:
    """Erasures whose worker is silent go to another; how many."""
    count = 0
    silent = Erasure.objects.filter(
        state__in=[State.DECIDED, State.FILES, State.ROWS], worked_at__lt=timezone.now() - SILENT
    )
    for pk in list(silent.values_list("pk", flat=True)):
        with transaction.atomic():
            erasure = silent.select_for_update().filter(pk=pk).first()
            if erasure is None:
                continue
            if erasure.tries >= MOST_TRIES:
                erasure.state, erasure.problem = State.FAILED, GIVEN_UP
                erasure.save(update_fields=["state", "problem"])
                continue
            erasure.worked_at = timezone.now()
            erasure.save(update_fields=["worked_at"])
            send(erasure)
            count += 1
    return count


def work(erasure_id: str, attempt: str) -> None:
    """Carry out one erasure. A message for an older attempt, or the same one twice, changes nothing."""
    mine = Erasure.objects.filter(pk=erasure_id, attempt=uuid.UUID(attempt)).at_work().exclude(state=State.FAILED)
    taken = uuid.uuid4()
    if not mine.update(attempt=taken, tries=F("tries") + 1, worked_at=timezone.now()):
        return
    erasure = Erasure.objects.select_related("decided_by").get(pk=erasure_id)
    if erasure.state == State.DECIDED and not _begin(erasure, taken):
        return
    carry_out(erasure, taken)


def carry_out(erasure: Erasure, taken: uuid.UUID, *, once_more: bool = False) -> None:
    """From the ledger to the certificate. ``once_more``: it stands in the ledger, and a backup had brought it back."""
    if not once_more:
        ledger.write(erasure)
    _destroy_files(erasure, taken, once_more)
    _delete_rows(erasure, taken)
    keys.unlearn()  # words that nobody is called any more; as each night, should this die here


def _say(erasure: Erasure, taken: uuid.UUID, **columns: Any) -> bool:
    """Write how far it is, if it is still this attempt's."""
    return bool(Erasure.objects.filter(pk=erasure.pk, attempt=taken).update(worked_at=timezone.now(), **columns))


class Overtaken(Exception):
    """Another worker has taken this erasure over."""


@transaction.atomic
def _begin(erasure: Erasure, taken: uuid.UUID) -> bool:
    """Ask once more whether anything speaks against it; after this there is no way back."""
    by, family = erasure.decided_by, Family.objects.select_for_update().filter(pk=erasure.family_id).first()
    case = Case.objects.select_related("family").filter(pk__in=erasure.case_ids).order_by("-closed_on").first()
    if family is None or case is None or by is None:
        said = ["The record is not there any more."]
    else:
        # The erasure itself is at work, and is no reason against itself.
        said = [each.text for each in keeping.against(case, erasure.what, by, but=erasure.pk)]
    if said:
        _say(erasure, taken, state=State.STOPPED, problem=" ".join(said)[:300])
        _audit("record.erasure_stopped", erasure)
        return False
    erasure.state = State.FILES
    return _say(erasure, taken, state=State.FILES)


def _audit(verb: str, erasure: Erasure, **detail: int | str) -> None:
    cases = erasure.case_ids
    audit(
        by=None,
        verb=verb,
        subject=erasure,
        family_id=erasure.family_id,
        case_id=cases[0] if len(cases) == 1 else "",
        what=erasure.what,
        **detail,
    )


# --- Files --------------------------------------------------------------------------------------------------------


def _destroy_files(erasure: Erasure, taken: uuid.UUID, once_more: bool) -> None:
    """Destroy films and what belongs to them, then every private file that a row of the family names."""
    reason = f"Kept as long as the schedule says, until {erasure.due_on:%-d %B %Y}."
    films: dict[str, Any] = {}
    for keeper in keepers():
        for case in erasure.case_ids:
            went = keeper.destroy(uuid.UUID(str(case)), erasure.decided_at, reason, once_more=once_more)
            _count(films, went)
            if not _say(erasure, taken, films=films):
                raise Overtaken
    if erasure.what != What.RECORD:
        return
    names = belonging.files_of(belonging.rows_of(belonging.roots_of(erasure.family_id)))
    if not erasure.files:  # counted once, before the first of them goes: a crash neither forgets nor doubles a count
        there = [name for name in names if files.exists(name)]
        drawers: dict[str, Any] = {}
        for name in there:
            _count(drawers, {name.split("/")[0]: Gone(1, store.size(name))})
        erasure.files = drawers
        _say(erasure, taken, files=drawers)
    for number, name in enumerate(names, start=1):
        files.remove(name)
        if not _say(erasure, taken, done=number, steps=len(names)):
            raise Overtaken


def _count(went: dict[str, Any], gone: Mapping[str, Gone]) -> None:
    for sort, each in gone.items():
        before = went.get(sort, {"files": 0, "bytes": 0})
        went[sort] = {"files": before["files"] + each.files, "bytes": before["bytes"] + each.bytes}


# --- Rows ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def _delete_rows(erasure: Erasure, taken: uuid.UUID) -> None:
    """Every row of the family, and the certificate, at once or not at all."""
    row = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if row.attempt != taken:
        raise Overtaken
    gone: dict[str, int] = {}
    if row.what == What.RECORD:
        list(Family.objects.select_for_update().filter(pk=row.family_id))
        rows = belonging.rows_of(belonging.roots_of(row.family_id))
        left = [name for name in belonging.files_of(rows) if files.exists(name)]
        if left:  # somebody kept a file just now: it is named by a row, so go back and destroy it first
            raise FilesRemain(f"{len(left)} files of erasure {row.pk} remain.")
        staying = set(Person.objects.filter(memberships__family=row.family_id)) - set(
            Person.objects.filter(pk__in=rows.get(Person, ()))
        )
        gone = belonging.erase(rows)
        keys.refresh(staying)  # they are not found any more by an address of this household
    else:
        for model in (Due, CopyOffer):
            model.objects.filter(case__in=row.case_ids, what=What.FILMS).delete()
    row.rows, row.state, row.ended_at, row.problem = gone, State.DONE, timezone.now(), ""
    row.save()
    _audit(
        "record.erased",
        row,
        rows=sum(gone.values()),
        files=sum(each["files"] for went in (row.films, row.files) for each in went.values()),
    )


class FilesRemain(Exception):
    """Rows still name files that are there: they must not go yet."""
