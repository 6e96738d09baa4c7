"""Load the demonstration: plainly made-up families, people who sign in, and films of moving shapes."""

from __future__ import annotations

import subprocess
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from clips.actions import Refused
from clips.media import ffmpeg
from clips.store import NoRoom
from desk.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, DEMO_PIN
from desk.demo.families import WITH_FILM, WITHOUT_FILM, Film, Staff
from desk.demo.guarded import foxglove, rookwood, sorrel
from desk.demo.kept import film_that_may_go, old_records
from desk.demo.many import AT_ONCE, Maker
from desk.demo.people import MANAGER, known_staff, make_people
from desk.demo.referrals import make_referrals
from desk.demo.sending import send
from desk.demo.watching import keep_rota
from families.retention import due


class Command(BaseCommand):
    help = "Load demonstration data into an empty database, and print who can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where somebody can sign in already")
        parser.add_argument("--films", type=int, default=len(WITH_FILM), metavar="N", help="how many films to make")

        parser.add_argument(
            "--families", type=int, default=0, metavar="N", help="so many families more, drawn in bulk (20000: minutes)"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same number draws the same families")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demonstration data is never loaded in production (VIG_MODE=production).")
        known = set(User.objects.values_list("email", flat=True))
        ours = {email for email, _, _ in DEMO_ACCOUNTS} <= known
        if ours and options["families"]:
            self._more(known_staff(), options["families"], options["seed"])
        elif known and not options["if_empty"]:
            raise CommandError("Somebody can sign in already. Start with an empty database, or use --if-empty.")
        if not known:
            self._load(0 if options["families"] else options["films"], options["families"], options["seed"])
            known = {email for email, _, _ in DEMO_ACCOUNTS}
        self._say(known)

    def _load(self, how_many: int, families: int, seed: int) -> None:
        with transaction.atomic():
            staff = make_people()
            keep_rota(staff, User.objects.get(email=MANAGER))
            make_referrals(staff.ina, staff.riverside)
            films: list[Film] = [family(staff) for family in WITH_FILM]
            for other in (*WITHOUT_FILM, foxglove, rookwood, sorrel, old_records):
                other(staff)
        if families:
            self._more(staff, families, seed)
        for number, film in enumerate(films[: max(0, how_many)], start=1):
            try:
                send(film, caption=f"Demonstration film {number}")
            except (Refused, NoRoom, OSError, ffmpeg.NotFound, subprocess.CalledProcessError) as error:
                self.stderr.write(f"Demonstration film {number} could not be made: {error}")
        if how_many >= len(films):
            try:
                film_that_may_go(staff)
            except (Refused, NoRoom, OSError, ffmpeg.NotFound, subprocess.CalledProcessError) as error:
                self.stderr.write(f"The film of long ago could not be made: {error}")
        due.work_out()  # as each night

    def _more(self, staff: Staff, families: int, seed: int) -> None:
        """Families by the thousand; to a demonstration that is there already, too."""
        for done, batch in enumerate(Maker(staff, seed).families(families), start=1):
            batch.write()
            self.stdout.write(f"{min(done * AT_ONCE, families)} of {families} families")

    def _say(self, known: set[str]) -> None:
        there = [account for account in DEMO_ACCOUNTS if account[0] in known]
        if not there:
            self.stdout.write("This data is not the demonstration's: sign in with your own account.")
            return
        self.stdout.write(f"Password of everybody: {DEMO_PASSWORD}   PIN to uncover a screen: {DEMO_PIN}")
        for email, name, role in there:
            self.stdout.write(f"  {email:<20} {name}, {role}")
