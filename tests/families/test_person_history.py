"""What was changed of somebody is read before and after, by whom; what is kept from others stays kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from families import actions, person_history
from families.models import Person
from tests.cast import Cast, FamilyInTests

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def url(family: FamilyInTests, person: Person) -> str:
    return reverse("families:person-history", kwargs={"case": family.case.pk, "person": person.pk})


def reached(cast: Cast, family: FamilyInTests, phone: str) -> None:
    actions.change_contact(
        by=cast.asha, case=family.case, person=family.sam, changes={"phone": phone, "may_text": "yes"}
    )
    family.sam.refresh_from_db()


def test_it_says_what_stood_before_and_what_stands_now_and_who_changed_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    edit = reverse("families:person-edit", kwargs={"case": family.case.pk, "person": family.sam.pk})
    client.post(
        edit,
        {
            "first_name": "Sam",
            "last_name": "Married",
            "relationship": "birth_parent",
            "parental_responsibility": "yes",
            "lives_with_infant": "no",
        },
    )
    page = client.get(url(family, family.sam)).content.decode()
    assert "Last name: Example → Married" in page
    assert "Lives with infant: yes → no" in page
    assert "Asha Practitioner" in page
    assert "Written down" in page
    person = reverse("families:person", kwargs={"case": family.case.pk, "person": family.sam.pk})
    assert url(family, family.sam) in client.get(person).content.decode()


def test_numbers_and_codes_read_as_people_read_them(cast: Cast, family: FamilyInTests) -> None:
    reached(cast, family, "+447700900456")
    said = " ".join(
        line for each in person_history.changes(family.case, family.sam, whereabouts=True) for line in each.said
    )
    assert "Phone: nothing → 07700 900456" in said
    assert "Texts: Not asked yet → Yes" in said


def test_where_a_protected_person_is_is_kept_back_until_it_is_opened(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    reached(cast, family, "+447700900456")
    actions.add_address(by=cast.asha, case=family.case, person=family.sam, lines="7 Quiet Lane", postcode="ZZ99 3WZ")
    actions.protect(by=cast.asha, case=family.case, person=family.sam, reason="Not to be found.")
    client = signed_in(cast.asha)
    page = client.get(url(family, family.sam)).content.decode()
    assert "07700 900456" not in page
    assert "Quiet Lane" not in page
    assert "Show their contact details first" in page
    client.post(reverse("families:whereabouts", kwargs={"case": family.case.pk, "person": family.sam.pk}))
    opened = client.get(url(family, family.sam)).content.decode()
    assert "07700 900456" in opened
    assert "7 Quiet Lane" in opened


def test_what_is_shown_to_nobody_is_said_to_have_changed_and_not_to_what(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    family.sam.sexual_orientation = "2"
    family.sam.save()
    page = signed_in(cast.asha).get(url(family, family.sam)).content.decode()
    assert "Sexual orientation: changed" in page
    assert "Gay or lesbian" not in page


def test_it_costs_the_same_however_much_was_changed(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client, counts = signed_in(cast.asha), []
    for number in (1, 15):
        for each in range(number):
            reached(cast, family, f"+4477009004{each + number:02d}")
        client.get(url(family, family.sam))
        with django_assert_max_num_queries(60) as counted:  # type: ignore[attr-defined]
            client.get(url(family, family.sam))
        counts.append(len(counted))
    assert counts[0] == counts[1]
