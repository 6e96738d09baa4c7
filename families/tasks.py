"""What the worker does for the record: thin, repeatable."""

from __future__ import annotations

from celery import shared_task

from families.actions.merge import finish_merges
from families.duty import climbing
from families.finding import keys
from families.packs import dispatch, working
from families.retention import deleting, due


@shared_task(name="families.tasks.climb", ignore_result=True)
def climb() -> None:
    """Every minute: alerts that nobody has answered go to the deputy, then to the managers."""
    climbing.climb()


@shared_task(name="families.tasks.tidy_finding", ignore_result=True)
def tidy_finding() -> None:
    """Once a day: merges whose 30 days are over become final, and names that nobody bears any more are forgotten."""
    finish_merges()
    keys.unlearn()


@shared_task(name="families.tasks.work_on_pack")
def work_on_pack(pack_id: str, attempt: str) -> None:
    """Gather or build the copy of somebody's record."""
    working.work(pack_id, attempt)


@shared_task(name="families.tasks.put_back_packs")
def put_back_packs() -> None:
    """Copies of records whose worker is silent go to another."""
    dispatch.put_back()


@shared_task(name="families.tasks.work_out_retention", ignore_result=True)
def work_out_retention() -> None:
    """Once a day: what the schedule says is over. A list for managers: nothing is deleted from it by itself."""
    due.work_out()


@shared_task(name="families.tasks.erase")
def erase(erasure_id: str, attempt: str) -> None:
    """Carry out one decision to delete."""
    deleting.work(erasure_id, attempt)


@shared_task(name="families.tasks.put_back_erasures", ignore_result=True)
def put_back_erasures() -> None:
    """Erasures whose worker is silent go to another."""
    deleting.put_back()
