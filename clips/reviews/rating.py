"""The helping question rated after the room, in the caregivers' own hands."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from clips.models import RoomLease
from clips.reviews.reading import speakers
from families.consent import decides_alone
from families.models import Person
from outcomes.actions import rate_question


def raters(lease: RoomLease) -> dict[str, Person]:
    """The caregivers who were in the room, by what the room calls them."""
    return {
        each.key: each.person
        for each in speakers(lease)
        if each.person is not None and each.person.kind == Person.Kind.CAREGIVER and decides_alone(each.person)
    }


@transaction.atomic
def keep_ratings(*, lease: RoomLease, given: Mapping[str, str]) -> int:
    """Keep each number from 0 to 10; nothing, or "not today", keeps nothing. Returns how many were kept."""
    people, kept = raters(lease), 0
    for key, value in given.items():
        if key not in people or value in {"", "not-today"}:
            continue
        if not (value.isascii() and value.isdigit() and int(value) <= 10):
            raise ValidationError("Select a number from 0 to 10, or “Not today”.")
        rate_question(
            by=None,
            wording=lease.review.cycle.wording,
            rated_by=people[key],
            value=int(value),
            occasion_id=lease.review_id,
        )
        kept += 1
    return kept
