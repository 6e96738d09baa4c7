"""Who is in a family, as it is typed: unborn and born, twins, every relationship, and whatever else people type."""

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
from families import actions
from families.models import Case, Membership, Person, StageChange
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]
NASTY = [
    "\x00",
    "\x1b[31m",
    "🍼👶🏽",
    "\u202eevil",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "é" * 3000,
    " \t\n ",
    "'; --",
]


def parts(name: str, on: date) -> dict[str, Any]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def opening(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "infant-first_name": "Juno",
        "infant-last_name": "Test",
        "infant-born": "born",
        **parts("infant-date_of_birth", timezone.localdate() - timedelta(weeks=3)),
        "first-first_name": "Robin",
        "first-relationship": "birth_parent",
        "first-parental_responsibility": "yes",
        "first-lives_with_infant": "yes",
        "twin-born": "",
        "second-lives_with_infant": "unknown",
        "who-team": cast.north.pk,
        "who-lead": cast.asha.pk,
        **changed,
    }


def test_a_case_is_opened_in_one_step(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.asha).post(reverse("families:open"), opening(cast))
    case = Case.objects.get()
    assert answer.url == reverse("families:case", kwargs={"case": case.pk})
    assert (case.lead, case.team, case.stage) == (cast.asha, cast.north, Case.Stage.ALLOCATED)
    assert [(p.kind, p.first_name) for p in case.people.order_by("created_at")] == [
        ("infant", "Juno"),
        ("caregiver", "Robin"),
    ]
    robin = Membership.objects.get(person__first_name="Robin")
    assert (robin.parental_responsibility, robin.lives_with_infant) == ("yes", True)
    assert StageChange.objects.get().by == cast.asha
    assert AuditEvent.objects.filter(verb="case.created").count() == 1


def test_twins_and_a_second_caregiver_come_along(cast: Cast, signed_in: SignedIn) -> None:
    due = timezone.localdate() + timedelta(weeks=9)
    answer = signed_in(cast.asha).post(
        reverse("families:open"),
        opening(
            cast,
            **{"infant-born": "unborn", "infant-first_name": "", "twin-born": "unborn"},
            **parts("infant-expected_on", due),
            **parts("twin-expected_on", due),
            **{
                "second-first_name": "Pat",
                "second-relationship": "grandparent",
                "second-relationship_word": "Nan",
                "second-parental_responsibility": "no",
                "second-lives_with_infant": "no",
            },
        ),
    )
    assert answer.status_code == 302
    infants = Person.objects.infants()
    assert [(p.unborn, p.expected_on, p.short_name) for p in infants] == [(True, due, "Baby 1"), (True, due, "Baby 2")]
    assert Membership.objects.get(person__first_name="Pat").relationship_word == "Nan"


