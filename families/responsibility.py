"""Who holds parental responsibility for a child: what the record says, and what it does not know yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from families.models import LegalStatus, Membership, Person
from families.placements import SHARED_WITH_AUTHORITY

Answer = Membership.ParentalResponsibility
Relationship = Membership.Relationship
Kind = LegalStatus.Kind

PARENTS = (Relationship.BIRTH_PARENT, Relationship.NON_BIRTH_PARENT)
# Not parents: what they hold they hold under an order, while the child lives with them.
CARERS = (
    Relationship.FOSTER_CARER,
    Relationship.GRANDPARENT,
    Relationship.KINSHIP_CARER,
    Relationship.SIBLING,
    Relationship.OTHER,
)

ADULTS = (Person.Kind.CAREGIVER, Person.Kind.OTHER)


def _inside(child: Any) -> Any:
    """``child`` as a subquery inside the query sees it."""
    return OuterRef(child) if isinstance(child, OuterRef) else child


def standing(child: Any, answer: str = Answer.YES) -> QuerySet[Membership]:
    """The places in a family of which the record says ``answer`` about responsibility for ``child``, and which today's
    law and placement leave standing. ``child`` is a person, or an ``OuterRef`` to one.

    - An adoption order leaves it with the adoptive parents alone (Adoption and Children Act 2002, section 46), and
      with the parent whose partner adopted, if it says so (sections 46(3)(b) and 51(2)): that parent adopts nobody.
    - A special guardian has it while the order stands (Children Act 1989, section 14C); one of which no order is
      written down is believed.
    - A relative or other carer who has left the household has it no longer: it came with the child living with them
      (section 12). A parent who moves out stays a parent.
    - It ends with a death: somebody who lives is asked again.
    """
    inside = _inside(child)
    orders = LegalStatus.objects.standing().filter(child=inside, kind=Kind.GUARDIANSHIP)
    adopted = LegalStatus.objects.current().filter(child=inside, kind=Kind.ADOPTED)
    return Membership.objects.filter(
        Q(relationship=Relationship.ADOPTIVE_PARENT)
        | Q(Exists(adopted.filter(keeps=OuterRef("person"))))
        | ~Exists(adopted),
        ~Q(relationship=Relationship.SPECIAL_GUARDIAN) | ~Exists(orders) | Exists(orders.current()),
        ~Q(relationship__in=CARERS) | Q(until_on__isnull=True) | Q(until_on__gte=timezone.localdate()),
        person__lost="",
        parental_responsibility=answer,
        family__memberships__person=child,
    )


def shared_with_authority(child: Any) -> Exists:
    """Whether an authority shares responsibility for ``child`` (an ``OuterRef``) today: under a care, emergency
    protection or placement order (Children Act 1989, sections 33 and 44; Adoption and Children Act 2002, section 25),
    never by agreement (section 20); an adoption order ends it."""
    current = LegalStatus.objects.current().filter(child=child)
    return Exists(
        current.filter(
            ~Exists(LegalStatus.objects.current().filter(child=OuterRef("child"), kind=Kind.ADOPTED)),
            kind__in=SHARED_WITH_AUTHORITY,
        )
    )


def _adults(child: Person, answer: str) -> list[Person]:
    return list(
        Person.objects.filter(
            kind__in=ADULTS,
            pk__in=standing(child, answer).values("person"),
        )
        .exclude(pk=child.pk)
        .order_by("created_at")
    )


def holders(child: Person) -> list[Person]:
    """The adults of the child's family who hold parental responsibility."""
    return _adults(child, Answer.YES)


def unsettled(child: Person) -> list[Person]:
    """The adults of the child's family of whom nobody has found out."""
    return [person for person in _adults(child, Answer.UNKNOWN) if person not in holders(child)]


@dataclass(frozen=True)
class Held:
    """Who holds parental responsibility for a child at one moment."""

    holders: tuple[tuple[Person, str], ...]  # with what they are to the child
    authority: str  # the order under which the authority shares it; empty when it does not
    unsettled: tuple[Person, ...]

    @property
    def sentences(self) -> list[str]:
        """The same in plain words, one for each who holds it and one for what nobody knows yet."""
        found = [f"{person.display_name} ({what})" for person, what in self.holders]
        if self.authority:
            found.append(f"The local authority, which shares it: {self.authority}")
        if not found:
            found.append("Nobody in this record. Find out who decides")
        if self.unsettled:
            found.append(f"Not known yet of {names_of(self.unsettled)}")
        return found


def held(child: Person) -> Held:
    """Who holds parental responsibility for ``child`` today, with what they are to it."""
    places = standing(child).filter(person__kind__in=ADULTS).exclude(person=child).select_related("person")
    what = {place.person: place.get_relationship_display().lower() for place in places.order_by("created_at")}
    shared = LegalStatus.objects.current().filter(child=child, kind__in=SHARED_WITH_AUTHORITY)
    authority = shared.first() if Person.objects.filter(shared_with_authority(OuterRef("pk")), pk=child.pk) else None
    return Held(
        holders=tuple(what.items()),
        authority=_order_in_words(authority) if authority else "",
        unsettled=tuple(unsettled(child)),
    )


def _order_in_words(status: LegalStatus) -> str:
    label = status.get_kind_display()
    label = label[:1].lower() + label[1:]
    return f"{label}, {status.authority}" if status.authority else label


def names_of(people: Iterable[Person]) -> str:
    """Names inside a sentence: "Sam, Alex and Nan"."""
    names = [person.short_name for person in people]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
