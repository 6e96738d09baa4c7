"""Sessions: planned or written down in one step, with who came by the NHS codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from families import registry
from families.models import Person
from sessions import actions
from sessions.forms import came_field
from sessions.models import Attendance, VigSession
from sessions.queries import next_session, sessions_between
from tests.cast import Cast, FamilyInTests, consent_to_everything, make_family

SignedIn = Callable[[User], Client]
Status = VigSession.Status


def typed(family: FamilyInTests, when: datetime, cast: Cast, codes: str = "000", **changed: Any) -> dict[str, Any]:
    local = timezone.localtime(when)
    return {
        "kind": "filming",
        "on_day": local.day,
        "on_month": local.month,
        "on_year": local.year,
        "at": f"{local:%H:%M}",
        "minutes": 60,
        "place": "home",
        "practitioner": cast.asha.pk,
        **{came_field(p): code for p, code in zip((family.rowan, family.sam, family.nan), codes, strict=True)},
        **changed,
    }


def log(
    cast: Cast, family: FamilyInTests, when: datetime, codes: dict[Person, str] | None = None, **more: Any
) -> VigSession:
    facts: dict[str, Any] = {"kind": "filming", "place": "home", "practitioner": cast.asha, **more}
    return actions.log_session(by=cast.asha, case=family.case, starts_at=when, codes=codes, **facts)


def test_a_session_to_come_is_planned_and_stands_in_the_header(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    tomorrow = timezone.now() + timedelta(days=1)
    url = reverse("vig_sessions:log", kwargs={"case": family.case.pk})
    client.post(url, typed(family, tomorrow, cast, place="hub", place_detail="Riverside Family Hub"))
    session = VigSession.objects.get()
    assert session.status == Status.PLANNED
    assert next_session(family.case) == session
    page = client.get(reverse("families:people", kwargs={"case": family.case.pk})).content.decode()
    assert f"Filming, {session.when}, at Riverside Family Hub" in page


def test_a_session_that_was_is_held_when_somebody_was_seen(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    url = reverse("vig_sessions:log", kwargs={"case": family.case.pk})
    signed_in(cast.asha).post(url, typed(family, yesterday, cast, "563"))
    session = VigSession.objects.get()
    assert session.status == Status.HELD
    assert dict(session.attendances.values_list("person__first_name", "code")) == {"Rowan": "5", "Sam": "6", "Pat": "3"}


def test_nobody_has_come_to_what_has_not_begun(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    url = reverse("vig_sessions:log", kwargs={"case": family.case.pk})
    said = signed_in(cast.asha).post(url, typed(family, timezone.now() + timedelta(days=1), cast, "500"))
    assert "has not begun" in said.content.decode()
    assert not VigSession.objects.exists()


@given(codes=st.lists(st.sampled_from(Attendance.Code.values), max_size=5), past=st.booleans())
def test_how_a_session_stands_follows_from_who_came(codes: list[str], past: bool) -> None:
    now = timezone.now()
    people = {Person(first_name=str(number)): code for number, code in enumerate(codes)}
    start = now - timedelta(hours=2) if past else now + timedelta(hours=2)
    said = set(codes)
    if not past and said & {"5", "6", "7", "3"}:
        with pytest.raises(ValidationError):
            actions.status_of(start, people, now=now)
        return
    status = actions.status_of(start, people, now=now)
    assert (status == Status.HELD) is bool(said & {"5", "6"})
    if said and said <= {"2", "4"}:
        assert status == Status.CANCELLED
    if said == {"3"}:
        assert status == Status.MISSED
    if not said or said == {"0"}:
        assert status == Status.PLANNED


def test_a_session_is_changed_and_its_history_kept(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    session = log(cast, family, timezone.now() - timedelta(hours=3), {family.sam: "0"})
    client = signed_in(cast.asha)
    url = reverse("vig_sessions:session-edit", kwargs={"session": session.pk})
    form = client.get(url).content.decode()
    assert "Say how it went" in form
    data = typed(family, session.starts_at, cast, "550", **{came_field(family.nan): "none"})
    client.post(url, data)
    session.refresh_from_db()
    assert session.status == Status.HELD
    assert session.history.count() == 2
    assert not session.attendances.filter(person=family.nan).exists()


def test_cancelling_says_who_cancelled(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    session = log(cast, family, timezone.now() + timedelta(days=2), {family.sam: "0", family.rowan: "0"})
    client = signed_in(cast.asha)
    url = reverse("vig_sessions:session-cancel", kwargs={"session": session.pk})
    assert "Select who cancels" in client.post(url, {"csrfmiddlewaretoken": "x"}).content.decode()
    client.post(url, {"who": "family"})
    session.refresh_from_db()
    assert session.status == Status.CANCELLED
    assert set(session.attendances.values_list("code", flat=True)) == {"2"}
    assert next_session(family.case) is None
    assert client.get(url).status_code == 302


def test_only_people_of_the_case_come_to_its_sessions(cast: Cast, family: FamilyInTests) -> None:
    stranger = make_family(cast.ben).sam
    with pytest.raises(ValidationError, match="Only people of this case"):
        log(cast, family, timezone.now(), {stranger: "0"})
    with pytest.raises(ValidationError, match="does not work with families"):
        log(cast, family, timezone.now(), practitioner=cast.dev)


def test_filming_waits_until_the_baby_is_born(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    family.rowan.date_of_birth, family.rowan.expected_on = None, timezone.localdate()
    family.rowan.save()
    url = reverse("vig_sessions:log", kwargs={"case": family.case.pk})
    data = typed(family, timezone.now() + timedelta(days=1), cast)
    client = signed_in(cast.asha)
    assert "Filming waits until the baby is born" in client.post(url, data).content.decode()
    assert client.post(url, {**data, "kind": "engagement"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"on_day": "32"},
        {"on_year": "9999"},
        {"on_year": "1066"},
        {"at": "25:99"},
        {"minutes": "0"},
        {"minutes": "9" * 40},
        {"minutes": "é"},
        {"kind": "\x00"},
        {"practitioner": "🍼"},
        {"cycle": "00000000-0000-0000-0000-000000000000"},
        {"place_detail": "x" * 5000},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(
    wrong: dict[str, str], cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("vig_sessions:log", kwargs={"case": family.case.pk})
    data = typed(family, timezone.now() + timedelta(days=1), cast, **wrong)
    answer = signed_in(cast.asha).post(url, data)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not VigSession.objects.exists()


def test_a_session_over_asks_how_it_went_until_it_is_said(cast: Cast, family: FamilyInTests) -> None:
    session = log(cast, family, timezone.now() - timedelta(hours=5), {family.sam: "0"})

    def waiting(user: User) -> list[str]:
        return [task.title for task in registry.tasks_for(user) if task.kind == "session"]

    assert waiting(cast.asha) == ["Say how it went: filming with Rowan"]
    assert waiting(cast.carol) == []
    actions.change_session(
        by=cast.asha, session=session, kind="filming", place="home", starts_at=session.starts_at,
        practitioner=cast.asha, minutes=60, codes={family.sam: "5"},
    )  # fmt: skip
    assert waiting(cast.asha) == []


def test_a_session_of_somebody_who_left_is_asked_of_whoever_leads_the_case(cast: Cast, family: FamilyInTests) -> None:
    VigSession.objects.create(
        case=family.case, kind="filming", place="home", practitioner=cast.ben,
        starts_at=timezone.now() - timedelta(hours=5),
    )  # fmt: skip

    def waiting() -> list[str]:
        return [task.title for task in registry.tasks_for(cast.asha) if task.kind == "session"]

    assert waiting() == []  # it is Ben's to say
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert waiting() == ["Say how it went: filming with Rowan"]


def test_consent_still_to_ask_is_a_task_before_filming(cast: Cast, family: FamilyInTests) -> None:
    log(cast, family, timezone.now() + timedelta(days=3), {family.sam: "0", family.rowan: "0"})

    def waiting() -> list[str]:
        return [task.title for task in registry.tasks_for(cast.asha) if task.kind == "consent"]

    assert waiting() == ["Consent to settle: Rowan and Sam"]
    consent_to_everything(family, by=cast.asha)
    assert waiting() == []


def test_a_day_costs_the_same_whatever_is_on_it(
    django_assert_max_num_queries: Callable[[int], Any], cast: Cast, family: FamilyInTests
) -> None:
    now = timezone.now().replace(hour=12)
    for number in range(6):
        other = make_family(cast.asha)
        log(cast, other, now + timedelta(minutes=number), {other.sam: "0"} if number % 2 else None)
    with django_assert_max_num_queries(5):
        found = sessions_between(cast.asha, timezone.localtime(now).date())
        assert len(found) == 6
        assert all(item.who and item.name == "Rowan" for item in found)


def test_another_teams_session_does_not_exist(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    session = log(cast, family, timezone.now())
    for name in ("session", "session-edit", "session-cancel"):
        url = reverse(f"vig_sessions:{name}", kwargs={"session": session.pk})
        assert signed_in(cast.ben).get(url).status_code == 404
