"""Keeping somebody's whereabouts from others in the family; looking at them; ending it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.actions.packs import anew
from families.models import AccessPack, Case, Membership, Person, Protection

PROTECTABLE = (Person.Kind.CAREGIVER, Person.Kind.OTHER)


def _audit(by: User, case: Case, person: Person, verb: str, **more: str | int | bool | list[str]) -> None:
    audit(by=by, verb=verb, subject=person, family_id=case.family_id, case_id=case.pk, **more)


@transaction.atomic
def protect(
    *, by: User, case: Case, person: Person, reason: str, from_everyone: bool = True, from_people: Iterable[Person] = ()
) -> Protection:
    """From now on others in the family do not come to see where ``person`` is, how to reach them or when they come.

    Called again it changes from whom: the earlier protection is lifted and stays readable. Copies of records that are
    being made for others are gathered anew, so that none goes out as it was before. Raises ValidationError, keyed by
    argument.
    """
    others = list(from_people)
    if person.kind not in PROTECTABLE:
        raise ValidationError(f"{person.short_name} is a child. Protect whoever they live with.")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why, for colleagues who have to know what to be careful about"})
    if not from_everyone and not others:
        raise ValidationError({"from_people": "Select from whom, or choose everybody else in the family"})
    if any(other.pk == person.pk for other in others):
        raise ValidationError({"from_people": f"{person.short_name} cannot be protected from themselves"})
    now = timezone.now()
    before = Protection.objects.select_for_update().standing().filter(person=person).first()
    if before is not None:
        before.lifted_at, before.lifted_by, before.lifted_reason = now, by, "Replaced by other answers."
        before.save()
    protection = Protection.objects.create(
        person=person, from_everyone=from_everyone, reason=reason.strip(), at=now, by=by
    )
    protection.from_people.set([] if from_everyone else others)
    _audit(by, case, person, "person.protected", everyone=from_everyone, people=sorted(str(p.pk) for p in others))
    _gather_copies_anew(person)
    return protection


def _gather_copies_anew(person: Person) -> None:
    households = Membership.objects.filter(person=person).values("family")
    concerned = Q(person__memberships__family__in=households) | Q(case__family__in=households)
    copies = AccessPack.objects.under_way().filter(concerned).exclude(person=person)
    for pack in AccessPack.objects.select_for_update().filter(pk__in=copies.values("pk")):
        anew(pack)


@transaction.atomic
def end_protection(*, by: User, case: Case, person: Person, reason: str) -> Protection:
    """Others in the family may know of ``person`` again what they otherwise may."""
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is safe now, and how you know"})
    protection = Protection.objects.select_for_update().standing().filter(person=person).first()
    if protection is None:
        raise ValidationError(f"{person.short_name} is not protected.")
    protection.lifted_at, protection.lifted_by, protection.lifted_reason = timezone.now(), by, reason.strip()
    protection.save()
    _audit(by, case, person, "person.protection_lifted")
    return protection


def look_at_whereabouts(*, by: User, case: Case, person: Person) -> None:
    """Somebody of the staff opened the address and contact details of a protected person."""
    _audit(by, case, person, "whereabouts.opened")
