"""Keeping a record for named people alone, and opening it to the team again."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from families import identity
from families.actions.packs import anew
from families.models import AccessPack, Case, Restriction


def _check_right(by: User) -> None:
    if not by.can(Permission.MANAGE_TEAM):
        raise ValidationError("A manager decides who may open a record. Ask yours.")


def _check_named(case: Case, named: list[User]) -> None:
    """Nobody who works with the family loses the record, and somebody stays who can lift the restriction."""
    for person in named:
        if not person.can(Permission.SEE_CASES):
            raise ValidationError({"named": f"{person.name} does not work with records. Select somebody else."})
    working = {case.lead, *case.co_workers.all()} - {None}
    left_out = sorted(person.name for person in working - set(named) if person is not None)
    if left_out:
        who = " and ".join(left_out)
        raise ValidationError(
            {"named": f"{who} works with this family. Name them too, or change who works with the family first."}
        )
    if not any(person.can(Permission.MANAGE_TEAM) for person in named):
        raise ValidationError(
            {"named": "Name at least one manager, so that somebody can change this when the others are away"}
        )


@transaction.atomic
def restrict_family(*, by: User, case: Case, named: Iterable[User], reason: str) -> Restriction:
    """From now on only ``named`` may open the family's record, in whatever list, search or export.

    Called again it changes who is named: the earlier restriction is lifted and stays in the history. Raises
    ValidationError, keyed by argument, when nobody named could manage it or somebody at work would lose it.
    """
    _check_right(by)
    people = list(named)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the record is restricted"})
    _check_named(case, people)
    now = timezone.now()
    before = Restriction.objects.select_for_update().standing().filter(family=case.family_id).first()
    if before is not None:
        before.lifted_at, before.lifted_by, before.lifted_reason = now, by, "Replaced by another list of people."
        before.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    restriction = Restriction.objects.create(family=case.family, reason=reason.strip(), at=now, by=by)
    restriction.named.set(people)
    # A copy under way may hold what whoever asked for it may not read from now on.
    copies = AccessPack.objects.under_way().filter(person__memberships__family=case.family_id).distinct()
    for pack in AccessPack.objects.select_for_update().filter(pk__in=copies.values("pk")):
        anew(pack)
    audit(
        by=by,
        verb="record.restricted",
        subject=restriction,
        family_id=case.family_id,
        case_id=case.pk,
        named=sorted(str(person.pk) for person in people),
    )
    return restriction


@transaction.atomic
def lift_restriction(*, by: User, case: Case, reason: str) -> Restriction:
    """The team may open the record again as its roles allow."""
    _check_right(by)
    if identity.keeps_restricted(case.family_id):
        raise ValidationError(identity.EARLIER_RECORD_STANDS)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the record may be opened again"})
    restriction = Restriction.objects.select_for_update().standing().filter(family=case.family_id).first()
    if restriction is None:
        raise ValidationError("This record is not restricted.")
    restriction.lifted_at, restriction.lifted_by, restriction.lifted_reason = timezone.now(), by, reason.strip()
    restriction.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    audit(by=by, verb="record.restriction_lifted", subject=restriction, family_id=case.family_id, case_id=case.pk)
    return restriction
