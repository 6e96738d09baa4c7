"""Writing down whether somebody can decide about film."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families import registry
from families.consent import decides_alone
from families.models import Ability, Case, ConsentWording, Person

Purpose = ConsentWording.Purpose


@transaction.atomic
def record_ability(
    *,
    by: User,
    case: Case,
    person: Person,
    purposes: Iterable[str],
    finding: str,
    reasons: str,
    found_by: str = "",
    found_on: date | None = None,
) -> list[Ability]:
    """Write down what was found about somebody's ability to decide about these purposes; earlier findings stay.

    ``found_by`` is who assessed, when that is not who records it. Whoever holds films of theirs is told at once.
    Raises ValidationError, keyed by argument.
    """
    purposes = [purpose for purpose in Purpose.values if purpose in set(purposes)]
    found_on = found_on or timezone.localdate()
    if not decides_alone(person):
        raise ValidationError({"person": f"Others decide for {person.short_name}."})
    if not purposes:
        raise ValidationError({"purposes": "Select what it is about"})
    if finding not in Ability.Finding.values:
        raise ValidationError({"finding": "Select what was found"})
    if not reasons.strip():
        raise ValidationError({"reasons": "Enter what you saw and heard that says so"})
    if found_on > timezone.localdate():
        raise ValidationError({"found_on": "The day must be today or in the past"})
    rows = []
    for purpose in purposes:
        row = Ability.objects.create(
            person=person,
            purpose=purpose,
            finding=finding,
            reasons=reasons.strip(),
            found_by=(found_by.strip() or by.name)[:150],
            found_on=found_on,
            recorded_by=by,
        )
        audit(
            by=by,
            verb="ability.recorded",
            subject=row,
            family_id=case.family_id,
            case_id=case.pk,
            person=str(person.pk),
            purpose=purpose,
            finding=finding,
        )
        registry.tell_holders(person, purpose)
        rows.append(row)
    return rows
