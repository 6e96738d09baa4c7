"""How long the pages of the record take to answer on a full service: 20,000 families, 60,000 people, 400,000 contacts.

gunicorn runs as in production and is asked over HTTP by somebody who is signed in, one request after the other; beside
each page stands the same server's plainest signed-in page, which carries the session, the person and the frame and
nothing of a family. On PostgreSQL when DATABASE_URL_POSTGRES names one, else on SQLite, which the line says.
``RECORD_FAMILIES`` makes it smaller for a quick look; the line says that, too.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from html import unescape
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vig_service.settings")
django.setup()  # what signs in is of models

from tests.journeys.person import Person  # noqa: E402
from tests.stack import Stack, running  # noqa: E402

NAMES = ("record_worklist", "record_search", "record_case", "record_timeline")
FAMILIES = int(os.environ.get("RECORD_FAMILIES", "20000"))
ASKED = 60  # of each page; enough for a 95th percentile of which three are left out
TARGET_MS = 300
CHUNK = 2000
PAGE = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}

_WHO = """
from accounts.models import User
from tests.cast import PASSWORD
from django.contrib.auth.hashers import make_password
kept = make_password(PASSWORD)
for user in User.objects.filter(email="carol@demo.example"):
    user.password = kept
    user.save()
from families.models import Case, Contact, Person
carol = User.objects.get(email="carol@demo.example")
cases = list(Case.objects.visible_to(carol).order_by("pk").values_list("pk", flat=True)[:400])
names = list(Person.objects.filter(kind="caregiver").order_by("pk").values_list("first_name", "last_name")[:400])
result = {
    "cases": [str(pk) for pk in cases], "names": [" ".join(name) for name in names],
    "people": Person.objects.count(), "contacts": Contact.objects.count(),
}
"""


@contextlib.contextmanager
def database() -> Iterator[dict[str, str]]:
    """A new database of the server that DATABASE_URL_POSTGRES names, dropped afterwards; SQLite when there is none."""
    url = os.environ.get("DATABASE_URL_POSTGRES")
    if not url:
        yield {}
        return
    import psycopg2

    name = f"record_{uuid.uuid4().hex[:12]}"

    def run(statement: str) -> None:
        server = psycopg2.connect(url)
        try:
            server.autocommit = True
            server.cursor().execute(statement)
        finally:
            server.close()

    run(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
    finally:
        run(f'DROP DATABASE "{name}" WITH (FORCE)')


def measurements(only: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield one measurement a page; with ``only``, those whose name contains it."""
    wanted = [name for name in NAMES if only is None or only in name]
    if not wanted:
        return
    with database() as env, running(beat=False, workers=(), before=_fill, **env) as stack:
        found = stack.python(_WHO)
        carol = Person(stack, "carol@demo.example")
        plain = p95(carol, lambda: "/me/")
        dice = random.Random(1)

        def case() -> str:
            return f"/cases/{dice.choice(found['cases'])}/"

        def search() -> str:
            name = dice.choice(found["names"]).split()
            return f"/families/?q={name[0][:-1]}+{name[1]}"  # a letter forgotten

        def worklist() -> str:
            more = dice.choice(("", "&silent=14", "&late=amber&sort=stage", "&sort=contact", "&sort=age"))
            return f"/families/?show=all&page={dice.randint(1, 40)}{more}"

        def timeline() -> str:
            """A further page of a long timeline, or one kind of a short one."""
            url = case()
            older = re.search(r'href="\?([^"]*older=[^"]+)"', carol.ask("GET", url, headers=PAGE).body.decode())
            return f"{url}?{unescape(older[1])}" if older else f"{url}?kind=contact&kind=session"

        pages: dict[str, Callable[[], str]] = dict(zip(NAMES, (worklist, search, case, timeline), strict=True))
        kept = "PostgreSQL" if env else "SQLite"
        size = f"{FAMILIES} families, {found['people']} people, {found['contacts']} contacts, {kept}"
        for name in wanted:
            value = p95(carol, pages[name])
            yield {
                "name": name,
                "issue": 3,
                "value": round(value, 1),
                "unit": "ms",
                "reference": f"p95 of a bare signed-in page of the same server: {plain:.1f} ms ({size})",
                "ratio": round(value / plain, 2),
                "target": f"value <= {TARGET_MS}",
                "holds": value <= TARGET_MS,
            }


def _fill(stack: Stack) -> None:
    """Some thousand families a process: each is well within the patience of :meth:`Stack.manage`."""
    for seed, done in enumerate(range(0, FAMILIES, CHUNK), start=1):
        number = min(CHUNK, FAMILIES - done)
        stack.manage("seed_demo", "--families", str(number), "--seed", str(seed), "--films", "0")
    if "DATABASE_URL" in stack.env:
        stack.python("from django.db import connection\nconnection.cursor().execute('ANALYZE')")


def p95(person: Person, address: Callable[[], str]) -> float:
    """Milliseconds in which 95 of 100 answers have wholly arrived."""
    taken = []
    for number in range(ASKED + 5):
        url = address()
        began = time.perf_counter()
        answer = person.ask("GET", url, headers=PAGE)
        if answer.status != 200:
            raise AssertionError(f"{url}: {answer.status}")
        if number >= 5:  # the first ones warm the server, as the first hour of a day does
            taken.append((time.perf_counter() - began) * 1000)
    return quantiles(taken, n=20)[18]


if __name__ == "__main__":
    import json

    for measured in measurements():
        print(json.dumps(measured), flush=True)
