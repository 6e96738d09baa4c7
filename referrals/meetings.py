"""What a triage meeting has before it and behind it: the agenda, the next one, the minutes."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from outbox.queries import can_leave
from referrals import queue
from referrals.models import Decision, Meeting, MeetingItem, Referral


@dataclass(frozen=True)
class Minuted:
    """One referral of the agenda and what became of it."""

    row: queue.Row
    decision: Decision | None
    left: bool

    @property
    def referral(self) -> Referral:
        return self.row.referral

    @property
    def open(self) -> bool:
        return self.decision is None and not self.left and self.referral.is_open

    @property
    def letters(self) -> list[str]:
        """How what was written reaches whom: sent, on a page, or by hand."""
        if self.decision is None:
            return []
        found = []
        if self.decision.to_referrer:
            sent = self.referral.from_outside and can_leave("email")
            found.append("To the referrer: an e-mail leads to it" if sent else "To the referrer: print it, or ring")
        if self.decision.to_family:
            channel = self.referral.get_family_channel_display().lower()
            found.append(f"To the family: by {channel}")
        return found


@dataclass(frozen=True)
class Agenda:
    """A meeting as far as the reader may see its referrals."""

    meeting: Meeting
    items: tuple[Minuted, ...]

    @property
    def next(self) -> Referral | None:
        return next((each.referral for each in self.items if each.open), None)

    @property
    def done(self) -> int:
        return sum(not each.open for each in self.items)

    @property
    def left(self) -> list[Minuted]:
        return [each for each in self.items if each.left and each.decision is None]

    def place_of(self, referral: Referral) -> int:
        return next(number for number, each in enumerate(self.items, start=1) if each.referral.pk == referral.pk)


def agenda_of(user: User, meeting: Meeting) -> Agenda:
    """The agenda with what became of each; five queries whatever its length. A decision that was taken back is none."""
    seen = Referral.objects.visible_to(user)
    items = MeetingItem.objects.filter(meeting=meeting, referral__in=seen).select_related(
        "referral__reference",
        "referral__triager",
        "referral__case__family",
        "decision__by",
        "decision__decline_reason",
        "decision__passed_to",
    )
    rows = {row.referral.pk: row for row in queue.rows_of(item.referral for item in items)}
    return Agenda(
        meeting,
        tuple(
            Minuted(
                rows[item.referral_id],
                item.decision if item.decision and item.decision.undone_at is None else None,
                item.left_at is not None,
            )
            for item in items
        ),
    )


def minuted_by(user: User, referral: Referral) -> Meeting | None:
    """The meeting under way that ``user`` minutes and that has ``referral`` on its agenda."""
    return Meeting.objects.visible_to(user).under_way().filter(by=user, items__referral=referral).first()
