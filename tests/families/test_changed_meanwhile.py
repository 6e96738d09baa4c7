"""Two colleagues change one person at once: the second hears of it before anything is written over."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from families import actions
from tests.cast import Cast, FamilyInTests

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
UNASKED = {f"may_{way}": "not_asked" for way in ("call", "voicemail", "text", "email", "post")}


def read_of(page: str) -> str:
    found = re.search(r'name="read" value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="read"', page)
    assert found, "the page says when it was made"
    return found[1]


def typed(read: str, **more: Any) -> dict[str, Any]:
    return {
        "first_name": "Sam",
        "last_name": "Example",
        "relationship": "birth_parent",
        "parental_responsibility": "yes",
        "lives_with_infant": "yes",
        "read": read,
        **more,
    }


def test_the_second_hears_what_the_first_changed_and_keeps_what_was_typed(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:person-edit", kwargs={"case": family.case.pk, "person": family.sam.pk})
    asha, carol = signed_in(cast.asha), signed_in(cast.carol)
    first, second = (read_of(client.get(url).content.decode()) for client in (asha, carol))
    assert carol.post(url, typed(second, last_name="Married")).status_code == 302
    refused = asha.post(url, typed(first, known_as="Sammie"))
    page = refused.content.decode()
    assert refused.status_code == 200
    assert "Carol Manager changed this at" in page
    assert "Last name: Example → Married" in page
    assert 'value="Sammie"' in page
    family.sam.refresh_from_db()
    assert family.sam.last_name == "Married", "nothing is written over unseen"
    again = typed(read_of(page), known_as="Sammie", last_name="Married")
    assert asha.post(url, again).status_code == 302
    family.sam.refresh_from_db()
    assert (family.sam.known_as, family.sam.last_name) == ("Sammie", "Married")


def test_what_one_changed_oneself_in_another_tab_is_no_news(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:person-contact", kwargs={"case": family.case.pk, "person": family.sam.pk})
    client = signed_in(cast.asha)
    read = read_of(client.get(url).content.decode())
    assert client.post(url, {**UNASKED, "phone": "07700 900456", "read": read}).status_code == 302
    assert client.post(url, {**UNASKED, "phone": "07700 900457", "read": read}).status_code == 302


def test_a_page_without_the_mark_saves_as_before_and_nonsense_is_no_error_page(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:person-about", kwargs={"case": family.case.pk, "person": family.sam.pk})
    client = signed_in(cast.asha)
    assert client.post(url, {"religion": "C"}).status_code == 302
    assert client.post(url, {"religion": "C", "read": "yesterday"}).status_code == 200


def test_how_to_reach_a_protected_person_is_not_told_by_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:person-edit", kwargs={"case": family.case.pk, "person": family.sam.pk})
    actions.protect(by=cast.asha, case=family.case, person=family.sam, reason="Not to be found.")
    client = signed_in(cast.asha)
    read = read_of(client.get(url).content.decode())
    whereabouts = reverse("families:whereabouts", kwargs={"case": family.case.pk, "person": family.sam.pk})
    carol = signed_in(cast.carol)
    carol.post(whereabouts)
    contact = reverse("families:person-contact", kwargs={"case": family.case.pk, "person": family.sam.pk})
    assert carol.post(contact, {**UNASKED, "phone": "07700 900456"}).status_code == 302
    page = client.post(url, typed(read)).content.decode()
    assert "Carol Manager changed this" in page
    assert "07700 900456" not in page
