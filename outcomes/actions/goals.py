"""Goals: agreed, reworded, rated, ended."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.consent import decides_alone
from families.models import Case, Person
from outcomes.models import Goal, GoalRating, GoalWording


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Enter the goal in the family’s own words"})
    return text


def _still_open(goal: Goal) -> Goal:
    locked = Goal.objects.select_for_update().get(pk=goal.pk)
    if locked.ended_at is not None:
        raise ValidationError("This goal has ended. Take it up again first.")
    return locked


def _note(by: User | None, verb: str, goal: Goal, **detail: str | int | bool) -> None:
    audit(by=by, verb=verb, subject=goal, family_id=goal.case.family_id, case_id=goal.case_id, **detail)


def _add_wording(by: User, goal: Goal, version: int, text: str, reason: str = "") -> GoalWording:
    wording = GoalWording(goal=goal, version=version, text=text, reason=reason.strip(), recorded_by=by)
    wording.full_clean(exclude=["goal", "recorded_by"])
    wording.save()
    return wording


@transaction.atomic
def add_goal(*, by: User, case: Case, text: str, whose: Person | None = None) -> Goal:
    """Write down a goal of a case; ``whose`` it is, when it is one person's."""
    text = _words(text)
    if whose is not None and not case.people.filter(pk=whose.pk).exists():
        raise ValidationError({"whose": "Select somebody of this family"})
    goal = Goal.objects.create(case=case, whose=whose)
    _add_wording(by, goal, 1, text)
    _note(by, "goal.agreed", goal)
    return goal


@transaction.atomic
def reword_goal(*, by: User, goal: Goal, text: str, reason: str) -> GoalWording:
    """The goal in new words, with why: a further version, the earlier ones stay. The same words change nothing."""
    text = _words(text)
    locked = _still_open(goal)
    latest = locked.wordings.order_by("-version").first()
    if latest is not None and latest.text == text:
        return latest
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the words change"})
    wording = _add_wording(by, locked, latest.version + 1 if latest else 1, text, reason)
    _note(by, "goal.reworded", locked, version=wording.version)
    return wording


@transaction.atomic
def rate_goal(
    *,
    by: User | None,
    wording: GoalWording,
    rated_by: Person,
    value: int,
    at: datetime | None = None,
    occasion_id: uuid.UUID | None = None,
) -> GoalRating:
    """How near somebody of the family feels to a goal, 0 (no progress) to 10 (fully reached).

    ``by`` is the practitioner who wrote down what was said, or None when it came from the family's own hand. Another
    rating by the same person in the same session takes the place of the first, which stays struck out.
    """
    goal = _still_open(wording.goal)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10:
        raise ValidationError({"value": "Select a number from 0 to 10"})
    if not decides_alone(rated_by) or not goal.case.people.filter(pk=rated_by.pk).exists():
        raise ValidationError({"rated_by": "Select who of the family gives this number"})
    at = at or timezone.now()
    if at > timezone.now():
        raise ValidationError({"on": "The day must be today or in the past"})
    if occasion_id is not None:
        before = GoalRating.objects.standing().filter(wording__goal=goal, rated_by=rated_by, occasion_id=occasion_id)
        for earlier in before.select_for_update():
            _strike(earlier, by, "Another number was given in the same session")
    rating = GoalRating.objects.create(
        wording=wording, rated_by=rated_by, value=value, at=at, occasion_id=occasion_id, recorded_by=by
    )
    _note(by, "goal.rated", goal, rated_by=str(rated_by.pk), own_hand=by is None)
    return rating


def _strike(rating: GoalRating, by: User | None, why: str) -> None:
    rating.struck_at, rating.struck_by, rating.struck_why = timezone.now(), by, why
    rating.save(update_fields=["struck_at", "struck_by", "struck_why"])


@transaction.atomic
def strike_goal_rating(*, by: User, rating: GoalRating, why: str) -> GoalRating:
    """Take back a number that was written down in error; it stays to be seen, struck out. Twice changes nothing."""
    if not why.strip():
        raise ValidationError({"why": "Enter what was wrong with it"})
    locked = GoalRating.objects.select_for_update().select_related("wording__goal__case").get(pk=rating.pk)
    if locked.struck_at is None:
        _strike(locked, by, why.strip())
        _note(by, "goal.rating-struck", locked.wording.goal, rating=str(locked.pk))
    return locked


@transaction.atomic
def end_goal(*, by: User, goal: Goal, how: str, why: str = "") -> Goal:
    """A goal is no longer worked on: reached, far enough, replaced, or set aside. ``why`` is in their words."""
    if how not in Goal.Ended.values:
        raise ValidationError({"how": "Select what became of this goal"})
    locked = _still_open(goal)
    if how in (Goal.Ended.CHANGED, Goal.Ended.SET_ASIDE) and not why.strip():
        raise ValidationError({"why": "Enter why, in a few words"})
    locked.ended, locked.ended_why, locked.ended_at, locked.ended_by = how, why.strip(), timezone.now(), by
    locked.save(update_fields=["ended", "ended_why", "ended_at", "ended_by"])
    _note(by, "goal.ended", locked, how=how)
    return locked


@transaction.atomic
def reopen_goal(*, by: User, goal: Goal) -> Goal:
    """Take a goal up again that had ended. One that is open stays as it is."""
    locked = Goal.objects.select_for_update().select_related("case").get(pk=goal.pk)
    if locked.ended_at is not None:
        locked.ended, locked.ended_why, locked.ended_at, locked.ended_by = "", "", None, None
        locked.save(update_fields=["ended", "ended_why", "ended_at", "ended_by"])
        _note(by, "goal.taken-up-again", locked)
    return locked
