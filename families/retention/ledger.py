"""The erasure ledger: what was erased, kept outside of everything that a restored backup brings back.

One line of JSON an erasure, written and flushed to disk before the first file goes. Ids alone. After a restore
``manage.py erase_again`` reads it and erases once more whatever the backup has brought back.
"""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from families.models import Erasure


@dataclass(frozen=True)
class Entry:
    """One line."""

    id: str
    what: str
    family: str
    cases: list[str]
    reference: str
    team: int | None
    rule: str
    rule_words: str
    due_on: str
    decided_by: str
    decided_at: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.decided_at)

    def as_erasure(self) -> Erasure:
        """The row that the backup did not know, unsaved."""
        return Erasure(
            pk=uuid.UUID(self.id),
            what=self.what,
            family_id=uuid.UUID(self.family),
            case_ids=self.cases,
            reference=self.reference,
            team_id=self.team,
            rule=self.rule,
            rule_words=self.rule_words,
            due_on=date.fromisoformat(self.due_on),
            decided_by_id=self.decided_by,
            decided_at=self.moment,
        )


def path() -> Path:
    return Path(settings.ERASURE_LEDGER)


def write(erasure: Erasure) -> None:
    """Add a line, whole and on the disk when this returns. The same erasure may be written twice. Raises OSError: then
    nothing may be deleted."""
    entry = Entry(
        id=str(erasure.pk),
        what=erasure.what,
        family=str(erasure.family_id),
        cases=[str(each) for each in erasure.case_ids],
        reference=erasure.reference,
        team=erasure.team_id,
        rule=erasure.rule,
        rule_words=erasure.rule_words,
        due_on=erasure.due_on.isoformat(),
        decided_by=str(erasure.decided_by_id),
        decided_at=erasure.decided_at.isoformat(),
    )
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path(), os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = file.seek(0, os.SEEK_END)
        if end:  # a line that a crash cut off is closed, so that it spoils no other
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else "\n" + line
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def entries() -> list[Entry]:
    """Every erasure of the ledger, the oldest first, each once; a line that a crash cut off is left out, since its
    erasure had not begun."""
    found: dict[str, Entry] = {}
    try:
        text = path().read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    for line in text.splitlines():
        try:
            said: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:
            continue
        found.setdefault(said["id"], Entry(**said))
    return list(found.values())
