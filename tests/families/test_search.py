"""Finding a family by a name as it was heard, a date as it was written, and never one that is not one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from families.finding import keys, search
from families.finding.asked import read
from families.finding.names import How, likeness, words_of
from families.models import Address, Membership, NamePart, Person, SearchKey
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


def found(user: User, text: str) -> list[object]:
    return [each.family_id for each in search.families(user, text)]


def why(client: Client, text: str) -> list[str]:
    page = client.get(reverse("families:list"), {"q": text}).context["page"]
    return [reason for row in page.object_list for reason in row.why]


def rename(person: Person, first: str, last: str, **more: object) -> None:
    person.first_name, person.last_name = first, last
    for name, value in more.items():
        setattr(person, name, value)
    person.save()


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Catherine Smyth", "kathryn smith"),
        ("Stephen O'Brien", "Steven OBrien"),
        ("Zoë Müller-Smith", "zoe muller"),
        ("Aleksandra Wójcik", "Alexandra Wojcik"),
        ("Mohammed Rahman", "muhammad rahmen"),
        ("Siân Featherstone", "Sian Fetherstone"),
        ("Oluwaseun Adeyemi", "Oluwasuen Adeyemi"),
        ("李 明", "李 明"),
        ("فاطمة الزهراء", "فاطمة"),
    ],
)
def test_a_person_is_found_as_the_name_was_heard_or_misspelt(
    kept: str, typed: str, cast: Cast, family: FamilyInTests
) -> None:
    rename(family.sam, *kept.split(" ", 1))
    make_family(cast.asha)
    assert found(cast.asha, typed) == [family.family.pk]


def test_the_same_name_comes_before_a_like_one_and_each_says_why(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    rename(family.sam, "Stephen", "Farrow", known_as="")
    other = make_family(cast.asha)
    rename(other.sam, "Steven", "Farrow", known_as="")
    assert found(cast.asha, "steven farrow") == [other.family.pk, family.family.pk]
    assert why(signed_in(cast.asha), "steven farrow") == [
        "Steven Farrow: name",
        "Stephen Farrow: name sounds alike, name",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "3/4/1995", "03/04/1995", "3.4.95", "3-4-1995", "1995-04-03", "3 April 1995", "3rd Apr 95", "3 apr 1995",
        "April 3, 1995", "03041995", "3 4 1995", "sam 3/4/95", "Sam Exmaple 3 April 1995",
    ],
)  # fmt: skip
def test_a_date_of_birth_is_understood_in_any_common_spelling(text: str, cast: Cast, family: FamilyInTests) -> None:
    assert read(text).dates == (date(1995, 4, 3),)
    assert found(cast.asha, text) == [family.family.pk]


@pytest.mark.parametrize(
    "text",
    ["07700 900123", "+44 7700 900 123", "(01632) 960 100", "Sam@Mail.example", "M1 1AE", "m11ae sam", "pat m1 1ae"],
)
def test_a_family_is_found_by_phone_email_and_postcode(text: str, cast: Cast, family: FamilyInTests) -> None:
    sam = {"phone": "+447700900123", "other_phone": "+441632960100", "email": "sam@mail.example"}
    rename(family.sam, "Sam", "Example", **sam)
    Address.objects.create(family=family.family, postcode="M1 1AE")
    make_family(cast.asha)
    assert found(cast.asha, text) == [family.family.pk]


def test_an_address_of_ones_own_is_nobody_elses_and_goes_when_it_goes(cast: Cast, family: FamilyInTests) -> None:
    refuge = Address.objects.create(person=family.sam, postcode="M1 1AE")
    shared = Address.objects.create(family=family.family, postcode="LS1 4AP")
    keys_of = SearchKey.objects.filter(kind="postcode").values_list("person", "value")
    everybody = {(person.pk, "LS1 4AP") for person in (family.rowan, family.sam, family.nan)}
    assert set(keys_of.all()) == {(family.sam.pk, "M1 1AE"), *everybody}
    refuge.delete()
    Membership.objects.get(person=family.nan).delete()
    assert set(keys_of.all()) == everybody - {(family.nan.pk, "LS1 4AP")}
    shared.delete()
    assert not keys_of.all().exists()


@pytest.mark.parametrize("text", ["31/2/2026", "3/13/1995", "99 99 9999", "0", "12/2026", "1/1/0000"])
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert read(text).dates == ()


def test_one_thing_of_three_may_be_wrong_and_of_two_none(cast: Cast, family: FamilyInTests) -> None:
    assert found(cast.asha, "Sam Example 1/1/1990") == [family.family.pk]
    assert found(cast.asha, "Sam Thistledown") == []
    assert found(cast.asha, "Thistledown 3/4/1995") == []


def test_words_may_belong_to_different_people_of_one_household(cast: Cast, family: FamilyInTests) -> None:
    assert found(cast.asha, "rowan pat") == [family.family.pk]


def test_an_adults_earlier_surname_counts_and_says_so(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    rename(family.sam, "Sam", "Pepperwood")
    assert why(signed_in(cast.asha), "sam example")[0] == "Sam Pepperwood: name, earlier surname"


def test_a_childs_earlier_name_never_counts_nor_anybodys_earlier_first_name(cast: Cast, family: FamilyInTests) -> None:
    rename(family.rowan, "Wren", "Larkspur")
    rename(family.sam, "Max", "Example")
    values = set(SearchKey.objects.filter(person__in=[family.rowan, family.sam]).values_list("kind", "value"))
    assert {value for kind, value in values if kind in keys.NAMES} == {"wren", "larkspur", "max", "example"}
    assert found(cast.asha, "rowan") == []


def test_a_family_of_another_team_or_a_person_of_none_is_never_found(cast: Cast, family: FamilyInTests) -> None:
    Person.objects.create(kind=Person.Kind.CAREGIVER, first_name="Sam", last_name="Example")
    family.sam.nhs_number = "9434765919"
    family.sam.save()
    for text in ("sam example", "3/4/1995", "943 476 5919", family.family.reference):
        assert found(cast.ben, text) == [], text
        assert found(cast.dev, text) == [], text
        assert found(cast.ina, text) == [family.family.pk], text


def test_somebody_in_two_households_is_found_in_those_that_one_may_open(cast: Cast, family: FamilyInTests) -> None:
    other = make_family(cast.ben)
    Membership.objects.create(person=family.sam, family=other.family, relationship="other")
    rename(family.sam, "Bartholomew", "Quill")
    assert found(cast.asha, "quill") == [family.family.pk]
    assert found(cast.ben, "quill") == [other.family.pk]
    assert set(found(cast.ina, "quill")) == {family.family.pk, other.family.pk}


def test_keys_follow_whoever_changes_and_go_with_whoever_goes(cast: Cast, family: FamilyInTests) -> None:
    rename(family.nan, "Patience", "Bramblewick", known_as="")
    assert found(cast.asha, "bramblewick") == [family.family.pk]
    assert found(cast.asha, "nan") == []
    pk = family.nan.pk
    family.nan.delete()
    assert not SearchKey.objects.filter(person=pk).exists()
    assert NamePart.objects.filter(word="bramblewick").exists()
    keys.rebuild()
    assert not NamePart.objects.filter(word="bramblewick").exists()


def test_keys_are_made_again_for_rows_loaded_past_the_service(
    cast: Cast, family: FamilyInTests, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set(SearchKey.objects.values_list("person", "kind", "value"))
    SearchKey.objects.all().delete()
    NamePart.objects.all().delete()
    assert found(cast.asha, "sam") == []
    call_command("rebuild_search_keys")
    assert "3 people can be found." in capsys.readouterr().out
    assert set(SearchKey.objects.values_list("person", "kind", "value")) == before
    assert found(cast.asha, "sam exampel") == [family.family.pk]


def test_a_search_asks_the_database_no_oftener_for_many_than_for_one(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    url = reverse("families:list")
    client.get(url)

    def queries(text: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url, {"q": text}).status_code == 200
        return len(caught)

    one = queries("sam exmaple 3/4/1995")
    for _ in range(9):
        make_family(cast.asha)
    assert queries("sam exmaple 3/4/1995") == one
    assert queries("a b c d e f g h") <= one
    assert one <= 12


def test_a_title_never_says_whom_one_looked_for(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    page = signed_in(cast.asha).get(reverse("families:list"), {"q": "Example"}).content.decode()
    assert "Example" not in page[page.index("<title>") : page.index("</title>")]


def test_names_are_alike_in_the_ways_people_get_them_wrong() -> None:
    assert likeness("sean", "shaun") == How.SOUNDS
    assert likeness("rowan", "rowna") == How.SPELT
    assert likeness("sam", "sam") == How.SAME
    assert likeness("sam", "pat") is None
    assert likeness("ada", "ida") is None
    assert words_of("Smith-Jones O’Neill  St. John_x") == ("smith", "jones", "oneill", "st", "john", "x")
