"""The service's own measures: added, put in other words, turned on and off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from audit.actions import record as audit
from outcomes.definitions import BadDefinition, Definition, as_data
from outcomes.models import Measure, MeasureVersion


def _checked(content: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return as_data(Definition.of(content))
    except BadDefinition as error:
        raise ValidationError(str(error)) from error


def _free_key(short_name: str) -> str:
    base = slugify(short_name)[:30] or "measure"
    taken = set(Measure.objects.filter(key__startswith=base).values_list("key", flat=True))
    return base if base not in taken else next(k for n in range(2, 1000) if (k := f"{base}-{n}") not in taken)


@transaction.atomic
def save_measure(*, by: User, content: Mapping[str, Any], measure: Measure | None = None) -> MeasureVersion:
    """A measure as it reads from now on. What was scored before keeps the version it was scored under.

    Without ``measure`` a new one is added, turned off until somebody turns it on. The same content changes nothing.
    Raises ValidationError when the definition does not hang together.
    """
    data = _checked(content)
    if measure is None:
        measure = Measure.objects.create(key=_free_key(data["short_name"]))
    locked = Measure.objects.select_for_update().get(pk=measure.pk)
    latest = locked.versions.order_by("-version").first()
    if latest is not None and latest.content == data:
        return latest
    version = MeasureVersion.objects.create(
        measure=locked,
        version=latest.version + 1 if latest else 1,
        short_name=data["short_name"],
        content=data,
        recorded_by=by,
    )
    audit(by=by, verb="measure.saved", subject=locked, version=version.version)
    return version


@transaction.atomic
def change_measure(*, by: User, measure: Measure, active: bool, critical_by_link: bool) -> Measure:
    """Turn a measure on or off, and say whether it may go by link although it asks about harm."""
    locked = Measure.objects.select_for_update().get(pk=measure.pk)
    if (locked.active, locked.critical_by_link) != (active, critical_by_link):
        locked.active, locked.critical_by_link = active, critical_by_link
        locked.save(update_fields=["active", "critical_by_link"])
        audit(by=by, verb="measure.changed", subject=locked, active=active, critical_by_link=critical_by_link)
    return locked
