"""What must be so before messages can leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks

from outbox.channels.notify import KEY

TAG = "messages"


@checks.register(TAG)
def notify_is_set_up_whole(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Half a set-up would let text messages wait for two days before anybody hears of it."""
    if settings.OUTBOX_CHANNELS["sms"] != "outbox.channels.notify.Notify":
        return []
    found = []
    if not KEY.match(settings.NOTIFY_API_KEY):
        found.append(
            "VIG_NOTIFY_API_KEY is not an API key of GOV.UK Notify: its name, the service's id and the secret."
        )
    if not settings.NOTIFY_TEMPLATE:
        found.append(
            "VIG_NOTIFY_TEMPLATE names no template. Make one in GOV.UK Notify with the one placeholder ((body))."
        )
    return [checks.Error(said, id="outbox.E001") for said in found]