def test_what_is_missing_is_asked_for(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    said = client.post(reverse("families:open"), {"csrfmiddlewaretoken": "x"}).content.decode()
    for words in ("Select whether the baby is born", "Enter first name", "Select who they are to the baby", "Error: "):
        assert words in said
    said = client.post(reverse("families:open"), opening(cast, **{"infant-first_name": ""})).content.decode()
    assert "Enter the baby’s first name, or what the family calls the baby" in said
    assert not Case.objects.exists()


@pytest.mark.parametrize("days", [1, 43 * 7])
def test_a_birth_date_or_a_due_date_that_cannot_be_is_refused(days: int, cast: Cast, signed_in: SignedIn) -> None:
    later = timezone.localdate() + timedelta(days=days)
    data = opening(cast, **parts("infant-date_of_birth", later))
    assert signed_in(cast.asha).post(reverse("families:open"), data).status_code == 200
    if days > 300:
        data = opening(cast, **{"infant-born": "unborn"}, **parts("infant-expected_on", later))
        assert signed_in(cast.asha).post(reverse("families:open"), data).status_code == 200
    assert not Case.objects.exists()


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize(
    "field",
    ["infant-first_name", "first-first_name", "first-relationship", "who-team", "infant-nhs_number", "first-language"],
)
def test_nothing_that_people_type_breaks_the_form(field: str, text: str, cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.asha).post(reverse("families:open"), opening(cast, **{field: text}))
    assert answer.status_code in {200, 302}
    for person in Person.objects.all():
        assert not any(ord(letter) < 32 for letter in person.first_name + person.last_name)
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "relationship", [value for value in Membership.Relationship.values if value not in {"infant", "sibling"}]
)
def test_everybody_who_may_care_for_a_baby_has_a_place(
    relationship: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:person-add", kwargs={"case": family.case.pk}) + "?kind=caregiver"
    data = {
        "first_name": "Alex",
        "relationship": relationship,
        "parental_responsibility": "unknown",
        "lives_with_infant": "unknown",
    }
    assert signed_in(cast.asha).post(url, data).status_code == 302
    assert Membership.objects.get(person__first_name="Alex").relationship == relationship


def test_an_interpreter_needs_a_language(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    url = reverse("families:person-edit", kwargs={"case": family.case.pk, "person": family.sam.pk})
    client = signed_in(cast.asha)
    data = {
        "first_name": "Sam",
        "relationship": "birth_parent",
        "parental_responsibility": "yes",
        "lives_with_infant": "yes",
        "interpreter_needed": "on",
    }
    assert "Enter the language" in client.post(url, data).content.decode()
    assert client.post(url, {**data, "language": "Polish"}).status_code == 302
    page = client.get(reverse("families:case", kwargs={"case": family.case.pk})).content.decode()
    assert "interpreter: Polish" in page


def test_what_was_known_before_is_shown_and_kept_in_the_history(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:person-edit", kwargs={"case": family.case.pk, "person": family.sam.pk})
    client = signed_in(cast.asha)
    assert 'value="Sam"' in client.get(url).content.decode()
    client.post(
        url,
        {
            "first_name": "Sammy",
            "relationship": "birth_parent",
            "parental_responsibility": "yes",
            "lives_with_infant": "yes",
        },
    )
    family.sam.refresh_from_db()
    assert family.sam.first_name == "Sammy"
    assert family.sam.history.earliest().first_name == "Sam"
    assert family.sam.date_of_birth is None, "a date of birth that is emptied is taken away"


def test_an_nhs_number_is_checked_shown_in_threes_and_belongs_to_one(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:person-edit", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    client = signed_in(cast.asha)
    assert family.rowan.date_of_birth is not None
    data = {"first_name": "Rowan", "born": "born", **parts("date_of_birth", family.rowan.date_of_birth)}
    wrong = client.post(url, {**data, "nhs_number": "943 476 5918"}).content.decode()
    assert "Check the NHS number" in wrong
    assert client.post(url, {**data, "nhs_number": "943-476-5919"}).status_code == 302
    assert "943 476 5919" in client.get(reverse("families:people", kwargs={"case": family.case.pk})).content.decode()
    again = reverse("families:person-add", kwargs={"case": family.case.pk}) + "?kind=infant"
    said = client.post(again, {**data, "nhs_number": "9434765919"}).content.decode()
    assert "Rowan" in said
    assert "already has this NHS number" in said


def test_a_birth_keeps_the_person(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    family.rowan.date_of_birth, family.rowan.first_name = None, ""
    due = timezone.localdate() + timedelta(weeks=1)
    family.rowan.expected_on = due
    family.rowan.save()
    url = reverse("families:person-born", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    client = signed_in(cast.asha)
    today = timezone.localdate()
    assert "first name" in client.post(url, parts("date_of_birth", today)).content.decode()
    assert client.post(url, {**parts("date_of_birth", today), "first_name": "Rowan"}).status_code == 302
    family.rowan.refresh_from_db()
    assert (family.rowan.date_of_birth, family.rowan.expected_on, family.rowan.first_name) == (today, due, "Rowan")
    assert client.get(url).status_code == 302, "a birth is recorded once"
    with pytest.raises(ValidationError):
        actions.record_birth(by=cast.asha, case=family.case, person=family.rowan, date_of_birth=today)


def test_a_brother_or_sister_and_another_person_are_added(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client, url = signed_in(cast.asha), reverse("families:person-add", kwargs={"case": family.case.pk})
    assert client.post(url + "?kind=sibling", {"first_name": "Max", "lives_with_infant": "yes"}).status_code == 302
    other = {"first_name": "Kim", "relationship": "other", "parental_responsibility": "no", "lives_with_infant": "no"}
    assert client.post(url + "?kind=other", other).status_code == 302
    assert client.get(url + "?kind=nonsense").status_code == 200
    assert Membership.objects.get(person__first_name="Max").relationship == "sibling"
    assert Person.objects.get(first_name="Kim").kind == Person.Kind.OTHER


def test_nobody_of_another_case_is_changed_through_this_one(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    from tests.cast import make_family

    other = make_family(cast.ben)
    for name in ("families:person-edit", "families:person-born", "families:consent-record"):
        url = reverse(name, kwargs={"case": family.case.pk, "person": other.sam.pk})
        assert signed_in(cast.asha).get(url).status_code == 404
