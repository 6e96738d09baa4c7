"""The service's measures are its own to edit: a change is a new version, and nothing half-right is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.registry import settings_pages_for
from outcomes.definitions import Definition
from outcomes.forms.measures import MeasureForm, as_boxes
from outcomes.models import Measure, MeasureVersion
from outcomes.shipped import put_in_place, shipped
from tests.cast import Cast

SignedIn = Callable[[User], Client]
SHIPPED = {row["key"]: Definition.of(row["content"]) for row in shipped()}


def boxes(key: str, **more: Any) -> dict[str, Any]:
    """What the browser sends when nothing is changed."""
    found = as_boxes(SHIPPED[key])
    found = {name: value for name, value in found.items() if value is not None and value is not False}
    return {name: value for name, value in found.items() if name not in {"keys", "missing_source"}} | more


@pytest.mark.parametrize("key", SHIPPED)
def test_a_definition_goes_into_the_boxes_and_back_unchanged(key: str) -> None:
    form = MeasureForm(boxes(key), initial=as_boxes(SHIPPED[key]))
    assert form.is_valid(), form.errors
    back = Definition.of(form.content)
    assert back == SHIPPED[key]


def test_a_service_puts_in_the_wording_that_it_is_licensed_for(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.carol)
    url = reverse("outcomes:measure-edit", kwargs={"measure": "kpcs"})
    assert "free of charge" in client.get(url).content.decode()
    pasted = boxes(
        "kpcs",
        questions="\n".join(f"Licensed question {number}" for number in range(1, 16)),
        answers="0 = Never\n1 = Seldom\n2 = Often\n3 = Always",
        scores="Total | 0 to 45 | 1-15",
        not_applicable="1 = 2, 9 = 2",
    )
    assert client.post(url, pasted).status_code == 302
    newer = MeasureVersion.objects.get(measure__key="kpcs", version=2)
    assert newer.has_questions
    assert newer.definition.items[8].not_applicable == 2
    assert newer.recorded_by == cast.carol
    assert MeasureVersion.objects.get(measure__key="kpcs", version=1).content != newer.content


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"scores": "Total | 0 to 27 | 1-10"}, "must count questions that are there"),
        ({"scores": ""}, "Enter at least one score"),
        ({"cut_offs": "Total | from ten | Moderate | K"}, "is not a number"),
        ({"cut_offs": "Total | from 10 | Moderate"}, "is not a whole line"),
        ({"cut_offs": "Other | from 10 | Moderate | K"}, "belongs to no score"),
        ({"critical": "12 | 0 | 3 | Harm"}, "is not one of its questions"),
        ({"answers": "Not at all"}, "is not an answer with its figure"),
        ({"reversed_items": "3, ten"}, "is not a whole number"),
        ({"reversed_items": "40"}, "There is no question 40"),
        ({"licence": " "}, "Enter its licence"),
    ],
)
def test_what_does_not_hang_together_is_told_and_nothing_is_kept(
    cast: Cast, signed_in: SignedIn, change: dict[str, str], told: str
) -> None:
    url = reverse("outcomes:measure-edit", kwargs={"measure": "phq-9"})
    page = signed_in(cast.dev).post(url, boxes("phq-9", **change))
    assert page.status_code == 200
    assert told in page.content.decode()
    assert "Little interest or pleasure" in page.content.decode(), "what was typed stays"
    assert MeasureVersion.objects.filter(measure__key="phq-9").count() == 1


def test_a_measure_is_turned_on_and_allowed_by_link(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.dev)
    client.post(reverse("outcomes:measure", kwargs={"measure": "phq-9"}), {"critical_by_link": "on"})
    row = Measure.objects.get(key="phq-9")
    assert (row.active, row.critical_by_link) == (False, True)
    client.post(reverse("outcomes:measure", kwargs={"measure": "hads"}), {"active": "on", "critical_by_link": "on"})
    hads = Measure.objects.get(key="hads")
    assert (hads.active, hads.critical_by_link) == (True, False), "it asks about no harm"
    assert "yes" in client.get(reverse("outcomes:measures")).content.decode().lower()


def test_a_new_measure_begins_turned_off(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.dev).post(
        reverse("outcomes:measure-add"),
        boxes("epds", name="Our own scale", short_name="PHQ 9", critical="", cut_offs="", scores="Total"),
    )
    assert page.status_code == 302
    row = Measure.objects.get(key="phq-9-2")
    assert not row.active


def test_the_settings_lead_there(cast: Cast) -> None:
    assert "outcomes:measures" in [page.url_name for page in settings_pages_for(cast.carol)]
    assert "outcomes:measures" not in [page.url_name for page in settings_pages_for(cast.asha)]


def test_shipping_again_leaves_what_the_service_made_of_it(cast: Cast) -> None:
    Measure.objects.filter(key="pbq").update(active=False)
    put_in_place(Measure, MeasureVersion)
    assert not Measure.objects.get(key="pbq").active
    assert MeasureVersion.objects.filter(measure__key="pbq").count() == 1
