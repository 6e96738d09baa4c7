"""Things to do for a family: written down, on the day of whoever they are for, and gone when they are done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import actions, registry
from families.models import CaseTask
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]


def on_the_day_of(user: User) -> list[str]:
    return [task.title for task in registry.tasks_for(user) if task.kind == "task"]


def test_a_task_is_on_the_day_of_whoever_leads_or_of_whoever_it_is_for(cast: Cast, family: FamilyInTests) -> None:
    actions.add_task(by=cast.carol, case=family.case, title="Ring the health visitor")
    actions.add_task(by=cast.asha, case=family.case, title="Read the plan", person=cast.carol)
    assert on_the_day_of(cast.asha) == ["Ring the health visitor"]
    assert on_the_day_of(cast.carol) == ["Read the plan"]
    family.case.lead = cast.carol
    family.case.save()
    assert on_the_day_of(cast.carol) == ["Read the plan", "Ring the health visitor"]


def test_a_task_is_written_changed_done_and_opened_again(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client, case = signed_in(cast.asha), family.case.pk
    header = client.get(reverse("families:case", args=[case])).content.decode()
    assert reverse("families:task-add", args=[case]) in header
    empty = client.post(reverse("families:task-add", args=[case]), {"title": " ", "detail": "On the phone"})
    assert "Enter what is to be done" in empty.content.decode()
    assert "On the phone" in empty.content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    due = {f"due_on_{part}": str(getattr(yesterday, part)) for part in ("day", "month", "year")}
    client.post(reverse("families:task-add", args=[case]), {"title": "Ring Nan", **due})
    task = CaseTask.objects.get()
    page = client.get(reverse("families:tasks", args=[case])).content.decode()
    assert "Overdue" in page
    client.post(
        reverse("families:task-edit", args=[case, task.pk]), {"title": "Ring Nan at noon", "person": cast.ina.pk}
    )
    task.refresh_from_db()
    assert (task.title, task.person, task.due_on) == ("Ring Nan at noon", cast.ina, None)
    done = reverse("families:task-done", args=[case, task.pk])
    client.post(done)
    task.refresh_from_db()
    assert task.done_by == cast.asha
    assert on_the_day_of(cast.ina) == []
    assert "Done: Ring Nan at noon" in client.get(reverse("families:case", args=[case])).content.decode()
    client.post(done, {"undo": "1"})
    assert on_the_day_of(cast.ina) == ["Ring Nan at noon"]


def test_somebody_of_another_team_cannot_be_given_a_task(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    asked = {"title": "Ring Nan", "person": cast.ben.pk}
    answer = signed_in(cast.asha).post(reverse("families:task-add", args=[family.case.pk]), asked)
    assert answer.status_code == 200
    assert not CaseTask.objects.exists()


def test_the_tab_shows_what_the_record_asks_for_by_itself(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    actions.raise_flag(by=cast.asha, case=family.case, text="Dog", review_on=timezone.localdate())
    page = signed_in(cast.asha).get(reverse("families:tasks", args=[family.case.pk])).content.decode()
    assert "still hold?" in page
    flag = family.case.risk_flags.get()
    actions.resolve_flag(by=cast.asha, flag=flag, resolution="Gone.")
    page = signed_in(cast.asha).get(reverse("families:tasks", args=[family.case.pk])).content.decode()
    assert "still hold?" not in page
