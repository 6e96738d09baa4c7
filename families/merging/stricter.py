"""Consents after a merge: where the two records differed, the stricter answer stands until somebody is asked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from families import registry
from families.consent import Purpose, Standing, standings
from families.merging.moving import Ledger, change
from families.models import Consent, Person

NO = frozenset({Standing.REFUSED, Standing.WITHDRAWN, Standing.CONFLICT, Standing.NOT_ALONE})
SAID_BY = "Two records were brought together: in one of them the answer was no"

Stood = dict[tuple[Any, str], set[str]]


def concerned(kept: Person, gone: Person) -> list[Person]:
    """The two, and everybody for whom one of the two decided."""
    decided = Q(consents__decided_by__in=[kept.pk, gone.pk])
    return list(Person.objects.filter(Q(pk__in=[kept.pk, gone.pk]) | decided).distinct())


def stood(people: Iterable[Person], kept: Person, gone: Person) -> Stood:
    """Where everybody stood before, by person and purpose; both answers of the two under the one who stays."""
    found: Stood = defaultdict(set)
    for (pk, purpose), each in standings(people, Purpose.values).items():
        found[kept.pk if pk == gone.pk else pk, purpose].add(each.standing)
    return found


def keep_the_stricter(people: Iterable[Person], before: Stood, ledger: Ledger) -> None:
    """Take back what would now count as given although one of the records said no; tell whoever holds film."""
    people = list(Person.objects.filter(pk__in=[person.pk for person in people]))
    now = standings(people, Purpose.values)
    for person in people:
        for purpose in Purpose.values:
            after = now[person.pk, purpose].standing
            if after == Standing.GIVEN and before[person.pk, purpose] & NO:
                given = Consent.objects.filter(
                    person=person, purpose=purpose, decision=Consent.Decision.GIVEN, withdrawn_at=None
                )
                for consent in given:
                    change(consent, {"withdrawn_at": timezone.now(), "withdrawn_by": SAID_BY}, ledger)
            registry.tell_holders(person, purpose)
