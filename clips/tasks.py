"""What the workers run: thin, repeatable, an id in. The work is in ``preparing``, ``cutting`` and ``reconcile``."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent, worker_ready
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from clips import actions, cutting, jobs, preparing
from clips import reconcile as putting_back

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 90
"""How long a worker's sign of life counts: ``heartbeat:<queue>`` in the cache, an ISO time."""
_WRITE_EVERY_SECONDS = 10.0


@shared_task(name="clips.tasks.check_film")
def check_film(job_id: int) -> None:
    """Check a film: what it is, its frames, its hash."""
    _do(job_id, preparing.run)


@shared_task(name="clips.tasks.prepare_film")
def prepare_film(job_id: int) -> None:
    """Make a film's poster, waveform, storyboard and proxy."""
    _do(job_id, preparing.run)


@shared_task(name="clips.tasks.cut_clip")
def cut_clip(job_id: int) -> None:
    """Cut a clip."""
    _do(job_id, cutting.run)


def _do(job_id: int, work: Any) -> None:
    attempt = jobs.claim(job_id)
    if attempt is not None:
        work(attempt)


@shared_task(name="clips.tasks.reconcile")
def reconcile() -> None:
    """Put back what a dead worker dropped."""
    putting_back.reconcile()


@shared_task(name="clips.tasks.purge_stale_uploads")
def purge_stale_uploads() -> None:
    """Hourly: destroy what nobody came back to, stop what consent ran out for, delete files that no row speaks of."""
    purged = actions.purge_stale_uploads()
    putting_back.stop_what_ran_out()
    swept = putting_back.sweep()
    if purged or swept:
        log.info("Stale films destroyed, stray files deleted", extra={"count": purged + swept})


# --- Signs of life -----------------------------------------------------------------------------------------

_written = 0.0


@worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    """A worker that starts puts back at once what died with the one before it on this host."""
    _sign_of_life(sender)
    try:
        reconcile.apply_async(retry=False)
    except (OperationalError, OSError):
        log.warning("The broker does not answer; beat asks for the same later")


@heartbeat_sent.connect
def _beat(sender: Any, **_: Any) -> None:
    global _written
    if time.monotonic() - _written >= _WRITE_EVERY_SECONDS:
        _written = time.monotonic()
        _sign_of_life(sender)


def _sign_of_life(sender: Any) -> None:
    app = getattr(sender, "app", None) or getattr(getattr(sender, "eventer", None), "app", None)
    if app is None:
        return
    try:
        for queue in app.amqp.queues.consume_from:
            cache.set(f"heartbeat:{queue}", timezone.now().isoformat(), HEARTBEAT_SECONDS)
    except (RedisError, OSError):
        log.warning("The cache does not answer")
