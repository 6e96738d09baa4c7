"""Whether the service is the right one, by its own rules. A machine says what does not fit; people decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from families.ages import completed_months
from referrals.models import IntakeRules, ServiceArea

PREGNANCY_WEEKS = 40


def rules() -> IntakeRules:
    """The service's one row; the shipped one where somebody's database has none."""
    return IntakeRules.objects.filter(pk=1).first() or IntakeRules()


def why_not(said: dict[str, Any], on: date | None = None) -> list[str]:
    """What does not fit of the first page's answers, each in a sentence; empty when it fits."""
    on, limits, found = on or timezone.localdate(), rules(), []
    born, expected, outcode = said.get("born_on"), said.get("expected_on"), said.get("postcode")
    if born and completed_months(born, on) >= limits.most_age_months:
        found.append(f"We take on babies who are younger than {_age(limits.most_age_months)} when we hear of them.")
    if expected and limits.pregnancy_from_weeks:
        first = expected - timedelta(weeks=PREGNANCY_WEEKS - limits.pregnancy_from_weeks)
        if on < first:
            found.append(f"We take on a pregnancy from week {limits.pregnancy_from_weeks} on.")
    if outcode and ServiceArea.objects.exists() and not ServiceArea.objects.filter(outcode=outcode).exists():
        found.append(f"{outcode} is outside the area that we work in.")
    if said.get("need") == "no":
        found.append("Our help is for what is hard between a baby and somebody who looks after them.")
    return found


def _age(months: int) -> str:
    return f"{months // 12} years" if months % 12 == 0 and months >= 24 else f"{months} months"
