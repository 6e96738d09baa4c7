"""Scores entered by staff: kept under their version, drawn with their lines, struck out in error; critical answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families.models import Alert, Case, Person
from families.queries import case_header
from families.registry import tasks_for
from outcomes import actions
from outcomes.actions.scores import Given
from outcomes.models import CriticalAnswer, Measure, MeasureVersion, Score
from outcomes.queries import measures_of
from outcomes.queries.measures import version_offered, versions_offered
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]


def version(key: str) -> MeasureVersion:
    return MeasureVersion.objects.get(measure__key=key)


def score_phq(
    by: User, case: Case, person: Person, figures: list[int | None], *, days: int = 0, occasion: str = "baseline"
) -> Score:
    given = Given(
        respondent=person,
        about_caregiver=person,
        occasion=occasion,
        completed_on=timezone.localdate() - timedelta(days=days),
    )
    answers = dict(enumerate(figures, 1))
    return actions.record_score(by=by, case=case, version=version("phq-9"), given=given, answers=answers)


def posted(family: FamilyInTests, **more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "respondent": str(family.sam.pk),
        "completed_on_day": today.day,
        "completed_on_month": today.month,
        "completed_on_year": today.year,
        "occasion": "baseline",
        "session": "",
        **more,
    }


def address(name: str, family: FamilyInTests, **kwargs: object) -> str:
    return reverse(f"outcomes:{name}", kwargs={"case": family.case.pk, **kwargs})


def test_answers_on_paper_are_entered_and_counted(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    url = address("score-add", family, measure="phq-9")
    page = client.get(url).content.decode()
    assert "Little interest or pleasure in doing things" in page
    assert "No permission required" in page
    answers = {f"q_{number}": "2" for number in range(1, 9)} | {"q_9": "0"}
    assert client.post(url, posted(family, **answers)).status_code == 302
    score = Score.objects.get()
    assert (score.values.get().value, score.about_caregiver, score.recorded_by) == (16, family.sam, cast.asha)
    assert not CriticalAnswer.objects.exists()
    tab = client.get(address("goals", family)).content.decode()
    assert "Moderately severe: 15 or more" in tab
    detail = client.get(address("score", family, score=score.pk)).content.decode()
    assert "More than half the days" in detail
    assert "Kroenke, Spitzer and Williams 2001" in detail


def test_nothing_typed_is_lost_when_something_is_missing(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    page = client.post(
        address("score-add", family, measure="phq-9"), posted(family, occasion="", q_1="3", q_2="1")
    ).content.decode()
    assert "Select where in the work this is" in page
    assert page.count("checked") == 2 + 8, "two answers, the person, and seven left out"
    empty = client.post(address("score-add", family, measure="phq-9"), posted(family)).content.decode()
    assert "Enter at least one answer" in empty
    wrong = client.post(address("score-add", family, measure="phq-9"), posted(family, q_1="7"))
    assert wrong.status_code == 200
    assert not Score.objects.exists()


def test_an_edinburgh_score_asks_for_question_10(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    url = address("score-add", family, measure="epds")
    page = client.get(url).content.decode()
    assert "Royal College of Psychiatrists" in page
    assert "laugh" not in page, "its wording is licensed to nobody here"
    said = client.post(url, posted(family, value_total="9", critical_10="")).content.decode()
    assert "Enter the answer to question 10" in said
    too_much = client.post(url, posted(family, value_total="31", critical_10="0")).content.decode()
    assert "Total must be 30 or less" in too_much
    assert "between 0 and 3" in client.post(url, posted(family, value_total="9", critical_10="4")).content.decode()
    answer = client.post(url, posted(family, value_total="9", critical_10="1"))
    row = CriticalAnswer.objects.get()
    assert answer.headers["Location"] == address("critical", family, answer=row.pk)
    assert (row.item, row.value, row.person) == (10, 1, family.sam)


def test_a_critical_answer_is_a_banner_and_a_task_until_somebody_says_what_was_done(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    score_phq(cast.asha, family.case, family.sam, [0] * 8 + [1])
    row = CriticalAnswer.objects.get()
    client = signed_in(cast.asha)
    for name in ("families:case", "outcomes:goals"):
        page = client.get(reverse(name, kwargs={"case": family.case.pk})).content.decode()
        assert "Sam’s answer to PHQ-9, question 9" in page
    alert = Alert.objects.open().get(case=family.case)
    assert "question 9" in alert.title
    for user in (cast.asha, cast.carol):
        assert [task.kind for task in tasks_for(user)].count("critical") == 1
    assert "critical" not in [task.kind for task in tasks_for(cast.ben)]
    url = address("critical", family, answer=row.pk)
    assert "Several days" in client.get(url).content.decode()
    assert "Enter what was done" in client.post(url, {"acted": " "}).content.decode()
    client.post(url, {"acted": "Telephoned Sam at once; crisis plan made with her and her GP."})
    assert [fact.label for fact in case_header(family.case, cast.asha).facts if fact.pressing] == []
    assert "critical" not in [task.kind for task in tasks_for(cast.asha)]
    assert not Alert.objects.open().exists(), "duty has nothing more to do about it"
    assert "crisis plan" in client.get(url).content.decode()
    with pytest.raises(ValidationError):
        actions.act_on(by=cast.asha, answer=row, acted="Again")


def test_a_critical_answer_is_raised_even_when_there_is_no_score(cast: Cast, family: FamilyInTests) -> None:
    score = score_phq(cast.asha, family.case, family.sam, [None] * 8 + [2])
    assert score.values.get().value is None
    assert CriticalAnswer.objects.get().score == score


def test_a_score_keeps_the_version_it_was_made_under(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    score = score_phq(cast.asha, family.case, family.sam, [1] * 8 + [0])
    content = {**version("phq-9").content, "cut_offs": []}
    newer = actions.save_measure(by=cast.dev, content=content, measure=Measure.objects.get(key="phq-9"))
    assert newer.version == 2
    assert version_offered("phq-9") == newer
    page = signed_in(cast.asha).get(address("score", family, score=score.pk)).content.decode()
    assert "Mild: 5 or more" in page
    assert actions.save_measure(by=cast.dev, content=content, measure=newer.measure) == newer, (
        "the same changes nothing"
    )


def test_a_score_entered_in_error_is_struck_out(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    score = score_phq(cast.asha, family.case, family.sam, [3] * 8 + [1])
    client = signed_in(cast.asha)
    url = address("score-strike", family, score=score.pk)
    assert "Enter what was wrong" in client.post(url, {"why": ""}).content.decode()
    client.post(url, {"why": "Another family’s paper"})
    (view,) = measures_of(family.case, [])
    assert view.standing == ()
    page = client.get(address("goals", family)).content.decode()
    assert "Another family’s paper" in page
    assert "<circle" not in page
    assert CriticalAnswer.objects.open().exists(), "whether that too was an error, somebody has to say"
    assert AuditEvent.objects.filter(verb="score.struck").count() == 1


def test_pairs_are_made_of_the_same_person_and_the_same_measure(cast: Cast, family: FamilyInTests) -> None:
    score_phq(cast.asha, family.case, family.sam, [2] * 8 + [0], days=60)
    score_phq(cast.asha, family.case, family.nan, [3] * 8 + [0], days=50)
    score_phq(cast.asha, family.case, family.sam, [1] * 8 + [0], days=2, occasion="ending")
    (view,) = measures_of(family.case, [])
    (picture,) = view.pictures
    ((name, change),) = picture.changes
    assert (name, change.before, change.after, change.reliable) == ("Sam", 16, 8, True)
    assert picture.chart is not None
    assert picture.chart.in_words == "Sam: from 16 to 8 of 27; Pat: 24 of 27".replace("Pat", family.nan.short_name)
    assert picture.chart.levels[0].label == "Mild: 5 or more"


def test_a_measure_about_two_is_about_two(cast: Cast, family: FamilyInTests) -> None:
    pbq = version("pbq")
    answers = dict.fromkeys(range(1, 26), 0)
    with pytest.raises(ValidationError) as told:
        actions.record_score(
            by=cast.asha,
            case=family.case,
            version=pbq,
            given=Given(respondent=family.sam, about_caregiver=family.sam),
            answers=answers,
        )
    assert "about_infant" in told.value.message_dict
    given = Given(respondent=family.sam, about_caregiver=family.sam, about_infant=family.rowan)
    score = actions.record_score(by=cast.asha, case=family.case, version=pbq, given=given, answers=answers)
    assert score.about == "Sam and Rowan"
    assert score.values.count() == 5


def test_a_rated_measure_says_who_rated(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    Measure.objects.filter(key="kips").update(active=True)
    client = signed_in(cast.asha)
    url = address("score-add", family, measure="kips")
    assert "Only for people who are trained in it" in client.get(url).content.decode()
    more = {
        "rater": str(cast.asha.pk),
        "about_caregiver": str(family.sam.pk),
        "about_infant": str(family.rowan.pk),
        "value_mean": "3.25",
    }
    assert client.post(url, posted(family, **more)).status_code == 302
    score = Score.objects.get()
    assert (score.rater, score.respondent, score.way) == (cast.asha, None, "rated")
    assert score.values.get().value == Decimal("3.25")
    assert "Moderate (not a clinical line)" in client.get(address("goals", family)).content.decode()


def test_only_measures_that_are_turned_on_are_offered(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    assert "hads" not in [each.measure.key for each in versions_offered()]
    assert client.get(address("score-add", family, measure="hads")).status_code == 404
    page = client.get(address("score-choose", family)).content.decode()
    assert "EPDS" in page
    assert "HADS" not in page


def test_a_score_of_another_family_does_not_exist(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    score = score_phq(cast.asha, family.case, family.sam, [1] * 9)
    row = CriticalAnswer.objects.get()
    client = signed_in(cast.ben)
    assert client.get(address("score", family, score=score.pk)).status_code == 404
    assert client.get(address("critical", family, answer=row.pk)).status_code == 404


def test_measures_of_a_case_cost_two_queries(
    django_assert_num_queries: Callable[[int], object], cast: Cast, family: FamilyInTests
) -> None:
    for days in (30, 20, 10):
        score_phq(cast.asha, family.case, family.sam, [1] * 9, days=days)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        (view,) = measures_of(family.case, [])
        assert [row.score.given_by for row in view.scores] == ["Sam"] * 3
