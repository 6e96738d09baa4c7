"""``manage.py create_administrator``: the first person of an installation, or the way back in for the last one."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions.people import add_person
from accounts.models import User
from accounts.roles import Role


class Command(BaseCommand):
    help = (
        "Make an administrator, who then makes everybody else on the pages. The password is asked for, or read from "
        "standard input when that is no terminal. The second step is set up at the first sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="the person's name (asked for when left out)")
        parser.add_argument("--email", help="the e-mail address that they sign in with (asked for when left out)")

    def handle(self, *args: Any, name: str | None, email: str | None, **options: Any) -> None:
        name = name or self._ask("Name: ")
        email = email or self._ask("E-mail: ")
        password = self._password()
        try:
            validate_password(password, User(name=name, email=email))
            with transaction.atomic():
                person = add_person(by=None, name=name, email=email, role=Role.ADMINISTRATOR)
                person.set_password(password)
                person.save(update_fields=["password"])
        except ValidationError as problem:
            raise CommandError("Nobody was added. " + " ".join(problem.messages)) from problem
        self.stdout.write(f"{person.email} can sign in now and is asked to set up a second step first.")

    def _ask(self, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Give --name and --email when there is no terminal to ask on.")
        return input(question).strip()

    def _password(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass.getpass("Password (12 characters or more): ")
        if getpass.getpass("The same again: ") != password:
            raise CommandError("The two passwords differ. Nobody was added.")
        return password
