"""The chain: each sealed event carries the SHA-256 of itself and of the hash before it.

Sealing happens after commit, by whoever comes first; a second sealer waits. Rows are taken in the order of their
ids among those not yet sealed, and numbered by a counter of the chain's own: a transaction that commits late, with
lower ids, is sealed later and skipped never.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from audit.models import AuditEvent, Seal

logger = logging.getLogger(__name__)

BATCH = 500
ONE = 1  # the key of the only Seal


def canonical(event: AuditEvent, sequence: int) -> bytes:
    """The event as bytes, the same in every database: JSON, keys sorted, ASCII, UTC to the microsecond."""
    return json.dumps(
        {
            "id": event.pk,
            "sequence": sequence,
            "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "actor_id": event.actor_id,
            "actor_role": event.actor_role,
            "verb": event.verb,
            "subject_type": event.subject_type,
            "subject_id": event.subject_id,
            "family_id": event.family_id,
            "case_id": event.case_id,
            "detail": event.detail,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    ).encode()


def link(previous_hash: str, event: AuditEvent, sequence: int) -> str:
    """The hash of this event at this place of the chain."""
    return hashlib.sha256(previous_hash.encode() + b"\n" + canonical(event, sequence)).hexdigest()


# --- Sealing ----------------------------------------------------------------------------------------------


def seal() -> int:
    """Seal everything that has been committed; how many events."""
    total = 0
    while count := _seal_batch():
        total += count
    if total:
        end = Seal.objects.get(pk=ONE)
        # The log leaves this machine: with it, a chain rebuilt from the start by an intruder is found out.
        logger.info("audit sealed to %s, hash %s", end.sequence, end.hash)
    return total


def _seal_batch() -> int:
    """One batch in one transaction. On SQLite a transaction is IMMEDIATE, so that its beginning is the lock."""
    with transaction.atomic():
        Seal.objects.get_or_create(pk=ONE)
        end = Seal.objects.select_for_update().get(pk=ONE)
        events = list(AuditEvent.objects.unsealed().order_by("id")[:BATCH])
        if not events:
            return 0
        for event in events:
            event.previous_hash = end.hash
            event.sequence = end.sequence = end.sequence + 1
            event.hash = end.hash = link(event.previous_hash, event, event.sequence)
        AuditEvent.objects.bulk_update(events, ["sequence", "previous_hash", "hash"], batch_size=100)
        end.sealed_at = timezone.now()
        end.save()
        return len(events)


# --- Verifying --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What a look along the whole chain found."""

    sealed: int
    unsealed: int
    oldest_unsealed: datetime | None
    head: str
    broken_at: int | None = None  # the first sequence that is not as it was sealed
    fault: str = ""
    shipped_found: bool | None = None  # whether the hash that was asked for is in the chain

    @property
    def whole(self) -> bool:
        return self.broken_at is None and self.shipped_found is not False


def verify(*, shipped: str = "") -> Verdict:
    """Compute the whole chain anew, a few rows at a time.

    ``shipped`` is a hash that was noted elsewhere (the log, an earlier verification): it must be in the chain.
    """
    # The end is read first and walked up to: a sealer may be at work meanwhile, and nobody waits for us.
    end = Seal.objects.filter(pk=ONE).first() or Seal(sequence=0, hash="")
    previous, expected, found, fault = "", 0, False, ""
    sealed = AuditEvent.objects.sealed()
    for event in sealed.filter(sequence__lte=end.sequence).order_by("sequence").iterator(chunk_size=1000):
        expected += 1
        fault = _fault(event, expected, previous)
        if fault:
            break
        previous = event.hash
        found = found or previous == shipped
    broken_at = expected if fault else None
    if broken_at is None and expected < end.sequence:
        broken_at, fault = expected + 1, "it is missing, and all that were sealed after it"
    elif broken_at is None and previous != end.hash:
        broken_at, fault = expected, "it is not the event that was sealed last"
    elif broken_at is None:
        last = sealed.order_by("-sequence").values_list("sequence", flat=True).first() or 0
        known = Seal.objects.filter(pk=ONE).values_list("sequence", flat=True).first() or 0
        if last > known:
            broken_at, fault = known + 1, "it was added past the end of the chain"
    waiting = tail()
    return Verdict(
        sealed=end.sequence,
        unsealed=waiting.unsealed,
        oldest_unsealed=waiting.oldest_unsealed,
        head=previous,
        broken_at=broken_at,
        fault=fault,
        shipped_found=found if shipped else None,
    )


def _fault(event: AuditEvent, expected: int, previous: str) -> str:
    """What is wrong with this event at this place, or nothing."""
    if event.sequence != expected:
        return "it is missing"
    if event.previous_hash != previous:
        return "it does not follow the event before it"
    if event.hash != link(previous, event, expected):
        return "it is not as it was sealed"
    return ""


@dataclass(frozen=True)
class Tail:
    """How far behind the sealer is, for the health page."""

    sealed: int
    unsealed: int
    oldest_unsealed: datetime | None


def tail() -> Tail:
    """Counts without walking the chain."""
    waiting = AuditEvent.objects.unsealed()
    return Tail(
        sealed=Seal.objects.filter(pk=ONE).values_list("sequence", flat=True).first() or 0,
        unsealed=waiting.count(),
        oldest_unsealed=waiting.order_by("id").values_list("at", flat=True).first(),
    )
