"""Adopted by a new family: a record of their own begins, and only a guarded link leads to the one from before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions, identity, queries
from families.actions import NewCarer, NewRecord
from families.consent import Standing
from families.consent_tasks import consents_that_wait
from families.finding import duplicates, search
from families.finding.likeness import Facts
from families.models import (
    Address,
    Adoption,
    Case,
    Consent,
    Identity,
    LegalStatus,
    Membership,
    Person,
    PlacementChange,
    Protection,
    Restriction,
)
from families.responsibility import holders
from referrals.beside import known_people
from tests.cast import Cast, FamilyInTests, consent_to_everything
from tests.families.test_consent_rules import standing
from tests.families.test_households import parts

SignedIn = Callable[[User], Client]
TODAY = timezone.localdate
OLD_NUMBER, NEW_NUMBER = "9000000009", "9000000017"


@pytest.fixture
def fay(cast: Cast, family: FamilyInTests) -> Person:
    """With whom Rowan was placed; she stands in the record from before already."""
    consent_to_everything(family, by=cast.asha)
    Person.objects.filter(pk=family.rowan.pk).update(nhs_number=OLD_NUMBER, nhs_number_status="01", birth_order=2)
    family.rowan.refresh_from_db()
    facts = actions.CaregiverFacts(
        "Fay", "Harbour", relationship="adoptive_parent", phone="+447700900123", date_of_birth=date(1988, 2, 1)
    )
    fay = actions.add_person(by=cast.asha, case=family.case, kind="caregiver", facts=facts)
    Person.objects.filter(pk=fay.pk).update(may_text="yes", safe_times="evenings", ethnicity="A")
    actions.add_address(by=cast.asha, case=family.case, person=fay, lines="9 Harbour Row", postcode="ZZ99 3VZ")
    return Person.objects.get(pk=fay.pk)


def as_typed(cast: Cast, **more: Any) -> NewRecord:
    given: dict[str, Any] = {
        "from_on": TODAY() - timedelta(days=2),
        "first_name": "Linden",
        "last_name": "Harbour",
        "nhs_number": NEW_NUMBER,
        "team": cast.south,
        "lead": cast.ben,
        "named": [cast.asha, cast.carol],
        "known_to": [cast.carol],
    }
    return NewRecord(**{**given, **more})


def begin(cast: Cast, family: FamilyInTests, **more: Any) -> tuple[Adoption, Case]:
    return actions.begin_after_adoption(by=cast.carol, case=family.case, child=family.rowan, new=as_typed(cast, **more))


@pytest.fixture
def begun(cast: Cast, family: FamilyInTests, fay: Person) -> tuple[Adoption, Case]:
    return begin(cast, family, adopters=[fay])


def child_of(case: Case) -> Person:
    return case.people.get(kind="infant")


# --- What begins ------------------------------------------------------------------------------------------------


def test_the_child_has_a_record_of_their_own_with_who_they_are_now(
    family: FamilyInTests, begun: tuple[Adoption, Case]
) -> None:
    case, child = begun[1], child_of(begun[1])
    assert case.family_id != family.family.pk
    assert (child.display_name, child.nhs_number) == ("Linden Harbour", NEW_NUMBER)
    assert child.date_of_birth == family.rowan.date_of_birth
    assert child.birth_order is None, "which of twins they were is of the record from before"
    assert child.nhs_number_status == "02", "the trace was of the other number"


def test_whoever_adopted_comes_with_how_they_are_reached_and_decides_alone(
    fay: Person, begun: tuple[Adoption, Case]
) -> None:
    case = begun[1]
    parent = case.people.get(kind="caregiver")
    assert parent.pk != fay.pk
    assert (parent.phone, parent.may_text, parent.safe_times, parent.ethnicity) == (
        fay.phone,
        "yes",
        "evenings",
        "A",
    )
    assert Address.objects.get(person=parent).on_one_line == "9 Harbour Row, ZZ99 3VZ"
    assert holders(child_of(case)) == [parent]
    assert Membership.objects.get(person=parent).relationship == "adoptive_parent"


def test_no_consent_goes_with_them_and_none_counts_in_the_record_from_before(
    family: FamilyInTests, begun: tuple[Adoption, Case]
) -> None:
    assert not Consent.objects.filter(person__in=begun[1].people.all()).exists()
    assert standing(family.rowan) == Standing.NOT_ASKED, "whoever agreed does not decide any more"


def test_who_was_not_in_the_record_from_before_never_stands_in_it(
    cast: Cast, family: FamilyInTests, fay: Person
) -> None:
    before = set(family.family.people.values_list("pk", flat=True))
    _, case = begin(cast, family, new_adopters=[NewCarer("Gil", "Marsh", "+447700900456"), NewCarer("Jo", "Marsh")])
    assert set(case.people.values_list("first_name", flat=True)) == {"Linden", "Gil", "Jo"}
    assert set(family.family.people.values_list("pk", flat=True)) == before


def test_nobody_stands_in_both_records(family: FamilyInTests, begun: tuple[Adoption, Case]) -> None:
    ours, theirs = (set(each.people.values_list("pk", flat=True)) for each in (family.family, begun[1].family))
    assert not ours & theirs


def test_a_brother_or_sister_joins_the_record_that_began(
    cast: Cast, family: FamilyInTests, fay: Person, begun: tuple[Adoption, Case]
) -> None:
    facts = actions.InfantFacts("Ash", "Example", date_of_birth=family.rowan.date_of_birth, birth_order=1)
    twin = actions.add_person(by=cast.asha, case=family.case, kind="infant", facts=facts)
    assert identity.begun_from(cast.carol, family.family) == [], "the new record is not hers to open"
    _, case = actions.begin_after_adoption(
        by=cast.carol,
        case=family.case,
        child=twin,
        new=as_typed(cast, first_name="Hazel", nhs_number="", team=None, lead=None, into=begun[1]),
    )
    assert case == begun[1]
    assert sorted(case.people.values_list("first_name", flat=True)) == ["Fay", "Hazel", "Linden"]


# --- What is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"nhs_number": OLD_NUMBER}, "nhs_number", "number from before"),
        ({"adopters": []}, "adopters", "Select who adopted"),
        ({"first_name": ""}, "first_name", "as it is now"),
        ({"team": None}, "team", "Select a team"),
        ({"from_on": TODAY() + timedelta(days=1)}, "from_on", "today or in the past"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_question(
    cast: Cast, family: FamilyInTests, fay: Person, change: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(ValidationError, match=said) as refused:
        begin(cast, family, **{"adopters": [fay], **change})
    assert field in refused.value.message_dict
    assert not Adoption.objects.exists()
    assert not Restriction.objects.exists()


def test_a_birth_parent_does_not_adopt(cast: Cast, family: FamilyInTests, fay: Person) -> None:
    with pytest.raises(ValidationError, match="Sam is a parent"):
        begin(cast, family, adopters=[family.sam])


def test_somebody_has_to_be_able_to_manage_both(cast: Cast, family: FamilyInTests, fay: Person) -> None:
    with pytest.raises(ValidationError, match="works with this family"):
        begin(cast, family, adopters=[fay], named=[cast.carol])
    with pytest.raises(ValidationError, match="at least one manager"):
        begin(cast, family, adopters=[fay], known_to=[cast.asha])
    with pytest.raises(ValidationError, match="could not open the record from before"):
        begin(cast, family, adopters=[fay], known_to=[cast.carol, cast.ben])


def test_it_is_a_manager_s_to_do_and_once(
    cast: Cast, family: FamilyInTests, fay: Person, begun: tuple[Adoption, Case]
) -> None:
    with pytest.raises(ValidationError, match="no record from after an adoption yet"):
        begin(cast, family, adopters=[fay])
    with pytest.raises(ValidationError, match="A manager"):
        actions.begin_after_adoption(
            by=cast.asha, case=family.case, child=family.rowan, new=as_typed(cast, adopters=[fay])
        )


# --- From the new record nothing leads to the one from before -----------------------------------------------------

BEFORE = ("Rowan", "Example", "Sam", OLD_NUMBER, "900 000 0009")


def pages_of(case: Case) -> Iterator[str]:
    """The pages of a case that anybody who works with it opens."""
    for name in ("case", "people", "notes", "consent", "risk", "tasks", "documents", "access", "professionals"):
        yield reverse(f"families:{name}", kwargs={"case": case.pk})
    for person in case.people.all():
        yield reverse("families:person", kwargs={"case": case.pk, "person": person.pk})
        yield reverse("families:identity", kwargs={"case": case.pk, "person": person.pk})
    yield reverse("families:list")
    yield reverse("desk:my-day")


def main_of(page: str) -> str:
    inside = page.split('id="maincontent"')[-1].split("</main>")[0]
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", inside)


def told(client: Client, case: Case, words: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for url in pages_of(case):
        shown = main_of(client.get(url, follow=True).content.decode())
        found += [(url, word) for word in words if re.search(rf"\b{re.escape(word)}\b", shown)]
    return found


def test_whoever_works_with_the_new_family_learns_nothing_of_before(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case], signed_in: SignedIn
) -> None:
    client = signed_in(cast.ben)
    assert "Linden" in client.get(reverse("families:people", kwargs={"case": begun[1].pk})).content.decode()
    assert told(client, begun[1], (*BEFORE, family.family.reference)) == []
    for person in begun[1].people.all():
        url = reverse("families:identity", kwargs={"case": begun[1].pk, "person": person.pk})
        assert client.get(url).status_code == 404
        shown = client.get(reverse("families:person", kwargs={"case": begun[1].pk, "person": person.pk}))
        assert "Another record" not in shown.content.decode()


def test_whoever_works_with_the_birth_family_learns_nothing_of_who_they_are_now(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case], signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    assert told(client, family.case, ("Linden", NEW_NUMBER, begun[1].family.reference)) == []
    url = reverse("families:identity", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    assert client.get(url).status_code == 404


def test_the_record_from_before_is_there_for_those_named_alone(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case]
) -> None:
    seen = {user.name for user in cast.everyone if Case.objects.visible_to(user).filter(pk=family.case.pk)}
    assert seen == {"Asha Practitioner", "Carol Manager"}
    for words in ("Rowan Example", OLD_NUMBER, "Sam Example"):
        assert search.families(cast.ben, words) == []
    assert search.families(cast.asha, "Linden Harbour") == []


def test_the_restriction_stays_as_long_as_the_link_stands(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case]
) -> None:
    with pytest.raises(ValidationError, match="stays restricted"):
        actions.lift_restriction(by=cast.carol, case=family.case, reason="No need.")
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol, cast.sue], reason="Sue.")
    assert not identity.known(cast.sue, family.rowan), "who may open the record may not therefore know"


def test_for_a_written_reason_the_record_opens_and_the_link_does_not(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case], signed_in: SignedIn
) -> None:
    actions.break_glass(by=cast.sue, case=family.case, reason="Somebody is at risk tonight.")
    client = signed_in(cast.sue)
    assert client.get(reverse("families:case", kwargs={"case": family.case.pk})).status_code == 200
    url = reverse("families:identity", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    assert client.get(url).status_code == 404


def test_the_two_are_never_proposed_as_one_nor_brought_together(
    cast: Cast, family: FamilyInTests, fay: Person, begun: tuple[Adoption, Case]
) -> None:
    Case.objects.filter(pk=begun[1].pk).update(team=cast.north)  # Carol opens both
    assert Case.objects.visible_to(cast.carol).filter(pk__in=[family.case.pk, begun[1].pk]).count() == 2
    parent, child = begun[1].people.get(kind="caregiver"), child_of(begun[1])
    assert not [pair for pair in duplicates.pairs(cast.carol) if parent in (pair.one, pair.other)]
    for one, other in ((parent, fay), (child, family.rowan)):
        facts = duplicates.facts_of([one])[one.pk]
        assert other not in [match.person for match in duplicates.likely_same(cast.carol, facts)]
        with pytest.raises(ValidationError, match="stay apart"):
            actions.merge_people(by=cast.carol, kept=other, gone=one, choices={})


def test_a_referral_of_the_new_family_meets_the_new_record_and_no_warning(
    cast: Cast, family: FamilyInTests, fay: Person, begun: tuple[Adoption, Case]
) -> None:
    them = [
        Facts(
            id="caregiver-1",
            child=False,
            first_name="Fay",
            last_name="Harbour",
            date_of_birth=fay.date_of_birth,
            phones=frozenset({fay.phone}),
        )
    ]
    beside = known_people(cast.ina, them)
    assert not beside.ask_the_lead
    assert [each.person.pk for each in beside.people["caregiver-1"]] == [begun[1].people.get(kind="caregiver").pk]
    birth_parent = [
        Facts(
            id="caregiver-1",
            child=False,
            first_name="Sam",
            last_name="Example",
            date_of_birth=family.sam.date_of_birth,
        )
    ]
    assert known_people(cast.ina, birth_parent).ask_the_lead, "the birth family is still known to somebody"


def test_where_whoever_adopted_lives_is_kept_from_the_birth_family(
    family: FamilyInTests, fay: Person, begun: tuple[Adoption, Case]
) -> None:
    assert Protection.objects.standing().get().person == fay
    assert Protection.objects.standing().get().from_everyone


def test_neither_trail_names_the_other_record(cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case]) -> None:
    def marks(case: Case) -> set[str]:
        people = case.family.people.values_list("pk", flat=True)
        return {str(case.family_id), str(case.pk), *map(str, people)}

    ids = {family.family.pk: marks(begun[1]), begun[1].family_id: marks(family.case)}
    for of, others in ids.items():
        for event in AuditEvent.objects.of_family(of):
            said = " ".join(str(value) for value in vars(event).values())
            assert not [each for each in others if each in said], event.verb


# --- Those who may know -------------------------------------------------------------------------------------------


def test_those_who_may_know_see_both_and_every_look_is_written_down(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case], signed_in: SignedIn
) -> None:
    Case.objects.filter(pk=begun[1].pk).update(team=cast.north)
    client = signed_in(cast.carol)
    for case, person, other in (
        (family.case, family.rowan, "is Linden Harbour"),
        (begun[1], child_of(begun[1]), "was Rowan Example"),
    ):
        kwargs = {"case": case.pk, "person": person.pk}
        assert "Another record" in client.get(reverse("families:person", kwargs=kwargs)).content.decode()
        answer = client.get(reverse("families:identity", kwargs=kwargs))
        assert other in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.filter(verb="identity.opened", actor_id=str(cast.carol.pk)).count() == 2


def test_who_may_know_is_named_anew_and_a_manager_stays(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case], signed_in: SignedIn
) -> None:
    client = signed_in(cast.carol)
    kwargs = {"case": family.case.pk, "person": family.rowan.pk}
    url = reverse("families:identity-readers", kwargs=kwargs)
    assert "at least one manager" in client.post(url, {"known_to": [cast.asha.pk]}).content.decode()
    assert client.post(url, {"known_to": [cast.asha.pk, cast.carol.pk]}).status_code == 302
    asha = signed_in(cast.asha)
    assert asha.get(reverse("families:identity", kwargs=kwargs)).status_code == 200
    assert asha.get(url).status_code == 403
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.change_who_knows(by=cast.asha, adoption=begun[0], known_to=[cast.asha])


def test_entered_in_error_the_two_are_ordinary_records_again(
    cast: Cast, family: FamilyInTests, fay: Person, begun: tuple[Adoption, Case], signed_in: SignedIn
) -> None:
    change = PlacementChange.objects.get()
    with pytest.raises(ValidationError, match="A record began with this"):
        actions.strike_out_placement(by=cast.carol, change=change, reason="Another child.")
    client = signed_in(cast.carol)
    url = reverse("families:identity-strike", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    assert "Enter how" in client.post(url, {"reason": ""}).content.decode()
    assert client.post(url, {"reason": "Another child."}, follow=True).status_code == 200
    assert identity.never_one(family.rowan, child_of(begun[1])) == ""
    actions.strike_out_placement(by=cast.carol, change=change, reason="Another child.")
    assert not LegalStatus.objects.current().filter(child=family.rowan, kind="adopted").exists()
    actions.lift_restriction(by=cast.carol, case=family.case, reason="Entered in error.")
    assert identity.may_begin(family.rowan)


# --- The page -----------------------------------------------------------------------------------------------------


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        **parts("from_on", TODAY() - timedelta(days=2)),
        "first_name": "Linden",
        "last_name": "Harbour",
        "nhs_number": "900 000 0017",
        "team": cast.south.pk,
        "lead": cast.ben.pk,
        "named": [cast.asha.pk, cast.carol.pk],
        "known_to": [cast.carol.pk],
        **more,
    }


def test_it_is_read_through_with_what_it_does_before_anything_is_written(
    cast: Cast, family: FamilyInTests, fay: Person, signed_in: SignedIn
) -> None:
    client = signed_in(cast.carol)
    kwargs = {"case": family.case.pk, "person": family.rowan.pk}
    page = client.get(reverse("families:person", kwargs=kwargs)).content.decode()
    url = reverse("families:adoption-begin", kwargs=kwargs)
    assert url in page
    assert "Sam Example (birth parent)" in client.get(url).content.decode(), "who decides today"
    data = typed(cast, adopters=[str(fay.pk)])
    check = client.post(url, data).content.decode()
    assert "Once more, before it is done" in check
    assert "Linden Harbour" in check
    assert "900 000 0017" in check
    assert "Fay Harbour (adoptive parent)" in check
    assert not Adoption.objects.exists()
    assert not AuditEvent.objects.filter(verb="case.created").exists()
    again = client.post(url, {**data, "again": "yes"}).content.decode()
    assert 'value="Linden"' in again
    client.post(url, {**data, "confirmed": "yes"}, follow=True)
    assert Identity.objects.count() == 2


def test_what_is_refused_stands_beside_its_question_and_nothing_typed_is_lost(
    cast: Cast, family: FamilyInTests, fay: Person, signed_in: SignedIn
) -> None:
    client = signed_in(cast.carol)
    url = reverse("families:adoption-begin", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    empty = client.post(url, {"first_name": ""}).content.decode()
    for said in ("Enter the child’s first name as it is now", "Select who adopted", "Select who may know"):
        assert said in empty
    wrong = client.post(url, typed(cast, adopters=[str(fay.pk)], named=[cast.carol.pk])).content.decode()
    assert "Asha Practitioner works with this family" in wrong
    assert 'value="Linden"' in wrong
    stranger = client.post(url, typed(cast, adopters=["nobody"])).content.decode()
    assert "Select a valid choice" in stranger or "Select who adopted" in stranger


# --- Nothing is asked of them there any more --------------------------------------------------------------------


def asked_of(case: Case, user: User) -> tuple[set[str], str]:
    """Who stands in the way of filming by the header, and what the lead's tasks say."""
    gaps = queries.case_header(case, user).gaps
    return {name for gap in gaps for name in gap.names}, " ".join(task.title for task in consents_that_wait(user))


def test_the_record_from_before_asks_no_consent_of_whoever_went_on(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case]
) -> None:
    family.case.refresh_from_db()
    assert not family.case.is_closed
    assert standing(family.rowan, "film") != Standing.GIVEN, "whoever agreed for the child decides no more"
    names, tasks = asked_of(family.case, cast.asha)
    assert names == set()
    assert "Rowan" not in tasks
    assert "Fay" not in tasks


def test_it_still_asks_whoever_stays_and_the_new_record_asks_the_child(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case]
) -> None:
    Consent.objects.filter(person=family.sam).delete()
    names, tasks = asked_of(family.case, cast.asha)
    assert names == {"Sam"}
    assert "Consent to ask: Sam" in tasks
    assert asked_of(begun[1], cast.ben)[0] == {"Linden", "Fay"}


def test_an_adoption_that_was_entered_in_error_asks_again(
    cast: Cast, family: FamilyInTests, begun: tuple[Adoption, Case]
) -> None:
    actions.strike_out_adoption(by=cast.carol, adoption=begun[0], reason="Another child was meant.")
    names, tasks = asked_of(family.case, cast.asha)
    assert names == {"Rowan", "Fay"}
    assert "Rowan" in tasks
