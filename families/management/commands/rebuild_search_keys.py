"""``manage.py rebuild_search_keys``: make again everything that people are found by."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from families.finding import keys


class Command(BaseCommand):
    help = "Makes the search keys of all people again from the record. Needed after rows were loaded past the service."

    def handle(self, *args: Any, **options: Any) -> None:
        count = keys.rebuild()
        self.stdout.write(f"{count} people can be found.")
