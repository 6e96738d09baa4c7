"""One person in more than one household; a child's legal status; the professionals around a family."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions, placements, registry
from families.models import Address, LegalStatus, Membership, Person, Professional
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]
JOIN = {"relationship": "step_parent", "parental_responsibility": "no", "lives_with_infant": "no"}


def page(family: FamilyInTests, name: str, **more: Any) -> str:
    return reverse(f"families:{name}", kwargs={"case": family.case.pk, **more})


def parts(name: str, on: date) -> dict[str, int]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


# --- Two households -------------------------------------------------------------------------------------------


def test_the_same_person_joins_a_second_family_and_both_say_so(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    second = make_family(cast.asha)
    client = signed_in(cast.asha)
    found = client.get(page(second, "person-known"), {"q": "sam exa"}).content.decode()
    assert page(second, "person-join", person=family.sam.pk) in found
    client.post(page(second, "person-join", person=family.sam.pk), JOIN)
    assert set(family.sam.families.all()) == {family.family, second.family}
    assert Person.objects.filter(first_name="Sam").count() == 2, "no third record was made"
    assert second.family.reference in client.get(page(family, "people")).content.decode()
    shown = client.get(page(second, "person", person=family.sam.pk)).content.decode()
    assert f'href="{page(family, "people")}">{family.family.reference}' in shown
    assert AuditEvent.objects.filter(verb="person.joined", case_id=str(second.case.pk)).exists()


def test_each_membership_has_its_own_answers(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    second = make_family(cast.asha)
    client = signed_in(cast.asha)
    actions.join_household(by=cast.asha, case=second.case, person=family.sam, relationship="other")
    client.post(
        page(second, "person-place", person=family.sam.pk),
        {
            "contact_with_infant": "supervised",
            "contact_rules": "Court order of 3 May",
            **parts("from_on", date(2026, 1, 2)),
        },
    )
    here, there = (family.sam.memberships.get(family=each.family) for each in (second, family))
    assert (here.contact_with_infant, here.contact_rules, here.from_on) == (
        "supervised",
        "Court order of 3 May",
        date(2026, 1, 2),
    )
    assert (there.contact_with_infant, there.relationship) == ("unknown", "birth_parent")
    assert here.history.count() == 2


def test_another_teams_family_is_named_to_nobody_who_does_not_work_with_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    theirs = make_family(cast.ben)
    Membership.objects.create(person=family.sam, family=theirs.family, relationship="other")
    for name, more in (("people", {}), ("person", {"person": family.sam.pk}), ("person-known", {})):
        shown = signed_in(cast.asha).get(page(family, name, **more), {"q": "Sam"}).content.decode()
        assert theirs.family.reference not in shown
    assert "another family" in signed_in(cast.asha).get(page(family, "people")).content.decode()


def test_only_people_whose_record_one_may_open_are_found_and_added(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    theirs = make_family(cast.ben)
    client = signed_in(cast.asha)
    assert "Nobody found" in client.get(page(family, "person-known"), {"q": "Sam"}).content.decode()
    assert client.post(page(family, "person-join", person=theirs.sam.pk), JOIN).status_code == 404
    with pytest.raises(ValidationError, match="not one that you may open"):
        actions.join_household(by=cast.asha, case=family.case, person=theirs.sam, relationship="other")
    assert theirs.sam.memberships.count() == 1


@pytest.mark.parametrize("asked", ["9434765919", "943 476 5919", "07700 900123", "reference", "SAM"])
def test_somebody_is_found_by_number_phone_reference_or_name(
    asked: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    sam = family.sam
    sam.nhs_number, sam.phone = "9434765919", "+447700900123"
    sam.save()
    second = make_family(cast.asha)
    text = family.family.reference if asked == "reference" else asked
    shown = signed_in(cast.asha).get(page(second, "person-known"), {"q": text}).content.decode()
    assert page(second, "person-join", person=sam.pk) in shown


def test_whoever_is_in_the_family_already_is_not_added_again(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.asha).post(page(family, "person-join", person=family.sam.pk), JOIN, follow=True)
    assert "is in this family already" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=family.sam, family=family.family, relationship="other")


def test_another_holder_of_parental_responsibility_makes_the_films_be_looked_at_again(
    cast: Cast, family: FamilyInTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Person] = []
    monkeypatch.setattr(registry, "_holders", [lambda person, purpose: told.append(person)])
    second = make_family(cast.asha)
    actions.join_household(
        by=cast.asha, case=second.case, person=family.sam, relationship="birth_parent", parental_responsibility="yes"
    )
    assert set(told) == {second.rowan}


def test_the_pages_of_people_ask_no_more_for_more_people(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)

    def queries(name: str, **more: Any) -> int:
        client.get(page(family, name, **more))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page(family, name, **more)).status_code == 200
        return len(asked)

    second = make_family(cast.asha)
    actions.join_household(by=cast.asha, case=second.case, person=family.sam, relationship="other")
    actions.add_address(by=cast.asha, case=family.case, person=family.sam, lines="1 Example Street")
    before = queries("people"), queries("person", person=family.sam.pk), queries("professionals")
    for number in range(4):
        facts = actions.CaregiverFacts(first_name=f"Aunt {number}", communication_needs="more time")
        aunt = actions.add_person(by=cast.asha, case=family.case, kind="caregiver", facts=facts)
        actions.join_household(by=cast.asha, case=second.case, person=aunt, relationship="other")
        actions.add_address(by=cast.asha, case=family.case, person=aunt, lines="2 Example Street")
        facts = {"role": "other", "name": f"Worker {number}", "about": aunt, "may_contact": "not_asked"}
        actions.add_professional(by=cast.asha, case=family.case, facts=facts)
    after = queries("people"), queries("person", person=family.sam.pk), queries("professionals")
    assert after == before


# --- Legal status ---------------------------------------------------------------------------------------------


def test_a_legal_status_is_kept_with_its_days_and_says_what_it_means(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    since = timezone.localdate() - timedelta(days=20)
    data = {"kind": "ico", "authority": "Exampleshire", **parts("from_on", since)}
    client.post(page(family, "legal-add", person=family.rowan.pk), data)
    assert placements.shared_with_authority(family.rowan)
    for name, more in (("people", {}), ("person", {"person": family.rowan.pk})):
        assert "Interim care order (section 38)" in client.get(page(family, name, **more)).content.decode()
    shown = client.get(page(family, "person", person=family.rowan.pk)).content.decode()
    assert placements.MEANS["ico"] in shown.replace("&#x27;", "'")
    status = LegalStatus.objects.get()
    client.post(page(family, "legal-edit", legal=status.pk), {**data, **parts("until_on", since + timedelta(days=5))})
    assert not placements.shared_with_authority(Person.objects.get(pk=family.rowan.pk))
    assert status.history.count() == 2


def test_what_each_legal_status_means_is_said_and_section_20_shares_nothing_with_the_authority() -> None:
    assert set(placements.MEANS) == set(LegalStatus.Kind.values)
    assert LegalStatus.Kind.VOLUNTARY not in placements.SHARED_WITH_AUTHORITY
    assert LegalStatus.Kind.FULL_CARE in placements.SHARED_WITH_AUTHORITY


def test_a_legal_status_is_a_childs_and_does_not_end_before_it_began(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="Only a child"):
        actions.add_legal_status(by=cast.asha, case=family.case, child=family.sam, kind="s20", from_on=today)
    answer = signed_in(cast.asha).post(
        page(family, "legal-add", person=family.rowan.pk),
        {"kind": "s20", **parts("from_on", today), **parts("until_on", today - timedelta(days=1))},
    )
    assert "The last day must be after the first" in answer.content.decode()
    assert not LegalStatus.objects.exists()


# --- Professionals --------------------------------------------------------------------------------------------


def test_a_practice_is_kept_with_its_code_and_who_let_us_speak_with_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    data = {
        "role": "gp",
        "organisation": "Example Practice",
        "ods_code": "a 81001",
        "phone": "01632 960 111",
        "may_contact": "yes",
        "permission_by": family.sam.pk,
    }
    client.post(page(family, "professional-add"), data)
    practice = Professional.objects.get()
    assert (practice.ods_code, practice.phone, practice.permission_by) == ("A81001", "+441632960111", family.sam)
    assert practice.permission_on == timezone.localdate()
    shown = client.get(page(family, "professionals")).content.decode()
    for words in ("GP practice: Example Practice", "A81001", "01632 960111", "said Sam on"):
        assert words in shown
    yesterday = timezone.localdate() - timedelta(days=1)
    client.post(
        page(family, "professional-edit", professional=practice.pk),
        {**data, "ods_code": "A81001", **parts("permission_on", yesterday), **parts("until_on", yesterday)},
    )
    assert "Earlier" in client.get(page(family, "professionals")).content.decode()
    assert "(0)" in client.get(page(family, "people")).content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"role": "gp", "name": "Dr Example", "ods_code": "12345"}, "a letter and five numbers, like A81001"),
        ({"role": "midwife", "name": "M. Example", "ods_code": "!"}, "three to ten letters and numbers"),
        ({"role": "midwife"}, "Enter a name, or the organisation"),
        ({"name": "M. Example"}, "Select what they are to the family"),
        ({"role": "midwife", "name": "M. Example", "phone": "12"}, "Check the phone number"),
    ],
)
def test_what_is_wrong_about_a_professional_is_said_and_nothing_is_lost(
    typed: dict[str, str], says: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    data = {"may_contact": "not_asked", "note": "Tuesdays", **typed}
    shown = signed_in(cast.asha).post(page(family, "professional-add"), data).content.decode()
    assert says in shown
    assert "Tuesdays" in shown
    assert not Professional.objects.exists()


def test_permission_of_somebody_outside_the_family_is_refused(cast: Cast, family: FamilyInTests) -> None:
    facts = {"role": "gp", "name": "Dr Example", "may_contact": "yes", "permission_on": timezone.localdate()}
    with pytest.raises(ValidationError, match="somebody of this family"):
        actions.add_professional(
            by=cast.asha, case=family.case, facts={**facts, "permission_by": make_family(cast.ben).sam}
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Professional.objects.create(family=family.family, role="gp", name="Dr Example", may_contact="yes")
    assert not Address.objects.exists()
