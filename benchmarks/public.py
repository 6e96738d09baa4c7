"""How long the public pages of referring take while several people use them at once.

gunicorn runs as in production; eight clients ask at the same time, each over a connection of its own, and beside each
page stands the same server's plainest public page, asked in the same way. A question is answered by POST, as a browser
sends it. On PostgreSQL when DATABASE_URL_POSTGRES names one, else on SQLite, which the line says.
"""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.record import database
from tests.stack import Stack, running

NAMES = ("public_guide", "public_question", "public_answer", "public_check", "public_status")
AT_ONCE = 8
ASKED = 30  # by each client; 240 answers of each page
TARGET_MS = 300  # as for the pages of the record

# A form filled in, a referral sent and its link followed: the cookies that a browser would have.
_WRITTEN = """
from django.test import Client
from django.utils import timezone
from referrals.actions.following import new_link
from referrals.models import Referral
from tests.referrals.filling import DECLARATION, PAGES, Writer
sent = Writer(client=Client(headers={"host": "localhost"}))
sent.fill()
sent.send()
Referral.objects.update(referrer_email="hanna@trust.example", referrer_email_checked_at=timezone.now())
token = new_link(referral=Referral.objects.get())
writer = Writer(client=Client(headers={"host": "localhost"}))
writer.fill(babies=2)
result = {"base": writer.base, "token": token, "hopes": PAGES["hopes"],
          "cookies": {name: cookie.value for name, cookie in writer.client.cookies.items()}}
"""


@dataclass
class Visitor:
    """One browser without script: a connection, and the cookies that it was given."""

    host: str
    cookies: dict[str, str]

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.host, timeout=30)

    def ask(self, path: str, data: dict[str, Any] | None = None) -> tuple[int, bytes]:
        headers = {
            "Accept": "text/html",
            "Sec-Fetch-Mode": "navigate",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if data is not None:
            body = urlencode({**data, "csrfmiddlewaretoken": self.cookies["csrftoken"]}, doseq=True)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        self.connection.request("GET" if data is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and (found := re.match(r"([^=]+)=([^;]*)", value)):
                self.cookies[found[1]] = found[2]
        return answer.status, said


def measurements(only: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield one measurement a page; with ``only``, those whose name contains it."""
    wanted = [name for name in NAMES if only is None or only in name]
    if not wanted:
        return
    with database() as env, running(beat=False, workers=(), before=None, **env) as stack:
        written = stack.python(_WRITTEN)
        visitors = [_visitor(stack, written) for _ in range(AT_ONCE)]
        base = written["base"]
        pages: dict[str, tuple[str, dict[str, Any] | None]] = {
            "public_guide": ("/about-vig/", None),
            "public_question": (f"{base}hopes/", None),
            "public_answer": (f"{base}hopes/", written["hopes"]),
            "public_check": (f"{base}check/", None),
            "public_status": ("/referral/", None),
        }
        plain = p95(visitors, "/accessibility", None)
        kept = "PostgreSQL" if env else "SQLite"
        for name in wanted:
            value = p95(visitors, *pages[name])
            yield {
                "name": name,
                "issue": 4,
                "value": round(value, 1),
                "unit": "ms",
                "reference": f"p95 of a bare public page of it, {AT_ONCE} at once: {plain:.1f} ms ({kept})",
                "ratio": round(value / plain, 2),
                "target": f"value <= {TARGET_MS}",
                "holds": value <= TARGET_MS,
            }


def _visitor(stack: Stack, written: dict[str, Any]) -> Visitor:
    visitor = Visitor(urlsplit(stack.base_url).netloc, dict(written["cookies"]))
    visitor.ask(f"/referral/{written['token']}/")
    visitor.ask("/refer/")
    return visitor


def p95(visitors: list[Visitor], path: str, data: dict[str, Any] | None) -> float:
    """Milliseconds in which 95 of 100 answers have wholly arrived while all visitors ask."""

    def ask(visitor: Visitor) -> list[float]:
        taken = []
        for number in range(ASKED + 3):
            began = time.perf_counter()
            status, _ = visitor.ask(path, data)
            if status != (200 if data is None else 303) and not (data is not None and status == 302):
                raise AssertionError(f"{path}: {status}")
            if number >= 3:
                taken.append((time.perf_counter() - began) * 1000)
        return taken

    with ThreadPoolExecutor(len(visitors)) as pool:
        taken = [each for some in pool.map(ask, visitors) for each in some]
    return quantiles(taken, n=20)[18]
