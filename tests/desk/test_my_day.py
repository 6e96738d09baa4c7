"""My day shows each role what it may see, and where to begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from desk.day import GROUPS, grouped
from families.models import Case
from families.registry import Task
from sessions.actions import log_session
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]


def page(client: Client) -> str:
    return " ".join(client.get(reverse("desk:my-day")).content.decode().split())


def test_a_practitioner_sees_their_sessions_with_place_people_and_needs(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    family.sam.language, family.sam.interpreter_needed = "Polish", True
    family.sam.save()
    log_session(
        by=cast.asha, case=family.case, kind="filming", place="hub", place_detail="Riverside Family Hub",
        starts_at=timezone.localtime().replace(hour=13, minute=0), practitioner=cast.asha, codes={family.sam: "0"},
    )  # fmt: skip
    said = page(signed_in(cast.asha))
    assert "Filming: Rowan" in said
    assert "11 weeks; with Sam (Birth parent). At Riverside Family Hub." in said
    assert "Sam: interpreter: Polish" in said
    assert "Filming: Rowan" not in page(signed_in(cast.ben))


def test_managers_and_intake_see_the_sessions_of_families_they_may_open(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    log_session(
        by=cast.asha, case=family.case, kind="filming", place="home",
        starts_at=timezone.localtime().replace(hour=13, minute=0), practitioner=cast.asha,
    )  # fmt: skip
    for user in (cast.carol, cast.ina):
        said = page(signed_in(user))
        assert "Filming: Rowan" in said
        assert "Asha Practitioner" in said


def test_the_administrator_sees_no_family(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    said = page(signed_in(cast.dev))
    assert "Rowan" not in said
    assert "shows nothing of any family" in said
    assert reverse("desk:health") in said
    assert reverse("families:glass-find") in said


def test_an_empty_day_says_what_would_be_there(cast: Cast, signed_in: SignedIn) -> None:
    said = page(signed_in(cast.asha))
    assert "No session today" in said
    assert "Nothing waits for you" in said


def test_a_case_that_nobody_leads_waits_for_the_manager(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    family.case.lead = None
    family.case.save()
    assert "Choose who leads the work with Rowan" in page(signed_in(cast.carol))
    assert "Choose who leads" not in page(signed_in(cast.asha))


def test_a_baby_whose_day_has_passed_waits_for_the_lead(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    family.rowan.date_of_birth = None
    family.rowan.expected_on = timezone.localdate() - timedelta(days=3)
    family.rowan.save()
    assert "Has Rowan been born? (was due 3 days ago)" in page(signed_in(cast.asha))
    Case.objects.get(pk=family.case.pk)
    assert "been born?" not in page(signed_in(cast.carol))


def test_tasks_are_grouped_with_the_most_pressing_first() -> None:
    tasks = [
        Task("a", "/a", "erase", 10),
        Task("b", "/b", "film", 15),
        Task("c", "/c", "erase", 40),
        Task("d", "/d", "odd", 50),
    ]
    assert [(group.label, len(group.tasks)) for group in grouped(tasks)] == [
        (GROUPS["erase"], 2),
        (GROUPS["film"], 1),
        ("Odd", 1),
    ]
