"""Who holds parental responsibility for a child: what the record says, and what it does not know yet."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from families.models import LegalStatus, Membership, Person
from families.placements import SHARED_WITH_AUTHORITY

Answer = Membership.ParentalResponsibility
Relationship = Membership.Relationship
Kind = LegalStatus.Kind

# Not parents: what they hold they hold under an order, while the child lives with them.
CARERS = (
    Relationship.FOSTER_CARER,
    Relationship.GRANDPARENT,
    Relationship.KINSHIP_CARER,
    Relationship.SIBLING,
    Relationship.OTHER,
)


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
            kind__in=[Person.Kind.CAREGIVER, Person.Kind.OTHER],
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
