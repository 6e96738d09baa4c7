"""Who somebody is, as far as they wish to say: nothing is required, and some answers are seen on one page alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from families.models import Person
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]
SECRET = {"sexual_orientation": "3", "gender_identity": "3", "gender_same_as_at_birth": "N"}
ESSENTIALS = {
    "first_name": "Sam",
    "relationship": "birth_parent",
    "parental_responsibility": "yes",
    "lives_with_infant": "yes",
}


def page(family: FamilyInTests, name: str, **more: Any) -> str:
    return reverse(f"families:{name}", kwargs={"case": family.case.pk, **more})


def test_everything_may_stay_unasked(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    for person in (family.sam, family.rowan, family.nan):
        assert client.post(page(family, "person-about", person=person.pk), {"religion": ""}).status_code == 302
        person.refresh_from_db()
        assert person.ethnicity == person.sexual_orientation == ""


def test_the_codes_are_the_nhss() -> None:
    assert set(Person.Ethnicity.values) == {*"ABCDEFGHJKLMNPRSTUVZ", "99"}
    assert Person.NhsNumberStatus.values == [f"0{number}" for number in range(1, 9)]
    assert {"Prefers not to say"} < {*Person.SexualOrientation.labels}
    assert {"Prefers not to say"} < {*Person.GenderIdentity.labels}


def test_orientation_and_gender_are_seen_on_the_page_for_changing_them_and_nowhere_else(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    about = page(family, "person-about", person=family.sam.pk)
    client.post(about, {"ethnicity": "D", **SECRET})
    family.sam.refresh_from_db()
    assert family.sam.sexual_orientation == "3"
    own = client.get(about).content.decode()
    assert '<option value="3" selected>Bisexual</option>' in own
    for name, more in (
        ("case", {}),
        ("people", {}),
        ("person", {"person": family.sam.pk}),
        ("person-edit", {"person": family.sam.pk}),
        ("person-contact", {"person": family.sam.pk}),
        ("consent", {}),
        ("professionals", {}),
    ):
        shown = client.get(page(family, name, **more)).content.decode()
        assert "Bisexual" not in shown, name
        assert "Non-binary" not in shown, name
    found = client.get(reverse("families:list"), {"q": "Sam"}).content.decode()
    assert "Bisexual" not in found
    event = AuditEvent.objects.filter(verb="person.changed").latest("pk")
    assert "Bisexual" not in str(event.__dict__)
    assert "White and Black Caribbean" in client.get(page(family, "person", person=family.sam.pk)).content.decode()


def test_a_baby_is_not_asked_about_orientation(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    url = page(family, "person-about", person=family.rowan.pk)
    assert "orientation" not in client.get(url).content.decode()
    client.post(url, {"ethnicity": "B", **SECRET})
    family.rowan.refresh_from_db()
    assert (family.rowan.ethnicity, family.rowan.sexual_orientation) == ("B", "")


def test_a_number_is_not_traced_until_somebody_says_so_and_again_when_it_changes(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    edit, about = (page(family, name, person=family.sam.pk) for name in ("person-edit", "person-about"))
    born = {"date_of_birth_day": 3, "date_of_birth_month": 4, "date_of_birth_year": 1995}
    assert "Enter the NHS number first" in client.post(about, {"nhs_number_status": "01"}).content.decode()
    client.post(edit, {**ESSENTIALS, **born, "nhs_number": "943 476 5919"})
    family.sam.refresh_from_db()
    assert family.sam.nhs_number_status == Person.NhsNumberStatus.NOT_TRACED
    client.post(about, {"nhs_number_status": "01"})
    client.post(edit, {**ESSENTIALS, **born, "nhs_number": "943 476 5919", "known_as": "Sammy"})
    family.sam.refresh_from_db()
    assert family.sam.nhs_number_status == Person.NhsNumberStatus.VERIFIED
    client.post(edit, {**ESSENTIALS, **born, "nhs_number": "401 023 2137"})
    family.sam.refresh_from_db()
    assert family.sam.nhs_number_status == Person.NhsNumberStatus.NOT_TRACED
    client.post(edit, {**ESSENTIALS, **born})
    family.sam.refresh_from_db()
    assert family.sam.nhs_number_status == ""


@pytest.mark.parametrize("status", ["01", "02"])
def test_the_database_keeps_no_trace_of_a_number_that_is_not_there(status: str, family: FamilyInTests) -> None:
    family.sam.nhs_number_status = status
    with pytest.raises(IntegrityError), transaction.atomic():
        family.sam.save()


def test_changing_one_page_leaves_what_the_others_say(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    client.post(page(family, "person-about", person=family.sam.pk), {"ethnicity": "D", **SECRET})
    asked = {f"may_{way}": "not_asked" for way in ("call", "voicemail", "text", "email", "post")}
    client.post(page(family, "person-contact", person=family.sam.pk), {**asked, "phone": "07700900123"})
    client.post(page(family, "person-edit", person=family.sam.pk), {**ESSENTIALS, "pronouns": "they/them"})
    family.sam.refresh_from_db()
    assert (family.sam.ethnicity, family.sam.phone, family.sam.pronouns) == ("D", "+447700900123", "they/them")
    assert family.sam.sexual_orientation == "3"
    assert [row.phone for row in family.sam.history.all()][:3] == ["+447700900123", "+447700900123", ""]
