"""Say of films whether the service would take them. The work is in `clips.media.check`, which needs no Django."""

from __future__ import annotations

import sys
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser

from clips.media import check


class Command(BaseCommand):
    """`manage.py check_film FILE…`. From a shell `manage.py` goes to `clips.media.check` without reading settings."""

    help = "Says of each film whether the service would take it, in one line of JSON a file."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        code = check.main(["--", *files], cast(TextIO, self.stdout))
        if code:
            sys.exit(code)
