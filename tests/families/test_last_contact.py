"""When a family was last in touch: calls, messages and sessions, attempts included; for filters of a worklist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from families.contacts import last_contact, without_contact_since
from families.models import Case, Contact
from sessions.models import VigSession
from tests.cast import Cast, FamilyInTests, make_family

NOW = timezone.now()


def log(cast: Cast, family: FamilyInTests, days_ago: int, **fields: Any) -> Contact:
    fields = {"person": family.sam} | fields
    at = NOW - timedelta(days=days_ago)
    return Contact.objects.create(case=family.case, kind=Contact.Kind.CALL, at=at, logged_by=cast.asha, **fields)


def meet(cast: Cast, family: FamilyInTests, days_ago: int, status: str) -> VigSession:
    return VigSession.objects.create(
        case=family.case,
        kind=VigSession.Kind.OTHER,
        place=VigSession.Place.HOME,
        starts_at=NOW - timedelta(days=days_ago),
        practitioner=cast.asha,
        status=status,
    )


def silent_for(days: int) -> set[Any]:
    found = without_contact_since(Case.objects.all(), NOW - timedelta(days=days))
    return set(found.values_list("pk", flat=True))


def test_the_latest_of_calls_and_sessions_counts_and_an_attempt_is_one(cast: Cast, family: FamilyInTests) -> None:
    log(cast, family, 40)
    assert silent_for(28) == {family.case.pk}
    meet(cast, family, 20, VigSession.Status.MISSED)
    assert silent_for(14) == {family.case.pk}
    assert silent_for(28) == set()
    attempt = log(cast, family, 3, outcome=Contact.Outcome.NO_ANSWER)
    assert last_contact([family.case.pk]) == {family.case.pk: attempt.at}
    assert silent_for(14) == set()


def test_what_was_no_contact_with_the_family_does_not_count(cast: Cast, family: FamilyInTests) -> None:
    log(cast, family, 1, person=None, other_party="Health visitor")
    log(cast, family, 1, struck_at=NOW, struck_by=cast.asha, struck_reason="Another family's call.")
    meet(cast, family, 1, VigSession.Status.CANCELLED)
    meet(cast, family, -3, VigSession.Status.PLANNED)
    assert last_contact([family.case.pk]) == {}
    assert silent_for(14) == {family.case.pk}


def test_what_it_costs_does_not_grow_with_the_cases(
    cast: Cast, family: FamilyInTests, django_assert_num_queries: Any
) -> None:
    families = [family, *(make_family(cast.asha) for _ in range(3))]
    for each in families:
        log(cast, each, 2)
    with django_assert_num_queries(2):
        assert len(last_contact([each.case.pk for each in families])) == 4


@pytest.mark.parametrize(
    "wrong", [{"person": None}, {"minutes": 601}, {"struck_at": NOW}, {"struck_reason": "Why, and by nobody"}]
)
def test_a_contact_that_makes_no_sense_cannot_be_saved(
    wrong: dict[str, Any], cast: Cast, family: FamilyInTests
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        log(cast, family, 1, **wrong)
