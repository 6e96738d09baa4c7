"""``manage.py seal_audit``: what the worker does every ten seconds, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from audit import chain


class Command(BaseCommand):
    help = "Seal the audit events that have been committed since the last sealing."

    def handle(self, *args: Any, **options: Any) -> None:
        count = chain.seal()
        self.stdout.write(f"Sealed {count} event{'' if count == 1 else 's'}.")
