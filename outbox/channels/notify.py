"""Text messages through GOV.UK Notify, by its own client library.

Notify's template for all of them has one placeholder, ``((body))``: what is said is written here. Each message has its
id as Notify's ``reference``, by which an answer that was lost on the way is asked for, so that nobody is told twice.
"""

from __future__ import annotations

import re
from typing import Any

import requests
from django.conf import settings
from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from outbox.channels.outcomes import NotNow, Refused, Unsure
from outbox.registry import Content

KEY = re.compile(r"^.+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
"""An API key of Notify: its name, the service's id, the secret."""
ARRIVED = "delivered"
DID_NOT_ARRIVE = frozenset({"permanent-failure", "temporary-failure", "technical-failure", "validation-failed"})
NUMBER = "phone_number"


class Notify:
    """Whatever Notify says is one of our outcomes; nothing of a message or a number is in the reasons."""

    leaves = True
    sentence = ""

    def __init__(self) -> None:
        self._client: NotificationsAPIClient | None = None
        key = settings.NOTIFY_API_KEY
        if not KEY.match(key) or not settings.NOTIFY_TEMPLATE:
            return
        self._client = NotificationsAPIClient(key, base_url=settings.NOTIFY_URL, timeout=settings.NOTIFY_TIMEOUT)

    def prepare(self) -> None:
        self._whole()

    def _whole(self) -> NotificationsAPIClient:
        if self._client is None:
            raise NotNow("GOV.UK Notify is not set up whole: VIG_NOTIFY_API_KEY or VIG_NOTIFY_TEMPLATE is missing.")
        return self._client

    def send(self, *, message_id: str, to: str, content: Content) -> str:
        client = self._whole()
        try:
            answer = client.send_sms_notification(
                phone_number=to,
                template_id=settings.NOTIFY_TEMPLATE,
                personalisation={"body": content.sms},
                reference=message_id,
            )
            return str(answer["id"])
        except (APIError, KeyError, TypeError) as error:
            response = getattr(error, "response", None)
            if response is not None and not isinstance(error, InvalidResponse):
                raise _refusal(error, response.status_code) from error
            if _never_reached(error):
                raise NotNow("GOV.UK Notify cannot be reached.") from error
        return self._after_all(message_id)

    def delivery(self, receipt: str) -> bool | None:
        """Whether a message arrived: yes, no, or not known yet. Raises NotNow."""
        client = self._whole()
        try:
            status = client.get_notification_by_id(receipt)["status"]
        except (APIError, KeyError, TypeError) as error:
            raise NotNow("GOV.UK Notify does not say what became of a message.") from error
        return True if status == ARRIVED else False if status in DID_NOT_ARRIVE else None

    def _after_all(self, message_id: str) -> str:
        """The answer was lost: ask by our own name for the message whether Notify has it."""
        try:
            found = self._whole().get_all_notifications(reference=message_id)["notifications"]
        except (APIError, KeyError, TypeError) as error:
            raise Unsure("GOV.UK Notify broke off before it answered, and does not say whether it has it.") from error
        if not found:
            # It may still be on its way into Notify: nobody can tell yet.
            raise Unsure("GOV.UK Notify broke off before it answered, and does not know the message.")
        return str(found[0]["id"])


def _never_reached(error: BaseException) -> bool:
    """Whether no byte of the message can have come to Notify."""
    cause = error.__cause__
    if isinstance(cause, requests.ConnectTimeout):
        return True
    return isinstance(cause, requests.ConnectionError) and "NewConnectionError" in repr(cause)


def _refusal(error: Any, code: int) -> NotNow | Refused:
    """What an answer means that was not "created"."""
    said = error.message if isinstance(error.message, list) else []
    if code == 400 and any(NUMBER in str(each.get("message", "")) for each in said if isinstance(each, dict)):
        return Refused("GOV.UK Notify does not take this number.")
    if code == 400:
        return NotNow(
            "GOV.UK Notify refuses what it is asked (code 400). Look at VIG_NOTIFY_TEMPLATE: it needs ((body))."
        )
    if code in {401, 403}:
        return NotNow(f"GOV.UK Notify refuses the key of this service (code {code}). Look at VIG_NOTIFY_API_KEY.")
    return NotNow(f"GOV.UK Notify does not take it now (code {code}).")
