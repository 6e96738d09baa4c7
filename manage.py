#!/usr/bin/env python
"""Django's command line for the VIG service."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["check_film"]:
        # Judges films on any machine: before the settings are read, so that no environment can be in its way.
        from clips.media.check import main as check_film

        sys.exit(check_film(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vig_service.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
