"""What consent asks of a lead, and that it vanishes when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from families import actions, queries
from families.consent import Purpose, standings
from families.consent_tasks import consents_that_wait
from families.models import Consent, ConsentLength
from tests.cast import Cast, FamilyInTests, consent_to_everything, make_family
from tests.families.test_consent_rules import add_second_parent, record, standing

pytestmark = pytest.mark.django_db


def titles(cast: Cast) -> list[str]:
    return [task.title for task in consents_that_wait(cast.asha)]


def test_nobody_is_urged_to_ask_where_asking_has_not_begun(cast: Cast, family: FamilyInTests) -> None:
    assert titles(cast) == []
    record(cast, family.sam, family.sam)
    record(cast, family.sam, family.sam, purpose=Purpose.SHARED_REVIEW)
    assert titles(cast) == ["Consent to ask: Rowan", "Consent to ask: Nan"]


def test_an_objection_is_a_task_for_the_lead_until_they_agree(cast: Cast, consenting_family: FamilyInTests) -> None:
    family, alex = consenting_family, add_second_parent(consenting_family)
    actions.withdraw_consent(by=cast.asha, person=family.rowan, purpose=Purpose.FILM, said_by=alex, case=family.case)
    first = next(iter(consents_that_wait(cast.asha)))
    assert first.title == "Those who decide for Rowan differ: being filmed"
    assert (first.order, first.case_id) == (10, str(family.case.pk))
    assert "Those who decide differ" in [gap.label for gap in queries.case_header(family.case, cast.asha).gaps]
    assert not list(consents_that_wait(cast.ben))
    record(cast, family.rowan, alex)
    assert not [title for title in titles(cast) if "differ" in title]


def test_a_birth_asks_again_what_was_agreed_in_pregnancy(cast: Cast, family: FamilyInTests) -> None:
    family.rowan.date_of_birth, family.rowan.expected_on = None, timezone.localdate()
    family.rowan.save()
    record(cast, family.rowan, family.sam, decided_at=timezone.now() - timedelta(days=9))
    assert not [title for title in titles(cast) if "Rowan" in title]
    actions.record_birth(by=cast.asha, case=family.case, person=family.rowan, date_of_birth=timezone.localdate())
    assert "Rowan is born: ask again what was agreed in pregnancy" in titles(cast)
    record(cast, family.rowan, family.sam)
    assert not [title for title in titles(cast) if "born" in title]


@pytest.mark.parametrize(("days", "told"), [(29, False), (28, True), (0, True)])
def test_four_weeks_before_an_agreement_ends_somebody_is_told(
    cast: Cast, consenting_family: FamilyInTests, days: int, told: bool
) -> None:
    ends = timezone.localdate() + timedelta(days=days)
    record(cast, consenting_family.sam, consenting_family.sam, expires_on=ends)
    expected = f"Sam: an agreement runs out on {ends:%-d %b %Y}. Ask again in good time"
    assert (expected in titles(cast)) is told
    gaps = queries.case_header(consenting_family.case, cast.asha).gaps
    assert (("Consent runs out soon", ("Sam",)) in [(gap.label, gap.names) for gap in gaps]) is told


def test_an_agreement_that_has_run_out_is_asked_again(cast: Cast, consenting_family: FamilyInTests) -> None:
    made = record(cast, consenting_family.sam, consenting_family.sam)
    Consent.objects.filter(pk=made.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert "Sam: an agreement has run out. Ask whether it still holds" in titles(cast)


def test_agreements_end_when_the_service_has_set_that_they_do(cast: Cast, family: FamilyInTests) -> None:
    ConsentLength.objects.update_or_create(purpose=Purpose.FILM, defaults={"months": 6})
    at = timezone.now().replace(year=2026, month=8, day=31)
    at = min(at, timezone.now() - timedelta(hours=1))
    made = record(cast, family.sam, family.sam, decided_at=at)
    assert made.expires_on is not None
    assert 180 <= (made.expires_on - timezone.localtime(at).date()).days <= 184
    assert record(cast, family.sam, family.sam, purpose=Purpose.RESEARCH).expires_on is None
    assert record(cast, family.sam, family.sam, decision="refused").expires_on is None


@pytest.mark.parametrize("purpose", Purpose.values)
def test_taking_one_purpose_back_ends_it_at_once_and_no_other(cast: Cast, family: FamilyInTests, purpose: str) -> None:
    for each in Purpose.values:
        record(cast, family.sam, family.sam, purpose=each)
        record(cast, family.rowan, family.sam, purpose=each)
    actions.withdraw_consent(by=cast.asha, person=family.sam, purpose=purpose, said_by=family.sam, case=family.case)
    found = standings([family.sam, family.rowan], Purpose.values)
    stopped = {key for key, each in found.items() if not each.agreed}
    assert stopped == {(family.sam.pk, purpose)}


def test_the_tasks_take_as_many_queries_for_many_cases_as_for_one(
    django_assert_num_queries: object, cast: Cast
) -> None:
    for _ in range(3):
        consent_to_everything(make_family(cast.asha), by=cast.asha)
    with django_assert_num_queries(4):  # type: ignore[operator]
        list(consents_that_wait(cast.asha))


# --- Under sixteen, and what is found about deciding ------------------------------------------------------------


def young_sam(family: FamilyInTests) -> None:
    family.sam.date_of_birth = timezone.localdate() - timedelta(days=15 * 365)
    family.sam.save()


def find(cast: Cast, family: FamilyInTests, finding: str, **more: object) -> None:
    values = {"purposes": [Purpose.FILM], "reasons": "Told me in her own words what it is for.", **more}
    actions.record_ability(by=cast.asha, case=family.case, person=family.sam, finding=finding, **values)  # type: ignore[arg-type]


def test_a_caregiver_under_sixteen_decides_alone_once_it_is_written_down_that_she_can(
    cast: Cast, family: FamilyInTests
) -> None:
    young_sam(family)
    record(cast, family.sam, family.sam)
    assert standing(family.sam) == "not_alone"
    assert "Sam: settle who decides with them" in titles(cast)
    find(cast, family, "can")
    assert standing(family.sam) == "given"
    assert standing(family.sam, Purpose.SHARED_REVIEW) == "not_asked"
    find(cast, family, "cannot")
    assert standing(family.sam) == "not_alone"


def test_or_with_somebody_who_has_parental_responsibility_for_her(cast: Cast, family: FamilyInTests) -> None:
    young_sam(family)
    record(cast, family.sam, family.sam)
    values = {"by": cast.asha, "person": family.sam, "purpose": Purpose.FILM, "capacity": "parental"}
    actions.record_consent(**values, decision="given", decided_by_name="Pat Example, her mother")  # type: ignore[arg-type]
    assert standing(family.sam) == "given"
    actions.record_consent(**values, decision="refused", decided_by_name="pat example, her mother")  # type: ignore[arg-type]
    assert standing(family.sam) == "conflict"
    actions.withdraw_consent(by=cast.asha, person=family.sam, purpose=Purpose.FILM, said_by=family.sam)
    assert standing(family.sam) == "withdrawn"


def test_an_adult_is_presumed_able_until_it_is_found_otherwise(cast: Cast, family: FamilyInTests) -> None:
    record(cast, family.sam, family.sam)
    find(cast, family, "concern")
    assert standing(family.sam) == "given"  # a worry alone takes nobody's decision away
    find(cast, family, "cannot")
    verdict = standings([family.sam], [Purpose.FILM])[family.sam.pk, Purpose.FILM]
    assert verdict.sentence == "It was found that Sam cannot decide about being filmed at present."
    find(cast, family, "can")
    assert standing(family.sam) == "given"
