"""Questionnaires put to somebody: asked, answered a question at a time, sent, taken back."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.consent import decides_alone
from families.loss import quiet
from families.models import Case, Person
from outcomes.actions.critical import raise_critical
from outcomes.actions.goals import rate_goal
from outcomes.actions.scores import Given, record_score
from outcomes.actions.scores import outside_ages_why as why_kept
from outcomes.definitions import ABOUT_CAREGIVER, ABOUT_INFANT, NOT_APPLICABLE
from outcomes.experience import STATEMENTS
from outcomes.models import Asking, CriticalAnswer, Experience, Goal, MeasureVersion, Score
from outcomes.scoring import Answers
from outcomes.steps import Step, steps_of

LINK_LASTS = timedelta(days=14)
TOGETHER_LASTS = timedelta(days=1)  # it is answered now, or begun again


class NotOpen(Exception):
    """The questionnaire was sent, taken back or ran out meanwhile."""


def is_quiet(case: Case, person: Person) -> bool:
    """Whether a death in the family stops every question to them (``families.loss``)."""
    return bool(quiet(case) or quiet(person))


def fingerprint(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ask(
    *,
    by: User,
    case: Case,
    what: str,
    way: str,
    person: Person,
    version: MeasureVersion | None = None,
    about_infant: Person | None = None,
    occasion: str = "other",
    occasion_id: uuid.UUID | None = None,
    outside_ages_why: str = "",
) -> Asking:
    """Put a questionnaire to somebody of the family. A link is made from it with ``make_link``."""
    if not decides_alone(person) or not case.people.filter(pk=person.pk).exists():
        raise ValidationError({"person": "Select who will answer"})
    if is_quiet(case, person):
        raise ValidationError("Somebody in this family has died. Nobody is asked to fill anything in.")
    if what == Asking.What.MEASURE:
        version = _checked_measure(case, version, way, about_infant)
        infant = about_infant if version.definition.about != ABOUT_CAREGIVER else None
        outside_ages_why = why_kept(version, infant, timezone.localdate(), outside_ages_why, asked=True)
    elif case.is_closed and what != Asking.What.EXPERIENCE:
        raise ValidationError("This case is closed. Families can still be asked how they found the service.")
    asking = Asking(
        case=case,
        what=what,
        way=way,
        version=version if what == Asking.What.MEASURE else None,
        person=person,
        about_infant=about_infant if what == Asking.What.MEASURE else None,
        occasion=occasion,
        occasion_id=occasion_id,
        outside_ages_why=outside_ages_why if what == Asking.What.MEASURE else "",
        expires_at=timezone.now() + (LINK_LASTS if way == Asking.Way.LINK else TOGETHER_LASTS),
        asked_by=by,
    )
    asking.full_clean(exclude=["case", "version", "person", "about_infant", "asked_by"])
    if not steps_of(asking):
        raise ValidationError("There is no goal yet that they could say a number for. Agree one first.")
    asking.save()
    _note(by, "questionnaire.asked", asking)
    return asking


def _checked_measure(
    case: Case, version: MeasureVersion | None, way: str, about_infant: Person | None
) -> MeasureVersion:
    """The measure, when it may be asked in this way, of this case, about this baby. Raises ValidationError."""
    if version is None or not version.has_questions or not version.measure.active:
        raise ValidationError({"what": "Select what they are asked"})
    if case.is_closed:
        raise ValidationError("This case is closed. Families can still be asked how they found the service.")
    definition = version.definition
    if way == Asking.Way.LINK and definition.critical and not version.measure.critical_by_link:
        raise ValidationError(
            {
                "way": f"The {version} asks about harm, and nobody reads the answers at once: your service does not "
                "send it by link. Answer it together."
            }
        )
    if definition.about != ABOUT_CAREGIVER and (
        about_infant is None or not case.people.filter(pk=about_infant.pk, kind=Person.Kind.INFANT).exists()
    ):
        raise ValidationError({"about_infant": "Select which baby it is about"})
    return version


def _note(by: User | None, verb: str, asking: Asking) -> None:
    audit(
        by=by,
        verb=verb,
        subject=asking,
        family_id=asking.case.family_id,
        case_id=asking.case_id,
        what=asking.what,
        way=asking.way,
    )


@transaction.atomic
def make_link(*, by: User, asking: Asking) -> str:
    """The token of a link to this questionnaire, told once and kept as a hash. A newer one ends the older."""
    locked = _locked(asking)
    if locked.way != Asking.Way.LINK:
        raise NotOpen
    token = secrets.token_urlsafe(32)
    locked.token_hash, locked.expires_at = fingerprint(token), timezone.now() + LINK_LASTS
    locked.message = locked.message_at = None  # a message that has not left yet does not leave
    locked.save(update_fields=["token_hash", "expires_at", "message", "message_at"])
    _note(by, "questionnaire.link-made", locked)
    return token


def _locked(asking: Asking) -> Asking:
    """The row as it is now, if it may still be answered. Raises NotOpen."""
    found = Asking.objects.select_for_update(of=("self",)).select_related("case", "version", "person").get(pk=asking.pk)
    if not may_answer(found):
        raise NotOpen
    return found


def may_answer(asking: Asking) -> bool:
    """Whether it still waits for answers: never after a death in the family; about the service also of a case that
    has ended."""
    goes_on = asking.what == Asking.What.EXPERIENCE or not asking.case.is_closed
    return asking.is_open and goes_on and not is_quiet(asking.case, asking.person)


def asking_of(token: str) -> Asking | None:
    """The questionnaire that a link's token opens; None when there is none or it waits for nothing any more."""
    rows = Asking.objects.filter(token_hash=fingerprint(token), way=Asking.Way.LINK)
    found = rows.select_related("case", "version", "person").first()
    return found if found is not None and may_answer(found) else None


