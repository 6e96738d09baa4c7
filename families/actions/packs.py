"""A copy of somebody's record: asked for, read through, handed over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from families import files
from families.models import AccessPack, BreakGlass, Case, Person, Restriction
from families.models.pack import due_after_a_month
from families.packs import dispatch

State = AccessPack.State


def _check_right(by: User) -> None:
    if not by.can(Permission.MANAGE_TEAM):
        raise ValidationError("A manager answers when somebody asks for their record. Ask yours.")


def _audit(by: User, verb: str, pack: AccessPack, **detail: int | str) -> None:
    audit(
        by=by,
        verb=verb,
        subject=pack,
        family_id=pack.case.family_id,
        case_id=pack.case_id,
        person=str(pack.person_id),
        **detail,
    )


@transaction.atomic
def ask_for_pack(
    *,
    by: User,
    case: Case,
    person: Person,
    asked_by: str,
    asked_on: date,
    identity: str,
    asked_by_name: str = "",
) -> AccessPack:
    """Somebody asked for their record: it is gathered now, and due in a month (UK GDPR article 12(3)).

    Raises ValidationError, keyed by argument, when the request could not be answered as it is.
    """
    _check_right(by)
    if asked_on > timezone.localdate():
        raise ValidationError({"asked_on": "The day they asked must be today or in the past"})
    if asked_by == AccessPack.AskedBy.SELF and person.kind in {Person.Kind.INFANT, Person.Kind.SIBLING}:
        raise ValidationError({"asked_by": f"{person.short_name} is a child. Select who asks for them."})
    if asked_by != AccessPack.AskedBy.SELF and not asked_by_name.strip():
        raise ValidationError({"asked_by_name": "Enter the name of whoever asks"})
    if not identity.strip():
        raise ValidationError({"identity": "Enter how you made sure who asks"})
    if AccessPack.objects.filter(person=person).under_way().exists():
        raise ValidationError({"person": f"A copy of {person.short_name}’s record is being made already."})
    pack = AccessPack.objects.create(
        case=case,
        person=person,
        asked_by=asked_by,
        asked_by_name=asked_by_name.strip(),
        asked_on=asked_on,
        due_on=due_after_a_month(asked_on),
        identity=identity.strip(),
        created_by=by,
    )
    _audit(by, "pack.asked_for", pack)
    _tell_whom_restrictions_name(by, person)
    dispatch.send(pack)
    return pack


def _tell_whom_restrictions_name(by: User, person: Person) -> None:
    """A restricted record of the person is not there for whoever gathers. Those who may open it hear that a copy was
    asked for, so that somebody answers for it."""
    closed = Restriction.objects.keeping_out(by).filter(family__memberships__person=person)
    for restriction in closed.distinct():
        case = restriction.family.cases.first()
        if case is not None:
            now = timezone.now()
            reason = (
                f"A copy of {person.short_name}’s record was asked for. It has nothing of this record: answer for it."
            )
            glass = BreakGlass.objects.create(user=by, case=case, reason=reason, at=now, until=now, refused=True)
            audit(by=by, verb="pack.told_elsewhere", subject=glass, family_id=restriction.family_id, case_id=case.pk)


@transaction.atomic
def decide_pack(*, by: User, pack: AccessPack, withheld: Mapping[str, str]) -> AccessPack:
    """What was read through goes into the copy but for what is withheld: entry → why. The worker builds it.

    What would tell where a protected person is stays out whatever was chosen.
    """
    _check_right(by)
    pack = AccessPack.objects.select_for_update().select_related("case").get(pk=pack.pk)
    if pack.state not in {State.TO_READ, State.READY}:
        raise ValidationError("This copy cannot be changed as it stands.")
    known = {entry["key"] for section in pack.gathered for entry in section["entries"]}
    chosen = {key: why.strip() for key, why in withheld.items() if key in known}
    chosen |= pack.sealed()
    if any(not why for why in chosen.values()):
        raise ValidationError("Say why of everything that is left out.")
    if pack.stored:
        files.remove(pack.stored)
    pack.withheld, pack.stored, pack.sha256, pack.size = chosen, "", "", 0
    pack.state, pack.read_by, pack.read_at = State.BUILDING, by, timezone.now()
    pack.attempt, pack.tries, pack.done, pack.steps, pack.problem = uuid.uuid4(), 0, 0, 0, ""
    pack.worked_at = timezone.now()
    pack.save()
    _audit(by, "pack.read_through", pack, withheld=len(chosen))
    dispatch.send(pack)
    return pack


@transaction.atomic
def gather_again(*, by: User, pack: AccessPack) -> AccessPack:
    """The record has grown, or the work failed: gather it anew."""
    _check_right(by)
    pack = AccessPack.objects.select_for_update().select_related("case").get(pk=pack.pk)
    if pack.state not in {State.TO_READ, State.READY, State.FAILED}:
        raise ValidationError("This copy is being worked on, or is over.")
    anew(pack)
    _audit(by, "pack.gathered_again", pack)
    return pack


def anew(pack: AccessPack) -> None:
    """Throw away what was gathered or put together, in the caller's transaction, and send the worker off again."""
    stored = pack.stored
    pack.stored, pack.sha256, pack.size, pack.gathered = "", "", 0, []
    pack.state, pack.attempt, pack.tries = State.GATHERING, uuid.uuid4(), 0
    pack.done, pack.steps, pack.problem, pack.worked_at = 0, 0, "", timezone.now()
    pack.save()
    if stored:
        transaction.on_commit(lambda: files.remove(stored))
    dispatch.send(pack)


def note_download(*, by: User, pack: AccessPack) -> None:
    """The copy left the service towards a manager's device."""
    _audit(by, "pack.downloaded", pack)


@transaction.atomic
def end_pack(*, by: User, pack: AccessPack, handed_over: bool) -> AccessPack:
    """The person has their copy, or does not want it any more: what was gathered is deleted here."""
    _check_right(by)
    pack = AccessPack.objects.select_for_update().select_related("case").get(pk=pack.pk)
    if pack.state in {State.HANDED_OVER, State.WITHDRAWN}:
        raise ValidationError("This copy is over already.")
    if handed_over and pack.state != State.READY:
        raise ValidationError("There is no copy to hand over yet.")
    stored = pack.stored
    pack.state = State.HANDED_OVER if handed_over else State.WITHDRAWN
    pack.gathered, pack.stored, pack.attempt = [], "", uuid.uuid4()
    pack.ended_at, pack.ended_by = timezone.now(), by
    pack.save()
    _audit(by, "pack.handed_over" if handed_over else "pack.withdrawn", pack, withheld=len(pack.withheld))
    if stored:
        transaction.on_commit(lambda: files.remove(stored))
    return pack
