"""Finding a family among those one may open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families.references import as_reference
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


def names_found(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("families:list"), query).context["page"]
    return [row.name for row in page.object_list]


@pytest.mark.parametrize("text", ["rowan", "ROW", "sam example", "example rowan", "nan", " pat "])
def test_a_family_is_found_by_any_part_of_its_names(
    text: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    assert names_found(signed_in(cast.asha), q=text) == ["Rowan Example"]


def test_a_family_is_found_by_reference_birth_and_nhs_number(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    family.rowan.nhs_number = "9434765919"
    family.rowan.save()
    born = family.rowan.date_of_birth
    assert born is not None
    reference = family.family.reference
    for text in (
        reference,
        reference.lower().replace("-", ""),
        reference[4:],
        "943 476 5919",
        "9434765919",
        f"{born:%d/%m/%Y}",
        f"{born.day} {born:%B} {born.year}",
        born.isoformat(),
    ):
        assert names_found(client, q=text) == ["Rowan Example"], text


def test_a_search_finds_nothing_of_another_team(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    for text in ("rowan", family.family.reference, f"{family.rowan.date_of_birth:%d/%m/%Y}"):
        assert names_found(signed_in(cast.ben), q=text) == []
    assert names_found(signed_in(cast.ben)) == []


def test_a_search_looks_among_closed_cases_too(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    family.case.stage, family.case.closed_on = "closed", timezone.localdate()
    family.case.save()
    client = signed_in(cast.asha)
    assert names_found(client) == []
    assert names_found(client, q="rowan") == ["Rowan Example"]
    assert names_found(client, show="closed") == ["Rowan Example"]


@pytest.mark.parametrize(
    "text",
    ["\x00", "%", "_", "'; drop table", "🍼", "١٢٣", "a" * 5000, "1/1/0000", "99/99/9999", "\u202e", "999 999 9999"],
)
def test_no_search_breaks_the_page(text: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    assert signed_in(cast.asha).get(reverse("families:list"), {"q": text, "page": "x"}).status_code == 200


def test_mine_are_those_i_lead_or_join(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    other = make_family(cast.tess, team=cast.north)
    assert len(names_found(signed_in(cast.asha), show="mine")) == 1
    other.case.co_workers.add(cast.asha)
    assert len(names_found(signed_in(cast.asha), show="mine")) == 2
    assert len(names_found(signed_in(cast.carol), show="team")) == 2


def test_the_list_goes_on_over_pages(cast: Cast, signed_in: SignedIn) -> None:
    for _ in range(27):
        make_family(cast.asha)
    client = signed_in(cast.asha)
    assert (len(names_found(client)), len(names_found(client, page="2"))) == (25, 2)


def test_the_administrator_has_no_list(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.dev).get(reverse("families:list")).status_code == 403


def test_a_reference_is_understood_as_people_type_it() -> None:
    assert as_reference("vig 7k3 mtq") == "VIG-7K3-MTQ"
    assert as_reference("7K3MTQ") == "VIG-7K3-MTQ"
    assert as_reference("VIG-7K3-MT") == ""
    assert as_reference("rowan!") == ""


def test_days_in_a_stage_are_counted(family: FamilyInTests) -> None:
    family.case.stage_since = timezone.localdate() - timedelta(days=23)
    assert family.case.days_in_stage() == 23
