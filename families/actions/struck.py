"""Striking out what was written in the wrong record: hidden from view, kept, with who and why."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Consultation, Contact, Document, Note

Entry = TypeVar("Entry", Contact, Consultation, Document, Note)


@transaction.atomic
def strike_out(*, by: User, entry: Entry, reason: str) -> Entry:
    """Mark an entry as entered in error. Said once, never taken back; what it said stays in the database."""
    entry = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    if entry.is_struck:
        raise ValidationError("This is struck out already.")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is struck out"})
    entry.struck_at, entry.struck_by, entry.struck_reason = timezone.now(), by, reason.strip()
    entry.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    case = None if isinstance(entry, Consultation) else entry.case
    audit(
        by=by,
        verb=f"{entry._meta.model_name}.struck_out",
        subject=entry,
        family_id=case.family_id if case else "",
        case_id=case.pk if case else "",
    )
    return entry
