"""After a restore: erase once more whatever the backup has brought back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from families.retention import again, ledger


class Command(BaseCommand):
    help = "After a restore: erase again what the erasure ledger says was erased. May be run as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        entries = ledger.entries()
        self.stdout.write(f"{len(entries)} erasures in {ledger.path()}.")
        for entry in entries:
            outcome = again.erase_again(entry)
            if outcome:
                self.stdout.write(f"{entry.decided_at[:10]} {entry.what} {entry.family}: {outcome}")
        self.stdout.write("Nothing that was erased is in the database or in the store.")
