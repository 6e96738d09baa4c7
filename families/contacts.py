"""When a family was last in touch with the service, from every app that knows: for worklists and their filters."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, QuerySet

from families.models import CaseQuerySet, Contact

# Rows that were contact with a family, attempts included: each has ``case`` and is annotated with ``contact_at``.
ContactSource = Callable[[], QuerySet[Any]]

_sources: list[ContactSource] = []


def register_contact_source(source: ContactSource) -> None:
    """Called from the ``ready`` of an app whose rows are contact with a family too (sessions that were held)."""
    if source not in _sources:
        _sources.append(source)


def logged() -> QuerySet[Any]:
    """Calls, messages and letters with somebody of the family."""
    return Contact.objects.standing().filter(person__isnull=False).annotate(contact_at=F("at"))


register_contact_source(logged)


def last_contact(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When each of these cases was last in touch or last tried; a case that never was is left out.

    One query for each source, whatever the number of cases.
    """
    found: dict[uuid.UUID, datetime] = {}
    for source in _sources:
        rows = source().filter(case__in=cases).order_by().values("case").annotate(last=Max("contact_at"))
        for case, last in rows.values_list("case", "last"):
            if last is not None and (case not in found or found[case] < last):
                found[case] = last
    return found


def without_contact_since(cases: CaseQuerySet, moment: datetime) -> CaseQuerySet:
    """Those of ``cases`` with which nobody was in touch, and nobody tried to be, since ``moment``."""
    for source in _sources:
        cases = cases.exclude(Exists(source().filter(case=OuterRef("pk"), contact_at__gte=moment)))
    return cases