def asking_held(pk: str) -> Asking | None:
    """The questionnaire that a frame was opened for; None when it waits for nothing any more."""
    found = Asking.objects.filter(pk=pk).select_related("case", "version", "person").first()
    return found if found is not None and may_answer(found) else None


@transaction.atomic
def open_anew(*, asking: Asking) -> None:
    """The link was opened: what was answered before is kept, and not shown to whoever holds the telephone now."""
    locked = _locked(asking)
    locked.opened_at = locked.opened_at or timezone.now()
    locked.put_away = sorted({*locked.put_away, *locked.answers})
    locked.save(update_fields=["opened_at", "put_away"])


@transaction.atomic
def answer(*, asking: Asking, step: Step, value: str | None) -> list[CriticalAnswer]:
    """Keep one answer, or None for a question that is skipped. Returns what has to be acted on the same day.

    A critical answer is raised now, not when the questionnaire is sent: it may never be.
    """
    if value is not None and not step.accepts(value):
        raise ValidationError({"answer": "Select an answer, or skip this question"})
    locked = _locked(asking)
    kept = {key: said for key, said in locked.answers.items() if key != step.key}
    locked.answers = kept if value is None else {**kept, step.key: value}
    locked.opened_at = locked.opened_at or timezone.now()
    locked.save(update_fields=["answers", "opened_at"])
    asking.answers = locked.answers
    if locked.version is None or value is None:
        return []
    return raise_critical(
        by=None,
        case=locked.case,
        version=locked.version,
        answers=_as_answers({step.key: value}),
        person=locked.person,
        asking=locked,
    )


def _as_answers(said: dict[str, str]) -> Answers:
    return {int(key): value if value == NOT_APPLICABLE else int(value) for key, value in said.items()}


@transaction.atomic
def send(*, asking: Asking) -> None:
    """They have finished: their answers become scores, numbers of goals, or what a family said about us.

    Nothing answered is nothing kept; it is done all the same. Raises NotOpen.
    """
    locked = _locked(asking)
    said = {key: value for key, value in locked.answers.items() if value.strip()}
    if said and locked.what == Asking.What.MEASURE:
        locked.score = _score_of(locked, said)
    elif said and locked.what == Asking.What.GOALS:
        _rate_goals(locked, said)
    elif said:
        _keep_experience(locked, said)
    locked.done_at, locked.answers, locked.put_away, locked.token_hash = timezone.now(), {}, [], None
    locked.save(update_fields=["score", "done_at", "answers", "put_away", "token_hash"])
    _note(None, "questionnaire.answered", locked)


def _score_of(asking: Asking, said: dict[str, str]) -> Score:
    version = asking.version
    assert version is not None  # noqa: S101 - the database keeps it so for a measure
    definition = version.definition
    answers = {item.number: None for item in definition.items} | dict(_as_answers(said))
    return record_score(
        by=None,
        case=asking.case,
        version=version,
        given=Given(
            respondent=asking.person,
            about_caregiver=asking.person if definition.about != ABOUT_INFANT else None,
            about_infant=asking.about_infant,
            occasion=asking.occasion,
            occasion_id=asking.occasion_id,
            way=asking.way,
            outside_ages_why=asking.outside_ages_why,
        ),
        answers=answers,
        asking=asking,
    )


def _rate_goals(asking: Asking, said: dict[str, str]) -> None:
    """Each number for the words that were shown; a goal that ended meanwhile takes none."""
    for goal in Goal.objects.open().filter(case=asking.case):
        if (value := said.get(goal.pk.hex)) is not None:
            wording = goal.wordings.latest("version")
            rate_goal(
                by=None, wording=wording, rated_by=asking.person, value=int(value), occasion_id=asking.occasion_id
            )


def _keep_experience(asking: Asking, said: dict[str, str]) -> None:
    """About the service. Without their yes nothing leads from these answers to the family, nor to the day."""
    Experience.objects.create(
        team=asking.case.team,
        case=asking.case if said.get("named") == "yes" else None,
        month=timezone.localdate().replace(day=1),
        answers={key: int(said[key]) for key in STATEMENTS if key in said},
        best=said.get("best", "").strip(),
        better=said.get("better", "").strip(),
    )


@transaction.atomic
def withdraw(*, by: User, asking: Asking) -> None:
    """Take a questionnaire back: its link opens nothing any more, and what was answered so far is forgotten."""
    locked = Asking.objects.select_for_update().select_related("case").get(pk=asking.pk)
    if locked.done_at is None and locked.withdrawn_at is None:
        locked.withdrawn_at, locked.withdrawn_by = timezone.now(), by
        locked.answers, locked.put_away, locked.token_hash = {}, [], None
        locked.save(update_fields=["withdrawn_at", "withdrawn_by", "answers", "put_away", "token_hash"])
        _note(by, "questionnaire.taken-back", locked)
