"""Once a day administrators hear what did not leave: numbers and reasons, no address and no name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import PERMISSIONS, Permission
from outbox.actions import post
from outbox.models import Message
from outbox.registry import Content, label_of, register_kind, register_rule

KIND = "outbox-digest"
A_DAY = timedelta(days=1)
LONGEST_BACK = timedelta(days=7)
State, Delivery = Message.State, Message.Delivery


@dataclass(frozen=True)
class Line:
    """So many messages of one kind that ended the same way for the same reason."""

    number: int
    kind: str
    state: str
    reason: str

    @property
    def words(self) -> str:
        return f"{self.number} × {self.kind}: {self.state.lower()}. {self.reason}".strip()


def lines(since: datetime) -> list[Line]:
    """What did not leave since then and waits for somebody to decide, and what a provider says did not arrive."""
    stopped = Q(state__in=[State.FAILED, State.UNSURE])
    rows = Message.objects.filter(stopped | Q(delivery=Delivery.UNDELIVERABLE), ended_at__gte=since).exclude(kind=KIND)
    counted = Counter(
        (label_of(kind), _in_words(state, delivery), "" if delivery else reason)
        for kind, state, delivery, reason in rows.values_list("kind", "state", "delivery", "reason")
    )
    return [Line(number, *which) for which, number in sorted(counted.items(), key=lambda each: (-each[1], each[0]))]


def _in_words(state: str, delivery: str) -> str:
    return Delivery(delivery).label if delivery == Delivery.UNDELIVERABLE else State(state).label


def post_digest(now: datetime | None = None) -> int:
    """Write one message to each administrator when something failed since the last one; how many were written."""
    now = now or timezone.now()
    last = Message.objects.filter(kind=KIND).order_by("-created_at").values_list("created_at", flat=True).first()
    since = max(last or now - A_DAY, now - LONGEST_BACK)
    if not lines(since):
        return 0
    day = timezone.localdate(now)
    roles = [role for role, rights in PERMISSIONS.items() if Permission.MANAGE_SETTINGS in rights]
    people = User.objects.filter(is_active=True, role__in=roles).exclude(email="")
    written = 0
    for user in people:
        key = f"{KIND}:{day}:{user.pk}"
        if not Message.objects.filter(key=key).exists():
            post(by=None, kind=KIND, channel="email", to=user.email, subject_id=since.isoformat(), key=key)
            written += 1
    return written


def write(message: Message) -> Content:
    """The digest as it is true when it leaves."""
    found = lines(datetime.fromisoformat(message.subject_id))
    number = sum(line.number for line in found)
    page = f"{settings.SERVICE_URL.rstrip('/')}{reverse('outbox:messages')}"
    return Content(
        subject=f"{settings.SERVICE_NAME}: {number} message{'' if number == 1 else 's'} did not leave",
        body="\n".join(
            [
                "These messages did not leave, or did not arrive, since the last time we wrote:",
                "",
                *(line.words for line in found),
                "",
                f"Decide about them, or find out more: {page}",
                "",
                "They tell of no family: numbers and reasons alone.",
                "",
            ]
        ),
    )


def decided_since(message: Message) -> str:
    """A digest with nothing in it is not sent."""
    if message.kind != KIND or lines(datetime.fromisoformat(message.subject_id)):
        return ""
    return "Everything was decided before it left."


def register() -> None:
    register_kind(KIND, write, label="What did not leave")
    register_rule(decided_since)
