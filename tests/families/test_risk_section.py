"""The staff-only risk section: how risk stands, flags, concerns step by step, and what was shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import actions, queries, registry
from families.models import InformationShared, RiskFlag, RiskReview
from families.risk import COLOURS
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]


def dated(**days: object) -> dict[str, str]:
    """Three boxes for each date."""
    boxes = {}
    for name, day in days.items():
        for part in ("day", "month", "year"):
            boxes[f"{name}_{part}"] = str(getattr(day, part))
    return boxes


def test_risk_has_five_states_of_which_not_assessed_is_the_first(cast: Cast, family: FamilyInTests) -> None:
    assert list(COLOURS) == list(RiskReview.Level.values)
    assert len(COLOURS) == 5
    assert queries.case_header(family.case, cast.asha).risk == "not assessed"


def test_a_review_is_in_the_header_in_words_with_its_dates_and_earlier_ones_stay(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    today = timezone.localdate()
    url = reverse("families:risk-review", args=[family.case.pk])
    client = signed_in(cast.asha)
    asked = {"level": "medium", "grounds": "Two calls to the police in a month."}
    missing = client.post(url, asked | dated(reviewed_on=today)).content.decode()
    assert "on which it is looked at again" in missing
    assert "Two calls to the police" in missing
    done = client.post(url, asked | dated(reviewed_on=today, due_on=today + timedelta(days=14)))
    assert done.status_code == 302
    text = queries.case_header(family.case, cast.asha).risk
    due = today + timedelta(days=14)
    assert text == f"medium, reviewed {today:%-d %b}, review due {due:%-d %b}"
    actions.review_risk(
        by=cast.asha, case=family.case, level="low", grounds="Moved away.", reviewed_on=today, due_on=due
    )
    page = client.get(reverse("families:risk", args=[family.case.pk])).content.decode()
    assert "Earlier reviews" in page
    assert "Two calls to the police" in page
    assert queries.case_header(family.case, cast.asha).risk.startswith("low")


def test_a_review_that_is_due_is_asked_of_the_lead_and_vanishes_when_it_is_done(
    cast: Cast, family: FamilyInTests
) -> None:
    today = timezone.localdate()

    def asked() -> list[str]:
        return [task.kind for task in registry.tasks_for(cast.asha) if task.kind == "risk"]

    def review(on: int, due: int) -> None:
        actions.review_risk(
            by=cast.asha,
            case=family.case,
            level="high",
            grounds="Seen.",
            reviewed_on=today + timedelta(days=on),
            due_on=today + timedelta(days=due),
        )

    review(-14, -1)
    assert asked() == ["risk"]
    assert not [task for task in registry.tasks_for(cast.carol) if task.kind == "risk"]
    review(0, 14)
    assert asked() == []


def test_a_flag_is_on_every_page_of_the_case_until_somebody_says_why_it_no_longer_holds(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client, today = signed_in(cast.asha), timezone.localdate()
    url = reverse("families:risk-flag", args=[family.case.pk])
    assert client.post(url, {"text": "Two workers at every visit", **dated(review_on=today)}).status_code == 302
    people = reverse("families:people", args=[family.case.pk])
    assert "Two workers at every visit" in client.get(people).content.decode()
    assert "still hold?" in " ".join(task.title for task in registry.tasks_for(cast.asha))
    flag = RiskFlag.objects.get()
    down = reverse("families:risk-flag-down", args=[family.case.pk, flag.pk])
    assert "Enter why it no longer holds" in client.post(down, {"resolution": " "}).content.decode()
    client.post(down, {"resolution": "The dog is gone."})
    flag.refresh_from_db()
    assert (flag.resolved_by, flag.resolution) == (cast.asha, "The dog is gone.")
    assert "Two workers" not in client.get(people).content.decode()
    with pytest.raises(ValidationError):
        actions.resolve_flag(by=cast.carol, flag=flag, resolution="Again.")


def test_a_concern_goes_step_by_step_and_nothing_of_it_is_rewritten(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    concern = actions.add_concern(by=cast.asha, case=family.case, text="Bruise on the arm.")
    url = reverse("families:risk-entry", args=[family.case.pk, concern.pk])
    for kind, text in (
        ("discussed", "Carol, manager: agrees."),
        ("decision", "Ring the front door today."),
        ("action", "Rang at 14:10, reference given."),
    ):
        assert signed_in(cast.asha).post(url, {"kind": kind, "text": text}).status_code == 302
    page = signed_in(cast.carol).get(reverse("families:risk", args=[family.case.pk])).content.decode()
    places = [page.index(words) for words in ("Bruise", "Carol, manager", "front door", "Rang at 14:10")]
    assert places == sorted(places)
    actions.settle_concern(by=cast.asha, concern=concern, outcome="Child in need plan.")
    with pytest.raises(ValidationError):
        actions.add_entry(by=cast.asha, concern=concern, kind="action", text="Later.")


def test_what_was_shared_says_what_with_whom_why_and_on_what_basis(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    url = reverse("families:risk-shared", args=[family.case.pk])
    asked = {
        "with_whom": "Children’s services, front door",
        "what": "The bruise, and when it was seen.",
        "why": "To keep Rowan safe.",
        "basis": "consent",
        "family_told": "no",
        **dated(shared_on=timezone.localdate()),
    }
    refused = client.post(url, asked).content.decode()
    assert "Enter who agreed, and how" in refused
    assert "Enter why the family was not told" in refused
    kept = asked | {"basis": "safeguarding", "not_told_why": "Telling would put Sam in danger."}
    assert client.post(url, kept).status_code == 302
    shared = InformationShared.objects.get()
    assert (shared.basis, shared.family_told, shared.recorded_by) == ("safeguarding", False, cast.asha)
    assert (
        "Telling would put Sam in danger."
        in client.get(reverse("families:risk", args=[family.case.pk])).content.decode()
    )
