"""Writing to the audit trail."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from audit.models import AuditEvent


def record(
    *,
    by: Any,
    verb: str,
    subject: models.Model | tuple[str, object],
    family_id: object = "",
    case_id: object = "",
    **detail: str | int | bool | list[str] | list[int] | None,
) -> AuditEvent:
    """Write one event in the caller's transaction.

    ``by`` is the signed-in user, or None for the system. ``verb`` is ``noun.past-participle`` ("film.played").
    ``subject`` is the record, or ``(type, id)`` for one that is already gone. ``detail`` holds ids, codes and
    counts only: a name or a value here would outlive the record's erasure.
    """
    if isinstance(subject, models.Model):
        subject_type, subject_id = subject._meta.label_lower, str(subject.pk)
    else:
        subject_type, subject_id = subject[0], str(subject[1])
    known = by is not None and by.pk is not None
    return AuditEvent.objects.create(
        at=timezone.now(),
        actor_id=str(by.pk) if known else "",
        actor_role=getattr(by, "role", "") if known else "",
        verb=verb,
        subject_type=subject_type,
        subject_id=subject_id,
        family_id=str(family_id or ""),
        case_id=str(case_id or ""),
        detail=detail,
    )
