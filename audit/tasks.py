"""What the worker does for the audit trail."""

from __future__ import annotations

import logging

from celery import shared_task

from audit import chain

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def seal() -> None:
    """Seal what has been committed since the last time. May run twice at once, and may die at any point."""
    chain.seal()


@shared_task(ignore_result=True)
def verify() -> None:
    """Walk the whole chain once a day; a break is an error in the log, which somebody watches."""
    verdict = chain.verify()
    if verdict.whole:
        logger.info("audit whole: %s sealed, %s not yet, hash %s", verdict.sealed, verdict.unsealed, verdict.head)
    else:
        logger.error("audit BROKEN at event %s: %s", verdict.broken_at, verdict.fault)
