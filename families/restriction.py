"""Whether a record is restricted, and whom that names."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from families.models import Case, Restriction
from families.registry import HeaderFact


def standing(case: Case) -> Restriction | None:
    """The restriction in force, with whom it names; None when the record is open to its team."""
    return (
        Restriction.objects.standing()
        .filter(family=case.family_id)
        .select_related("by")
        .prefetch_related("named__team")
        .first()
    )


def names(user: User, case: Case) -> bool:
    """Whether a restriction in force names this person."""
    return Restriction.objects.standing().filter(family=case.family_id, named=user).exists()


def header(case: Case, user: User) -> Iterator[HeaderFact]:
    """Whoever opens a restricted record is told so on each of its pages: what they say of it goes no further."""
    if Restriction.objects.standing().filter(family=case.family_id).exists():
        url = reverse("families:access", kwargs={"case": case.pk})
        yield HeaderFact("Restricted", "only the people named may open this record", url, order=1)
