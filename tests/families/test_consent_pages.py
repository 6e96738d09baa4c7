"""Consent as it is written down on pages: in one conversation, on the spot, and stopped from any page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import consent_forms, wordings
from families.consent import Purpose, Standing, ask, standings
from families.models import Consent, ConsentWording, Membership, Person
from tests.cast import Cast, FamilyInTests, consent_to_everything, lives_under

SignedIn = Callable[[User], Client]


def record_url(family: FamilyInTests, person: Person) -> str:
    return reverse("families:consent-record", kwargs={"case": family.case.pk, "person": person.pk})


def answers(**changed: Any) -> dict[str, Any]:
    return {"evidence": "spoken", "witness": "Asha", "when": "now", **changed}


def standing(person: Person, purpose: str) -> str:
    return standings([person], [purpose])[person.pk, purpose].standing


def test_one_conversation_records_several_decisions(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    page = client.get(record_url(family, family.sam)).content.decode()
    assert wordings.current(Purpose.FILM).text.split(".")[0] in page
    answer = client.post(
        record_url(family, family.sam),
        answers(about_film="given", about_shared_review="given", about_training="refused"),
    )
    assert answer.url == reverse("families:consent", kwargs={"case": family.case.pk})
    assert standing(family.sam, Purpose.FILM) == Standing.GIVEN
    assert standing(family.sam, Purpose.TRAINING) == Standing.REFUSED
    assert standing(family.sam, Purpose.SUPERVISION) == Standing.NOT_ASKED
    shown = client.get(reverse("families:consent", kwargs={"case": family.case.pk})).content.decode()
    assert "heard by Asha" in shown
    assert shown.count("nhsuk-tag--green") == 2


def test_nothing_decided_is_nothing_recorded(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    said = signed_in(cast.asha).post(record_url(family, family.sam), answers()).content.decode()
    assert "Select what was decided about at least one purpose" in said
    assert not Consent.objects.exists()


def test_only_those_who_may_decide_are_offered_for_a_baby(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    page = client.get(record_url(family, family.rowan)).content.decode()
    offered = re.findall(r'name="decided_by"[^>]*value="([^"]*)"', page)
    assert offered == [str(family.sam.pk), "authority"]
    said = client.post(record_url(family, family.rowan), answers(about_film="given")).content.decode()
    assert "Select who decides for Rowan" in said
    forged = answers(about_film="given", decided_by=str(family.nan.pk))
    assert client.post(record_url(family, family.rowan), forged).status_code == 200
    assert not Consent.objects.exists()


def test_unknown_responsibility_leads_to_where_it_is_settled(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    membership = Membership.objects.get(person=family.nan)
    membership.parental_responsibility = "unknown"
    membership.save()
    page = signed_in(cast.asha).get(record_url(family, family.rowan)).content.decode()
    assert "It is not known yet whether" in page
    assert reverse("families:person-edit", kwargs={"case": family.case.pk, "person": family.nan.pk}) in page


def test_the_authority_needs_a_name_and_gets_recorded(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    data = answers(about_film="given", decided_by="authority", decided_by_name="D. Ashgrove")
    said = client.post(record_url(family, family.rowan), data).content.decode()
    assert "no order shares parental responsibility for Rowan" in said
    lives_under(family, "fco")
    data["decided_by_name"] = ""
    assert "speaks for the local authority" in client.post(record_url(family, family.rowan), data).content.decode()
    client.post(record_url(family, family.rowan), {**data, "decided_by_name": "D. Ashgrove", "evidence": "paper"})
    row = Consent.objects.get()
    assert (row.decided_by, row.decided_by_name, row.evidence, row.witness) == (None, "D. Ashgrove", "paper", "")


@pytest.mark.parametrize(("days", "fine"), [(-1, True), (0, True), (1, False)])
def test_a_decision_may_be_written_down_later_but_not_before_it_is_made(
    days: int, fine: bool, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    on = timezone.localdate() + timedelta(days=days)
    data = answers(
        about_film="given", when="earlier", decided_on_day=on.day, decided_on_month=on.month, decided_on_year=on.year
    )
    answer = signed_in(cast.asha).post(record_url(family, family.sam), data)
    assert (answer.status_code == 302) is fine
    assert Consent.objects.exists() is fine
    assert ask([family.sam], Purpose.FILM).allowed is fine


def test_an_agreement_is_stopped_from_any_page_of_the_case(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    consent_to_everything(family, by=cast.asha)
    client = signed_in(cast.asha)
    stop = reverse("families:consent-withdraw", kwargs={"case": family.case.pk})
    assert stop in client.get(reverse("families:people", kwargs={"case": family.case.pk})).content.decode()
    assert "Select what should stop" in client.post(stop, {"said_by": str(family.sam.pk)}).content.decode()
    said = client.post(
        stop, {"what": [f"{family.rowan.pk}:film", f"{family.sam.pk}:film"], "said_by": str(family.sam.pk)}, follow=True
    ).content.decode()
    assert "Stopped from now on: Rowan, to be filmed; Sam, to be filmed" in said
    assert standing(family.rowan, Purpose.FILM) == Standing.WITHDRAWN
    assert standing(family.sam, Purpose.FILM) == Standing.WITHDRAWN
    assert standing(family.sam, Purpose.SHARED_REVIEW) == Standing.GIVEN
    assert "No longer agrees: Rowan, Sam" in re.sub(r"\s+", " ", said)


def test_somebody_else_may_say_stop_by_name(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    consent_to_everything(family, by=cast.asha)
    stop = reverse("families:consent-withdraw", kwargs={"case": family.case.pk})
    data = {"what": [f"{family.rowan.pk}:film"], "said_by": "other"}
    assert "Enter their name" in signed_in(cast.asha).post(stop, data).content.decode()
    signed_in(cast.asha).post(stop, {**data, "said_by_name": "Health visitor K."})
    assert Consent.objects.get(person=family.rowan, purpose="film").withdrawn_by == "Health visitor K."


def test_what_was_not_offered_cannot_be_stopped(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    stop = reverse("families:consent-withdraw", kwargs={"case": family.case.pk})
    page = signed_in(cast.asha).get(stop).content.decode()
    assert "there is nothing to stop" in page
    for what in (f"{family.rowan.pk}:film", "nonsense", "\x00:film"):
        assert signed_in(cast.asha).post(stop, {"what": what, "said_by": str(family.sam.pk)}).status_code == 200


def test_every_purpose_has_its_words(db: None) -> None:
    texts = wordings.all_current()
    assert set(texts) == set(Purpose.values)
    assert all(len(text.text) > 100 and text.version == 1 for text in texts.values())
    newer = ConsentWording.objects.create(purpose=Purpose.FILM, version=2, text="In other words.")
    assert wordings.current(Purpose.FILM) == newer


# --- On the spot ------------------------------------------------------------------------------------------


def on_the_spot(family: FamilyInTests, by: User, data: dict[str, str] | None = None) -> consent_forms.OnTheSpot:
    return consent_forms.OnTheSpot([family.rowan, family.sam, family.nan], by=by, data=data)


def test_on_the_spot_only_what_is_missing_is_asked(cast: Cast, family: FamilyInTests) -> None:
    asked = on_the_spot(family, cast.asha)
    assert [form.person for form in asked] == [family.rowan, family.sam, family.nan]
    assert list(asked.forms[1].fields) == ["about_film", "about_shared_review", "evidence", "witness"]
    consent_to_everything(family, by=cast.asha)
    assert len(on_the_spot(family, cast.asha)) == 0
    assert consent_forms.missing([family.rowan, family.sam]) == []


def test_on_the_spot_only_the_people_in_shot_are_checked_and_recorded(cast: Cast, family: FamilyInTests) -> None:
    rowan, sam, nan = (f"consent-{person.pk}" for person in (family.rowan, family.sam, family.nan))
    data = {
        f"{rowan}-about_film": "given",
        f"{rowan}-about_shared_review": "given",
        f"{rowan}-decided_by": str(family.sam.pk),
        f"{sam}-about_film": "given",
        f"{nan}-about_film": "refused",
        **{f"{each}-evidence": "spoken" for each in (rowan, sam, nan)},
        **{f"{each}-witness": "Asha" for each in (rowan, sam, nan)},
    }
    in_shot = [family.rowan, family.sam]
    asked = on_the_spot(family, cast.asha, data)
    assert asked.is_valid(in_shot)
    recorded = asked.save(in_shot, case=family.case)
    assert recorded is not None
    assert len(recorded) == 3
    assert ask(in_shot, Purpose.FILM).allowed
    assert not ask(in_shot, Purpose.FILM, Purpose.SHARED_REVIEW).allowed, "an answer left open is no consent"
    assert standing(family.nan, Purpose.FILM) == Standing.NOT_ASKED


def test_on_the_spot_a_baby_needs_somebody_who_may_decide(cast: Cast, family: FamilyInTests) -> None:
    rowan = f"consent-{family.rowan.pk}"
    data = {f"{rowan}-about_film": "given", f"{rowan}-evidence": "spoken", f"{rowan}-witness": "Asha"}
    asked = on_the_spot(family, cast.asha, data)
    assert not asked.is_valid([family.rowan])
    assert "Select who decides for Rowan" in str(asked.errors)
    asked = on_the_spot(family, cast.asha, {**data, f"{rowan}-decided_by": str(family.nan.pk)})
    assert not asked.is_valid([family.rowan])
    assert not Consent.objects.exists()


def test_on_the_spot_nothing_is_recorded_when_one_answer_cannot_be(cast: Cast, family: FamilyInTests) -> None:
    lives_under(family, "fco")
    rowan, sam = f"consent-{family.rowan.pk}", f"consent-{family.sam.pk}"
    data = {
        f"{rowan}-about_film": "given",
        f"{rowan}-decided_by": "authority",
        f"{rowan}-decided_by_name": "D. Ashgrove",
        f"{sam}-about_film": "given",
        **{f"{each}-evidence": "spoken" for each in (rowan, sam)},
        **{f"{each}-witness": "Asha" for each in (rowan, sam)},
    }
    asked = on_the_spot(family, cast.asha, data)
    assert asked.is_valid([family.rowan, family.sam])
    family.rowan.kind = Person.Kind.OTHER  # becomes impossible between the check and the saving
    asked.forms[0].person.kind = Person.Kind.OTHER
    asked.forms[0].cleaned_data["evidence"] = "rumour"
    assert asked.save([family.rowan, family.sam], case=family.case) is None
    assert not Consent.objects.exists()
    assert asked.errors
