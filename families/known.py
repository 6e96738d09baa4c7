"""People whose records exist already, found for adding them to one more family."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from families.ages import age_of
from families.finding import search
from families.models import Case, Family, Person

if TYPE_CHECKING:
    from accounts.models import User

MOST = 20
LONGEST = 100


@dataclass(frozen=True)
class Known:
    """Somebody found: enough to tell two of a name apart."""

    person: Person
    families: tuple[str, ...]  # references, of those that the reader may open

    @property
    def age(self) -> str:
        return age_of(self.person)


def cleaned(text: str) -> str:
    """What was typed into the box, on one line and no longer than a name and a number can be."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


def people_like(user: User, text: str, *, beside: Case) -> list[Known]:
    """Up to ``MOST`` people whom ``user`` may see and who are not in ``beside`` yet, the likeliest first.

    By whatever a family is searched by: names as they are spelt or sound, NHS number, date of birth, phone, e-mail,
    postcode, or a family's reference, which gives everybody in it.
    """
    rank: dict[uuid.UUID, tuple[int, int]] = {}
    whole: list[uuid.UUID] = []
    for place, family in enumerate(search.families(user, text)):
        if family.reference:
            whole.append(family.family_id)
        for why in family.why:
            rank.setdefault(why.person_id, (-len(why.reasons), place))
    families = Prefetch("families", Family.objects.visible_to(user), to_attr="families_seen")
    rows = (
        Person.objects.visible_to(user)
        .filter(Q(pk__in=list(rank)) | Q(families__in=whole))
        .exclude(cases=beside)
        .distinct()
        .prefetch_related(families)
    )
    found = sorted(rows, key=lambda person: (*rank.get(person.pk, (0, 0)), person.last_name, person.first_name))
    return [Known(person, tuple(family.reference for family in person.families_seen)) for person in found[:MOST]]
