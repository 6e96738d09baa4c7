"""Handing a pack to the worker after commit; the row is the truth, a lost message is put back by ``reconcile``."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from families.models import AccessPack

log = logging.getLogger(__name__)
SILENT = timedelta(minutes=5)  # a worker at work says so more often
MOST_TRIES = 3
GIVEN_UP = "It was tried three times and could not be finished. Try again, and tell whoever runs the service."


def send(pack: AccessPack) -> None:
    """Tell the worker, once this transaction is through. A broker that is away is no failure here."""
    key, attempt = str(pack.pk), str(pack.attempt)

    def publish() -> None:
        from families.tasks import work_on_pack

        try:
            work_on_pack.delay(key, attempt)
        except (OperationalError, RedisError) as error:
            log.warning("pack %s waits for the broker: %s", key, error)

    transaction.on_commit(publish, robust=True)


def put_back() -> int:
    """Packs whose worker is silent go to another, three times at most; returns how many."""
    State = AccessPack.State
    count = 0
    silent = AccessPack.objects.filter(
        state__in=[State.GATHERING, State.BUILDING], worked_at__lt=timezone.now() - SILENT
    )
    for pk in list(silent.values_list("pk", flat=True)):
        with transaction.atomic():
            pack = silent.select_for_update().filter(pk=pk).first()
            if pack is None:
                continue
            if pack.tries >= MOST_TRIES:
                pack.state, pack.problem = State.FAILED, GIVEN_UP
                pack.save(update_fields=["state", "problem"])
                continue
            pack.worked_at = timezone.now()
            pack.save(update_fields=["worked_at"])
            send(pack)
            count += 1
    return count
