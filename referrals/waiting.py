"""What referrals ask of whoever takes them in: worked out afresh each time."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import Permission, User
from families.registry import Task
from referrals import queue
from referrals.queries import calls_waiting


def to_decide(user: User) -> Iterator[Task]:
    """One line for the whole queue, and one for the people who asked to be rung: each leads to its list."""
    if not user.can(Permission.TRIAGE_REFERRALS):
        return
    waiting = queue.waiting_for(user)
    if waiting.open:
        pressing = [
            f"{number} {words}"
            for number, words in (
                (waiting.same_day, "for the same day"),
                (waiting.late, "past the target"),
                (waiting.news, "with an answer to read"),
            )
            if number
        ]
        yield Task(
            f"{waiting.open} referral{'' if waiting.open == 1 else 's'} to decide",
            reverse("referrals:queue"),
            "referral",
            order=5 if waiting.same_day else 20 if waiting.late else 45,
            detail=", ".join(pressing),
        )
    if calls := calls_waiting(user):
        yield Task(
            f"{calls} {'person asks' if calls == 1 else 'people ask'} to be rung",
            reverse("referrals:calls"),
            "referral",
            order=30,
            detail="They would like to talk before they refer",
        )
