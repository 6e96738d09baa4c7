"""``manage.py rotate_field_keys``: the second step of changing VIG_FIELD_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.keys import rotate_field_keys
from accounts.locker import Unreadable


class Command(BaseCommand):
    help = (
        "Encrypt every second factor and address again with the first of VIG_FIELD_KEYS, after which the others may go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            factors, others = rotate_field_keys()
        except Unreadable as problem:
            raise CommandError(f"Nothing was changed. {problem}") from problem
        self.stdout.write(
            f"{factors} second factors and {others} addresses are under the first key now. The other keys may go."
        )
