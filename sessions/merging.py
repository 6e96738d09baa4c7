"""Two attendances of one person at one session, made one."""

from __future__ import annotations

from typing import Any

from families.merging.moving import Ledger, change
from sessions.models import Attendance


def whoever_was_seen_was_there(row: Any, column: str, kept: Any, ledger: Ledger) -> None:
    """``row`` is about to go; that somebody was seen outweighs whatever the other record said of the same session."""
    stays = Attendance.objects.get(person=kept.pk, session=row.session_id)
    if row.code in Attendance.SEEN and stays.code not in Attendance.SEEN:
        change(stays, {"code": row.code}, ledger)
