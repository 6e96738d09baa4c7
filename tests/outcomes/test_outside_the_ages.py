"""A measure for babies of other ages: not forbidden, and never used so without saying why."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families.models import Person
from outcomes.actions import askings
from outcomes.actions.scores import Given, record_score
from outcomes.definitions import BadDefinition, Definition
from outcomes.forms.measures import MeasureForm, as_boxes
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


# --- Weeks, where weeks were published ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "outside"),
    [(41, True), (42, False), (60, False), (7 * 31, False), (9 * 31, True)],
)
def test_piios_is_for_babies_from_six_weeks(db: None, days: int, outside: bool) -> None:
    piios = MeasureVersion.objects.get(measure__key="piios")
    on = date(2025, 3, 1)
    rowan = Person(kind=Person.Kind.INFANT, first_name="Rowan", date_of_birth=on - timedelta(days=days))
    said = why_outside(piios, rowan, on)
    assert bool(said) == outside
    assert not outside or said.endswith("The PIIOS is made for babies of 6 weeks to 7 months.")


def test_mors_has_no_first_week_since_none_is_published(db: None) -> None:
    mors = MeasureVersion.objects.get(measure__key="mors-sf")
    on = date(2025, 3, 1)
    born = Person(kind=Person.Kind.INFANT, first_name="Rowan", date_of_birth=on - timedelta(days=3))
    assert why_outside(mors, born, on) == ""
    old = Person(kind=Person.Kind.INFANT, first_name="Rowan", date_of_birth=date(2024, 1, 1))
    assert why_outside(mors, old, on).endswith("is made for babies of up to 12 months.")
    unborn = Person(kind=Person.Kind.INFANT, first_name="Rowan", expected_on=date(2025, 6, 1))
    assert why_outside(mors, unborn, on).startswith("Rowan is not born yet.")


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ({}, ""),
        ({"weeks_from": 1}, "from 1 week"),
        ({"weeks_from": 6, "months_to": 7}, "6 weeks to 7 months"),
        ({"months_from": 2}, "from 2 months"),
        ({"months_from": 0, "months_to": 12}, "0 to 12 months"),
        ({"months_to": 12}, "up to 12 months"),
    ],
)
def test_ages_are_said_as_they_were_published(kpcs: MeasureVersion, ages: dict[str, int], words: str) -> None:
    content = {**kpcs.content, "months_from": None, "months_to": None, **ages}
    assert Definition.of(content).age_in_words == words


@pytest.mark.parametrize("ages", [{"weeks_from": 6, "months_from": 1}, {"weeks_from": 40, "months_to": 7}])
def test_ages_that_contradict_one_another_are_no_definition(kpcs: MeasureVersion, ages: dict[str, int]) -> None:
    with pytest.raises(BadDefinition, match="age"):
        Definition.of({**kpcs.content, "months_from": None, **ages})


def test_weeks_survive_the_form_in_which_a_measure_is_edited(db: None) -> None:
    piios = MeasureVersion.objects.get(measure__key="piios").definition
    boxes = as_boxes(piios)
    form = MeasureForm({key: value for key, value in boxes.items() if value is not None}, initial=boxes)
    assert form.is_valid(), form.errors
    assert Definition.of(form.content).age_in_words == "6 weeks to 7 months"


# --- Services that began with other ages -------------------------------------------------------------------------

migration = importlib.import_module("outcomes.migrations.0007_ages_in_weeks")


def as_shipped_before(key: str) -> MeasureVersion:
    version = MeasureVersion.objects.get(measure__key=key)
    before = {"piios": {"months_from": 1}, "mors-sf": {"months_from": 0}}[key]
    content = {**version.content, **before}
    del content["weeks_from"]
    if key == "mors-sf":
        content["note"] = "Higher warmth and lower invasion are easier. No cut-offs are published here."
    MeasureVersion.objects.filter(pk=version.pk).update(content=content)
    return version


def migrate() -> None:
    migration.say_the_published_ages(apps, None)


@pytest.mark.parametrize("key", ["piios", "mors-sf"])
def test_a_shipped_version_is_followed_by_one_with_the_published_ages(db: None, key: str) -> None:
    now = MeasureVersion.objects.get(measure__key=key).definition
    first = as_shipped_before(key)
    migrate()
    migrate()
    latest = MeasureVersion.objects.filter(measure__key=key).order_by("version").last()
    assert latest is not None
    assert latest.version == 2
    assert latest.definition == now, "as a new service has it"
    first.refresh_from_db()
    assert first.content["months_from"] is not None, "what scores were given under stays"


def test_what_a_service_wrote_itself_stays(db: None, cast: Cast) -> None:
    first = as_shipped_before("piios")
    MeasureVersion.objects.filter(pk=first.pk).update(recorded_by=cast.carol)
    mors = as_shipped_before("mors-sf")
    MeasureVersion.objects.filter(pk=mors.pk).update(content={**mors.content, "months_from": 2})
    migrate()
    assert MeasureVersion.objects.filter(measure__key__in=["piios", "mors-sf"]).count() == 2


def test_a_new_service_has_them_from_the_start(db: None) -> None:
    migrate()
    assert MeasureVersion.objects.filter(measure__key__in=["piios", "mors-sf"]).count() == 2
