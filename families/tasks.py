"""What the worker does for the record: thin, repeatable."""

from __future__ import annotations

from celery import shared_task

from families.duty import climbing


@shared_task(name="families.tasks.climb", ignore_result=True)
def climb() -> None:
    """Every minute: alerts that nobody has answered go to the deputy, then to the managers."""
    climbing.climb()
