"""What the worker does for the record: thin, repeatable."""

from __future__ import annotations

from celery import shared_task

from families.duty import climbing
from families.packs import dispatch, working


@shared_task(name="families.tasks.climb", ignore_result=True)
def climb() -> None:
    """Every minute: alerts that nobody has answered go to the deputy, then to the managers."""
    climbing.climb()


@shared_task(name="families.tasks.work_on_pack")
def work_on_pack(pack_id: str, attempt: str) -> None:
    """Gather or build the copy of somebody's record."""
    working.work(pack_id, attempt)


@shared_task(name="families.tasks.put_back_packs")
def put_back_packs() -> None:
    """Copies of records whose worker is silent go to another."""
    dispatch.put_back()
