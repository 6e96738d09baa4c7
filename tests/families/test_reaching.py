"""How somebody may be reached: silence is no permission, and what is confidential stays off the page of everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions
from families.contact import Channel, ways_to_reach
from families.models import Address, Family, Membership
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]
ANSWERS = {f"may_{way}": "not_asked" for way in ("call", "voicemail", "text", "email", "post")}


def page(family: FamilyInTests, name: str, **more: Any) -> str:
    return reverse(f"families:{name}", kwargs={"case": family.case.pk, **more})


def test_nobody_is_reached_by_a_way_they_were_not_asked_about(family: FamilyInTests) -> None:
    sam = family.sam
    sam.phone, sam.email = "+447700900123", "sam@example.com"
    reach = ways_to_reach(sam)
    assert not any(reach.may(channel) for channel in Channel)
    assert reach.why_not(Channel.TEXT) == "Sam has not been asked whether a text message is safe."


@pytest.mark.parametrize("channel", ["call", "voicemail", "text", "email"])
def test_a_way_is_open_when_they_agreed_and_it_is_known_where_to(channel: str, family: FamilyInTests) -> None:
    setattr(family.sam, f"may_{channel}", "yes")
    assert not ways_to_reach(family.sam).may(channel)
    assert "is known" in ways_to_reach(family.sam).why_not(channel)
    family.sam.phone, family.sam.email = "+447700900123", "sam@example.com"
    way = ways_to_reach(family.sam).way(channel)
    assert way.open
    assert way.to in {"07700 900123", "sam@example.com"}
    assert [each.channel for each in ways_to_reach(family.sam).open_ways] == [channel]


@pytest.mark.parametrize("channel", Channel.values)
def test_no_means_no_whatever_is_known(channel: str, family: FamilyInTests) -> None:
    family.sam.phone, family.sam.email = "+447700900123", "sam@example.com"
    Address.objects.create(person=family.sam, lines="1 Example Street")
    setattr(family.sam, f"may_{channel}", "no")
    assert not ways_to_reach(family.sam).may(channel)


def test_nobody_who_died_is_written_to(family: FamilyInTests) -> None:
    family.sam.phone, family.sam.may_text, family.sam.lost = "+447700900123", "yes", "died"
    assert ways_to_reach(family.sam).why_not("text") == "Nothing is sent to Sam, who has died."


def test_a_text_goes_to_the_mobile_of_two_numbers(family: FamilyInTests) -> None:
    family.sam.phone, family.sam.may_text = "+441632960001", "yes"
    assert ways_to_reach(family.sam).why_not("text") == "No mobile number of Sam is known."
    family.sam.other_phone = "+447700900123"
    assert ways_to_reach(family.sam).way("text").to == "07700 900123"
    assert ways_to_reach(family.sam).way("call").to == "01632 960001"


def test_a_letter_goes_to_their_own_address_or_to_the_one_home_where_they_live(family: FamilyInTests) -> None:
    sam = family.sam
    sam.may_post = "yes"
    assert not ways_to_reach(sam).may("post")
    home = Address.objects.create(family=family.family, lines="1 Example Street\nTown", postcode="ZZ99 3VZ")
    assert ways_to_reach(sam).way("post").to == "1 Example Street, Town, ZZ99 3VZ"
    own = Address.objects.create(person=sam, lines="2 Other Road")
    assert ways_to_reach(sam).way("post").to == "2 Other Road"
    own.until_on = timezone.localdate() - timedelta(days=1)
    own.save()
    Membership.objects.filter(person=sam).get().delete()
    Membership.objects.create(person=sam, family=family.family, relationship="birth_parent", lives_with_infant=None)
    assert not ways_to_reach(sam).may("post"), "nobody knows whether they live there"
    assert str(home)


def test_with_two_homes_no_letter_is_sent_on_a_guess(cast: Cast, family: FamilyInTests) -> None:
    other = make_family(cast.asha)
    Membership.objects.create(
        person=family.sam, family=other.family, relationship="step_parent", lives_with_infant=True
    )
    family.sam.may_post = "yes"
    Address.objects.create(family=family.family, lines="1 Example Street")
    Address.objects.create(family=other.family, lines="9 Elsewhere")
    assert "more than one home" in ways_to_reach(family.sam).why_not("post")


def test_what_is_typed_is_kept_with_the_day_and_shown_with_what_to_read_first(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    answer = client.post(
        page(family, "person-contact", person=family.sam.pk),
        {
            **ANSWERS,
            "phone": "07700 900 123",
            "may_call": "yes",
            "may_voicemail": "no",
            "safe_times": "weekdays from 10 to 2",
            "discreet_words": "It is about the baby group",
            "hide_caller": "on",
        },
    )
    assert answer.url.endswith(f"{page(family, 'person', person=family.sam.pk)}#contact")
    family.sam.refresh_from_db()
    assert (family.sam.phone, family.sam.may_call, family.sam.may_text) == ("+447700900123", "yes", "not_asked")
    assert family.sam.contact_asked_on == timezone.localdate()
    shown = client.get(page(family, "person", person=family.sam.pk)).content.decode()
    for words in ("Do not say who is calling", "weekdays from 10 to 2", "about the baby group", "07700 900123"):
        assert words in shown
    assert "Sam: read before getting in touch" in client.get(page(family, "risk")).content.decode()
    assert "07700" not in client.get(page(family, "people")).content.decode(), "it is read first, on their own page"
    assert "7700" not in str(AuditEvent.objects.get(verb="person.changed").__dict__)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"may_text": "yes", "phone": "01632 960001"}, "Enter a mobile number for texts"),
        ({"may_call": "yes"}, "Enter the number for calls"),
        ({"may_email": "yes"}, "Enter the e-mail address"),
        ({"phone": "123"}, "Check the phone number"),
        ({"email": "sam at example"}, "like name@example.com"),
    ],
)
def test_an_answer_without_where_to_is_asked_about_and_nothing_typed_is_lost(
    typed: dict[str, str], says: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    data = {**ANSWERS, "safe_times": "mornings", **typed}
    shown = signed_in(cast.asha).post(page(family, "person-contact", person=family.sam.pk), data).content.decode()
    assert says in shown
    assert "mornings" in shown
    for value in typed.values():
        assert value in shown


@pytest.mark.parametrize("hide", ["box", "refuge"])
def test_a_confidential_address_is_not_on_the_page_of_everybody(
    hide: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    kind = "refuge" if hide == "refuge" else "home"
    data = {"whose": family.sam.pk, "kind": kind, "lines": "7 Hidden Lane", "postcode": "zz993vz"}
    client.post(page(family, "address-add"), data)
    if hide == "box":
        client.post(page(family, "person-contact", person=family.sam.pk), {**ANSWERS, "address_confidential": "on"})
    everybody = client.get(page(family, "people")).content.decode()
    assert "Hidden Lane" not in everybody
    assert "Confidential" in everybody
    assert "7 Hidden Lane, ZZ99 3VZ" in client.get(page(family, "person", person=family.sam.pk)).content.decode()


def test_an_address_of_the_household_has_its_days_and_its_history(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    client.post(page(family, "address-add"), {"whose": "household", "kind": "home", "postcode": "SW1A1AA"})
    address = Address.objects.get()
    assert (address.family, address.person, address.postcode) == (family.family, None, "SW1A 1AA")
    assert "SW1A 1AA" in client.get(page(family, "people")).content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    over = {"until_on_day": yesterday.day, "until_on_month": yesterday.month, "until_on_year": yesterday.year}
    client.post(page(family, "address-edit", address=address.pk), {"kind": "home", "postcode": "SW1A 1AA", **over})
    address.refresh_from_db()
    assert not address.is_current
    assert address.history.count() == 2
    assert "SW1A 1AA" not in client.get(page(family, "people")).content.decode()


def test_an_address_says_where_and_belongs_to_one(cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="Enter the address"):
        actions.add_address(by=cast.asha, case=family.case)
    actions.add_address(by=cast.asha, case=family.case, person=family.sam, kind="none")
    for wrong in ({"family": family.family, "person": family.sam}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Address.objects.create(lines="1 Example Street", **wrong)


def test_another_familys_address_is_not_reached_through_ones_own_case(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    theirs = Address.objects.create(family=make_family(cast.ben).family, lines="Not yours")
    same_team = Address.objects.create(family=make_family(cast.asha).family, lines="Another page")
    for address in (theirs, same_team):
        url = page(family, "address-edit", address=address.pk)
        assert signed_in(cast.asha).get(url).status_code == 404
    assert Family.objects.count() == 3
