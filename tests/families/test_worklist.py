"""The caseload worklist: whose, narrowed and ordered as asked, at the same cost whatever the number of families."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import actions
from families.models import Contact, Pathway, PathwayStage, RiskReview
from sessions.models import VigSession
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]
LIST = "/families/"


def listed(client: Client, **query: str) -> list[str]:
    return [str(row.case.pk) for row in client.get(LIST, query).context["page"].object_list]


@pytest.fixture
def two(cast: Cast) -> tuple[FamilyInTests, FamilyInTests]:
    """Two families of Asha's, told apart by how long ago they were opened."""
    first, second = make_family(cast.asha), make_family(cast.asha)
    for family, days in ((first, 100), (second, 50)):
        family.case.opened_on = family.case.stage_since = timezone.localdate() - timedelta(days=days)
        family.case.save()
    return first, second


def test_it_is_narrowed_by_stage_pathway_and_lead(
    two: tuple[FamilyInTests, FamilyInTests], cast: Cast, signed_in: SignedIn
) -> None:
    first, second = (family.case for family in two)
    client = signed_in(cast.asha)
    other = Pathway.objects.get(label__startswith="Other")
    actions.change_pathway(by=cast.asha, case=first, pathway=other, reason="They asked for something else.")
    second.lead = None
    second.save()
    assert listed(client, show="team", pathway=str(other.pk)) == [str(first.pk)]
    assert listed(client, show="team", stage="vig") == [str(second.pk)]
    assert listed(client, show="team", lead="nobody") == [str(second.pk)]
    assert listed(client, show="team", lead=str(cast.asha.pk)) == [str(first.pk)]


def test_it_is_narrowed_by_risk(two: tuple[FamilyInTests, FamilyInTests], cast: Cast, signed_in: SignedIn) -> None:
    first, second = (family.case for family in two)
    client = signed_in(cast.asha)
    concern = actions.add_concern(by=cast.asha, case=first, text="Something seen")
    assert listed(client, risk="open") == [str(first.pk)]
    actions.settle_concern(by=cast.asha, concern=concern, outcome="Spoken about.")
    assert listed(client, risk="open") == []
    for level, days in (("high", 3), ("low", 1)):  # the latest judgement is what stands
        RiskReview.objects.create(
            case=first,
            level=level,
            grounds="Looked at together.",
            due_on=timezone.localdate(),
            reviewed_on=timezone.localdate() - timedelta(days=days),
            recorded_by=cast.asha,
        )
    assert listed(client, risk="low") == [str(first.pk)]
    assert listed(client, risk="high") == []
    assert listed(client, risk=RiskReview.Level.NOT_ASSESSED) == [str(second.pk)]


def test_a_case_that_is_long_in_its_stage_is_amber_then_red(
    two: tuple[FamilyInTests, FamilyInTests], cast: Cast, signed_in: SignedIn
) -> None:
    first, second = (family.case for family in two)
    stage = first.place
    stage.amber_days, stage.red_days = 50, 100
    stage.save()
    client = signed_in(cast.asha)
    assert set(listed(client, late="amber")) == {str(first.pk), str(second.pk)}
    assert listed(client, late="red") == [str(first.pk)]
    said = client.get(LIST).content.decode()
    assert "Red: long in this stage" in said
    assert "Amber: long in this stage" in said
    assert "Red: long in this stage" in client.get(reverse("families:case", args=[first.pk])).content.decode()


def test_it_shows_with_whom_nobody_was_in_touch(
    two: tuple[FamilyInTests, FamilyInTests], cast: Cast, signed_in: SignedIn
) -> None:
    first, second = two
    now = timezone.now()
    client = signed_in(cast.asha)
    assert set(listed(client, silent="14")) == {str(first.case.pk), str(second.case.pk)}

    def call(family: FamilyInTests, days: int, outcome: str = "reached") -> None:
        Contact.objects.create(
            case=family.case, person=family.sam, kind="call", at=now - timedelta(days=days), outcome=outcome,
            logged_by=cast.asha,
        )  # fmt: skip

    call(first, 3)
    call(second, 20)
    call(second, 1, "no_answer")
    assert listed(client, silent="14") == [str(second.case.pk)]
    assert listed(client, silent="28") == []
    assert listed(client, sort="contact") == [str(second.case.pk), str(first.case.pk)]
    VigSession.objects.create(
        case=second.case, kind="filming", place="home", starts_at=now - timedelta(days=2), practitioner=cast.asha,
        status="held",
    )  # fmt: skip
    assert listed(client, silent="14") == [], "to meet is to be in touch"
    assert "Last in touch 2 days ago" in client.get(LIST).content.decode()


def test_an_infant_who_soon_grows_past_the_limit_is_shown(
    two: tuple[FamilyInTests, FamilyInTests], cast: Cast, signed_in: SignedIn
) -> None:
    first, second = two
    first.rowan.date_of_birth = timezone.localdate() - timedelta(days=725)
    first.rowan.save()
    client = signed_in(cast.asha)
    assert listed(client, ageing="on") == [str(first.case.pk)]
    assert listed(client, sort="age") == [str(first.case.pk), str(second.case.pk)]
    assert "ges out" in client.get(LIST).content.decode()


@pytest.mark.parametrize("sort", ["opened", "stage", "contact", "age", "reference"])
def test_no_case_is_on_two_pages_or_on_none(sort: str, cast: Cast, signed_in: SignedIn) -> None:
    made = {str(make_family(cast.asha).case.pk) for _ in range(27)}
    client = signed_in(cast.asha)
    first, second = listed(client, sort=sort), listed(client, sort=sort, page="2")
    assert (len(first), len(second)) == (25, 2)
    assert {*first, *second} == made


@pytest.mark.parametrize("number", [2, 200])
def test_worklist_and_search_cost_the_same_for_two_families_and_for_two_hundred(
    number: int, cast: Cast, signed_in: SignedIn
) -> None:
    for _ in range(number):
        make_family(cast.asha)
    client = signed_in(cast.asha)
    everything = {
        "late": "amber",
        "silent": "14",
        "ageing": "on",
        "risk": RiskReview.Level.NOT_ASSESSED,
        "sort": "contact",
        "show": "team",
    }
    PathwayStage.objects.update(amber_days=0, red_days=None)
    for query in ({}, {"show": "all", "sort": "age"}, everything, {"q": "rowan example"}):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST, query).status_code == 200
        assert len(asked) <= 12, (query, [each["sql"][:120] for each in asked])


@pytest.mark.parametrize(
    "query", [{"lead": "x"}, {"silent": "-1"}, {"pathway": "0"}, {"sort": "'"}, {"stage": "closed"}]
)
def test_no_address_of_the_worklist_breaks_it(
    query: dict[str, str], cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    assert signed_in(cast.asha).get(LIST, query).status_code == 200
