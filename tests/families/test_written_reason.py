"""Opening a record for a written reason: loud, short, and never a way to find out who is known here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions, registry
from families.models import BreakGlass, Case
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]
REASON = "Asha is ill and the family rang in distress."


def test_a_record_opens_for_an_hour_by_its_reference(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.ben)
    case = reverse("families:case", kwargs={"case": family.case.pk})
    assert client.get(case).status_code == 404
    answer = client.post(
        reverse("families:glass-find"), {"reference": family.family.reference.lower(), "reason": REASON, "film": "no"}
    )
    assert answer.url == case
    page = client.get(case)
    assert page.status_code == 200
    assert "Opened for a written reason" in page.content.decode()
    glass = BreakGlass.objects.get()
    assert (glass.reason, glass.film, glass.until - glass.at) == (REASON, False, timedelta(hours=1))
    BreakGlass.objects.update(until=timezone.now())
    assert client.get(case).status_code == 404


def test_breaking_glass_is_audited_and_so_is_each_look_through_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.ben)
    client.post(reverse("families:break-glass", kwargs={"case": family.case.pk}), {"reason": REASON, "film": "yes"})
    client.get(reverse("families:case", kwargs={"case": family.case.pk}))
    broken = AuditEvent.objects.get(verb="glass.broken")
    assert broken.detail == {"film": True}
    assert AuditEvent.objects.get(verb="case.opened").detail == {"broken_glass": True}
    assert REASON not in str(broken.__dict__)


@pytest.mark.parametrize("reason", ["", "short", "   " + "x" * 10])
def test_a_reason_is_a_sentence(reason: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    answer = signed_in(cast.ben).post(
        reverse("families:glass-find"), {"reference": family.family.reference, "reason": reason, "film": "no"}
    )
    assert answer.status_code == 200
    assert not BreakGlass.objects.exists()


def test_nothing_tells_whether_a_record_exists_before_a_reason_is_given(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.ben)
    there = client.get(reverse("families:break-glass", kwargs={"case": family.case.pk}))
    not_there = client.get(reverse("families:break-glass", kwargs={"case": uuid.uuid4()}))
    assert there.status_code == not_there.status_code == 200

    def bare(response: object) -> str:
        html = response.content.decode()  # type: ignore[attr-defined]
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|data-csrf="[^"]+"|/cases/[0-9a-f-]{36}/', "", html)

    assert bare(there) == bare(not_there)
    short = {"reference": family.family.reference, "reason": "short", "film": "no"}
    wrong = {**short, "reference": "VIG-AAA-AAA"}
    find = reverse("families:glass-find")
    said = [bare(client.post(find, data)) for data in (short, wrong)]
    assert "There is no record" not in said[1]


def test_looking_for_what_does_not_exist_is_written_down(
    cast: Cast, signed_in: SignedIn, family: FamilyInTests
) -> None:
    answer = signed_in(cast.ben).post(
        reverse("families:glass-find"), {"reference": "VIG-AAA-AAA", "reason": REASON, "film": "no"}
    )
    assert "is written down" in answer.content.decode()
    assert AuditEvent.objects.get(verb="glass.not_found").subject_id == "VIG-AAA-AAA"


def test_the_managers_of_the_team_find_it_on_their_day_until_one_has_read_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    glass = actions.break_glass(by=cast.ben, case=family.case, reason=REASON)

    def waiting(user: User) -> list[str]:
        return [task.url for task in registry.tasks_for(user) if task.kind == "access"]

    url = reverse("families:glass-notice", kwargs={"glass": glass.pk})
    assert waiting(cast.carol) == [url]
    assert waiting(cast.asha) == []
    carol = signed_in(cast.carol)
    assert REASON in carol.get(url).content.decode()
    carol.post(url)
    assert waiting(cast.carol) == []
    glass.refresh_from_db()
    assert glass.seen_by == cast.carol
    assert signed_in(cast.asha).get(url).status_code == 403


def test_nobody_reads_their_own_reason(cast: Cast, family: FamilyInTests) -> None:
    glass = actions.break_glass(by=cast.carol, case=family.case, reason=REASON, film=True)
    assert not [task for task in registry.tasks_for(cast.carol) if task.kind == "access"]
    with pytest.raises(ValidationError, match="Somebody else"):
        actions.confirm_glass_seen(by=cast.carol, glass=glass)


def test_a_trainee_cannot_break_glass(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    assert signed_in(cast.tess).get(reverse("families:glass-find")).status_code == 403
    with pytest.raises(ValidationError):
        actions.break_glass(by=cast.tess, case=family.case, reason=REASON)


def test_a_manager_asks_for_the_films_of_a_case_they_see(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.carol)
    ask = reverse("families:break-glass", kwargs={"case": family.case.pk})
    assert ask in client.get(reverse("families:case", kwargs={"case": family.case.pk})).content.decode()
    client.post(ask, {"reason": REASON, "film": "yes"})
    assert BreakGlass.objects.get().film


def test_what_was_opened_can_be_closed_at_once(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.dev)
    client.post(reverse("families:glass-find"), {"reference": family.family.reference, "reason": REASON, "film": "no"})
    close = reverse("families:glass-close", kwargs={"case": family.case.pk})
    assert client.get(close).status_code == 200
    client.post(close)
    assert not Case.objects.visible_to(cast.dev).exists()
    assert AuditEvent.objects.filter(verb="glass.closed").count() == 1
    assert client.get(close).status_code == 404
