"""What leaves the service about an alert: that one waits, and nothing else."""

from __future__ import annotations

from families.duty.alerts import MESSAGE_KIND
from families.models.duty import AlertNotice
from outbox.models import Message
from outbox.registry import Content, in_words, register_kind, register_rule, register_words


def write(message: Message) -> Content:
    return in_words(MESSAGE_KIND)


def no_longer_needed(message: Message) -> str:
    """Whoever has answered has seen it; whoever has left is told nothing."""
    if message.kind != MESSAGE_KIND:
        return ""
    notice = AlertNotice.objects.select_related("alert", "user").filter(pk=message.subject_id).first()
    if notice is None:
        return "The alert is gone."
    if notice.alert.acknowledged_at is not None:
        return "Somebody has answered the alert already."
    if not notice.user.is_active:
        return "The account of whoever it was for is closed."
    return ""


def register() -> None:
    register_kind(MESSAGE_KIND, write, label="Duty alert")
    register_words(MESSAGE_KIND, label="Duty alert", folder="families/outbox/duty-alert")
    register_rule(no_longer_needed)
