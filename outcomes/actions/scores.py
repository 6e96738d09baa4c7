"""Scores: written down from paper or from somebody's own answers, struck out in error."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Case, Person
from outcomes.actions.critical import raise_critical
from outcomes.definitions import (
    ABOUT_CAREGIVER,
    ABOUT_INFANT,
    CAREGIVER,
    ITEMS,
    SUM,
    CriticalItem,
    Definition,
    Subscale,
    written,
)
from outcomes.models import Asking, MeasureVersion, Score, ScoreValue
from outcomes.scoring import Answers, Value, values_of
from outcomes.windows import why_outside


@dataclass(frozen=True)
class Given:
    """Who gave a score, about whom, when and how. What the measure does not ask for stays None."""

    respondent: Person | None = None
    about_caregiver: Person | None = None
    about_infant: Person | None = None
    rater: User | None = None
    occasion: str = "other"
    occasion_id: uuid.UUID | None = None
    completed_on: date = field(default_factory=timezone.localdate)
    way: str = Score.Way.PAPER
    outside_ages_why: str = ""  # only read when the baby's age does not fit the measure


@transaction.atomic
def record_score(
    *,
    by: User | None,
    case: Case,
    version: MeasureVersion,
    given: Given,
    answers: Answers | None = None,
    figures: Mapping[str, Decimal] | None = None,
    asking: Asking | None = None,
) -> Score:
    """Keep one completed measure.

    A measure with its questions takes ``answers`` (question → figure, "na", or None where it was left out) and is
    scored here; one of scores only takes ``figures`` (subscale → number), and in ``answers`` its critical questions
    alone, each of which has to be answered. ``by`` is None when it came from the family's own hand.
    """
    definition = version.definition
    answers = dict(answers or {})
    _check_people(definition, case, given)
    if given.completed_on > timezone.localdate():
        raise ValidationError({"completed_on": "The day must be today or in the past"})
    why = outside_ages_why(
        version, given.about_infant, given.completed_on, given.outside_ages_why, asked=by is not None
    )
    if definition.mode == ITEMS:
        values: Sequence[Value] = _scored(definition, answers)
    else:
        values = _written_down(definition, figures or {}, answers)
    score = Score(
        case=case,
        version=version,
        respondent=given.respondent,
        about_caregiver=given.about_caregiver,
        about_infant=given.about_infant,
        rater=given.rater,
        occasion=given.occasion,
        occasion_id=given.occasion_id,
        completed_on=given.completed_on,
        way=given.way,
        outside_ages_why=why,
        answers={str(number): answer for number, answer in sorted(answers.items())},
        recorded_by=by,
    )
    score.full_clean(
        exclude=["case", "version", "respondent", "about_caregiver", "about_infant", "rater", "recorded_by"]
    )
    score.save()
    for value in values:
        ScoreValue.objects.create(score=score, key=value.key, value=value.value, left_out=value.left_out)
    audit(
        by=by,
        verb="score.recorded",
        subject=score,
        family_id=case.family_id,
        case_id=case.pk,
        measure=str(version.measure_id),
        version=version.version,
        way=given.way,
    )
    raise_critical(
        by=by,
        case=case,
        version=version,
        answers=answers,
        person=given.respondent or given.about_caregiver,
        score=score,
        asking=asking,
    )
    return score


def outside_ages_why(version: MeasureVersion, infant: Person | None, on: date, why: str, *, asked: bool) -> str:
    """The reason to keep with a measure that is used outside its ages, "" when its ages fit.

    Raises ValidationError when there is none although somebody could be ``asked`` for it.
    """
    said = why_outside(version, infant, on)
    if said and asked and not why.strip():
        raise ValidationError({"outside_ages_why": f"Enter why it is used all the same. {said}"})
    return why.strip() if said else ""


def _check_people(definition: Definition, case: Case, given: Given) -> None:
    """Everybody named is of this case, and everybody whom the measure needs is named."""
    people = {person.pk: person for person in case.people.all()}
    for field_name, person in (
        ("respondent", given.respondent),
        ("about_caregiver", given.about_caregiver),
        ("about_infant", given.about_infant),
    ):
        if person is not None and person.pk not in people:
            raise ValidationError({field_name: "Select somebody of this family"})
    if definition.respondent == CAREGIVER and given.respondent is None:
        raise ValidationError({"respondent": "Select who answered"})
    if definition.respondent != CAREGIVER and given.rater is None:
        raise ValidationError({"rater": "Select who rated"})
    if definition.about != ABOUT_CAREGIVER and (
        given.about_infant is None or given.about_infant.kind != Person.Kind.INFANT
    ):
        raise ValidationError({"about_infant": "Select which baby it is about"})
    if definition.about != ABOUT_INFANT and given.about_caregiver is None:
        raise ValidationError({"about_caregiver": "Select which caregiver it is about"})


def _scored(definition: Definition, answers: Answers) -> tuple[Value, ...]:
    if all(answers.get(item.number) is None for item in definition.items):
        raise ValidationError("Enter at least one answer. Questions that were left out can stay empty.")
    try:
        return values_of(definition, answers)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _written_down(definition: Definition, figures: Mapping[str, Decimal], answers: Answers) -> list[Value]:
    values = []
    for subscale in definition.subscales:
        figure = figures.get(subscale.key)
        if figure is not None:
            _check_figure(subscale, figure)
        values.append(Value(subscale.key, figure))
    if all(value.value is None for value in values):
        raise ValidationError("Enter at least one score")
    for critical in definition.critical:
        answer = answers.get(critical.item)
        if answer is None:
            raise ValidationError({f"critical_{critical.item}": f"Enter the answer to question {critical.item}"})
        if isinstance(answer, bool) or not isinstance(answer, int) or not critical.low <= answer <= critical.high:
            raise ValidationError({f"critical_{critical.item}": _between(critical)})
    return values


def _between(critical: CriticalItem) -> str:
    return f"The answer to question {critical.item} must be between {critical.low} and {critical.high}"


def _check_figure(subscale: Subscale, figure: Decimal) -> None:
    if subscale.low is not None and figure < subscale.low:
        raise ValidationError({subscale.key: f"{subscale.name} must be {written(subscale.low)} or more"})
    if subscale.high is not None and figure > subscale.high:
        raise ValidationError({subscale.key: f"{subscale.name} must be {written(subscale.high)} or less"})
    if subscale.how == SUM and figure != figure.to_integral_value():
        raise ValidationError({subscale.key: f"{subscale.name} must be a whole number"})


@transaction.atomic
def strike_score(*, by: User, score: Score, why: str) -> Score:
    """Take back a score that was entered in error; it stays to be seen, struck out, and counts nowhere.

    A critical answer of it stays open: that it was an error is something to find out and write down.
    """
    if not why.strip():
        raise ValidationError({"why": "Enter what was wrong with it"})
    locked = Score.objects.select_for_update().select_related("case").get(pk=score.pk)
    if locked.struck_at is None:
        locked.struck_at, locked.struck_by, locked.struck_why = timezone.now(), by, why.strip()
        locked.save(update_fields=["struck_at", "struck_by", "struck_why"])
        audit(by=by, verb="score.struck", subject=locked, family_id=locked.case.family_id, case_id=locked.case_id)
    return locked
