"""Helping questions keep every wording, and are rated by the family's own hand."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from outcomes import actions
from outcomes.chart import chart_of
from outcomes.models import HelpingQuestion, HelpingQuestionRating
from outcomes.queries import latest_wordings, questions_of
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


def test_a_question_is_written_down_with_whose_it_is(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    url = reverse("outcomes:question-add", kwargs={"case": family.case.pk})
    assert "Enter the helping question" in client.post(url, {"text": "  ", "whose": ""}).content.decode()
    assert client.post(url, {"text": "x" * 501, "whose": ""}).status_code == 200
    client.post(url, {"text": "How do I help\x00 him settle? 🍼", "whose": str(family.sam.pk)})
    question = HelpingQuestion.objects.get()
    assert (str(question), question.whose) == ("How do I help him settle? 🍼", family.sam)
    page = client.get(reverse("outcomes:questions", kwargs={"case": family.case.pk})).content.decode()
    assert "Sam’s question" in page


def test_new_words_keep_the_old_ones(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    question = actions.add_question(by=cast.asha, case=family.case, text="First words?")
    client = signed_in(cast.asha)
    url = reverse("outcomes:question-reword", kwargs={"case": family.case.pk, "question": question.pk})
    client.post(url, {"text": "Better words?"})
    client.post(url, {"text": "Better words?"})
    (view,) = questions_of(family.case)
    assert [wording.text for wording in view.wordings] == ["First words?", "Better words?"]
    assert [wording.text for wording in latest_wordings(family.case)] == ["Better words?"]
    page = client.get(reverse("outcomes:questions", kwargs={"case": family.case.pk})).content.decode()
    assert "First words?" in page
    assert AuditEvent.objects.filter(verb="question.reworded").count() == 1


def test_a_question_of_another_case_is_not_reworded_through_this_one(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    other = make_family(cast.asha)
    question = actions.add_question(by=cast.asha, case=other.case, text="Theirs?")
    url = reverse("outcomes:question-reword", kwargs={"case": family.case.pk, "question": question.pk})
    assert signed_in(cast.asha).get(url).status_code == 404


def test_a_rating_comes_from_the_family_and_needs_no_sign_in(cast: Cast, family: FamilyInTests) -> None:
    question = actions.add_question(by=cast.asha, case=family.case, text="How?")
    wording = question.wordings.get()
    actions.rate_question(by=None, wording=wording, rated_by=family.sam, value=4)
    assert AuditEvent.objects.get(verb="question.rated").actor_id == ""
    for value in (-1, 11, True, 3.5):
        with pytest.raises(ValidationError):
            actions.rate_question(by=None, wording=wording, rated_by=family.sam, value=value)  # type: ignore[arg-type]
    for stranger in (family.rowan, make_family(cast.ben).sam):
        with pytest.raises(ValidationError):
            actions.rate_question(by=None, wording=wording, rated_by=stranger, value=5)
    assert HelpingQuestionRating.objects.count() == 1


def test_somebody_may_change_their_mind_on_the_same_occasion(cast: Cast, family: FamilyInTests) -> None:
    wording = actions.add_question(by=cast.asha, case=family.case, text="How?").wordings.get()
    occasion = uuid.uuid4()
    for value in (3, 7):
        actions.rate_question(by=None, wording=wording, rated_by=family.sam, value=value, occasion_id=occasion)
    actions.rate_question(by=None, wording=wording, rated_by=family.nan, value=5, occasion_id=occasion)
    actions.rate_question(by=None, wording=wording, rated_by=family.sam, value=8, occasion_id=uuid.uuid4())
    assert sorted(HelpingQuestionRating.objects.values_list("value", flat=True)) == [5, 7, 8]


def test_ratings_are_drawn_and_said_in_words(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    wording = actions.add_question(by=cast.asha, case=family.case, text="How?").wordings.get()
    assert chart_of([]) is None
    for days, person, value in ((20, family.sam, 2), (10, family.sam, 6), (10, family.nan, 4)):
        rating = actions.rate_question(by=None, wording=wording, rated_by=person, value=value)
        HelpingQuestionRating.objects.filter(pk=rating.pk).update(at=rating.at - timedelta(days=days))
    (view,) = questions_of(family.case)
    chart = chart_of(view.ratings)
    assert chart is not None
    assert chart.in_words == "Sam: from 2 to 6 of 10; Nan: 4 of 10"
    sam, nan = chart.lines
    assert sam.points[0].x < sam.points[1].x
    assert sam.points[0].y > sam.points[1].y, "more is further up"
    assert nan.number != sam.number
    page = signed_in(cast.asha).get(reverse("outcomes:questions", kwargs={"case": family.case.pk})).content.decode()
    assert chart.in_words in page
    assert page.count("<circle") == 3


def test_all_questions_cost_three_queries(
    django_assert_num_queries: Callable[[int], object], cast: Cast, family: FamilyInTests
) -> None:
    for number in range(3):
        question = actions.add_question(by=cast.asha, case=family.case, text=f"Question {number}?")
        wording = actions.reword_question(by=cast.asha, question=question, text=f"Again {number}?")
        actions.rate_question(by=None, wording=wording, rated_by=family.sam, value=number)
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        assert [len(view.ratings) for view in questions_of(family.case)] == [1, 1, 1]
