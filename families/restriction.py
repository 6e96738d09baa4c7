"""Whether a record is restricted, and whom that names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from families.models import Case, Restriction
from families.registry import HeaderFact, HeaderSource


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


def _facts(case: Case, user: User, found: Mapping[str, Any]) -> Iterator[HeaderFact]:
    if found["restricted"]:
        url = reverse("families:access", kwargs={"case": case.pk})
        yield HeaderFact("Restricted", "only the people named may open this record", url, order=1)


# Whoever opens a restricted record is told so on each of its pages: what they say of it goes no further.
IN_HEADER = HeaderSource(
    columns=lambda case, user: {"restricted": Exists(Restriction.objects.standing().filter(family=OuterRef("family")))},
    facts=_facts,
)
