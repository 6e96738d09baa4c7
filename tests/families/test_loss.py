"""After a death: every message stops, nothing is lost, the record speaks gently, and a mistake can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions, registry
from families.actions import InfantFacts, LossFacts
from families.consent import Purpose, ask
from families.contact import ways_to_reach
from families.loss import QUIET, keeps_everything, mourning, quiet, remembered_as
from families.models import Case, ClosureReason, Loss, Membership, Person
from families.pathways import AFTER_LOSS
from families.queries import case_header, members, name_of
from families.responsibility import holders
from outbox.models import Message
from outbox.registry import why_not
from sessions.models import VigSession
from tests.cast import Cast, FamilyInTests, consent_to_everything

SignedIn = Callable[[User], Client]
DIED = LossFacts(kind=Person.Lost.DIED)


def url(name: str, family: FamilyInTests, person: Person | None = None) -> str:
    kwargs = {"case": family.case.pk} | ({"person": person.pk} if person else {})
    return reverse(f"families:{name}", kwargs=kwargs)


def parts(name: str, on: date) -> dict[str, Any]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def add_infant(cast: Cast, family: FamilyInTests, **facts: Any) -> Person:
    return actions.add_person(by=cast.asha, case=family.case, kind=Person.Kind.INFANT, facts=InfantFacts(**facts))


def plan(cast: Cast, family: FamilyInTests, days: int, kind: str = VigSession.Kind.FILMING) -> VigSession:
    return VigSession.objects.create(
        case=family.case,
        kind=kind,
        place=VigSession.Place.HOME,
        starts_at=timezone.now() + timedelta(days=days),
        practitioner=cast.asha,
    )


def lose(cast: Cast, family: FamilyInTests, person: Person | None = None, facts: LossFacts = DIED) -> Loss:
    return actions.record_loss(by=cast.asha, case=family.case, person=person or family.rowan, facts=facts)


# --- Written down -------------------------------------------------------------------------------------------


def test_it_is_read_through_before_it_is_saved(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client, day = signed_in(cast.asha), timezone.localdate() - timedelta(days=2)
    data = {"when": "day", **parts("happened_on", day), "contact": "later", "contact_words": "Ring Nan, not Sam."}
    plan(cast, family, 3)
    said = client.post(url("loss-record", family, family.rowan), data).content.decode()
    assert "Once more, before it is saved" in said
    assert f"Rowan, who died on {day:%-d %B}" in said
    assert "Ring Nan, not Sam." in said
    assert "1 is still planned" in said
    assert not Loss.objects.exists()
    back = client.post(url("loss-record", family, family.rowan), {**data, "change": "yes"}).content.decode()
    assert "Ring Nan, not Sam." in back
    assert not Loss.objects.exists()
    answer = client.post(url("loss-record", family, family.rowan), {**data, "confirmed": "yes"})
    assert answer.url == url("loss", family, family.rowan)
    loss = Loss.objects.get()
    assert (loss.kind, loss.happened_on, loss.contact, loss.recorded_by) == ("died", day, "later", cast.asha)
    assert AuditEvent.objects.get(verb="loss.recorded").subject_id == str(family.rowan.pk)
    page = client.get(answer.url).content.decode()
    for words in ("Still planned: talk these over", "Nothing was cancelled", "Ring Nan, not Sam."):
        assert words in page
    assert VigSession.objects.get().status == VigSession.Status.PLANNED


def test_the_way_to_it_is_quiet_and_nothing_invented_is_asked(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    page = client.get(url("people", family)).content.decode()
    assert url("loss-record", family, family.rowan) in page
    assert "nhsuk-button--warning" not in page
    said = client.post(
        url("loss-record", family, family.rowan), {"when": "unknown", "contact": "not_asked", "confirmed": "yes"}
    )
    assert said.status_code == 302
    loss = Loss.objects.get()
    assert (loss.happened_on, loss.about_when, loss.told_by) == (None, "", "")


def test_a_baby_who_was_lost_before_birth(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    baby = add_infant(cast, family, expected_on=timezone.localdate() + timedelta(weeks=20))
    client = signed_in(cast.asha)
    page = client.get(url("loss-record", family, baby)).content.decode()
    assert "The pregnancy ended" in page
    data = {"kind": "pregnancy", "when": "about", "about_when": "early in March", "contact": "welcome"}
    client.post(url("loss-record", family, baby), {**data, "confirmed": "yes"})
    baby.refresh_from_db()
    assert remembered_as(baby, Loss.objects.get()) == "The baby they lost early in March"
    page = client.get(url("people", family)).content.decode()
    assert "The baby they lost early in March" in page
    assert "due in" not in page
    assert "Record the birth" not in page
    assert client.get(url("person-born", family, baby)).status_code == 302


@pytest.mark.parametrize(
    ("person", "facts"),
    [
        ("rowan", LossFacts(kind="pregnancy")),
        ("rowan", LossFacts(kind="died", happened_on=date.max)),
        ("rowan", LossFacts(kind="died", happened_on=date(2001, 1, 1))),
        ("rowan", LossFacts(kind="gone")),
        ("sam", LossFacts(kind="stillbirth")),
    ],
)
def test_what_cannot_be_is_refused(person: str, facts: LossFacts, cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError):
        lose(cast, family, getattr(family, person), facts)
    assert not Loss.objects.exists()
    assert not Person.objects.exclude(lost="").exists()


def test_nobody_is_lost_twice(cast: Cast, family: FamilyInTests) -> None:
    lose(cast, family)
    with pytest.raises(ValidationError):
        lose(cast, family, Person.objects.get(pk=family.rowan.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        Loss.objects.create(person=family.rowan, kind="died", recorded_by=cast.asha)


# --- What falls silent ---------------------------------------------------------------------------------------


def test_every_message_stops(cast: Cast, family: FamilyInTests) -> None:
    family.sam.phone, family.sam.may_text = "+447700900123", "yes"
    assert not quiet(family.rowan)
    assert not quiet(family.case)
    lose(cast, family)
    assert quiet(family.rowan)
    assert quiet(family.case)
    assert not ways_to_reach(Person.objects.get(pk=family.rowan.pk)).open_ways
    actions.let_messages_go_on(by=cast.asha, case=family.case, go_on=True)
    assert not quiet(family.case)
    assert quiet(family.rowan)


def test_a_message_that_waits_is_not_sent_after_a_death_and_staff_are_still_told(
    cast: Cast, family: FamilyInTests
) -> None:
    def message(person_id: str) -> Message:
        return Message(kind="any", channel="sms", subject_id="1", case_id=str(family.case.pk), person_id=person_id)

    to_sam, to_duty = message(str(family.sam.pk)), message("")
    assert not why_not(to_sam)
    lose(cast, family)
    assert why_not(to_sam) == QUIET
    assert not why_not(to_duty)
    actions.let_messages_go_on(by=cast.asha, case=family.case, go_on=True)
    assert not why_not(to_sam)
    assert why_not(message(str(family.rowan.pk)))


def test_what_asks_for_the_next_step_falls_silent_and_is_listed(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    plan(cast, family, 3)
    plan(cast, family, -3)
    before = {task.kind for task in registry.tasks_for(cast.asha)}
    assert {"session", "consent"} <= before
    lose(cast, family)
    assert not [task for task in registry.tasks_for(cast.asha) if task.case_id == str(family.case.pk)]
    silent = registry.tasks_fallen_silent(family.case, cast.asha)
    assert any("Say how it went" in task.title for task in silent)
    page = signed_in(cast.asha).get(url("loss", family, family.rowan)).content.decode()
    assert "What does not ask for you any more" in page
    assert "Say how it went" in page


def test_an_expected_date_that_passed_asks_nobody(cast: Cast, family: FamilyInTests) -> None:
    baby = add_infant(cast, family, expected_on=timezone.localdate() - timedelta(days=3))
    assert any(task.title.startswith("Has ") for task in registry.tasks_for(cast.asha))
    lose(cast, family, baby, LossFacts(kind=Person.Lost.STILLBIRTH))
    assert not any(task.title.startswith("Has ") for task in registry.tasks_for(cast.asha))


def test_consent_is_not_asked_for_and_old_films_stay_for_the_family(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    consent_to_everything(family, by=cast.asha)
    lose(cast, family)
    rowan = Person.objects.get(pk=family.rowan.pk)
    assert ask([rowan], Purpose.FILM).allowed
    assert not case_header(family.case, cast.asha).gaps


# --- Twins ---------------------------------------------------------------------------------------------------


def test_a_twin_who_lives_goes_on(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    ida = add_infant(cast, family, first_name="Ida", date_of_birth=family.rowan.date_of_birth)
    plan(cast, family, -3)
    lose(cast, family)
    assert not mourning([family.case.pk])
    assert any("Say how it went" in task.title for task in registry.tasks_for(cast.asha))
    assert name_of(members(family.case)) == "Ida"
    assert [m.person for m in case_header(family.case, cast.asha).infants] == [ida, family.rowan]
    page = signed_in(cast.asha).get(url("loss", family, family.rowan)).content.decode()
    assert "The work with Ida goes on in this case." in page
    assert "bring the work to its close" not in page
    assert "Consent to ask: Ida" in signed_in(cast.asha).get(url("people", family)).content.decode()
    assert signed_in(cast.asha).get(url("loss-close", family)).status_code == 302
    assert not Case.objects.get(pk=family.case.pk).is_closed


# --- What the record says -------------------------------------------------------------------------------------


def test_no_page_of_the_case_counts_on(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    lose(cast, family, facts=LossFacts(kind="died", happened_on=timezone.localdate()))
    client = signed_in(cast.asha)
    for page in ("case", "people", "consent", "risk"):
        said = client.get(url(page, family)).content.decode()
        assert "Rowan, who died on" in said
        assert "11 weeks" not in said
    listed = client.get(reverse("families:list")).content.decode()
    assert "who died" in listed
    assert "11 weeks" not in listed


def test_it_closes_in_words_of_its_own(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    lose(cast, family)
    client = signed_in(cast.asha)
    page = client.get(reverse("families:close", kwargs={"case": family.case.pk}))
    assert page.url == url("loss-close", family)  # whoever takes the usual way comes here too
    ours = ClosureReason.objects.get(key=AFTER_LOSS)
    data = {**parts("closed_on", timezone.localdate()), "why": ours.pk, "words": "The midwife stays in touch."}
    assert client.post(url("loss-close", family), data).status_code == 302
    case = Case.objects.get(pk=family.case.pk)
    assert case.is_closed
    said = client.get(url("case", family)).content.decode()
    assert "After the loss of a baby. The midwife stays in touch." in said
    assert "The work came to its close" in said
    assert "Case closed" not in said
    assert case.closures.get().why == ours
    assert "completed" not in said
    assert "discharged" not in said


def test_nothing_is_deleted_until_they_have_been_asked(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    assert not keeps_everything(family.family)
    lose(cast, family)
    assert keeps_everything(family.family)
    client = signed_in(cast.asha)
    page = client.post(url("loss-asked", family, family.rowan), parts("asked_on", timezone.localdate()))
    assert "Enter what they would like" in page.content.decode()
    data = {**parts("asked_on", timezone.localdate()), "answer": "A copy of the film in the bath, please."}
    client.post(url("loss-asked", family, family.rowan), data)
    assert not keeps_everything(family.family)
    assert "A copy of the film in the bath, please." in client.get(url("loss", family, family.rowan)).content.decode()


# --- Put right -------------------------------------------------------------------------------------------------


def test_a_mistake_is_struck_out_and_everything_is_as_before(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    lose(cast, family, facts=LossFacts(kind="died", called="Ro"))
    assert Person.objects.get(pk=family.rowan.pk).short_name == "Ro"
    client = signed_in(cast.asha)
    assert client.post(url("loss-strike-out", family, family.rowan), {"reason": ""}).status_code == 200
    client.post(url("loss-strike-out", family, family.rowan), {"reason": "It was written in the wrong record."})
    rowan = Person.objects.get(pk=family.rowan.pk)
    assert (rowan.lost, rowan.short_name) == ("", "Rowan")
    loss = Loss.objects.get()
    assert (loss.struck_by, loss.struck_reason) == (cast.asha, "It was written in the wrong record.")
    assert not quiet(family.case)
    assert not keeps_everything(family.family)
    assert "Struck out, written down by mistake" in client.get(url("case", family)).content.decode()
    assert client.get(url("loss", family, family.rowan)).status_code == 404
    lose(cast, family, rowan)


def test_what_the_family_wants_can_change_and_what_it_was_is_kept(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    loss = lose(cast, family)
    data = {"when": "unknown", "contact": "none", "called": "Rowan", "memories": "The hat, and the film of the bath."}
    signed_in(cast.asha).post(url("loss-wishes", family, family.rowan), data)
    loss.refresh_from_db()
    assert (loss.contact, loss.memories) == ("none", "The hat, and the film of the bath.")
    assert [row.contact for row in loss.history.order_by("history_date")] == ["not_asked", "none"]


# --- A caregiver ------------------------------------------------------------------------------------------------


def test_when_a_caregiver_dies_somebody_else_decides_for_the_baby(cast: Cast, family: FamilyInTests) -> None:
    consent_to_everything(family, by=cast.asha)
    assert ask([family.rowan], Purpose.FILM).allowed
    lose(cast, family, family.sam)
    assert holders(family.rowan) == []
    assert not ask([family.rowan], Purpose.FILM).allowed
    assert quiet(family.case)
    assert not keeps_everything(family.family)
    assert Membership.objects.get(person=family.sam).parental_responsibility == "yes"
    header = case_header(family.case, cast.asha)
    assert [m.remembered for m in header.caregivers] == ["", "Sam, who died"]
