"""The rota: who is on duty at a moment, and keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Permission, Role, Team, User
from audit.actions import record as audit
from families.models.duty import DutyRules, DutyShift

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_REPEAT = timedelta(weeks=26)


def rules() -> DutyRules:
    """How long an alert may wait; the defaults until somebody changes them."""
    return DutyRules.objects.filter(pk=1).first() or DutyRules()


@transaction.atomic
def change_rules(*, by: User, deputy_after: int, managers_after: int, out_of_hours: str) -> DutyRules:
    """Minutes until the deputy, and until the managers, are told of an alert that nobody has answered."""
    if managers_after < deputy_after:
        raise ValidationError(
            {"managers_after": "The managers are told after the deputy: enter as many minutes or more"}
        )
    changed = DutyRules(
        pk=1, deputy_after=deputy_after, managers_after=managers_after, out_of_hours=out_of_hours.strip()
    )
    changed.full_clean(validate_unique=False, validate_constraints=False)
    changed.save()
    audit(
        by=by,
        verb="duty-rules.changed",
        subject=changed,
        deputy_after=deputy_after,
        managers_after=managers_after,
    )
    return changed


def on_duty(team: Team | None, now: datetime | None = None) -> DutyShift | None:
    """Who is on duty for a team: its own rota, else the one of every team. Closed accounts are on no duty."""
    shifts = DutyShift.objects.at(now or timezone.now()).filter(person__is_active=True)
    own = shifts.filter(team=team) if team else shifts.none()
    return (
        (own | shifts.filter(team__isnull=True))
        .select_related("person", "deputy")
        .order_by(F("team").asc(nulls_last=True), "-starts_at")
        .first()
    )


def managers_of(team: Team | None) -> list[User]:
    """The managers of a team; every manager of the service when it has none."""
    everybody = User.objects.filter(is_active=True, role=Role.MANAGER)
    own = list(everybody.filter(teams_managed=team)) if team else []
    return own or list(everybody)


@transaction.atomic
def put_on_duty(
    *,
    by: User,
    person: User,
    starts_at: datetime,
    ends_at: datetime,
    deputy: User | None = None,
    team: Team | None = None,
    phone: str = "",
    until: date | None = None,
) -> list[DutyShift]:
    """Write somebody into the rota; with ``until``, at the same hours of every working day to that date.

    Raises ValidationError when somebody else is on for the same team at the same time.
    """
    _check_who(person, deputy)
    if ends_at <= starts_at:
        raise ValidationError({"ends": "Duty must end after it begins"})
    spans = [(starts_at, ends_at)]
    if until is not None:
        first = timezone.localtime(starts_at)
        if until - first.date() > LONGEST_REPEAT:
            raise ValidationError({"until": "Choose a date within half a year"})
        length = ends_at - starts_at
        for number in range(1, (until - first.date()).days + 1):
            day = first.date() + timedelta(days=number)
            if day.weekday() < 5:  # by the clock on the wall, whatever summer time does in between
                begins = timezone.make_aware(datetime.combine(day, first.time()))
                spans.append((begins, begins + length))
    shifts = []
    for begins, ends in spans:
        shift = DutyShift(team=team, starts_at=begins, ends_at=ends, person=person, deputy=deputy, phone=phone)
        _check_free(shift)
        shift.save()
        audit(by=by, verb="duty.added", subject=shift, person=str(person.pk), deputy=str(deputy.pk) if deputy else "")
        shifts.append(shift)
    return shifts


@transaction.atomic
def change_duty(
    *,
    by: User,
    shift: DutyShift,
    person: User,
    starts_at: datetime,
    ends_at: datetime,
    deputy: User | None,
    team: Team | None,
    phone: str,
) -> DutyShift:
    """Change who is on, or when."""
    _check_who(person, deputy)
    if ends_at <= starts_at:
        raise ValidationError({"ends": "Duty must end after it begins"})
    shift.person, shift.deputy, shift.team, shift.phone = person, deputy, team, phone
    shift.starts_at, shift.ends_at = starts_at, ends_at
    _check_free(shift)
    shift.save()
    audit(by=by, verb="duty.changed", subject=shift, person=str(person.pk), deputy=str(deputy.pk) if deputy else "")
    return shift


@transaction.atomic
def take_off_duty(*, by: User, shift: DutyShift) -> None:
    """Take a span out of the rota. What was told to whom stays where it is."""
    audit(by=by, verb="duty.removed", subject=shift, person=str(shift.person_id))
    shift.delete()


def _check_who(person: User, deputy: User | None) -> None:
    if deputy is not None and deputy.pk == person.pk:
        raise ValidationError({"deputy": "The deputy must be somebody else"})


def _check_free(shift: DutyShift) -> None:
    taken = (
        DutyShift.objects.overlapping(shift.starts_at, shift.ends_at, shift.team)
        .exclude(pk=shift.pk)
        .select_related("person")
        .first()
    )
    if taken is not None:
        begins, ends = timezone.localtime(taken.starts_at), timezone.localtime(taken.ends_at)
        raise ValidationError(
            f"{taken.person.name} is on duty then already, from {begins:%a %-d %b, %H:%M} to {ends:%a %-d %b, %H:%M}. "
            "Change that first."
        )


@dataclass(frozen=True)
class DutyDay:
    """One day of the week view."""

    day: date
    today: bool
    shifts: tuple[DutyShift, ...]


def week_of(monday: date) -> list[DutyDay]:
    """The rota of the seven days from ``monday``; a span over midnight stands on both days."""
    begins = timezone.make_aware(datetime.combine(monday, time.min))
    ends = timezone.make_aware(datetime.combine(monday + timedelta(days=7), time.min))
    shifts: Sequence[DutyShift] = list(
        DutyShift.objects.filter(starts_at__lt=ends, ends_at__gt=begins).select_related("person", "deputy", "team")
    )
    return [_day(monday + timedelta(days=number), shifts) for number in range(7)]


def _day(day: date, shifts: Iterable[DutyShift]) -> DutyDay:
    begins = timezone.make_aware(datetime.combine(day, time.min))
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    its = tuple(shift for shift in shifts if shift.starts_at < ends and shift.ends_at > begins)
    return DutyDay(day, day == timezone.localdate(), its)


def may_keep_rota(user: User) -> bool:
    """Managers keep the rota."""
    return user.can(Permission.MANAGE_TEAM)
