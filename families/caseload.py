"""Who works with how many families, against how many they can: numbers alone, restricted records counted too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from accounts.models import User
from families.models import Capacity, Case


def open_cases_of_each() -> dict[Any, int]:
    """How many open cases each lead has."""
    counted = Case.objects.open().order_by().values_list("lead").annotate(number=Count("pk"))
    return dict(counted)


@dataclass(frozen=True)
class Loads:
    """Open cases and capacities of everybody, by id of the person."""

    cases: Mapping[Any, int]
    capacities: Mapping[Any, int]

    def words(self, person: User) -> str:
        """ "5 of 8 families", or "5 open cases" where nobody has said how many."""
        number = self.cases.get(person.pk, 0)
        if (most := self.capacities.get(person.pk)) is not None:
            return f"{number} of {most} families" + (", full" if number >= most else "")
        return f"{number} open case{'' if number == 1 else 's'}"


def loads() -> Loads:
    """Two queries, whoever works here."""
    return Loads(open_cases_of_each(), dict(Capacity.objects.values_list("person", "cases")))
