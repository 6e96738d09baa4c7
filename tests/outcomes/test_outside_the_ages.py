"""A measure for babies of other ages: not forbidden, and never used so without saying why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families.models import Person
from outcomes.actions import askings
from outcomes.actions.scores import Given, record_score
from outcomes.models import Asking, MeasureVersion, Score
from outcomes.windows import why_outside
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]
WHY = "Nothing else is licensed here for a toddler."


@pytest.fixture
def kpcs(db: None) -> MeasureVersion:
    """From 0 to 12 months, one total, no questions of its own."""
    return MeasureVersion.objects.get(measure__key="kpcs")


@pytest.fixture
def toddler(family: FamilyInTests) -> Person:
    family.rowan.date_of_birth = timezone.localdate() - timedelta(days=430)
    family.rowan.save()
    return family.rowan


def posted(family: FamilyInTests, on: date | None = None, **more: str) -> dict[str, str]:
    day = on or timezone.localdate()
    return {
        "respondent": str(family.sam.pk),
        "about_infant": str(family.rowan.pk),
        "completed_on_day": str(day.day),
        "completed_on_month": str(day.month),
        "completed_on_year": str(day.year),
        "occasion": "baseline",
        "value_total": "41",
        **more,
    }


def add_url(family: FamilyInTests) -> str:
    return reverse("outcomes:score-add", kwargs={"case": family.case.pk, "measure": "kpcs"})


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2025, 3, 1), ""),  # born that day
        (date(2024, 2, 2), ""),  # twelve months and some weeks: still twelve completed months
        (date(2024, 2, 1), "Rowan’s age: 13 months."),
        (date(2025, 3, 2), "Rowan was not born yet on that day."),
    ],
)
def test_the_window_is_of_completed_months_on_the_day(kpcs: MeasureVersion, born: date, said: str) -> None:
    rowan = Person(kind=Person.Kind.INFANT, first_name="Rowan", date_of_birth=born)
    expected = f"{said} The KPCS is made for babies of 0 to 12 months." if said else ""
    assert why_outside(kpcs, rowan, date(2025, 3, 1)) == expected


def test_a_measure_without_ages_fits_everybody_and_one_with_ages_no_baby_to_come(kpcs: MeasureVersion) -> None:
    phq = MeasureVersion.objects.get(measure__key="phq-9")
    old = Person(kind=Person.Kind.INFANT, first_name="Rowan", date_of_birth=date(2001, 1, 1))
    assert why_outside(phq, old, date(2025, 3, 1)) == ""
    unborn = Person(kind=Person.Kind.INFANT, first_name="Rowan", expected_on=date(2025, 6, 1))
    assert why_outside(kpcs, unborn, date(2025, 3, 1)).startswith("Rowan is not born yet.")


def test_a_baby_of_the_right_age_is_asked_nothing_more(
    cast: Cast, family: FamilyInTests, kpcs: MeasureVersion, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    assert "Why is it used all the same?" not in client.get(add_url(family)).content.decode()
    assert client.post(add_url(family), posted(family)).status_code == 302
    assert Score.objects.get().outside_ages_why == ""


def test_outside_the_ages_the_reason_is_asked_for_kept_and_shown_and_nothing_typed_is_lost(
    cast: Cast, family: FamilyInTests, toddler: Person, kpcs: MeasureVersion, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    assert "Rowan’s age: 14 months. The KPCS is made for babies of 0 to 12 months." in (
        client.get(add_url(family)).content.decode()
    )
    page = client.post(add_url(family), posted(family))
    said = page.content.decode()
    assert page.status_code == 200
    assert "Enter why it is used all the same" in said
    assert 'value="41"' in said
    assert not Score.objects.exists()
    assert client.post(add_url(family), posted(family, outside_ages_why=WHY)).status_code == 302
    score = Score.objects.get()
    assert score.outside_ages_why == WHY
    for name, more in (("score", {"score": score.pk}), ("goals", {})):
        page = client.get(reverse(f"outcomes:{name}", kwargs={"case": family.case.pk, **more}))
        assert WHY in page.content.decode()


def test_an_old_paper_counts_by_the_day_it_was_filled_in(
    cast: Cast, family: FamilyInTests, toddler: Person, kpcs: MeasureVersion, signed_in: SignedIn
) -> None:
    then = timezone.localdate() - timedelta(days=200)
    answer = signed_in(cast.asha).post(add_url(family), posted(family, then, outside_ages_why="Not needed"))
    assert answer.status_code == 302
    assert Score.objects.get().outside_ages_why == ""


def test_a_questionnaire_is_asked_for_with_a_reason_and_answered_without_another(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    pbq = MeasureVersion.objects.get(measure__key="pbq")
    pbq.content = {**pbq.content, "months_from": 0, "months_to": 1}
    pbq.measure.active = True
    pbq.measure.save()
    MeasureVersion.objects.filter(pk=pbq.pk).update(content=pbq.content)
    client, url = signed_in(cast.asha), reverse("outcomes:ask", kwargs={"case": family.case.pk})
    data = {"what": "pbq", "person": str(family.sam.pk), "way": "together", "occasion": "baseline"}
    assert "Enter why it is used all the same" in client.post(url, data).content.decode()
    assert client.post(url, {**data, "outside_ages_why": WHY}).status_code == 302
    asking = Asking.objects.get()
    assert asking.outside_ages_why == WHY
    asking.answers = {str(number): "0" for number in range(1, 26)}
    asking.save()
    askings.send(asking=asking)
    assert Score.objects.get().outside_ages_why == WHY


def test_the_action_itself_asks_for_it(
    cast: Cast, family: FamilyInTests, toddler: Person, kpcs: MeasureVersion
) -> None:
    given = Given(respondent=family.sam, about_caregiver=family.sam, about_infant=toddler)
    with pytest.raises(ValidationError) as told:
        record_score(by=cast.asha, case=family.case, version=kpcs, given=given, figures={"total": 40})
    assert set(told.value.message_dict) == {"outside_ages_why"}
