"""Two protections of one person, made one: from everybody as soon as either was, and both reasons are kept."""

from __future__ import annotations

from typing import Any

from families.merging.moving import Ledger, change
from families.models import Protection


def one_protection(row: Any, column: str, kept: Any, ledger: Ledger) -> None:
    """``row`` is about to go; whom it protected from must stay kept out. One that names people has rows hanging on it:
    the merge is then refused, and somebody decides from whom before the records are brought together."""
    stays = Protection.objects.standing().get(person=kept.pk)
    values: dict[str, Any] = {"reason": "\n\n".join(dict.fromkeys((stays.reason, row.reason)))}
    if row.from_everyone:
        values["from_everyone"] = True
    change(stays, values, ledger)
