"""Episodes of care: opened, led, moved on, closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Permission, Team, User
from audit.actions import record as audit
from families.actions.needs import first_need
from families.actions.people import CaregiverFacts, join
from families.actions.twins import number_the_expected
from families.models import Case, Family, Membership, Person, Restriction, StageChange

Stage = Case.Stage


@dataclass(frozen=True)
class InfantFacts:
    """What is known of a baby; unborn: ``expected_on`` and no ``date_of_birth``."""

    first_name: str = ""
    last_name: str = ""
    known_as: str = ""
    date_of_birth: date | None = None
    expected_on: date | None = None
    nhs_number: str = ""
    gestation_days: int | None = None
    birth_order: int | None = None
    pronouns: str = ""
    language: str = ""
    interpreter_needed: bool = False
    interpreter_note: str = ""
    communication_needs: str = ""
    relationship: str = Membership.Relationship.INFANT
    relationship_word: str = ""
    parental_responsibility: str = Membership.ParentalResponsibility.NO
    lives_with_infant: bool | None = None


@transaction.atomic
def open_case(
    *,
    by: User,
    infants: Sequence[InfantFacts],
    caregivers: Sequence[CaregiverFacts],
    team: Team,
    lead: User | None = None,
    opened_on: date | None = None,
    family: Family | None = None,
) -> Case:
    """Open an episode of care, for a new family or a known one. Raises ValidationError when nobody is in it."""
    if not infants:
        raise ValidationError("A case needs a baby: born, or expected.")
    if not caregivers:
        raise ValidationError("A case needs somebody who cares for the baby.")
    family = family or Family.objects.create()
    people = [join(family, Person.Kind.INFANT, facts) for facts in infants]
    people += [join(family, facts.kind, facts) for facts in caregivers]
    for person in people:
        first_need(by=by, person=person)
    opened_on = opened_on or timezone.localdate()
    case = Case(
        family=family,
        team=team,
        lead=lead,
        stage=Stage.ALLOCATED if lead else Stage.ACCEPTED,
        stage_since=opened_on,
        opened_on=opened_on,
    )
    case.save()
    case.people.set(people)
    for person in people:
        number_the_expected(case, person)
    StageChange.objects.create(case=case, stage=case.stage, by=by)
    audit(by=by, verb="case.created", subject=case, family_id=family.pk, case_id=case.pk, people=len(people))
    return case


def _enter(case: Case, stage: str, *, by: User, reason: str = "") -> None:
    """Move a case on and write down when; in the caller's transaction."""
    case.stage, case.stage_since = stage, timezone.localdate()
    StageChange.objects.create(case=case, stage=stage, by=by, reason=reason)


@transaction.atomic
def change_stage(*, by: User, case: Case, stage: str) -> Case:
    """Move an open case to another stage. Closing has its own verb, because it needs a reason."""
    if case.is_closed:
        raise ValidationError("This case is closed. Open it again first.")
    if stage == Stage.CLOSED or stage not in Stage.values:
        raise ValidationError({"stage": "Select a stage from the list"})
    if stage == case.stage:
        return case
    _enter(case, stage, by=by)
    case.save()
    audit(by=by, verb="case.stage_changed", subject=case, family_id=case.family_id, case_id=case.pk, stage=stage)
    return case


@transaction.atomic
def close_case(*, by: User, case: Case, closed_on: date, reason: str) -> Case:
    """End an episode of care."""
    if case.is_closed:
        raise ValidationError("This case is closed already.")
    if closed_on > timezone.localdate():
        raise ValidationError({"closed_on": "The day it closed must be today or in the past"})
    if closed_on < case.opened_on:
        raise ValidationError({"closed_on": "The day it closed must be after it was opened"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the work ends"})
    _enter(case, Stage.CLOSED, by=by, reason=reason.strip())
    case.closed_on = case.stage_since = closed_on
    case.save()
    audit(by=by, verb="case.closed", subject=case, family_id=case.family_id, case_id=case.pk)
    return case


@transaction.atomic
def reopen_case(*, by: User, case: Case, reason: str) -> Case:
    """Take up a closed episode again."""
    if not case.is_closed:
        raise ValidationError("This case is open already.")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the work is taken up again"})
    case.closed_on = None
    _enter(case, Stage.ENGAGING if case.lead_id else Stage.ACCEPTED, by=by, reason=reason.strip())
    case.save()
    audit(by=by, verb="case.reopened", subject=case, family_id=case.family_id, case_id=case.pk)
    return case


def may_allocate(user: User, case: Case) -> bool:
    """Whether somebody decides who works with a family: managers, and whoever leads the case."""
    return user.can(Permission.MANAGE_TEAM) or (user.can(Permission.EDIT_CASES) and case.lead_id == user.pk)


def _may_work_with(case: Case, person: User) -> None:
    if not person.can(Permission.ANALYSE_FILM):
        raise ValidationError({"lead": f"{person.name} does not work with families. Select somebody else."})
    restriction = Restriction.objects.standing().filter(family=case.family_id).first()
    if restriction is not None and not restriction.named.filter(pk=person.pk).exists():
        raise ValidationError(
            {"lead": f"This record is restricted and does not name {person.name}. Name them under Access first."}
        )


@transaction.atomic
def change_lead(*, by: User, case: Case, lead: User | None) -> Case:
    """Give a case to a practitioner, or to nobody until somebody is found."""
    if lead is not None:
        _may_work_with(case, lead)
    if lead == case.lead:
        return case
    case.lead = lead
    if lead is not None and case.stage == Stage.ACCEPTED:
        _enter(case, Stage.ALLOCATED, by=by)
    case.save()
    audit(
        by=by,
        verb="case.allocated",
        subject=case,
        family_id=case.family_id,
        case_id=case.pk,
        lead=str(lead.pk) if lead else "",
    )
    return case


@transaction.atomic
def set_co_workers(*, by: User, case: Case, co_workers: Iterable[User]) -> Case:
    """Who works on a case beside its lead."""
    people = [person for person in co_workers if person.pk != case.lead_id]
    for person in people:
        _may_work_with(case, person)
    before = set(case.co_workers.values_list("pk", flat=True))
    after = {person.pk for person in people}
    if before == after:
        return case
    case.co_workers.set(people)
    audit(
        by=by,
        verb="case.co_workers_changed",
        subject=case,
        family_id=case.family_id,
        case_id=case.pk,
        added=[str(pk) for pk in sorted(after - before)],
        removed=[str(pk) for pk in sorted(before - after)],
    )
    return case


@transaction.atomic
def move_to_team(*, by: User, case: Case, team: Team) -> Case:
    """Move a case to another team of the service."""
    if team == case.team:
        return case
    case.team = team
    case.save()
    audit(by=by, verb="case.moved", subject=case, family_id=case.family_id, case_id=case.pk, team=str(team.pk))
    return case
