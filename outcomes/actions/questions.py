"""Helping questions: asked, reworded, rated."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.actions import record as audit
from families.consent import decides_alone
from families.models import Case, Person
from outcomes.models import HelpingQuestion, HelpingQuestionRating, HelpingQuestionWording


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Enter the helping question in the family’s own words"})
    return text


@transaction.atomic
def add_question(*, by: User, case: Case, text: str, whose: Person | None = None) -> HelpingQuestion:
    """Write down a helping question of a case; ``whose`` it is, when it is one person's."""
    text = _words(text)
    if whose is not None and not case.people.filter(pk=whose.pk).exists():
        raise ValidationError({"whose": "Select somebody of this family"})
    question = HelpingQuestion.objects.create(case=case, whose=whose)
    wording = HelpingQuestionWording(question=question, version=1, text=text, recorded_by=by)
    wording.full_clean(exclude=["question", "recorded_by"])
    wording.save()
    audit(by=by, verb="question.asked", subject=question, family_id=case.family_id, case_id=case.pk)
    return question


@transaction.atomic
def reword_question(*, by: User, question: HelpingQuestion, text: str) -> HelpingQuestionWording:
    """The question in new words: a further version, the earlier ones stay. The same words change nothing."""
    text = _words(text)
    locked = HelpingQuestion.objects.select_for_update().select_related("case").get(pk=question.pk)
    latest = locked.wordings.order_by("-version").first()
    if latest is not None and latest.text == text:
        return latest
    wording = HelpingQuestionWording(
        question=locked, version=latest.version + 1 if latest else 1, text=text, recorded_by=by
    )
    wording.full_clean(exclude=["question", "recorded_by"])
    wording.save()
    audit(
        by=by,
        verb="question.reworded",
        subject=locked,
        family_id=locked.case.family_id,
        case_id=locked.case_id,
        version=wording.version,
    )
    return wording


@transaction.atomic
def rate_question(
    *,
    by: User | None,
    wording: HelpingQuestionWording,
    rated_by: Person,
    value: int,
    occasion_id: uuid.UUID | None = None,
) -> HelpingQuestionRating:
    """How far somebody of the family feels they have come, 0 to 10.

    ``by`` is None when it came from the family's own hand, without a sign-in. A second rating by the same
    person on the same occasion (a shared review) takes the place of the first: they changed their mind.
    """
    case = wording.question.case
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10:
        raise ValidationError({"value": "Select a number from 0 to 10"})
    if not decides_alone(rated_by) or not case.people.filter(pk=rated_by.pk).exists():
        raise ValidationError({"rated_by": "Select who of the family gives this number"})
    rating = None
    if occasion_id is not None:
        rating = HelpingQuestionRating.objects.filter(
            wording__question=wording.question, rated_by=rated_by, occasion_id=occasion_id
        ).first()
    if rating is None:
        rating = HelpingQuestionRating(rated_by=rated_by, occasion_id=occasion_id)
    rating.wording, rating.value = wording, value
    rating.save()
    audit(
        by=by,
        verb="question.rated",
        subject=wording.question,
        family_id=case.family_id,
        case_id=case.pk,
        rated_by=str(rated_by.pk),
    )
    return rating
