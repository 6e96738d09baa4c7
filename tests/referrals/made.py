"""Referrals as facts, for tests that are about what comes after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from referrals.models import Reference, Referral, ReferredPerson


def make_referral(**columns: Any) -> Referral:
    """A referral of a professional that waits to be looked at: Robin, a baby of ten weeks, with Alex."""
    columns.setdefault("reference", Reference.objects.create())
    columns.setdefault("door", "professional")
    columns.setdefault("decide_by", timezone.localdate() + timedelta(days=14))
    columns.setdefault("referrer_name", "Hanna Visitor")
    columns.setdefault("referrer_role", "Health visitor")
    referral = Referral.objects.create(**columns)
    ReferredPerson.objects.create(
        referral=referral,
        kind="infant",
        number=1,
        first_name="Robin",
        date_of_birth=timezone.localdate() - timedelta(weeks=10),
    )
    ReferredPerson.objects.create(
        referral=referral, kind="caregiver", number=1, first_name="Alex", last_name="Made-up", phone="+447700900321"
    )
    return referral
