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
from families.models import (
    Case,
    Closure,
    ClosureReason,
    Family,
    Membership,
    Pathway,
    PathwayStage,
    Person,
    Restriction,
    StageChange,
)
from families.pathways import first_pathway, stage_meaning

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
    pathway: Pathway | None = None,
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
        pathway=pathway or first_pathway(),
        stage=Stage.ALLOCATED if lead else Stage.ACCEPTED,
        stage_since=opened_on,
        opened_on=opened_on,
    )
    case.save()
    case.people.set(people)
    for person in people:
        number_the_expected(case, person)
    StageChange.objects.create(case=case, stage=case.stage, label=case.stage_label, by=by)
    audit(by=by, verb="case.created", subject=case, family_id=family.pk, case_id=case.pk, people=len(people))
    return case


@transaction.atomic
def open_next_case(
    *,
    by: User,
    family: Family,
    people: Iterable[Person],
    team: Team,
    lead: User | None = None,
    pathway: Pathway | None = None,
) -> Case:
    """Open a further episode for a family that comes back, with people whom the record knows already."""
    people = list(people)
    if not any(person.kind == Person.Kind.INFANT for person in people):
        raise ValidationError({"people": "Select a baby: born, or expected"})
    if not any(person.kind == Person.Kind.CAREGIVER for person in people):
        raise ValidationError({"people": "Select somebody who cares for the baby"})
    stage = Stage.ALLOCATED if lead else Stage.ACCEPTED
    case = Case(family=family, team=team, lead=lead, pathway=pathway or first_pathway(), stage=stage)
    if lead is not None:
        _may_work_with(case, lead)
    case.save()
    case.people.set(people)
    StageChange.objects.create(case=case, stage=case.stage, label=case.stage_label, by=by)
    audit(by=by, verb="case.created", subject=case, family_id=family.pk, case_id=case.pk, people=len(people))
    return case


def _enter(case: Case, stage: str, *, by: User, reason: str = "", place: PathwayStage | None = None) -> None:
    """Move a case on, save it, and write down when; in the caller's transaction."""
    if place is not None:
        case.place = place
    case.stage, case.stage_since = stage, timezone.localdate()
    moved_from = case.pathway_id
    case.save()
    changed = case.pathway.label if case.pathway_id != moved_from else ""
    StageChange.objects.create(
        case=case, stage=stage, label=case.stage_label, pathway_label=changed, by=by, reason=reason
    )


@transaction.atomic
def change_stage(*, by: User, case: Case, stage: str | PathwayStage) -> Case:
    """Move an open case to another stage, by what it means or to one of its pathway's own. Closing has its own verb,
    because it needs a reason."""
    if case.is_closed:
        raise ValidationError("This case is closed. Open it again first.")
    place = stage if isinstance(stage, PathwayStage) else None
    meaning = place.meaning if place else str(stage)
    if meaning == Stage.CLOSED or meaning not in Stage.values or (place and place.pathway_id != case.pathway_id):
        raise ValidationError({"stage": "Select a stage from the list"})
    if place == case.place if place else meaning == case.stage:
        return case
    _enter(case, meaning, by=by, place=place)
    audit(by=by, verb="case.stage_changed", subject=case, family_id=case.family_id, case_id=case.pk, stage=meaning)
    return case


@transaction.atomic
def change_pathway(*, by: User, case: Case, pathway: Pathway, reason: str) -> Case:
    """Put an open case on another pathway, in its stage of the same meaning where it has one, else engaging."""
    if case.is_closed:
        raise ValidationError("This case is closed. Open it again first.")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the pathway changes"})
    if pathway == case.pathway:
        return case
    place = next(
        (
            found
            for meaning in (case.stage, Stage.WORKING, Stage.VIG, Stage.ENGAGING, Stage.ALLOCATED, Stage.ACCEPTED)
            if (found := stage_meaning(meaning, pathway)) is not None
        ),
        None,
    )
    if place is None:
        raise ValidationError({"pathway": "This pathway has no stage yet. Add one in the settings."})
    since = case.stage_since
    same = place.meaning == case.stage
    case.pathway, case.place, case.stage = pathway, place, place.meaning
    case.stage_since = since if same else timezone.localdate()
    case.save()
    StageChange.objects.create(
        case=case, stage=case.stage, label=place.label, pathway_label=pathway.label, by=by, reason=reason.strip()
    )
    audit(
        by=by,
        verb="case.pathway_changed",
        subject=case,
        family_id=case.family_id,
        case_id=case.pk,
        pathway=pathway.pk,
    )
    return case


@transaction.atomic
def close_case(
    *,
    by: User,
    case: Case,
    closed_on: date,
    reason: str,
    why: ClosureReason | None = None,
    goals: str = "",
    goals_note: str = "",
) -> Case:
    """End an episode of care. ``reason`` is the summary in words, ``why`` the service's own word for it."""
    if case.is_closed:
        raise ValidationError("This case is closed already.")
    if closed_on > timezone.localdate():
        raise ValidationError({"closed_on": "The day it closed must be today or in the past"})
    if closed_on < case.opened_on:
        raise ValidationError({"closed_on": "The day it closed must be after it was opened"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the work ends"})
    case.closed_on = closed_on
    _enter(case, Stage.CLOSED, by=by, reason=reason.strip())
    case.stage_since = closed_on
    case.save()
    Closure.objects.create(
        case=case,
        closed_on=closed_on,
        why=why,
        summary=reason.strip(),
        goals=goals,
        goals_note=goals_note.strip(),
        by=by,
    )
    audit(
        by=by,
        verb="case.closed",
        subject=case,
        family_id=case.family_id,
        case_id=case.pk,
        why=why.pk if why else None,
        goals=goals,
    )
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
    if lead is not None and case.stage == Stage.ACCEPTED and stage_meaning(Stage.ALLOCATED, case.pathway):
        _enter(case, Stage.ALLOCATED, by=by)
    else:
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
