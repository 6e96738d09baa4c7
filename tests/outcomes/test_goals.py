"""Goals are the family's: their words, their numbers, and every change kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from outcomes import actions
from outcomes.chart import chart_of
from outcomes.models import Goal, GoalRating
from outcomes.queries import goals_of
from outcomes.registry import Meeting, meetings_of
from sessions.models import VigSession
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


def page_of(client: Client, family: FamilyInTests) -> str:
    return client.get(reverse("outcomes:goals", kwargs={"case": family.case.pk})).content.decode()


def address(name: str, family: FamilyInTests, **kwargs: object) -> str:
    return reverse(f"outcomes:{name}", kwargs={"case": family.case.pk, **kwargs})


def test_a_goal_is_written_down_with_whose_it_is(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    assert "No goal yet" in page_of(client, family)
    assert "Enter the goal" in client.post(address("goal-add", family), {"text": " ", "whose": ""}).content.decode()
    client.post(address("goal-add", family), {"text": "Enjoy bath time", "whose": str(family.sam.pk)})
    page = page_of(client, family)
    assert "“Enjoy bath time”" in page
    assert "Sam’s goal" in page
    assert "CC BY-NC-SA" in page


def test_new_words_need_a_reason_and_keep_the_old_ones(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    goal = actions.add_goal(by=cast.asha, case=family.case, text="Less crying")
    client = signed_in(cast.asha)
    url = address("goal-reword", family, goal=goal.pk)
    assert "Enter why the words change" in client.post(url, {"text": "Calmer evenings", "reason": ""}).content.decode()
    client.post(url, {"text": "Calmer evenings", "reason": "It is about all of us"})
    (view,) = goals_of(family.case)
    assert [wording.text for wording in view.wordings] == ["Less crying", "Calmer evenings"]
    page = page_of(client, family)
    assert "It is about all of us" in page
    assert "Less crying" in page


def test_a_number_said_is_written_down_for_the_words_of_that_day(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    goal = actions.add_goal(by=cast.asha, case=family.case, text="First words")
    client = signed_in(cast.asha)
    day = timezone.localdate() - timedelta(days=3)
    said = {
        "rated_by": str(family.nan.pk),
        "value": "4",
        "on_day": str(day.day),
        "on_month": str(day.month),
        "on_year": str(day.year),
        "occasion": "",
    }
    client.post(address("goal-rate", family, goal=goal.pk), said)
    actions.reword_goal(by=cast.asha, goal=goal, text="Other words", reason="Clearer")
    rating = GoalRating.objects.get()
    assert (rating.value, rating.rated_by, rating.wording.text) == (4, family.nan, "First words")
    assert rating.recorded_by == cast.asha
    assert timezone.localtime(rating.at).date() == day
    future = {**said, "on_year": str(day.year + 1)}
    assert "today or in the past" in client.post(address("goal-rate", family, goal=goal.pk), future).content.decode()


def test_a_number_is_from_0_to_10_and_from_somebody_of_the_family(cast: Cast, family: FamilyInTests) -> None:
    wording = actions.add_goal(by=cast.asha, case=family.case, text="Sleep").wordings.get()
    for value in (-1, 11, True, 2.5):
        with pytest.raises(ValidationError):
            actions.rate_goal(by=None, wording=wording, rated_by=family.sam, value=value)  # type: ignore[arg-type]
    for stranger in (family.rowan, make_family(cast.ben).sam):
        with pytest.raises(ValidationError):
            actions.rate_goal(by=None, wording=wording, rated_by=stranger, value=5)
    assert not GoalRating.objects.exists()


def test_a_second_number_in_the_same_session_takes_the_place_of_the_first(cast: Cast, family: FamilyInTests) -> None:
    wording = actions.add_goal(by=cast.asha, case=family.case, text="Sleep").wordings.get()
    session = uuid.uuid4()
    for value in (3, 6):
        actions.rate_goal(by=None, wording=wording, rated_by=family.sam, value=value, occasion_id=session)
    actions.rate_goal(by=None, wording=wording, rated_by=family.nan, value=5, occasion_id=session)
    assert sorted(GoalRating.objects.standing().values_list("value", flat=True)) == [5, 6]
    assert GoalRating.objects.count() == 3, "what was said first stays, struck out"


def test_a_number_entered_in_error_is_struck_out_and_counts_no_more(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    goal = actions.add_goal(by=cast.asha, case=family.case, text="Sleep")
    rating = actions.rate_goal(by=cast.asha, wording=goal.wordings.get(), rated_by=family.sam, value=9)
    client = signed_in(cast.asha)
    url = address("goal-rating-strike", family, goal=goal.pk, rating=rating.pk)
    assert "Enter what was wrong" in client.post(url, {"why": ""}).content.decode()
    client.post(url, {"why": "It was 6"})
    (view,) = goals_of(family.case)
    assert view.ratings == ()
    page = page_of(client, family)
    assert "<s>9</s>" in page
    assert "It was 6" in page
    assert "<circle" not in page


def test_a_goal_ends_with_what_became_of_it_and_can_be_taken_up_again(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    goal = actions.add_goal(by=cast.asha, case=family.case, text="Sleep")
    client = signed_in(cast.asha)
    url = address("goal-end", family, goal=goal.pk)
    assert "Enter why" in client.post(url, {"how": "changed", "why": ""}).content.decode()
    client.post(url, {"how": "reached", "why": "We sleep till five"})
    assert "Reached" in page_of(client, family)
    with pytest.raises(ValidationError):
        actions.rate_goal(by=None, wording=goal.wordings.get(), rated_by=family.sam, value=5)
    client.post(address("goal-reopen", family, goal=goal.pk))
    assert Goal.objects.open().get() == goal
    verbs = list(AuditEvent.objects.filter(subject_id=str(goal.pk)).values_list("verb", flat=True))
    assert {"goal.agreed", "goal.ended", "goal.taken-up-again"} <= set(verbs)


def test_goals_of_another_case_are_not_reached_through_this_one(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    goal = actions.add_goal(by=cast.asha, case=make_family(cast.asha).case, text="Theirs")
    client = signed_in(cast.asha)
    for name in ("goal-reword", "goal-rate", "goal-end"):
        assert client.get(address(name, family, goal=goal.pk)).status_code == 404


def test_goals_are_drawn_over_time_with_the_sessions_marked(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    wording = actions.add_goal(by=cast.asha, case=family.case, text="Sleep").wordings.get()
    now = timezone.now()
    held = VigSession.objects.create(
        case=family.case,
        kind=VigSession.Kind.FILMING,
        place=VigSession.Place.HOME,
        starts_at=now - timedelta(days=10),
        practitioner=cast.asha,
        status=VigSession.Status.HELD,
    )
    for days, value in ((20, 2), (1, 6)):
        actions.rate_goal(by=None, wording=wording, rated_by=family.sam, value=value, at=now - timedelta(days=days))
    assert [meeting.id for meeting in meetings_of(family.case)] == [held.pk]
    page = page_of(signed_in(cast.asha), family)
    assert "Sam: from 2 to 6 of 10; 1 session marked in this time" in page
    assert "Sam: 4 points higher, which is better; more than chance would do" in page
    assert "Filming, " in page
    assert page.count("<circle") == 2


def test_labels_of_two_people_at_the_same_height_do_not_lie_on_one_another(cast: Cast, family: FamilyInTests) -> None:
    wording = actions.add_goal(by=cast.asha, case=family.case, text="Sleep").wordings.get()
    ratings = [
        actions.rate_goal(by=None, wording=wording, rated_by=person, value=5) for person in (family.sam, family.nan)
    ]
    chart = chart_of(ratings, [Meeting(uuid.uuid4(), timezone.now() - timedelta(days=90), "Long ago")])
    assert chart is not None
    first, second = chart.lines
    assert abs(first.label_y - second.label_y) >= 15
    assert chart.marks == (), "a session before the first number is not on the picture"


def test_all_goals_cost_three_queries(
    django_assert_num_queries: Callable[[int], object], cast: Cast, family: FamilyInTests
) -> None:
    for number in range(3):
        goal = actions.add_goal(by=cast.asha, case=family.case, text=f"Goal {number}")
        actions.rate_goal(by=cast.asha, wording=goal.wordings.get(), rated_by=family.sam, value=number)
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        views = goals_of(family.case)
        assert [[rating.rated_by.short_name for rating in view.ratings] for view in views] == [["Sam"]] * 3
