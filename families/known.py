"""People whose records exist already, found for adding them to one more family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from families import nhs, phones
from families.ages import age_of
from families.models import Case, Family, Person
from families.references import as_reference

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
    """Up to ``MOST`` people whom ``user`` may see and who are not in ``beside`` yet, by name, NHS number, phone or the
    reference of a family."""
    rows = Person.objects.visible_to(user).exclude(cases=beside)
    if nhs.looks_like_one(text):
        rows = rows.filter(nhs_number=nhs.bare(text))
    elif number := phones.standard(text):
        rows = rows.filter(Q(phone=number) | Q(other_phone=number))
    elif reference := as_reference(text):
        rows = rows.filter(memberships__family__reference=reference)
    else:
        for word in text.split():
            rows = rows.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(known_as__icontains=word)
            )
    families = Prefetch("families", Family.objects.visible_to(user), to_attr="families_seen")
    found = rows.distinct().order_by("last_name", "first_name", "pk").prefetch_related(families)[:MOST]
    return [Known(person, tuple(family.reference for family in person.families_seen)) for person in found]
