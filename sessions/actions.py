"""The verbs of the diary and of the VIG cycle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from families.actions import change_stage
from families.models import Case, Person
from outcomes.models import HelpingQuestionWording
from sessions.models import Attendance, Cycle, VigSession

Code = Attendance.Code
Status = VigSession.Status

BEFORE_VIG = {Case.Stage.ACCEPTED, Case.Stage.ALLOCATED, Case.Stage.ENGAGING}


@transaction.atomic
def open_cycle(*, by: User, case: Case, wording: HelpingQuestionWording) -> Cycle:
    """Begin the next cycle of a case with a helping question. A case that was not yet at VIG is now."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.is_closed:
        raise ValidationError("This case is closed. Open it again first.")
    if wording.question.case_id != locked.pk:
        raise ValidationError({"wording": "Select a helping question of this family"})
    number = (locked.cycles.aggregate(last=Max("number"))["last"] or 0) + 1
    cycle = Cycle(case=locked, number=number, wording=wording)
    cycle.save()
    audit(by=by, verb="cycle.opened", subject=cycle, family_id=locked.family_id, case_id=locked.pk, number=number)
    if locked.stage in BEFORE_VIG:
        change_stage(by=by, case=locked, stage=Case.Stage.VIG)
        case.stage, case.stage_since = locked.stage, locked.stage_since
    return cycle


@transaction.atomic
def close_cycle(*, by: User, cycle: Cycle, summary: str, next_wording: HelpingQuestionWording | None = None) -> Cycle:
    """End a cycle with its written summary, which stands when the film is gone, and the question to go on with."""
    locked = Cycle.objects.select_for_update().select_related("case").get(pk=cycle.pk)
    if locked.closed_at is not None:
        raise ValidationError("This cycle is closed already.")
    if not summary.strip():
        raise ValidationError({"summary": "Enter a summary of this cycle"})
    if next_wording is not None and next_wording.question.case_id != locked.case_id:
        raise ValidationError({"next_wording": "Select a helping question of this family"})
    locked.summary, locked.next_wording = summary.strip(), next_wording
    locked.closed_at, locked.closed_by = timezone.now(), by
    locked.save()
    audit(
        by=by,
        verb="cycle.closed",
        subject=locked,
        family_id=locked.case.family_id,
        case_id=locked.case_id,
        number=locked.number,
    )
    for name in ("summary", "next_wording", "closed_at", "closed_by"):
        setattr(cycle, name, getattr(locked, name))
    return cycle


def status_of(starts_at: datetime, codes: Mapping[Person, str], *, now: datetime | None = None) -> str:
    """How a session stands, from who came: planned while it is to come or nobody has said how it went.

    Raises ValidationError when an answer cannot be: somebody came to what has not begun.
    """
    now = now or timezone.now()
    said = {code for code in codes.values() if code}
    came_or_not = {Code.ON_TIME, Code.LATE_SEEN, Code.LATE_NOT_SEEN, Code.DID_NOT_ATTEND}
    if starts_at > now and said & came_or_not:
        raise ValidationError("Nobody can have come yet: the session has not begun. Choose “not yet”.")
    if not said or (Code.FUTURE in said and not said & set(Attendance.SEEN)):
        return Status.PLANNED
    if said & set(Attendance.SEEN):
        return Status.HELD
    if said <= {Code.CANCELLED_BY_FAMILY, Code.CANCELLED_BY_SERVICE}:
        return Status.CANCELLED
    return Status.MISSED


def _check_session(case: Case, practitioner: User, cycle: Cycle | None, codes: Mapping[Person, str]) -> None:
    if not practitioner.can(Permission.ANALYSE_FILM):
        raise ValidationError(
            {"practitioner": f"{practitioner.name} does not work with families. Select somebody else."}
        )
    if cycle is not None and cycle.case_id != case.pk:
        raise ValidationError({"cycle": "Select a cycle of this case"})
    strangers = {person.pk for person in codes} - set(case.people.values_list("pk", flat=True))
    if strangers:
        raise ValidationError("Only people of this case can come to its sessions. Add them under People first.")


def _write_attendance(session: VigSession, codes: Mapping[Person, str]) -> None:
    kept = []
    for person, code in codes.items():
        if code:
            Attendance.objects.update_or_create(session=session, person=person, defaults={"code": code})
            kept.append(person.pk)
    session.attendances.exclude(person__in=kept).delete()


@transaction.atomic
def log_session(
    *,
    by: User,
    case: Case,
    kind: str,
    place: str,
    starts_at: datetime,
    practitioner: User,
    minutes: int = 75,
    place_detail: str = "",
    cycle: Cycle | None = None,
    codes: Mapping[Person, str] | None = None,
) -> VigSession:
    """Plan a session, or write down one that was: one verb, because the answer to "who came?" tells them apart.

    ``codes`` has the NHS attendance code of each person expected ("0": not yet). Raises ValidationError.
    """
    codes = codes or {}
    _check_session(case, practitioner, cycle, codes)
    session = VigSession(
        case=case,
        cycle=cycle,
        kind=kind,
        place=place,
        place_detail=place_detail.strip(),
        starts_at=starts_at,
        minutes=minutes,
        practitioner=practitioner,
        status=status_of(starts_at, codes),
    )
    session.full_clean(exclude=["case", "cycle", "practitioner"])
    session.save()
    _write_attendance(session, codes)
    audit(
        by=by,
        verb="session.logged",
        subject=session,
        family_id=case.family_id,
        case_id=case.pk,
        kind=kind,
        status=session.status,
    )
    return session


@transaction.atomic
def change_session(
    *,
    by: User,
    session: VigSession,
    kind: str,
    place: str,
    starts_at: datetime,
    practitioner: User,
    minutes: int,
    place_detail: str = "",
    cycle: Cycle | None = None,
    codes: Mapping[Person, str] | None = None,
) -> VigSession:
    """Change a session, or say who came. What it said before is kept. Raises ValidationError."""
    codes = codes or {}
    _check_session(session.case, practitioner, cycle, codes)
    session.kind, session.place, session.place_detail = kind, place, place_detail.strip()
    session.starts_at, session.minutes = starts_at, minutes
    session.practitioner, session.cycle = practitioner, cycle
    session.status = status_of(starts_at, codes)
    session.full_clean(exclude=["case", "cycle", "practitioner"])
    session.save()
    _write_attendance(session, codes)
    audit(
        by=by,
        verb="session.changed",
        subject=session,
        family_id=session.case.family_id,
        case_id=session.case_id,
        status=session.status,
    )
    return session


@transaction.atomic
def cancel_session(*, by: User, session: VigSession, by_family: bool) -> VigSession:
    """Call a session off; everybody expected gets the code of who called it off."""
    if session.status != Status.PLANNED:
        raise ValidationError("Only a planned session can be cancelled. Change who came instead.")
    code = Code.CANCELLED_BY_FAMILY if by_family else Code.CANCELLED_BY_SERVICE
    for attendance in session.attendances.all():
        attendance.code = code
        attendance.save(update_fields=["code"])
    session.status = Status.CANCELLED
    session.save()
    audit(
        by=by,
        verb="session.cancelled",
        subject=session,
        family_id=session.case.family_id,
        case_id=session.case_id,
        by_family=by_family,
    )
    return session
