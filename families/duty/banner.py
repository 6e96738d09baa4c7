"""How many alerts wait for somebody, for the banner of every page of the desk.

Read from the cache, so that it costs a page no query; the cache is filled by one query for everybody and forgotten
whenever an alert is raised, told or answered.
"""

from __future__ import annotations

import contextlib
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest
from redis.exceptions import RedisError

from families.models.duty import AlertNotice

_KEY = "duty:waiting"
_SECONDS = 60


def waiting() -> dict[int, int]:
    """Open alerts by the id of the person who has been told of them."""
    try:
        known = cache.get(_KEY)
    except (RedisError, OSError):
        known = None
    if known is not None:
        return known
    rows = AlertNotice.objects.filter(alert__acknowledged_at__isnull=True).order_by().values_list("user")
    found = dict(rows.annotate(number=Count("pk")))
    with contextlib.suppress(RedisError, OSError):
        cache.set(_KEY, found, _SECONDS)
    return found


def forget_on_commit() -> None:
    transaction.on_commit(_forget, robust=True)


def _forget() -> None:
    cache.delete(_KEY)


def alerts(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``duty_alerts``, how many wait for whoever is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"duty_alerts": lambda: waiting().get(user.pk, 0)}
