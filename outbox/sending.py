"""Sending one message: claimed, decided again, written, handed over, and what became of it.

The row is the truth; a task says only "look at message N". It may be lost, come twice or come late. A worker claims a
message by compare-and-set under an attempt of its own, and notes in the row when it begins to hand it over: from
there on it may have left, so a message whose worker died in between is never sent again by itself.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from accounts.locker import Unreadable
from audit.actions import record
from outbox import registry
from outbox.actions import note_delivery, publish
from outbox.channels import NotNow, Refused, Transport, Unsure, transport
from outbox.models import Message

log = logging.getLogger(__name__)
State = Message.State

DELAYS = tuple(timedelta(minutes=each) for each in (1, 2, 5, 10, 20, 40, 60, 120, 240))
"""How long after each try the next one comes; the last of them again and again."""
GIVE_UP_AFTER = timedelta(hours=48)
STALE = timedelta(minutes=10)
"""After so long a worker that had a message is dead: the longest answer of a mail server is shorter."""


def send(message_id: uuid.UUID | str) -> str:
    """Send a message whose turn it is; which state it came to, or "" when it was not ours to send."""
    message = _claim(message_id)
    if message is None:
        return ""
    try:
        content, way, to = _ready(message)
    except NotNow as error:
        return _later(message, str(error))
    except Refused as error:
        return _end(message, State.NOT_SENT, str(error))
    if not _mine(message).update(handed_at=timezone.now()):
        return ""  # taken for dead meanwhile, and put back
    try:
        receipt = way.send(message_id=str(message.pk), to=to, content=content)
    except NotNow as error:
        return _later(message, str(error))
    except Refused as error:
        return _end(message, State.FAILED, str(error))
    except Unsure as error:
        return _end(message, State.UNSURE, str(error))
    except Exception as error:
        # Whatever else a provider's library raises says nothing about whether the message left.
        _end(message, State.UNSURE, f"Sending broke off ({type(error).__name__}).")
        raise
    state, reason = (State.SENT, "") if way.leaves else (State.FILED, way.sentence)
    return _end(message, state, reason, receipt, content.version)


def _claim(message_id: uuid.UUID | str) -> Message | None:
    now, attempt = timezone.now(), uuid.uuid4()
    taken = (
        Message.objects.due(now)
        .filter(pk=message_id)
        .update(state=State.SENDING, attempt=attempt, claimed_at=now, handed_at=None, tries=F("tries") + 1)
    )
    return Message.objects.get(pk=message_id) if taken else None


def _ready(message: Message) -> tuple[registry.Content, Transport, str]:
    """Everything up to handing over, all of it harmless to do twice. Raises NotNow, or Refused with the reason."""
    if reason := registry.why_not(message):
        raise Refused(reason)
    kind = registry.kind_of(message.kind)
    if kind is None:
        raise Refused("This version of the service no longer knows messages of this kind.")
    try:
        to = message.to
    except Unreadable as error:
        raise NotNow("Its address cannot be read with the keys of this service.") from error
    try:
        content = kind.render(message)
    except Exception as error:
        log.exception("a message could not be written", extra={"id": str(message.pk), "kind": message.kind})
        raise NotNow(f"Its words could not be written ({type(error).__name__}).") from error
    way = transport(message.channel)
    way.prepare()
    return content, way, to


def _mine(message: Message):  # type: ignore[no-untyped-def]  # a queryset of messages
    return Message.objects.filter(pk=message.pk, attempt=message.attempt, state=State.SENDING)


def _later(message: Message, reason: str) -> str:
    """It has not left: another try, unless it has been tried for long enough."""
    now = timezone.now()
    due = now + DELAYS[min(message.tries, len(DELAYS)) - 1]
    if due - message.created_at > GIVE_UP_AFTER:
        hours = int(GIVE_UP_AFTER.total_seconds() // 3600)
        return _end(message, State.FAILED, f"{reason} It was tried for {hours} hours.")
    _mine(message).update(state=State.WAITING, due_at=due, reason=reason[:300], handed_at=None)
    return State.WAITING


def _end(message: Message, state: str, reason: str, receipt: str = "", wording: int = 0) -> str:
    """What became of it. The address goes, unless somebody may still decide to send it again."""
    changes: dict[str, object] = {
        "state": state,
        "reason": reason[:300],
        "receipt": receipt[:200],
        "wording": wording,
        "ended_at": timezone.now(),
    }
    if state not in {State.FAILED, State.UNSURE}:
        changes["to_locked"] = ""
    if _mine(message).update(**changes):
        _record(message, f"message.{state.replace('_', '-')}")
    return state


def _record(message: Message, verb: str) -> None:
    record(
        by=None,
        verb=verb,
        subject=message,
        family_id=message.family_id,
        case_id=message.case_id,
        kind=message.kind,
        channel=message.channel,
        tries=message.tries,
    )


def reconcile(now: datetime | None = None) -> int:
    """Tell workers of every message whose turn it is, and settle those whose worker died; how many were told."""
    now = now or timezone.now()
    dead = Message.objects.filter(state=State.SENDING, claimed_at__lt=now - STALE)
    for message in dead.filter(handed_at__isnull=False):
        _end(message, State.UNSURE, "The worker that was sending it died.")
    dead.filter(handed_at__isnull=True).update(state=State.WAITING, due_at=now)
    waiting = list(Message.objects.due(now).order_by("due_at").values_list("pk", flat=True)[:500])
    for message_id in waiting:
        publish(message_id)
    return len(waiting)


ASK_FOR = timedelta(days=3)
"""For so long a provider is asked whether a message arrived; networks give up sooner."""


def ask_delivery(now: datetime | None = None) -> int:
    """Ask the providers that can tell what became of what they took; of how many we know now."""
    now, known = now or timezone.now(), 0
    for channel in Message.Channel:
        ask = getattr(transport(channel), "delivery", None)
        if ask is None:
            continue
        taken = Message.objects.filter(channel=channel, state=State.SENT, delivery="", ended_at__gte=now - ASK_FOR)
        for receipt in taken.exclude(receipt="").order_by("ended_at").values_list("receipt", flat=True)[:200]:
            try:
                arrived = ask(receipt)
            except NotNow:
                break  # the others would not be told either
            if arrived is not None:
                note_delivery(receipt=receipt, delivered=arrived)
                known += 1
    return known
