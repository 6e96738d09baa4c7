"""What the pages of the form list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from referrals.addresses import address
from referrals.models import AdviceCall, Draft, Referral
from referrals.written import written_by


@dataclass(frozen=True)
class Begun:
    """A referral that a colleague has begun to key in."""

    who: str
    by: str
    saved_at: datetime
    url: str


def referral_of(draft: Draft) -> Referral:
    """What a draft became; for whoever may open the draft, its writer."""
    return Referral.objects.select_related("reference").get(written_as=draft)


def calls_waiting(user: User) -> int:
    """How many people wait to be rung back."""
    return AdviceCall.objects.visible_to(user).waiting().count()


def begun_by_staff(user: User) -> list[Begun]:
    """What is still to be finished at the staff door, the latest first; one query."""
    rows = Draft.objects.visible_to(user).unsent().select_related("by").order_by("-saved_at")[:50]
    return [
        Begun(
            who=str(written_by(row).said_at("you").get("name") or "Nobody named yet"),
            by=row.by.name if row.by else "",
            saved_at=row.saved_at,
            url=address(row, "resume"),
        )
        for row in rows
    ]
