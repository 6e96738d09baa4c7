"""What speaks against deleting: a legal hold, a family that mourns, copies not offered yet, work that goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from clips import actions as films
from clips.actions import STALE_UPLOAD, Refused, purge_stale_uploads
from clips.models import Recording, Upload
from families import actions as record
from families.actions import retention as actions
from families.models import Case, CopyOffer, Due, Erasure, LegalHold, Loss, Person
from families.retention import deleting, due, keeping
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Cycle
from tests.cast import Cast, FamilyInTests, give_consent, make_cast, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def over_for_long(family: FamilyInTests) -> Case:
    """Everything about this family is kept long enough: born and closed long ago."""
    case = family.case
    long_ago = timezone.localdate() - timedelta(days=27 * 365)
    case.people.update(date_of_birth=long_ago)
    Case.objects.filter(pk=case.pk).update(
        opened_on=long_ago, closed_on=long_ago + timedelta(days=300), stage=Case.Stage.CLOSED
    )
    case.refresh_from_db()
    return case


@pytest.fixture
def family(cast: Cast) -> FamilyInTests:
    return make_family(cast.asha)


@pytest.fixture
def case(family: FamilyInTests) -> Case:
    return over_for_long(family)


def offered(cast: Cast, case: Case, what: str = "record", *, answer: str = "declined", weeks: int = 0) -> CopyOffer:
    offer = actions.offer_copies(
        by=cast.carol,
        case=case,
        what=what,
        how="letter",
        words="To Sam.",
        offered_on=timezone.localdate() - timedelta(weeks=weeks),
    )
    return actions.answer_offer(by=cast.carol, case=case, offer=offer, answer=answer) if answer else offer


def said(cast: Cast, case: Case, what: str = "record") -> str:
    return " ".join(keeping.may_decide(case, what, cast.carol))


def decide(cast: Cast, case: Case, what: str = "record") -> Erasure:
    return actions.decide_to_delete(by=cast.carol, case=case, what=what, reference=case.family.reference)


def refused(cast: Cast, case: Case, words: str, what: str = "record") -> None:
    with pytest.raises(ValidationError) as error:
        decide(cast, case, what)
    assert words in " ".join(error.value.messages)
    assert not Erasure.objects.exists()


def a_film(case: Case, by: User, **facts: Any) -> Recording:
    film = Recording.objects.create(case=case, uploaded_by=by, **{"state": Recording.State.READY, **facts})
    film.people.set(case.people.all())
    return film


# --- The way to a decision --------------------------------------------------------------------------------------


def test_due_offered_declined_decided(cast: Cast, case: Case) -> None:
    refused(cast, case, "has not been offered copies")
    offered(cast, case)
    erasure = decide(cast, case)
    assert erasure.state == Erasure.State.DECIDED
    assert "25 years" in erasure.rule_words or "20 years" in erasure.rule_words
    assert AuditEvent.objects.filter(verb="record.erasure_decided", actor_id=str(cast.carol.pk)).exists()
    with pytest.raises(ValidationError, match="being deleted already"):
        decide(cast, case)


def test_no_answer_counts_once_there_was_time_for_one(cast: Cast, case: Case) -> None:
    offer = offered(cast, case, answer="", weeks=6)
    assert offer.answer_by == timezone.localdate()
    assert "has until" in said(cast, case)
    CopyOffer.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert said(cast, case) == ""


def test_whoever_wants_copies_has_them_first(cast: Cast, case: Case) -> None:
    offer = offered(cast, case, answer="wanted")
    refused(cast, case, "not given yet")
    CopyOffer.objects.update(answer_by=timezone.localdate() - timedelta(days=100))
    refused(cast, case, "not given yet")
    actions.give_copies(by=cast.carol, case=case, offer=offer)
    assert said(cast, case) == ""


def test_that_nobody_could_be_asked_needs_a_reason(cast: Cast, case: Case) -> None:
    facts: dict[str, Any] = {"what": "record", "how": "unsafe", "offered_on": timezone.localdate()}
    with pytest.raises(ValidationError, match="who would be in danger"):
        actions.offer_copies(by=cast.carol, case=case, **facts)
    actions.offer_copies(by=cast.carol, case=case, words="He reads her post.", **facts)
    assert said(cast, case) == ""


def test_an_offer_of_another_time_does_not_count(cast: Cast, case: Case) -> None:
    offered(cast, case)
    CopyOffer.objects.update(offered_on=timezone.localdate() - timedelta(days=3 * 365))
    assert "has not been offered copies" in said(cast, case)
    CopyOffer.objects.update(offered_on=timezone.localdate(), what="films")
    assert "has not been offered copies" in said(cast, case), "an offer of films is no offer of the record"


def test_the_reference_is_typed_and_a_practitioner_does_not_decide(cast: Cast, case: Case) -> None:
    offered(cast, case)
    for by, reference in ((cast.carol, "VIG-222-222"), (cast.asha, case.family.reference)):
        with pytest.raises(ValidationError):
            actions.decide_to_delete(by=by, case=case, what="record", reference=reference)
    assert not Erasure.objects.exists()


# --- A hold always wins -----------------------------------------------------------------------------------------


def hold(cast: Cast, case: Case, **more: Any) -> LegalHold:
    return actions.place_hold(by=cast.carol, case=case, **{"kind": "court", "reason": "A claim.", **more})


@pytest.mark.parametrize("what", ["films", "record"])
def test_a_hold_stops_everything_until_it_is_lifted_or_over(cast: Cast, case: Case, what: str) -> None:
    a_film(case, cast.asha, state=Recording.State.REJECTED, rejected_reason="No browser plays it.")
    offered(cast, case, what)
    held = hold(cast, case)
    refused(cast, case, "on hold until somebody lifts that", what)
    actions.lift_hold(by=cast.carol, case=case, hold=held, reason="Settled.")
    assert said(cast, case, what) == ""
    held = hold(cast, case, until=timezone.localdate())
    refused(cast, case, "on hold until", what)
    LegalHold.objects.filter(pk=held.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert said(cast, case, what) == ""


def test_a_hold_placed_after_the_decision_stops_the_worker(cast: Cast, case: Case) -> None:
    offered(cast, case)
    erasure = decide(cast, case)
    hold(cast, case)
    deleting.work(str(erasure.pk), str(erasure.attempt))
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.STOPPED
    assert "on hold" in erasure.problem
    assert Case.objects.filter(pk=case.pk).exists()
    LegalHold.objects.all().delete()
    assert decide(cast, case).pk != erasure.pk, "when it is over it may be decided again"


def test_a_hold_on_one_household_holds_the_other_in_which_its_people_are(
    cast: Cast, family: FamilyInTests, case: Case
) -> None:
    offered(cast, case)
    other = make_family(cast.asha)
    hold(cast, other.case)
    assert said(cast, case) == ""
    other.family.memberships.create(person=family.rowan, relationship="infant")
    refused(cast, case, "in another record, too, and that one is on hold")
    film = a_film(case, cast.asha)
    with pytest.raises(Refused, match="on hold"):
        films.destroy_film(by=cast.carol, recording=film, reason="Wrong film.")
    due.work_out()
    with_hold = Due.objects.annotate(on_hold=keeping.held()).filter(case=case)
    assert {(each.what, each.on_hold) for each in with_hold} == {("films", True), ("record", True)}


def test_why_it_is_held_is_read_by_managers_alone(cast: Cast, case: Case, signed_in: Callable[[User], Client]) -> None:
    hold(cast, case, kind="complaint", reason="Of Asha, by Sam.")
    for user, told in ((cast.asha, False), (cast.carol, True)):
        page = signed_in(user).get(reverse("families:kept", args=[case.pk])).content.decode()
        assert "On hold: nothing is deleted" in page
        assert ("Of Asha, by Sam." in page) is told
        assert ("A complaint" in page) is told


def test_the_clock_clears_away_no_film_on_hold_and_none_of_a_family_that_mourns(
    cast: Cast, family: FamilyInTests, case: Case
) -> None:
    film = a_film(case, cast.asha, state=Recording.State.REJECTED, rejected_reason="No browser plays it.")
    Upload.objects.create(recording=film, user=cast.asha, length=5, offset=5, state="complete")
    Upload.objects.update(updated_at=timezone.now() - STALE_UPLOAD - timedelta(days=1))
    held = hold(cast, case)
    assert purge_stale_uploads() == 0
    actions.lift_hold(by=cast.carol, case=case, hold=held, reason="Settled.")
    loss = mourn(cast, family)
    assert purge_stale_uploads() == 0
    record.record_answer(by=cast.asha, case=case, loss=loss, asked_on=timezone.localdate(), answer="You may.")
    assert purge_stale_uploads() == 1


# --- After a baby's death ---------------------------------------------------------------------------------------


def mourn(cast: Cast, family: FamilyInTests) -> Loss:
    Person.objects.filter(pk=family.rowan.pk).update(lost="died")
    return Loss.objects.create(person=family.rowan, kind="died", happened_on=date(2000, 5, 5), recorded_by=cast.asha)


@pytest.mark.parametrize("what", ["films", "record"])
def test_nothing_goes_before_the_family_was_asked_in_their_own_time(
    cast: Cast, family: FamilyInTests, case: Case, what: str
) -> None:
    a_film(case, cast.asha, state=Recording.State.REJECTED, rejected_reason="No browser plays it.")
    loss = mourn(cast, family)
    with pytest.raises(ValidationError, match="when they are ready"):
        offered(cast, case, what)
    refused(cast, case, "Ask when they are ready: nothing hurries", what)
    record.record_answer(by=cast.asha, case=case, loss=loss, asked_on=timezone.localdate(), answer="Copies, please.")
    offered(cast, case, what, answer="wanted")
    refused(cast, case, "not given yet", what)


def test_managers_are_not_reminded_of_a_family_that_mourns_or_is_held_or_thinks(
    cast: Cast, family: FamilyInTests, case: Case
) -> None:
    from families.retention.showing import to_look_at

    due.work_out()
    assert [task.title for task in to_look_at(cast.carol)] == ["Look at one record that is kept long enough"]
    assert list(to_look_at(cast.asha)) == []
    held = hold(cast, case)
    assert list(to_look_at(cast.carol)) == []
    actions.lift_hold(by=cast.carol, case=case, hold=held, reason="Settled.")
    loss = mourn(cast, family)
    assert list(to_look_at(cast.carol)) == []
    loss.delete()
    offer = offered(cast, case, answer="")
    assert list(to_look_at(cast.carol)) == []
    actions.answer_offer(by=cast.carol, case=case, offer=offer, answer="declined")
    assert len(list(to_look_at(cast.carol))) == 1


# --- Films alone, and the whole record --------------------------------------------------------------------------


def finished(case: Case, summary: str) -> Cycle:
    question = HelpingQuestion.objects.create(case=case)
    wording = HelpingQuestionWording.objects.create(
        question=question, version=1, text="How does he tell me?", recorded_by=case.lead
    )
    return Cycle.objects.create(case=case, number=1, wording=wording, summary=summary)


def test_a_film_goes_alone_only_when_it_is_not_the_only_account(cast: Cast, case: Case) -> None:
    cycle = finished(case, "")
    film = a_film(case, cast.asha, cycle=cycle)
    offered(cast, case, "films")
    offered(cast, case, "record")
    refused(cast, case, "Cycle 1 has no written summary", "films")
    assert said(cast, case, "record") == "", "with the whole record its time is over as well"
    cycle.summary = "He turns to her voice."
    cycle.save()
    assert said(cast, case, "films") == ""
    film.cycle = None
    film.save()
    refused(cast, case, "is of no cycle", "films")
    film.state, film.rejected_reason = Recording.State.REJECTED, "No browser plays it."
    film.save()
    assert said(cast, case, "films") == "", "nobody could ever look at it"


def test_films_alone_leave_what_was_written(cast: Cast, case: Case) -> None:
    a_film(case, cast.asha, cycle=finished(case, "He turns to her voice."))
    offered(cast, case, "films")
    due.work_out()
    erasure = decide(cast, case, "films")
    deleting.work(str(erasure.pk), str(erasure.attempt))
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE
    assert not keeping.has_films(case)
    assert Cycle.objects.get(case=case).summary == "He turns to her voice."
    assert not Due.objects.filter(what="films").exists()


def test_a_case_opened_again_ends_all_of_it(cast: Cast, case: Case) -> None:
    offered(cast, case)
    Case.objects.create(family=case.family, team=cast.north, lead=cast.asha)
    refused(cast, case, "Work with this family goes on")
    with pytest.raises(ValidationError, match="Work with this family goes on"):
        offered(cast, case)


def test_the_record_waits_for_tasks_and_for_whoever_is_protected(cast: Cast, family: FamilyInTests, case: Case) -> None:
    offered(cast, case)
    task = record.add_task(by=cast.asha, case=case, title="Ring back")
    refused(cast, case, "A task is open")
    task.delete()
    record.protect(by=cast.asha, case=case, person=family.nan, reason="He must not find her.")
    refused(cast, case, "Somebody is protected here still")


# --- Two households ---------------------------------------------------------------------------------------------


def test_what_counts_in_another_household_is_kept_as_long_as_that(
    cast: Cast, family: FamilyInTests, case: Case
) -> None:
    offered(cast, case)
    give_consent(family.rowan, "film", by=cast.asha, decided_by=family.sam)
    assert said(cast, case) == ""
    other = make_family(cast.asha)
    other.family.memberships.create(person=family.rowan, relationship="infant")
    refused(cast, case, f"It is bound up with the record {other.family.reference}")
    mo = User.objects.create(email="mo@service.example", name="Mo Manager", role="manager")
    mo.teams_managed.add(cast.north)
    record.restrict_family(by=mo, case=other.case, named=[cast.asha, mo], reason="r")
    assert "bound up with another record" in said(cast, case), "and is not named to whom it is closed"


def test_two_households_that_are_both_over_do_not_wait_for_one_another(
    cast: Cast, family: FamilyInTests, case: Case
) -> None:
    other = make_family(cast.asha)
    over_for_long(other)
    other.family.memberships.create(person=family.rowan, relationship="infant")
    for person in (family.rowan, other.rowan):
        give_consent(person, "film", by=cast.asha, decided_by=family.sam)
    offered(cast, case)
    erasure = decide(cast, case)
    deleting.work(str(erasure.pk), str(erasure.attempt))
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE
    assert other.family.memberships.filter(person=family.rowan).exists()


def test_records_are_not_brought_together_while_one_is_being_deleted(
    cast: Cast, family: FamilyInTests, case: Case
) -> None:
    other = make_family(cast.asha)
    assert keeping.being_erased(other.sam, family.sam) == ""
    offered(cast, case)
    decide(cast, case)
    assert "being deleted" in keeping.being_erased(other.sam, family.sam)


# --- The pages --------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_many(
    cast: Cast, signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        over_for_long(make_family(cast.asha))
    due.work_out()
    for each in Due.objects.all():
        offered(cast, each.case)
    client = signed_in(cast.carol)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("families:retention")).content.decode()
    assert page.count("To decide") == 5


def test_copies_are_offered_before_it_is_over(cast: Cast, case: Case, signed_in: Callable[[User], Client]) -> None:
    """Whoever follows the list six weeks before the day finds there what they came for."""
    case.people.update(date_of_birth=timezone.localdate() - timedelta(days=25 * 365 - 20))
    client = signed_in(cast.carol)
    page = client.get(reverse("families:kept", args=[case.pk])).content.decode()
    assert "that time is over" not in page
    assert reverse("families:offer", args=[case.pk, "record"]) in page
    assert reverse("families:delete", args=[case.pk, "record"]) not in page


@pytest.mark.parametrize("name", ["hold-add", "offer", "delete"])
def test_an_empty_form_keeps_its_page_and_says_what_to_do(
    cast: Cast, case: Case, signed_in: Callable[[User], Client], name: str
) -> None:
    offered(cast, case)
    arguments = [case.pk] if name == "hold-add" else [case.pk, "record"]
    page = signed_in(cast.carol).post(reverse(f"families:{name}", args=arguments), {"sent": "1"}).content.decode()
    assert "nhsuk-error-summary" in page
    assert "Error:" in page
    assert not Erasure.objects.exists()


def test_an_address_of_nothing_that_is_kept_is_not_found(
    cast: Cast, case: Case, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(cast.carol)
    for name in ("offer", "delete"):
        for method in (client.get, client.post):
            assert method(reverse(f"families:{name}", args=[case.pk, "nonsense"])).status_code == 404
