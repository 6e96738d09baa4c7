"""Somebody who fills the form in without script: what they answer on each page, and a client that does it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from referrals.models import Draft, Reason

Posted = dict[str, Any]


def day(name: str, value: date) -> Posted:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def in_weeks(weeks: int) -> date:
    return timezone.localdate() + timedelta(weeks=weeks)


def unborn(**more: Any) -> Posted:
    return {"born": "unborn", **day("expected_on", in_weeks(14)), **more}


PAGES: dict[str, Posted] = {
    "start": {"postcode": "BD5 0NA", "need": "yes"},
    "agreement": {"agreed": "yes", "who": "Mum and Nan", "how": "met"},
    "emergency": {"understood": "on"},
    "you": {
        "name": "Hanna Visitor",
        "role": "Health visitor",
        "organisation": "Made-up Trust",
        "source": "A2",
        "phone": "01632 960 200",
        "email": "hanna@trust.example",
    },
    "caregivers": {
        "first_name": "Alex",
        "last_name": "Made-up",
        "relationship": "birth_parent",
        "parental_responsibility": "yes",
        "lives_with_baby": "unborn",
    },
    "reaching": {"phone": "07700 900 321", "safe_ways": ["call", "text"]},
    "needs": {"language": "Polish", "interpreter": "yes", "interpreter_language": "Polish", "needs": "none"},
    "reasons": {"observed": "Alex talks to the twins and sings."},
    "hopes": {"hopes": "That we get to know each other before they come.", "wish": "vig"},
    "background": {},
    "social-care": {"status": "none"},
    "risk": {
        "immediate": "no",
        "to_self": "no",
        "to_others": "no",
        "to_baby": "no",
        "to_visitors": "unknown",
    },
    "place": {"places": ["home"], "tell_family": "yes", "channel": "text", "address": "07700 900 321"},
}
DECLARATION: Posted = {"share": ["gp"], "true": "on", "privacy": "on"}


class Writer:
    """A browser without script in which a form is being filled in."""

    def __init__(self, door: str = "professional", client: Client | None = None) -> None:
        self.client = client or Client()
        self.door = door
        answer = self.client.post("/refer/", {"door": door})
        assert answer.status_code in {302, 303}, answer.content[:300]
        self.base = answer.headers["Location"].removesuffix("start/")

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(pk=self.base.strip("/").split("/")[-1])

    def post(self, page: str, data: Posted | None = None) -> str:
        """Send a page; where that leads."""
        answer: HttpResponse = self.client.post(f"{self.base}{page}/", data or {})
        assert answer.status_code in {302, 303}, f"{page}: {answer.status_code}"
        return str(answer.headers["Location"]).removeprefix(self.base)

    def look(self, page: str) -> str:
        answer = self.client.get(f"{self.base}{page}/" if page else self.base, follow=True)
        assert answer.status_code == 200, f"{page}: {answer.status_code}"
        return answer.content.decode()

    def fill(self, *, babies: int = 1, until: str = "", **instead: Posted) -> None:
        """Fill every page of a professional's door in, unborn ``babies`` among them, up to ``until``."""
        steps = ["start", "agreement", "emergency", "you"]
        steps += [f"babies/{n}" for n in range(1, babies + 1)] + ["babies"]
        steps += ["caregivers/1", "reaching/1", "needs/1", "caregivers", "children", "professionals"]
        steps += ["reasons", "hopes", "background", "social-care", "risk", "place", "files"]
        if self.door == "self":
            steps = [each for each in steps if each not in ("agreement", "you")]
        for step in steps:
            if step == until:
                return
            self.post(step, self.answers(step, instead))

    def answers(self, step: str, instead: dict[str, Posted] | None = None) -> Posted:
        key, _, item = step.partition("/")
        if (instead or {}).get(key.replace("-", "_")) is not None:
            return (instead or {})[key.replace("-", "_")]
        if key == "start":
            return unborn(**PAGES["start"])
        if key == "babies":
            return unborn() if item else {}
        if key == "files":
            return {"go": "on"}
        if key in ("caregivers", "children", "professionals") and not item:
            return {}
        found = dict(PAGES[key])
        if key == "agreement":
            found |= day("agreed_on", timezone.localdate())
        if key == "reasons":
            found["reasons"] = [str(Reason.objects.first().pk)]  # type: ignore[union-attr]
        if key == "risk" and self.door == "self":
            found = {name: found[name] for name in ("immediate", "to_self", "to_baby")}
        return found

    def send(self) -> str:
        return self.post("declaration", DECLARATION)
