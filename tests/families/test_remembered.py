"""The pages about somebody who died ask nothing more, what waits falls silent or goes on, and a baby is no address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import actions, registry
from families.actions import LossFacts
from families.consent import Purpose
from families.models import Case, ClosureReason, Need, Note, Person, RiskReview
from families.pathways import AFTER_LOSS
from families.queries import case_header
from tests.cast import Cast, FamilyInTests, consent_to_everything
from tests.families.test_consent_rules import record
from tests.families.test_loss import add_infant, lose, parts, plan, url

SignedIn = Callable[[User], Client]


def said(client: Client, address: str, **more: Any) -> str:
    return " ".join(client.get(address, follow=True, **more).content.decode().split())


# --- The pages about whoever died ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["person-contact", "person-about", "need-add", "person-place"])
def test_nobody_is_asked_about_who_died(page: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    lose(cast, family, family.sam)
    client = signed_in(cast.asha)
    for answer in (client.get(url(page, family, family.sam)), client.post(url(page, family, family.sam), {})):
        assert answer.status_code == 302
        assert answer.url.startswith(url("person", family, family.sam))
    assert "Sam, who died. Nobody is asked about this any more" in said(client, url(page, family, family.sam))


def test_the_page_of_a_caregiver_who_died_speaks_of_them_kindly(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    family.sam.phone = "07700900123"
    family.sam.save()
    need = Need.objects.create(person=family.sam, kind=Need.Kind.OTHER, text="Large print", recorded_on="2026-01-01")
    lose(cast, family, family.sam)
    client = signed_in(cast.asha)
    page = said(client, url("person", family, family.sam))
    assert "<h1>Sam, who died</h1>" in page
    assert "Nothing is sent to or about Sam, and nobody calls." in page
    assert "Large print" in page  # what was known stays
    for words in ("How to reach Sam", "What Sam agreed to", "Not asked", "Lives with the baby", "Sees the baby"):
        assert words not in page, words
    assert url("person-contact", family, family.sam) not in page
    answer = client.get(reverse("families:need-edit", kwargs={"case": family.case.pk, "need": need.pk}))
    assert answer.url.startswith(url("person", family, family.sam))


def test_a_name_is_put_right_after_a_death_and_no_birth_is_asked_for(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    baby = add_infant(cast, family, expected_on=timezone.localdate() + timedelta(weeks=20))
    lose(cast, family, baby, LossFacts(kind=Person.Lost.PREGNANCY))
    client = signed_in(cast.asha)
    page = said(client, url("person-edit", family, baby))
    assert "The baby they lost" in page
    assert "Is the baby born?" not in page
    assert client.post(url("person-edit", family, baby), {"known_as": "Pip"}).status_code == 302
    baby.refresh_from_db()
    assert (baby.known_as, baby.date_of_birth, baby.lost) == ("Pip", None, "pregnancy")
    lose(cast, family)
    born = family.rowan.date_of_birth
    assert born is not None
    answer = client.post(url("person-edit", family, family.rowan), {"first_name": "Rowan"})
    assert "Enter the date of birth" in answer.content.decode()  # a baby who lived is not made unborn


def test_consent_is_not_asked_of_who_died_and_what_a_family_says_of_the_films_is_still_written_down(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    consent_to_everything(family, by=cast.asha)
    add_infant(cast, family, first_name="Ida", date_of_birth=family.rowan.date_of_birth)
    lose(cast, family)
    lose(cast, family, family.nan)
    client = signed_in(cast.asha)
    page = said(client, url("consent", family))
    assert "Write down what they would like of the films" in page
    assert url("consent-record", family, family.rowan) in page
    for name in ("consent-record", "consent-sign", "ability"):
        assert url(name, family, family.nan) not in page
    assert client.get(url("consent-record", family, family.nan)).status_code == 302
    for name in ("consent-sign", "ability"):
        assert client.get(url(name, family, family.nan)).status_code == 404
    assert "Rowan has died. Nothing new is asked" in said(client, url("consent-record", family, family.rowan))


# --- A baby, living ------------------------------------------------------------------------------------------------


def test_a_baby_is_no_address_and_agrees_to_nothing(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    page = said(client, url("person", family, family.rowan))
    for words in ("How to reach Rowan", "What Rowan agreed to", "Voicemail"):
        assert words not in page, words
    assert "Rowan is reached through whoever cares for them." in page
    assert "Given by Sam, who holds parental responsibility." in page
    form = said(client, url("person-contact", family, family.rowan))
    assert "Where Rowan lives" in form
    assert "May we call?" not in form
    client.post(url("person-contact", family, family.rowan), {"address_confidential": "on"})
    family.rowan.refresh_from_db()
    assert family.rowan.address_confidential
    assert not family.rowan.contact_asked_on
    assert "How to reach Sam" in said(client, url("person", family, family.sam))


# --- What waits -----------------------------------------------------------------------------------------------------


def _everything_waits(cast: Cast, family: FamilyInTests, unborn: Person) -> dict[str, str]:
    """One of each of the six tasks that appear by themselves: what it is about → how its title begins."""
    today = timezone.localdate()
    record(cast, family.sam, family.sam, expires_on=today + timedelta(days=5))
    record(cast, family.sam, family.sam, purpose=Purpose.SHARED_REVIEW)
    RiskReview.objects.create(case=family.case, level="low", grounds="Calm.", due_on=today, recorded_by=cast.asha)
    plan(cast, family, -3)
    ago = timezone.now() - timedelta(days=3)
    Note.objects.create(case=family.case, author=cast.asha, title="A visit", happened_at=ago, created_at=ago)
    unborn.expected_on = today - timedelta(days=3)
    unborn.save()
    return {
        "consent expiring": "Sam: an agreement runs out on",
        "consent to ask": "Consent to ask: Rowan",
        "review due": "Review the risk of",
        "a date that passed without a birth": "Has Baby",
        "a session without an outcome": "Say how it went",
        "a note unsigned": "Sign",
    }


def test_of_the_six_tasks_that_appear_by_themselves_those_that_count_on_a_baby_fall_silent(
    cast: Cast, family: FamilyInTests
) -> None:
    unborn = add_infant(cast, family, expected_on=timezone.localdate() + timedelta(weeks=9))
    expected = _everything_waits(cast, family, unborn)

    def waiting() -> set[str]:
        titles = [task.title for task in registry.tasks_for(cast.asha)]
        return {what for what, begins in expected.items() if any(begins in title for title in titles)}

    assert waiting() == set(expected), [task.title for task in registry.tasks_for(cast.asha)]
    lose(cast, family, unborn, LossFacts(kind=Person.Lost.STILLBIRTH))
    assert waiting() == set(expected) - {"a date that passed without a birth"}  # Rowan lives: the work goes on
    lose(cast, family)
    assert waiting() == {"review due", "a note unsigned"}  # what protects somebody goes on asking
    silent = {task.title.split(":")[0] for task in registry.tasks_fallen_silent(family.case, cast.asha)}
    assert any(title.startswith("Say how it went") for title in silent)


def test_the_header_asks_for_no_consent_once_no_film_will_be_made(cast: Cast, family: FamilyInTests) -> None:
    labels = [gap.label for gap in case_header(family.case, cast.asha).gaps]
    assert "Consent to ask" in labels
    lose(cast, family)
    assert case_header(family.case, cast.asha).gaps == ()
    ida = add_infant(cast, family, first_name="Ida", date_of_birth=family.rowan.date_of_birth)
    assert ida.short_name in case_header(family.case, cast.asha).gaps[0].names
    actions.close_case(by=cast.asha, case=family.case, closed_on=timezone.localdate(), reason="The work is done.")
    closed = Case.objects.get(pk=family.case.pk)
    assert case_header(closed, cast.asha).gaps == ()


# --- The close ------------------------------------------------------------------------------------------------------


def test_the_close_is_one_of_the_services_reasons_in_the_services_words(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    ours = ClosureReason.objects.get(key=AFTER_LOSS)
    ours.label = "After a baby died"
    ours.save()
    client = signed_in(cast.asha)
    assert "After a baby died" not in said(client, url("close", family))  # where nobody has died nobody reads it
    lose(cast, family)
    page = said(client, url("loss-close", family))
    assert "After a baby died" in page
    other = ClosureReason.objects.filter(key="", active=True)[1]
    data = parts("closed_on", timezone.localdate())
    assert client.post(url("loss-close", family), {**data, "why": "0"}).status_code == 200
    client.post(url("loss-close", family), {**data, "why": other.pk, "words": ""})
    closure = Case.objects.get(pk=family.case.pk).closures.get()
    assert (closure.why, closure.summary, closure.goals) == (other, f"{other.label}.", "")


def test_the_consent_page_of_a_close_says_that_nobody_is_asked(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    assert "No film may be made or looked at yet." in said(client, url("consent", family))
    lose(cast, family)
    page = said(client, url("consent", family))
    assert "Nothing is filmed, and nobody is asked any more." in page
    assert "No film may be made or looked at yet." not in page
