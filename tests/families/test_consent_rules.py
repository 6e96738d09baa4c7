"""Who may decide about film for whom, and what stops at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import OuterRef
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.models import AuditEvent
from families import actions, placements, registry, responsibility
from families.consent import Purpose, Standing, ask, standings
from families.models import Consent, LegalStatus, Membership, Person
from tests.cast import Cast, FamilyInTests, give_consent, lives_under, make_cast, make_family

Capacity = Consent.Capacity
Decision = Consent.Decision


def standing(person: Person, purpose: str = Purpose.FILM) -> str:
    return standings([person], [purpose])[person.pk, purpose].standing


def add_second_parent(family: FamilyInTests, answer: str = "yes") -> Person:
    alex = Person.objects.create(kind=Person.Kind.CAREGIVER, first_name="Alex", last_name="Example")
    Membership.objects.create(
        person=alex,
        family=family.family,
        relationship=Membership.Relationship.NON_BIRTH_PARENT,
        parental_responsibility=answer,
    )
    family.case.people.add(alex)
    return alex


@pytest.fixture
def told() -> Iterator[list[tuple[object, str]]]:
    """What the holders of films were told."""
    heard: list[tuple[object, str]] = []

    def holder(person: Person, purpose: str) -> None:
        heard.append((person.pk, purpose))

    registry.register_holder(holder)
    yield heard
    registry._holders.remove(holder)


def record(cast: Cast, person: Person, by: Person, decision: str = Decision.GIVEN, **more: object) -> Consent:
    own = by == person
    return actions.record_consent(
        by=cast.asha,
        person=person,
        purpose=more.pop("purpose", Purpose.FILM),  # type: ignore[arg-type]
        decision=decision,
        decided_by=by,
        capacity=Capacity.OWN if own else Capacity.PARENTAL,
        **more,  # type: ignore[arg-type]
    )


def test_a_caregiver_without_parental_responsibility_decides_for_themselves(cast: Cast, family: FamilyInTests) -> None:
    record(cast, family.nan, family.nan)
    assert standing(family.nan) == Standing.GIVEN


def test_a_holder_of_parental_responsibility_decides_for_the_baby(cast: Cast, family: FamilyInTests) -> None:
    record(cast, family.rowan, family.sam)
    assert standing(family.rowan) == Standing.GIVEN
    event = AuditEvent.objects.get(verb="consent.recorded")
    assert event.case_id == ""
    assert event.family_id == str(family.family.pk)
    assert "Rowan" not in str(event.detail)


def test_somebody_without_parental_responsibility_cannot_decide_for_the_baby(cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="does not have parental responsibility"):
        record(cast, family.rowan, family.nan)
    assert not Consent.objects.exists()


def test_unknown_parental_responsibility_is_settled_first(cast: Cast, family: FamilyInTests) -> None:
    alex = add_second_parent(family, "unknown")
    with pytest.raises(ValidationError, match="Settle that under People first"):
        record(cast, family.rowan, alex)


def test_nobody_decides_for_another_adult(cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="decides for themselves"):
        record(cast, family.nan, family.sam)


def say_as_the_authority(
    cast: Cast, family: FamilyInTests, decision: str = Decision.GIVEN, name: str = "J. Officer"
) -> None:
    actions.record_consent(
        by=cast.asha,
        person=family.rowan,
        purpose=Purpose.FILM,
        decision=decision,
        capacity=Capacity.AUTHORITY,
        decided_by_name=name,
    )


def test_the_local_authority_decides_with_a_name(cast: Cast, family: FamilyInTests) -> None:
    lives_under(family, "fco")
    with pytest.raises(ValidationError, match="speaks for the local authority"):
        say_as_the_authority(cast, family, name="  ")
    say_as_the_authority(cast, family, name="J. Officer, social worker")
    assert standing(family.rowan) == Standing.GIVEN


@pytest.mark.parametrize("kind", ["s20", "police", "so", "adopted", "proceedings"])
def test_an_authority_without_an_order_that_shares_responsibility_decides_nothing(
    cast: Cast, family: FamilyInTests, kind: str
) -> None:
    lives_under(family, kind)
    with pytest.raises(ValidationError, match="no order shares parental responsibility"):
        say_as_the_authority(cast, family)


@pytest.mark.parametrize("adopted", [False, True])
@pytest.mark.parametrize("kind", LegalStatus.Kind.values)
def test_the_page_and_the_arithmetic_agree_about_the_authority(family: FamilyInTests, kind: str, adopted: bool) -> None:
    lives_under(family, kind)
    if adopted:
        lives_under(family, "adopted")
    asked = Person.objects.filter(pk=family.rowan.pk, kind="infant")
    counted = asked.filter(responsibility.shared_with_authority(OuterRef("pk"))).exists()
    assert counted is placements.shared_with_authority(family.rowan)
    assert counted is (kind in placements.SHARED_WITH_AUTHORITY and not adopted)


def test_what_the_authority_decided_ends_with_its_order(cast: Cast, family: FamilyInTests) -> None:
    order = lives_under(family, "ico")
    say_as_the_authority(cast, family)
    assert standing(family.rowan) == Standing.GIVEN
    order.until_on = timezone.localdate() - timedelta(days=1)
    order.save()
    assert standing(family.rowan) == Standing.NOT_ASKED


def test_after_an_adoption_order_only_the_adoptive_parents_decide(cast: Cast, family: FamilyInTests) -> None:
    lives_under(family, "placement")
    say_as_the_authority(cast, family)
    record(cast, family.rowan, family.sam)
    assert standing(family.rowan) == Standing.GIVEN
    lives_under(family, "adopted")
    assert standing(family.rowan) == Standing.NOT_ASKED
    with pytest.raises(ValidationError, match="does not have parental responsibility"):
        record(cast, family.rowan, family.sam)
    with pytest.raises(ValidationError, match="no order shares parental responsibility"):
        say_as_the_authority(cast, family)
    adopter = add_second_parent(family)
    Membership.objects.filter(person=adopter).update(relationship="adoptive_parent")
    record(cast, family.rowan, adopter)
    assert standing(family.rowan) == Standing.GIVEN


def test_a_special_guardian_decides_while_the_order_stands(cast: Cast, family: FamilyInTests) -> None:
    guardian = add_second_parent(family)
    Membership.objects.filter(person=guardian).update(relationship="special_guardian")
    order = lives_under(family, "sgo")
    record(cast, family.rowan, guardian)
    assert standing(family.rowan) == Standing.GIVEN
    order.until_on = timezone.localdate() - timedelta(days=1)
    order.save()
    assert standing(family.rowan) == Standing.NOT_ASKED


@pytest.mark.parametrize(
    ("relationship", "counts"), [("kinship_carer", False), ("grandparent", False), ("non_birth_parent", True)]
)
def test_a_carer_who_has_left_decides_no_longer_and_a_parent_who_moved_out_does(
    cast: Cast, family: FamilyInTests, relationship: str, counts: bool
) -> None:
    carer = add_second_parent(family)
    Membership.objects.filter(person=carer).update(relationship=relationship)
    record(cast, family.rowan, carer)
    assert standing(family.rowan) == Standing.GIVEN
    Membership.objects.filter(person=carer).update(until_on=timezone.localdate() - timedelta(days=1))
    assert standing(family.rowan) == (Standing.GIVEN if counts else Standing.NOT_ASKED)


def test_the_local_authority_is_one_voice_whoever_speaks_for_it(cast: Cast, family: FamilyInTests) -> None:
    lives_under(family, "fco")
    for name, decision in (("J. Officer", Decision.REFUSED), ("K. Officer", Decision.GIVEN)):
        say_as_the_authority(cast, family, decision, name)
    assert standing(family.rowan) == Standing.GIVEN


def test_one_holder_who_says_no_stops_it_whatever_the_other_said(cast: Cast, family: FamilyInTests) -> None:
    alex = add_second_parent(family)
    record(cast, family.rowan, family.sam)
    record(cast, family.rowan, alex, Decision.REFUSED)
    assert standing(family.rowan) == Standing.CONFLICT
    assert not ask([family.rowan], Purpose.FILM).allowed


def test_what_somebody_decided_who_turns_out_not_to_hold_responsibility_does_not_count(
    cast: Cast, family: FamilyInTests, told: list[tuple[object, str]]
) -> None:
    record(cast, family.rowan, family.sam)
    told.clear()
    actions.edit_person(by=cast.asha, case=family.case, person=family.sam, changes={"parental_responsibility": "no"})
    assert standing(family.rowan) == Standing.NOT_ASKED
    assert (family.rowan.pk, Purpose.FILM) in told


def test_what_is_agreed_in_pregnancy_is_asked_again_at_birth(cast: Cast, family: FamilyInTests) -> None:
    family.rowan.date_of_birth, family.rowan.expected_on = None, timezone.localdate() + timedelta(weeks=3)
    family.rowan.save()
    record(cast, family.rowan, family.sam, decided_at=timezone.now() - timedelta(days=2))
    assert standing(family.rowan) == Standing.GIVEN
    actions.record_birth(by=cast.asha, case=family.case, person=family.rowan, date_of_birth=timezone.localdate())
    assert standing(family.rowan) == Standing.NOT_ASKED


def test_a_decision_before_the_birth_is_asked_again(cast: Cast, family: FamilyInTests) -> None:
    made = give_consent(family.rowan, Purpose.FILM, by=cast.asha, decided_by=family.sam)
    made.decided_at = timezone.now() - timedelta(weeks=12)
    made.save()
    assert standing(family.rowan) == Standing.NOT_ASKED


def test_a_decision_cannot_lie_in_the_future(cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="in the past"):
        record(cast, family.sam, family.sam, decided_at=timezone.now() + timedelta(minutes=5))


def test_an_agreement_with_an_end_runs_out_by_itself(cast: Cast, family: FamilyInTests) -> None:
    record(cast, family.sam, family.sam, expires_on=timezone.localdate())
    assert standing(family.sam) == Standing.GIVEN
    tomorrow = timezone.now() + timedelta(days=1)
    assert standings([family.sam], [Purpose.FILM], now=tomorrow)[family.sam.pk, Purpose.FILM].standing == (
        Standing.EXPIRED
    )


def test_a_spoken_decision_was_heard_by_whoever_wrote_it_down(cast: Cast, family: FamilyInTests) -> None:
    assert record(cast, family.sam, family.sam).witness == "Asha Practitioner"
    assert record(cast, family.sam, family.sam, evidence=Consent.Evidence.PAPER).witness == ""


def test_withdrawing_counts_at_once_and_tells_whoever_holds_the_films(
    cast: Cast, family: FamilyInTests, told: list[tuple[object, str]]
) -> None:
    record(cast, family.sam, family.sam)
    told.clear()
    actions.withdraw_consent(
        by=cast.asha, person=family.sam, purpose=Purpose.FILM, said_by=family.sam, case=family.case
    )
    assert standing(family.sam) == Standing.WITHDRAWN
    assert told == [(family.sam.pk, Purpose.FILM)]
    row = Consent.objects.get()
    assert (row.decision, row.withdrawn_by) == (Decision.GIVEN, "Sam Example")
    assert AuditEvent.objects.filter(verb="consent.withdrawn", case_id=str(family.case.pk)).count() == 1


def test_one_holder_takes_back_only_what_they_said(cast: Cast, family: FamilyInTests) -> None:
    alex = add_second_parent(family)
    record(cast, family.rowan, family.sam)
    record(cast, family.rowan, alex)
    actions.withdraw_consent(by=cast.asha, person=family.rowan, purpose=Purpose.FILM, said_by=alex)
    assert standing(family.rowan) == Standing.CONFLICT


def test_a_holder_who_was_never_asked_can_say_stop(cast: Cast, family: FamilyInTests) -> None:
    alex = add_second_parent(family)
    record(cast, family.rowan, family.sam)
    actions.withdraw_consent(by=cast.asha, person=family.rowan, purpose=Purpose.FILM, said_by=alex)
    assert standing(family.rowan) == Standing.CONFLICT
    assert Consent.objects.get(decided_by=alex).decision == Decision.REFUSED


def test_anybody_may_say_stop_for_the_baby(cast: Cast, family: FamilyInTests) -> None:
    alex = add_second_parent(family)
    record(cast, family.rowan, family.sam)
    record(cast, family.rowan, alex)
    actions.withdraw_consent(by=cast.asha, person=family.rowan, purpose=Purpose.FILM, said_by="Nan, in the room")
    assert standing(family.rowan) == Standing.WITHDRAWN


def test_what_does_not_stand_cannot_be_taken_back(cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="no agreement stands"):
        actions.withdraw_consent(by=cast.asha, person=family.sam, purpose=Purpose.FILM, said_by="Sam")


def test_asking_again_after_a_withdrawal_starts_anew(cast: Cast, family: FamilyInTests) -> None:
    record(cast, family.sam, family.sam)
    actions.withdraw_consent(by=cast.asha, person=family.sam, purpose=Purpose.FILM, said_by=family.sam)
    record(cast, family.sam, family.sam)
    assert standing(family.sam) == Standing.GIVEN
    assert Consent.objects.count() == 2


def test_a_birth_asks_for_consent_again_and_tells_holders(
    cast: Cast, family: FamilyInTests, told: list[tuple[object, str]]
) -> None:
    family.rowan.date_of_birth, family.rowan.expected_on = None, timezone.localdate()
    family.rowan.save()
    actions.record_birth(
        by=cast.asha, case=family.case, person=family.rowan, date_of_birth=timezone.localdate(), first_name="Rowan"
    )
    assert (family.rowan.pk, Purpose.FILM) in told
    assert standing(family.rowan) == Standing.NOT_ASKED


# --- The arithmetic, for any order of events ----------------------------------------------------------

EVENTS = st.lists(
    st.tuples(st.sampled_from(["sam", "alex", "authority", "nan"]), st.sampled_from(["given", "refused", "withdrawn"])),
    max_size=8,
)


class ConsentArithmetic(TestCase):
    """One refusal or withdrawal among the latest words of those who may decide always stops it."""

    @settings(max_examples=40, deadline=None)
    @given(events=EVENTS)
    def test_a_child_is_filmed_only_while_everyone_who_decided_agrees(self, events: list[tuple[str, str]]) -> None:
        cast = make_cast()
        family = make_family(cast.asha)
        alex = add_second_parent(family)
        people = {"sam": family.sam, "alex": alex, "nan": family.nan}
        lives_under(family, "fco")
        start = timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=30), time(9)))
        latest: dict[str, str] = {}
        for number, (who, what) in enumerate(events):
            at = start + timedelta(hours=number)
            made = give_consent(family.rowan, Purpose.FILM, by=cast.asha, decided_by=people.get(who, family.sam))
            made.decided_at = at
            made.decision = "refused" if what == "refused" else "given"
            made.withdrawn_at = at + timedelta(minutes=1) if what == "withdrawn" else None
            if who == "authority":
                made.capacity, made.decided_by, made.decided_by_name = Capacity.AUTHORITY, None, f"Officer {number}"
            made.save()
            if who != "nan":  # holds no parental responsibility: what is said for the baby does not count
                latest[who] = what
        agreed = bool(latest) and set(latest.values()) == {"given"}
        assert ask([family.rowan], Purpose.FILM).allowed is agreed
        if not latest:
            assert standing(family.rowan) == Standing.NOT_ASKED
        elif "given" in latest.values() and not agreed:
            assert standing(family.rowan) == Standing.CONFLICT

    @settings(max_examples=25, deadline=None)
    @given(answers=st.lists(st.booleans(), min_size=1, max_size=6))
    def test_an_adults_last_word_rules(self, answers: list[bool]) -> None:
        cast = make_cast()
        family = make_family(cast.asha)
        start = timezone.now() - timedelta(days=1)
        for number, agrees in enumerate(answers):
            made = give_consent(family.nan, Purpose.FILM, by=cast.asha)
            made.decided_at = start + timedelta(minutes=number)
            made.decision = "given" if agrees else "refused"
            made.save()
        assert ask([family.nan], Purpose.FILM).allowed is answers[-1]


def test_silence_is_not_consent(family: FamilyInTests) -> None:
    verdict = ask([family.rowan, family.sam], Purpose.FILM, Purpose.SHARED_REVIEW)
    assert not verdict.allowed
    assert len(verdict.reasons) == 4
    assert not ask([], Purpose.FILM).allowed


def test_where_everybody_stands_is_one_query(
    django_assert_num_queries: object, cast: Cast, consenting_family: FamilyInTests
) -> None:
    people = [consenting_family.rowan, consenting_family.sam, consenting_family.nan]
    with django_assert_num_queries(1):  # type: ignore[operator]
        standings(people, Purpose.values)
