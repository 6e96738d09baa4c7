"""Whether messages really leave, and how those stand that were posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from outbox.channels import transport
from outbox.models import Message

Channel, State = Message.Channel, Message.State

LATE = timedelta(minutes=15)


def can_leave(channel: str) -> bool:
    """Whether a message of this channel really reaches somebody, as the service is set up."""
    return transport(channel).leaves


def why_nothing_leaves(*channels: str) -> str:
    """What to say on a page that counts on messages of these channels (any of them): "" while one really leaves.

    ``why_nothing_leaves("email", "sms")`` is empty as soon as either is set up.
    """
    asked = channels or tuple(Channel.values)
    if any(can_leave(each) for each in asked):
        return ""
    return " ".join(transport(each).sentence for each in asked)


@dataclass(frozen=True)
class Standing:
    """How the messages of the last days stand."""

    waiting: int
    failed: int
    unsure: int
    not_sent: int
    oldest_waiting: datetime | None

    @property
    def late(self) -> bool:
        """Whether something waits that should have been tried by now."""
        return self.oldest_waiting is not None and timezone.now() - self.oldest_waiting > LATE


def standing() -> Standing:
    """Counts over all messages, in two queries."""
    counts = Message.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=[State.WAITING, State.SENDING])),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        unsure=Count("pk", filter=Q(state=State.UNSURE)),
        not_sent=Count("pk", filter=Q(state=State.NOT_SENT)),
    )
    oldest = Message.objects.filter(state=State.WAITING).order_by("due_at").values_list("due_at", flat=True).first()
    return Standing(**counts, oldest_waiting=oldest)


LISTS: dict[str, tuple[str, Q]] = {
    "look": ("To decide about", Q(state__in=[State.FAILED, State.UNSURE])),
    "bounced": ("Did not arrive", Q(delivery=Message.Delivery.UNDELIVERABLE)),
    "not-sent": ("Not sent", Q(state=State.NOT_SENT)),
    "waiting": ("Waiting", Q(state__in=[State.WAITING, State.SENDING])),
    "sent": ("Sent", Q(state__in=[State.SENT, State.FILED])),
}
