"""``manage.py verify_audit``: is the audit trail as it was written?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit import chain


class Command(BaseCommand):
    help = (
        "Compute the audit chain anew. Prints one line; exits 1 and names the first broken event when it was changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--shipped",
            default="",
            metavar="HASH",
            help="a hash noted elsewhere, from the log or an earlier run, that must be in the chain",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = chain.verify(shipped=options["shipped"].strip().lower())
        counts = f"{verdict.sealed} sealed, {verdict.unsealed} not sealed yet"
        if verdict.oldest_unsealed:
            counts += f" (the oldest from {verdict.oldest_unsealed:%Y-%m-%d %H:%M:%S} UTC)"
        if verdict.whole:
            self.stdout.write(f"Whole: {counts}, head {verdict.head or 'none'}")
            return
        if verdict.broken_at is not None:
            self.stdout.write(f"BROKEN at event {verdict.broken_at}: {verdict.fault}. {counts}.")
        else:
            self.stdout.write(f"BROKEN: the hash noted elsewhere is not in the chain. {counts}, head {verdict.head}")
        sys.exit(1)
