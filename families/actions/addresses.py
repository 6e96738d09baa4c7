"""Where a household, or somebody apart from it, lives."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.actions import record as audit
from families.models import Address, Case, Person

ADDRESS_FIELDS = ("kind", "lines", "postcode", "note", "from_on", "until_on")


@transaction.atomic
def add_address(
    *,
    by: User,
    case: Case,
    person: Person | None = None,
    kind: str = Address.Kind.HOME,
    lines: str = "",
    postcode: str = "",
    note: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
) -> Address:
    """Write down an address of one person, or of the household when none is named."""
    address = Address(
        family=None if person else case.family,
        person=person,
        kind=kind,
        lines=lines,
        postcode=postcode,
        note=note,
        from_on=from_on,
        until_on=until_on,
    )
    _keep(address)
    audit(by=by, verb="address.added", subject=address, family_id=case.family_id, case_id=case.pk)
    return address


@transaction.atomic
def change_address(*, by: User, case: Case, address: Address, changes: dict[str, Any]) -> Address:
    """Correct an address, or say until when it was right; what it said before is kept."""
    for name in ADDRESS_FIELDS:
        if name in changes:
            setattr(address, name, changes[name])
    _keep(address)
    audit(by=by, verb="address.changed", subject=address, family_id=case.family_id, case_id=case.pk)
    return address


def _keep(address: Address) -> None:
    if address.kind != Address.Kind.NONE and not (address.lines or address.postcode):
        raise ValidationError({"lines": "Enter the address, or at least the postcode"})
    if address.from_on and address.until_on and address.until_on < address.from_on:
        raise ValidationError({"until_on": "The last day must be after the first"})
    address.full_clean()
    address.save()
