"""What somebody needs to understand and be understood: recorded, flagged on every page, reviewed, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import actions, languages
from families.models import Need
from families.registry import tasks_for
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


def page(family: FamilyInTests, name: str, **more: Any) -> str:
    return reverse(f"families:{name}", kwargs={"case": family.case.pk, **more})


def test_a_need_is_recorded_with_by_whom_and_when_and_flagged_on_every_page(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    data = {"kind": "format", "text": "large print", "may_be_shared": "yes", "met_how": "Letters at 18 point"}
    assert client.post(page(family, "need-add", person=family.sam.pk), data).status_code == 302
    need = Need.objects.get()
    assert (need.recorded_by, need.recorded_on) == (cast.asha, timezone.localdate())
    for name in ("case", "people", "consent", "risk"):
        assert "Sam: large print" in client.get(page(family, name)).content.decode()
    shown = client.get(page(family, "person", person=family.sam.pk)).content.decode()
    assert "Letters at 18 point" in shown
    assert "May be shared with other services" in shown


def test_what_is_no_longer_needed_leaves_the_header_and_stays_in_the_record(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    for text in ("large print", "more time"):
        actions.add_need(by=cast.asha, case=family.case, person=family.sam, kind="support", text=text)
    need = Need.objects.get(text="large print")
    data = {"kind": "support", "text": "large print", "may_be_shared": "no", "ended": "on"}
    client.post(page(family, "need-edit", need=need.pk), data)
    family.sam.refresh_from_db()
    assert family.sam.communication_needs == "more time"
    assert "large print, until" in client.get(page(family, "person", person=family.sam.pk)).content.decode()
    client.post(page(family, "need-edit", need=need.pk), {**data, "ended": ""})
    family.sam.refresh_from_db()
    assert "large print" in family.sam.communication_needs


def test_the_flag_holds_as_many_needs_as_it_can_and_says_that_there_are_more(cast: Cast, family: FamilyInTests) -> None:
    for number in range(5):
        actions.add_need(by=cast.asha, case=family.case, person=family.sam, kind="other", text=f"{number} " + "x" * 290)
    family.sam.refresh_from_db()
    assert family.sam.communication_needs.endswith("; and 2 more")


def test_not_asked_and_nothing_needed_are_told_apart(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    url = page(family, "person", person=family.sam.pk)
    assert "Not asked yet." in client.get(url).content.decode()
    client.post(page(family, "needs-asked", person=family.sam.pk))
    assert "nothing needed" in client.get(url).content.decode()
    assert client.get(page(family, "needs-asked", person=family.sam.pk)).status_code == 405


def test_what_was_typed_while_adding_somebody_is_the_first_of_their_needs(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    signed_in(cast.asha).post(
        page(family, "person-add") + "?kind=caregiver",
        {
            "first_name": "Pearl",
            "relationship": "special_guardian",
            "parental_responsibility": "yes",
            "lives_with_infant": "yes",
            "communication_needs": "hears with an aid",
            "phone": "07700 900123",
        },
    )
    need = Need.objects.get()
    assert (need.text, need.person.first_name, need.recorded_by) == ("hears with an aid", "Pearl", cast.asha)
    assert need.person.phone == "+447700900123"


def test_a_review_that_is_due_waits_for_whoever_leads_and_goes_when_it_is_done(
    cast: Cast, family: FamilyInTests
) -> None:
    need = actions.add_need(
        by=cast.asha,
        case=family.case,
        person=family.sam,
        kind="support",
        text="a hearing loop",
        review_on=timezone.localdate(),
    )
    titles = [task.title for task in tasks_for(cast.asha)]
    assert "Ask Sam whether this still helps: a hearing loop" in titles
    assert not [task for task in tasks_for(cast.ben) if "hearing loop" in task.title]
    later = timezone.localdate() + timedelta(days=365)
    actions.change_need(by=cast.asha, case=family.case, need=need, changes={"review_on": later})
    assert not [task for task in tasks_for(cast.asha) if "hearing loop" in task.title]


def test_another_familys_need_is_not_reached_through_ones_own_case(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    other = make_family(cast.asha)
    need = actions.add_need(by=cast.asha, case=other.case, person=other.sam, kind="other", text="quiet")
    assert signed_in(cast.asha).get(page(family, "need-edit", need=need.pk)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept", "code"),
    [
        ("polish", "Polish", "pl"),
        (" BRITISH sign language ", "British Sign Language", "q4"),
        ("Cantonese", "Cantonese", "zh"),
        ("Sorani", "Sorani", ""),
    ],
)
def test_a_language_is_kept_as_the_list_writes_it_or_as_it_was_typed(typed: str, kept: str, code: str) -> None:
    assert languages.as_listed(typed) == kept
    assert languages.code_of(kept) == code


def test_every_language_of_the_list_has_a_code_of_two_characters() -> None:
    assert all(len(code) == 2 for code in languages.CODES.values())
    assert all(languages.code_of(name) for name in languages.OFFERED)
