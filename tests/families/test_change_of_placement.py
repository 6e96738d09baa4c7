"""A change of placement: one page, one action, one line in the timeline; what it means is said before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from clips.models import Recording
from families import actions, timeline
from families.actions import Change, NewCarer
from families.consent import Standing
from families.consequences import rehearse
from families.models import Address, LegalStatus, Membership, Person, PlacementChange, Protection
from families.protection import hidden_from
from families.responsibility import held, holders
from tests.cast import Cast, FamilyInTests, consent_to_everything, lives_under
from tests.families.test_consent_rules import standing
from tests.families.test_households import page, parts

SignedIn = Callable[[User], Client]
TODAY = timezone.localdate
HOME = "9 Harbour Row"


def to_foster_care(family: FamilyInTests, **more: Any) -> Change:
    given: dict[str, Any] = {
        "kind": "foster",
        "from_on": TODAY() - timedelta(days=3),
        "legal": "ico",
        "authority": "Exampleshire",
        "new_carers": [NewCarer("Fay", "Harbour", "+447700900123")],
        "lines": HOME,
        "postcode": "ZZ99 3VZ",
        "left": [family.sam, family.nan],
        "kept_from": [],
        "reason": "Nobody may know where she lives.",
    }
    return Change(**{**given, **more})


def change(cast: Cast, family: FamilyInTests, what: Change) -> PlacementChange:
    return actions.change_placement(by=cast.asha, case=family.case, child=family.rowan, change=what)


def place(person: Person) -> Membership:
    return Membership.objects.get(person=person)


def as_it_stands(family: FamilyInTests) -> list[Any]:
    """Everything that a change of placement may touch."""
    places = Membership.objects.order_by("pk").values_list(
        "person", "relationship", "parental_responsibility", "lives_with_infant", "from_on", "until_on"
    )
    orders = LegalStatus.objects.standing().order_by("pk").values_list("kind", "from_on", "until_on")
    return [list(places), list(orders), held(family.rowan)]


def test_everything_that_changes_is_written_in_one_go(cast: Cast, family: FamilyInTests) -> None:
    s20 = lives_under(family, "s20")
    row = change(cast, family, to_foster_care(family, ended=[s20]))
    (fay,) = row.carers.all()
    assert (place(fay).relationship, place(fay).parental_responsibility) == ("foster_carer", "no")
    assert place(fay).lives_with_infant
    assert Address.objects.get(person=fay).lines == HOME
    assert fay in family.case.people.all()
    assert [order.kind for order in LegalStatus.objects.current()] == ["ico"]
    assert LegalStatus.objects.get(kind="s20").until_on == row.from_on - timedelta(days=1)
    assert (place(family.sam).lives_with_infant, place(family.sam).until_on) == (False, None), "a parent stays one"
    assert place(family.nan).has_left
    assert Protection.objects.standing().get(person=fay).from_everyone
    hidden = hidden_from(family.sam, family.family)
    assert hidden.veil(f"At {HOME}, by 07700 900123") == "At [kept back], by [kept back]"
    event = AuditEvent.objects.get(verb="placement.changed")
    assert "Fay" not in str(event.detail)
    assert event.detail["kept_back"] is True


def test_the_timeline_has_one_line_for_it_that_names_no_carer(cast: Cast, family: FamilyInTests) -> None:
    family.case.created_at -= timedelta(days=5)
    family.case.save()
    change(cast, family, to_foster_care(family))
    entries = timeline.read(family.case, cast.asha).entries
    lines = [entry.title for entry in entries if "foster" in entry.title or "Fay" in entry.title]
    assert lines == ["Rowan: moved to a foster carer"]
    assert not [entry for entry in entries if "Fay" in entry.title + entry.detail or HOME in entry.detail]


def test_who_decides_before_and_after_is_said_in_plain_words(cast: Cast, family: FamilyInTests) -> None:
    assert held(family.rowan).sentences == ["Sam Example (birth parent)"]
    change(cast, family, to_foster_care(family))
    assert held(family.rowan).sentences == [
        "Sam Example (birth parent)",
        "The local authority, which shares it: interim care order (section 38), Exampleshire",
    ]
    Membership.objects.filter(person=family.sam).update(parental_responsibility="unknown")
    LegalStatus.objects.all().update(until_on=TODAY() - timedelta(days=1))
    assert held(family.rowan).sentences == ["Nobody in this record. Find out who decides", "Not known yet of Sam"]


def test_what_it_will_do_is_found_by_doing_it_and_nothing_of_that_stays(cast: Cast, family: FamilyInTests) -> None:
    consent_to_everything(family, by=cast.asha)
    film = Recording.objects.create(case=family.case, uploaded_by=cast.asha, state="ready", frames=9)
    film.people.set([family.rowan])
    before, events = as_it_stands(family), AuditEvent.objects.count()
    under_care = rehearse(by=cast.asha, case=family.case, child=family.rowan, change=to_foster_care(family))
    assert [each.label for each in under_care.staying][:1] == ["To be filmed"]
    assert not under_care.stopping
    assert under_care.to_ask == ("the local authority",)
    assert under_care.films == 0
    adopted = Change(kind="adopted", from_on=TODAY(), new_carers=[NewCarer("Ada", "New")])
    after = rehearse(by=cast.asha, case=family.case, child=family.rowan, change=adopted)
    assert after.before.sentences == ["Sam Example (birth parent)"]
    assert after.after.sentences == ["Ada New (adoptive parent)"]
    assert {each.said_by for each in after.stopping} == {"Sam"}
    assert not after.staying
    assert after.films == 1
    assert as_it_stands(family) == before
    assert AuditEvent.objects.count() == events
    assert not PlacementChange.objects.exists()
    film.refresh_from_db()
    assert film.state == "ready"


@pytest.mark.parametrize(
    ("kind", "legal", "becomes"),
    [
        ("kinship", "", ("grandparent", "no")),
        ("kinship", "sgo", ("special_guardian", "yes")),
        ("kinship", "cao", ("grandparent", "yes")),
        ("placed", "placement", ("adoptive_parent", "unknown")),
        ("foster", "s20", ("foster_carer", "no")),
        ("other", "", ("grandparent", "no")),
    ],
)
def test_what_somebody_becomes_who_is_in_the_record_already(
    cast: Cast, family: FamilyInTests, kind: str, legal: str, becomes: tuple[str, str]
) -> None:
    change(cast, family, Change(kind=kind, from_on=TODAY(), legal=legal, carers=[family.nan], left=[family.sam]))
    assert (place(family.nan).relationship, place(family.nan).parental_responsibility) == becomes


def test_a_child_who_comes_home_has_its_parent_as_before(cast: Cast, family: FamilyInTests) -> None:
    consent_to_everything(family, by=cast.asha)
    (fay,) = change(cast, family, to_foster_care(family)).carers.all()
    order = LegalStatus.objects.get(kind="ico")
    back = Change(kind="home", from_on=TODAY(), carers=[family.sam], left=[fay], ended=[order])
    change(cast, family, back)
    assert (place(family.sam).relationship, place(family.sam).lives_with_infant) == ("birth_parent", True)
    assert place(fay).has_left
    assert held(family.rowan).sentences == ["Sam Example (birth parent)"]
    assert standing(family.rowan) == Standing.GIVEN
    assert Protection.objects.standing().filter(person=fay).exists(), "where she lives stays hers"


def test_a_stricter_protection_is_not_loosened(cast: Cast, family: FamilyInTests) -> None:
    actions.protect(by=cast.asha, case=family.case, person=family.nan, reason="Before.")
    what = Change(
        kind="kinship", from_on=TODAY(), carers=[family.nan], kept_from=[family.sam], reason="From Sam at least."
    )
    change(cast, family, what)
    assert Protection.objects.standing().get(person=family.nan).from_everyone


# --- Entered in error ---------------------------------------------------------------------------------------


def test_struck_out_everything_is_as_it_was_and_the_mistake_stays_readable(cast: Cast, family: FamilyInTests) -> None:
    s20 = lives_under(family, "s20")
    before = as_it_stands(family)
    row = change(cast, family, to_foster_care(family, ended=[s20]))
    (fay,) = row.carers.all()
    actions.strike_out_placement(by=cast.asha, change=row, reason="It was another Rowan.")
    now = as_it_stands(family)
    assert [each for each in now[0] if each[0] != fay.pk] == before[0]
    assert now[1:] == before[1:]
    assert place(fay).lives_with_infant is False
    assert Protection.objects.standing().filter(person=fay).exists(), "nobody is uncovered unseen"
    assert LegalStatus.objects.get(kind="ico").struck_reason == "It was another Rowan."
    (entry,) = [each for each in timeline.read(family.case, cast.asha).entries if "foster" in each.title]
    assert entry.tag == "entered in error"
    assert AuditEvent.objects.filter(verb="placement.struck_out").exists()
    with pytest.raises(ValidationError, match="struck out already"):
        actions.strike_out_placement(by=cast.asha, change=row, reason="Again.")


def test_what_was_changed_since_stays_as_it_was_changed(cast: Cast, family: FamilyInTests) -> None:
    row = change(cast, family, to_foster_care(family))
    Membership.objects.filter(person=family.sam).update(lives_with_infant=None)
    actions.strike_out_placement(by=cast.asha, change=row, reason="A mistake.")
    assert place(family.sam).lives_with_infant is None


def test_the_later_of_two_is_struck_out_first(cast: Cast, family: FamilyInTests) -> None:
    first = change(cast, family, to_foster_care(family))
    change(cast, family, Change(kind="home", from_on=TODAY(), carers=[family.sam]))
    with pytest.raises(ValidationError, match="later change"):
        actions.strike_out_placement(by=cast.asha, change=first, reason="A mistake.")


# --- What is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"from_on": date(2999, 1, 1)}, "today or in the past"),
        ({"from_on": date(1999, 1, 1)}, "before the birth"),
        ({"new_carers": []}, "who cares for Rowan now"),
        ({"reason": " "}, "Enter why"),
        ({"kind": "step"}, "partner"),
        ({"kind": "nonsense"}, "what has changed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    cast: Cast, family: FamilyInTests, more: dict[str, Any], said: str
) -> None:
    before = as_it_stands(family)
    with pytest.raises(ValidationError, match=said):
        change(cast, family, to_foster_care(family, **more))
    for parent in (to_foster_care(family, carers=[family.sam], left=[]), Change("step", TODAY(), carers=[family.sam])):
        with pytest.raises(ValidationError):
            change(cast, family, parent)
    with pytest.raises(ValidationError, match="both care"):
        change(cast, family, to_foster_care(family, carers=[family.nan]))
    assert as_it_stands(family) == before


def test_a_baby_to_come_and_a_grown_up_have_no_placement(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    with pytest.raises(ValidationError, match="Only a child"):
        actions.change_placement(by=cast.asha, case=family.case, child=family.sam, change=to_foster_care(family))
    answer = signed_in(cast.asha).get(page(family, "placement-change", person=family.sam.pk))
    assert answer.status_code == 302


# --- The pages ----------------------------------------------------------------------------------------------


def typed(family: FamilyInTests, **more: Any) -> dict[str, Any]:
    return {
        "kind": "foster",
        **parts("from_on", TODAY()),
        "legal": "ico",
        "authority": "Exampleshire",
        "carers": ["new"],
        "first_name": "Fay",
        "last_name": "Harbour",
        "phone": "07700 900123",
        "second_first_name": "Ari",
        "lines": HOME,
        "left": [str(family.sam.pk)],
        "kept": "everyone",
        "reason_everyone": "Nobody may know.",
        **more,
    }


def test_the_questions_then_everything_once_more_then_it_is_saved(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    consent_to_everything(family, by=cast.asha)
    client = signed_in(cast.asha)
    url = page(family, "placement-change", person=family.rowan.pk)
    assert "Sam Example (birth parent)" in client.get(url).content.decode()
    check = client.post(url, typed(family)).content.decode()
    for said in ("Until now", "From now on", "interim care order", "This goes on", "Not asked about film yet"):
        assert said in check
    assert not PlacementChange.objects.exists()
    assert 'value="Fay"' in client.post(url, {**typed(family), "again": "yes"}).content.decode()
    saved = client.post(url, {**typed(family), "confirmed": "yes"})
    row = PlacementChange.objects.get()
    assert saved.headers["Location"] == page(family, "placement", placement=row.pk)
    assert {person.first_name for person in row.carers.all()} == {"Fay", "Ari"}
    shown = client.get(saved.headers["Location"]).content.decode()
    assert "Fay Harbour" in shown
    assert HOME not in shown
    assert "07700 900123" not in shown
    client.post(page(family, "placement-strike", placement=row.pk), {"reason": "Another Rowan."})
    assert "Entered in error" in client.get(saved.headers["Location"]).content.decode()
    assert holders(family.rowan) == [family.sam]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    url = page(family, "placement-change", person=family.rowan.pk)
    empty = client.post(url, {"legal": ""}).content.decode()
    for said in ("Select what has changed", "Enter the day it changed", "Select from whom it is kept"):
        assert said in empty, said
    answers = (
        (typed(family, carers=[]), "Select"),
        (typed(family, carers=["nobody-of-that-id"]), "Select"),
        (typed(family, carers=["same", "new"]), "not both"),
        (typed(family, carers=["same"], second_first_name=""), "Select who cares for Rowan now"),
        (typed(family, first_name=""), "Enter their first name"),
        (
            typed(
                family,
                kind="step",
                keeps=str(family.sam.pk),
                carers=[str(family.sam.pk)],
                left=[],
                second_first_name="",
            ),
            "adopts",
        ),
        (typed(family, legal="adopted"), "Select"),
        (typed(family, postcode="nowhere"), "postcode"),
        (typed(family, kept="some"), "from which of them"),
        ({**typed(family), "from_on_year": "2999"}, "in the past"),
    )
    for data, said in answers:
        answer = client.post(url, {**data, "confirmed": "yes"})
        assert answer.status_code == 200
        assert said in answer.content.decode(), (said, answer.context["form"].errors)
        assert "Exampleshire" in answer.content.decode()
    assert not PlacementChange.objects.exists()
