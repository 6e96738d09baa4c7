"""Who holds parental responsibility for a child: what the record says, and what it does not know yet."""

from __future__ import annotations

from families.models import Membership, Person

Answer = Membership.ParentalResponsibility


def _adults(child: Person, answer: str) -> list[Person]:
    return list(
        Person.objects.living()
        .filter(
            kind__in=[Person.Kind.CAREGIVER, Person.Kind.OTHER],
            memberships__parental_responsibility=answer,
            memberships__family__memberships__person=child,
        )
        .exclude(pk=child.pk)
        .distinct()
        .order_by("created_at")
    )


def holders(child: Person) -> list[Person]:
    """The adults of the child's family who hold parental responsibility."""
    return _adults(child, Answer.YES)


def unsettled(child: Person) -> list[Person]:
    """The adults of the child's family of whom nobody has found out."""
    return [person for person in _adults(child, Answer.UNKNOWN) if person not in holders(child)]
