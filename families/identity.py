"""Who an adopted child was before: the one place that says of two records that they are one person.

Adoption and Children Act 2002, sections 56 to 65: what would lead from an adopted child to who they were, or from
there to who they are, is protected information. After an adoption the child, and whoever adopted, stand in a record of
their own, made new; the earlier one is restricted. Whoever is named in the link may learn that the two belong
together, and nobody else by any list, search, warning, copy or page: not through a role, nor for a reason written down.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from families.columns import Joined
from families.models import Adoption, Case, Family, Identity, Person

EARLIER_RECORD_STANDS = (
    "Somebody in this record was adopted, and it holds who they were. It stays restricted: change who is named instead."
)


def superseded() -> QuerySet[Identity, uuid.UUID]:
    """The ids of those who stand in a record from before an adoption. Whoever looks for them by what is true today
    means the record that came after, and must not learn from a warning that there is another."""
    return Identity.objects.filter(adoption__struck_at__isnull=True).values_list("earlier", flat=True)


def superseded_column() -> Subquery:
    """The same of one case's record, as a column of the case: ids together (``families.columns.split``). Nothing is
    asked of them there any more, which is so for whoever may open it, whether or not they know where they went."""
    here = Identity.objects.filter(adoption__struck_at__isnull=True, adoption__earlier_family=OuterRef("family"))
    one = here.order_by().values("adoption__earlier_family")
    return Subquery(one.annotate(ids=Joined("earlier")).values("ids"))


def known(user: User, person: Person) -> Adoption | None:
    """The link that leads from ``person`` to their other record, for somebody who may know of it."""
    either = Q(people__earlier=person) | Q(people__later=person)
    return Adoption.objects.visible_to(user).filter(either).order_by("struck_at", "-at").distinct().first()


def keeps_restricted(family: uuid.UUID) -> bool:
    """Whether the record of this family holds who somebody was before an adoption."""
    return Adoption.objects.standing().filter(earlier_family=family).exists()


def may_begin(child: Person) -> bool:
    """Whether the record after an adoption can begin for somebody: a baby who is born, and has none yet."""
    if child.kind != Person.Kind.INFANT or child.unborn or child.lost:
        return False
    return not superseded().filter(earlier=child).exists()


@dataclass(frozen=True)
class Other:
    """The other record of somebody, for whoever may know of it."""

    adoption: Adoption
    is_later: bool  # whether it is the one from after the adoption
    people: tuple[tuple[Person, Person], ...]  # earlier and later, one pair for each who stands in both
    case: Case | None  # the newest that the reader may open

    @property
    def family(self) -> Family:
        return self.adoption.family if self.is_later else self.adoption.earlier_family


def other_record(user: User, person: Person, adoption: Adoption) -> Other:
    """What ``adoption`` leads to, seen from ``person``."""
    pairs = [(pair.earlier, pair.later) for pair in adoption.people.select_related("earlier", "later").order_by("pk")]
    is_later = any(earlier.pk == person.pk for earlier, _ in pairs)
    family = adoption.family_id if is_later else adoption.earlier_family_id
    case = Case.objects.visible_to(user).filter(family=family).order_by("-opened_on").first()
    return Other(adoption, is_later, tuple(pairs), case)


def never_one(kept: Person, gone: Person) -> str:
    """Why two records that an adoption keeps apart are not brought together; the same as of any two told apart."""
    both = [kept.pk, gone.pk]
    standing = Identity.objects.filter(adoption__struck_at__isnull=True, earlier__in=both, later__in=both)
    return "Somebody decided that these two stay apart." if standing.exists() else ""


def begun_from(user: User, earlier: Family) -> list[Case]:
    """The cases that began after an adoption out of this record, as far as ``user`` may know of them and open them:
    where a brother or sister joins who was adopted by the same family."""
    families = Adoption.objects.visible_to(user).standing().filter(earlier_family=earlier).values("family")
    return list(Case.objects.visible_to(user).open().filter(family__in=families).select_related("family"))
