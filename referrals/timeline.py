"""What referrals add to a case's timeline: how the family came to the service."""

from __future__ import annotations

from django.urls import reverse

from families.registry import TimelineEntry, TimelineRow, TimelineSource
from referrals.models import Door, Referral


def _came(row: TimelineRow) -> TimelineEntry:
    who = ", ".join(filter(None, (row.data["name"], row.data["role"], row.data["organisation"])))
    return TimelineEntry(
        at=row.at,
        title="Asked for help themselves" if row.data["door"] == Door.SELF else "Referred",
        url=reverse("referrals:referral", args=[row.id]),
        detail=who,
    )


SOURCES = (
    TimelineSource(
        key="referral",
        kind="referral",
        kind_label="Referrals",
        rows=lambda case, user: Referral.objects.visible_to(user).filter(case=case),
        at="received_at",
        columns={
            "door": "door",
            "name": "referrer_name",
            "role": "referrer_role",
            "organisation": "referrer_organisation",
        },
        entry=_came,
        people="people__person",
    ),
)
