"""Somebody who is added and is known already: asked before it is saved, with and without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families.finding import duplicates
from families.models import Case, Membership, Merge, Person, TwoPeople
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


@pytest.fixture
def other(cast: Cast, family: FamilyInTests) -> FamilyInTests:
    family.sam.phone = "+447700900123"
    family.sam.save()
    other = make_family(cast.asha)
    for person in (other.sam, other.nan):
        person.first_name, person.known_as, person.date_of_birth = "Kit", "", None
        person.save()
    return other


def typed(**more: Any) -> dict[str, Any]:
    return {
        "first_name": "Sam",
        "last_name": "Exampel",
        "relationship": "birth_parent",
        "parental_responsibility": "yes",
        "lives_with_infant": "yes",
        "date_of_birth_day": "3",
        "date_of_birth_month": "4",
        "date_of_birth_year": "1995",
        "phone": "07700 900123",
        **more,
    }


def add_url(family: FamilyInTests, kind: str = "caregiver") -> str:
    return f"{reverse('families:person-add', kwargs={'case': family.case.pk})}?kind={kind}"


def test_somebody_known_is_asked_about_before_anything_is_saved(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, signed_in: SignedIn
) -> None:
    client, people = signed_in(cast.asha), Person.objects.count()
    page = client.post(add_url(other), typed(last_name="Example"))
    assert page.status_code == 200
    said = page.content.decode()
    assert "Use Sam Example, born 3 April 1995" in said
    assert "It is somebody else" in said
    assert 'value="Sam"' in said  # what was typed is kept
    assert Person.objects.count() == people
    answer = client.post(add_url(other), typed(last_name="Example", same_person=str(family.sam.pk)))
    assert answer.status_code == 302
    assert Person.objects.count() == people
    place = Membership.objects.get(person=family.sam, family=other.family)
    assert place.parental_responsibility == "yes"
    assert family.sam in other.case.people.all()


def test_somebody_else_is_added_and_nobody_is_asked_again(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    data = typed(last_name="Example", same_person="else")
    assert client.post(add_url(other), data).status_code == 200  # not seen whom it is about yet
    answer = client.post(add_url(other), {**data, "same_person_seen": [str(family.sam.pk)]})
    assert answer.status_code == 302
    new = Person.objects.exclude(pk=family.sam.pk).get(first_name="Sam")
    assert TwoPeople.objects.count() == 1
    assert not duplicates.likely_same(cast.asha, duplicates.facts_of([new])[new.pk])
    assert not [pair for pair in duplicates.pairs(cast.ina) if new in (pair.one, pair.other)]


def test_nobody_is_warned_of_somebody_whom_they_may_not_see(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, signed_in: SignedIn
) -> None:
    bens = make_family(cast.ben)
    answer = signed_in(cast.ben).post(add_url(bens), typed(last_name="Example", first_name="Sammy"))
    assert "Rowan" not in answer.content.decode()
    said = signed_in(cast.ben).post(reverse("families:likely"), typed(kind="caregiver", last_name="Example"))
    assert family.family.reference not in said.content.decode()


def test_while_typing_the_likely_same_are_told(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    url = reverse("families:likely")
    told = client.post(url, typed(kind="caregiver", last_name="Example")).json()["found"]
    assert [(each["who"], each["where"]) for each in told] == [
        ("Sam Example, born 3 April 1995", [family.family.reference])
    ]
    for data in ({}, {"kind": "x"}, {"kind": "caregiver"}, typed(kind="infant"), {"kind": "infant", "case": "x"}):
        assert client.post(url, data).json() == {"found": []}


def test_a_twin_is_never_asked_about(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    born = family.rowan.date_of_birth
    assert born is not None
    data = {
        "first_name": "Rowena",
        "last_name": "Example",
        "born": "born",
        "date_of_birth_day": born.day,
        "date_of_birth_month": born.month,
        "date_of_birth_year": born.year,
    }
    assert signed_in(cast.asha).post(add_url(family, "infant"), data).status_code == 302


def opening(cast: Cast, **more: Any) -> dict[str, Any]:
    first = {f"first-{name}": value for name, value in typed(last_name="Example").items()}
    return {
        "infant-first_name": "Wren",
        "infant-born": "unborn",
        "twin-born": "",
        **first,
        "second-lives_with_infant": "unknown",
        "who-team": cast.north.pk,
        "who-lead": cast.asha.pk,
        **more,
    }


def test_a_case_for_a_known_family_is_opened_in_it(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, signed_in: SignedIn
) -> None:
    due = timezone.localdate() + timedelta(weeks=12)
    when = {f"infant-expected_on_{part}": getattr(due, part) for part in ("day", "month", "year")}
    client, people = signed_in(cast.asha), Person.objects.count()
    asked = client.post(reverse("families:open"), opening(cast, **when))
    assert asked.status_code == 200
    assert f"in their family {family.family.reference}" in asked.content.decode()
    chosen = {"first-same_person": f"{family.sam.pk}:{family.family.pk}"}
    answer = client.post(reverse("families:open"), opening(cast, **when, **chosen))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Person.objects.count() == people + 1
    assert Case.objects.filter(family=family.family).count() == 2


def test_likely_duplicates_are_listed_brought_together_and_undone_by_those_who_may(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, signed_in: SignedIn
) -> None:
    again = make_family(cast.asha).sam
    again.phone = family.sam.phone
    again.save()
    ina, carol = signed_in(cast.ina), signed_in(cast.carol)
    with CaptureQueriesContext(connection) as caught:
        page = ina.get(reverse("families:duplicates"))
    assert len(caught) <= 16
    assert {(pair.one, pair.other) for pair, *_ in page.context["rows"]} >= {(family.sam, again)}
    url = reverse("families:merge", kwargs={"person": again.pk, "other": family.sam.pk})
    assert ina.get(url).status_code == 200
    assert ina.get(reverse("families:same-as", kwargs={"person": again.pk}), {"q": "sam exmaple"}).status_code == 200
    assert ina.post(url, {"household": "two"}).status_code == 302
    merge = Merge.objects.get()
    assert not Person.objects.filter(pk=again.pk).exists()
    undo = reverse("families:merge-undo", kwargs={"merge": merge.pk})
    assert ina.get(undo).status_code == 403
    seen_by_dev = signed_in(cast.dev).get(reverse("families:merges")).content.decode()
    assert "Sam" not in seen_by_dev.replace("Same", "")
    assert carol.post(undo).status_code == 302
    assert Person.objects.filter(pk=again.pk).exists()
    assert ina.post(url, {"two_people": "1"}).status_code == 302
    assert not [
        pair for pair, *_ in ina.get(reverse("families:duplicates")).context["rows"] if again in (pair.one, pair.other)
    ]
