"""What the worker does for messages: thin, repeatable, an id in. The work is in ``sending``."""

from __future__ import annotations

from celery import shared_task

from outbox import digest, sending


@shared_task(name="outbox.tasks.send", ignore_result=True)
def send(message_id: str) -> None:
    """Send one message, if it is still to be sent."""
    sending.send(message_id)


@shared_task(name="outbox.tasks.reconcile", ignore_result=True)
def reconcile() -> None:
    """Every minute: tell again of what waits, settle what a dead worker had."""
    sending.reconcile()


@shared_task(name="outbox.tasks.ask_delivery", ignore_result=True)
def ask_delivery() -> None:
    """Every ten minutes: ask providers that know it what became of what they took."""
    sending.ask_delivery()


@shared_task(name="outbox.tasks.digest", ignore_result=True)
def post_digest() -> None:
    """Every morning: tell administrators what did not leave."""
    digest.post_digest()
