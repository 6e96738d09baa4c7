"""Posting a message, and what a person decides about one afterwards. Sending it is in ``sending``."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.locker import lock, unlock
from audit.actions import record
from outbox.models import Message, MessageWording

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
State = Message.State

TASK = "outbox.tasks.send"
QUEUE = "messages"


@transaction.atomic
def post(
    *,
    by: User | None,
    kind: str,
    channel: str,
    to: str,
    subject_id: object,
    case_id: object = "",
    family_id: object = "",
    person_id: object = "",
    key: str = "",
    after: timedelta = timedelta(0),
) -> Message:
    """Write a message in the caller's transaction; it is sent once that holds, and ``after`` has passed.

    What it says is written only when it leaves, by the renderer of its ``kind``, and the rules of
    ``outbox.registry`` are asked then. ``key`` names what is told to whom: posting the same key again posts nothing.
    """
    if not to.strip():
        raise ValidationError("There is no address to send this to.")
    if key and (told := Message.objects.filter(key=key).first()):
        return told
    message = Message(
        kind=kind,
        channel=channel,
        subject_id=str(subject_id),
        case_id=str(case_id or ""),
        family_id=str(family_id or ""),
        person_id=str(person_id or ""),
        key=key,
        due_at=timezone.now() + after,
    )
    message.to = to.strip()
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        return Message.objects.get(key=key)  # somebody else told the same at this very moment
    _record(by, "message.posted", message)
    if not after:
        tell(message)
    return message


def tell(message: Message) -> None:
    """Have a worker look at a message once the transaction holds. A broker that is down costs nothing: the
    reconciler tells again."""
    transaction.on_commit(partial(publish, message.pk), robust=True)


def publish(message_id: object) -> None:
    try:
        current_app.send_task(TASK, args=[str(message_id)], queue=QUEUE, retry=False)
    except (OperationalError, OSError):
        log.warning("The broker does not answer; the message waits to be told again", extra={"id": str(message_id)})


@transaction.atomic
def send_again(*, by: User, message: Message) -> Message:
    """Somebody who looked decides that a message goes out again. Raises ValidationError when it is not one of those."""
    found = Message.objects.select_for_update().get(pk=message.pk)
    if found.state not in {State.FAILED, State.UNSURE} or not found.to_locked:
        raise ValidationError("This message is not one that can be sent again.")
    now = timezone.now()
    found.state, found.reason, found.tries, found.due_at, found.created_at = State.WAITING, "", 0, now, now
    found.attempt = found.claimed_at = found.handed_at = found.ended_at = None
    found.save()
    _record(by, "message.sent-again", found)
    tell(found)
    return found


@transaction.atomic
def give_up(*, by: User, message: Message) -> Message:
    """Somebody who looked decides that a message is not sent any more; its address is forgotten."""
    found = Message.objects.select_for_update().get(pk=message.pk)
    if found.state not in {State.FAILED, State.UNSURE}:
        raise ValidationError("This message is not one to decide about.")
    found.state, found.reason, found.to_locked = State.NOT_SENT, "Somebody decided not to send it again.", ""
    found.save(update_fields=["state", "reason", "to_locked"])
    _record(by, "message.given-up", found)
    return found


@transaction.atomic
def note_delivery(*, receipt: str, delivered: bool) -> Message | None:
    """A provider says what became of a message; None when no message has that receipt."""
    found = Message.objects.select_for_update().filter(receipt=receipt).first() if receipt else None
    if found is not None:
        found.delivery = Message.Delivery.DELIVERED if delivered else Message.Delivery.UNDELIVERABLE
        found.save(update_fields=["delivery"])
        _record(None, "message.delivered" if delivered else "message.undeliverable", found)
    return found


@transaction.atomic
def save_wording(
    *, by: User, key: str, why: str, words: tuple[str, str, str] | None, read_version: int
) -> MessageWording:
    """Put words in force from now on: subject, body and text message, or None for what ships. A version of its own.

    Raises ValidationError when somebody saved another since ``read_version`` was read.
    """
    newest = MessageWording.objects.select_for_update().filter(key=key).first()
    version = newest.version if newest else 0
    if version != read_version:
        raise ValidationError("Somebody saved another version meanwhile. Look at it before you save yours.")
    subject, body, sms = words or ("", "", "")
    row = MessageWording(
        key=key, version=version + 1, as_shipped=words is None, subject=subject, body=body, sms=sms, why=why, by=by
    )
    row.full_clean()
    row.save()
    record(by=by, verb="message.wording-saved", subject=row, key=key, version=row.version)
    return row


def lock_again() -> int:
    """Encrypt every address that is still kept with the newest key; how many there were."""
    kept = Message.objects.exclude(to_locked="").select_for_update()
    for message in kept:
        message.to_locked = lock(unlock(message.to_locked))
        message.save(update_fields=["to_locked"])
    return len(kept)


def _record(by: User | None, verb: str, message: Message) -> None:
    record(
        by=by,
        verb=verb,
        subject=message,
        family_id=message.family_id,
        case_id=message.case_id,
        kind=message.kind,
        channel=message.channel,
    )
