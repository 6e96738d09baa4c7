"""What the worker does for referrals: thin, repeatable."""

from __future__ import annotations

from celery import shared_task

from referrals.actions import forget_not_taken_on, forget_old


@shared_task(name="referrals.tasks.forget", ignore_result=True)
def forget() -> None:
    """Once a day: forms that nobody sent, and referrals not taken on that were kept as long as the schedule says."""
    forget_old()
    forget_not_taken_on()
