"""Twins before they have names: told apart from the first day, because their consents and scores are."""

from __future__ import annotations

from families.models import Case, Person

SAME_PREGNANCY = 28  # days between expected dates: twins are dated together, and scans move a date a little


def expected_together(case: Case, person: Person) -> list[Person]:
    """Who else is expected from the same pregnancy, as far as the dates say."""
    return [
        other
        for other in case.people.infants().living().filter(date_of_birth__isnull=True).order_by("created_at")
        if other.pk != person.pk
        and other.expected_on is not None
        and person.expected_on is not None
        and abs((other.expected_on - person.expected_on).days) <= SAME_PREGNANCY
    ]


def number_the_expected(case: Case, person: Person) -> None:
    """Tell apart twins who have no name yet: "Baby 1" and "Baby 2", in the order in which they came to the record.

    In the caller's transaction; a number that somebody gave is never changed.
    """
    if not person.unborn:
        return
    together = sorted([person, *expected_together(case, person)], key=lambda each: each.created_at)
    if len(together) < 2:
        return
    taken = {each.birth_order for each in together}
    free = (number for number in range(1, len(together) + 1) if number not in taken)
    for each in together:
        if each.birth_order is None:
            each.birth_order = next(free)
            each.save()
