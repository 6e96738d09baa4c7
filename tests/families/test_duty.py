"""What has to be looked at today reaches whoever is on duty, and climbs until somebody answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import duty
from families.duty import climbing, messages, rota
from families.models import Alert, DutyShift
from outbox import registry, sending
from outbox.models import Message
from tests.cast import Cast, FamilyInTests

SignedIn = Callable[[User], Client]
Level = Alert.Level


@pytest.fixture(autouse=True)
def _no_old_counts() -> None:
    cache.clear()


def on(person: User, *, by: User, deputy: User | None = None, **more: object) -> DutyShift:
    """On duty from an hour ago for eight hours."""
    now = timezone.now()
    span = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=7)}
    return rota.put_on_duty(by=by, person=person, deputy=deputy, **span, **more)[0]  # type: ignore[arg-type]


def raised(family: FamilyInTests, by: User, **more: object) -> Alert:
    return duty.alert(by=by, case=family.case, kind="critical", title="A critical answer to PHQ-9", **more)  # type: ignore[arg-type]


def told(alert: Alert) -> list[tuple[str, int]]:
    return [(notice.user.get_short_name(), notice.level) for notice in alert.notices.select_related("user")]


# --- Telling ------------------------------------------------------------------------------------------------


def test_whoever_is_on_duty_is_told_by_e_mail_and_by_text_without_a_word_about_the_family(
    cast: Cast, family: FamilyInTests
) -> None:
    on(cast.ben, by=cast.carol, phone="+447700900123")
    alert = raised(family, cast.asha, detail="Sam answered question 9.")
    assert told(alert) == [("Ben", Level.DUTY)]
    posted = {message.channel: message for message in Message.objects.all()}
    assert {channel: message.to for channel, message in posted.items()} == {
        "email": cast.ben.email,
        "sms": "+447700900123",
    }
    content = messages.write(posted["email"])
    for words in (content.subject, content.body, content.sms):
        assert "alert" in words
        assert not re.search(r"Sam|Rowan|VIG-|PHQ|question|http://testserver", words)


def test_with_nobody_on_duty_the_managers_of_the_team_hear_at_once_and_it_is_said(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    alert = raised(family, cast.asha)
    assert told(alert) == [("Carol", Level.MANAGERS)]
    page = signed_in(cast.carol).get(reverse("families:alert", args=[alert.pk])).content.decode()
    assert "Nobody was on duty" in page


def test_the_rota_of_the_team_goes_before_the_rota_of_every_team(cast: Cast, family: FamilyInTests) -> None:
    on(cast.ben, by=cast.carol)
    on(cast.asha, by=cast.carol, team=cast.north)
    assert told(raised(family, cast.carol)) == [("Asha", Level.DUTY)]


def test_the_same_matter_is_told_once_while_it_waits(cast: Cast, family: FamilyInTests) -> None:
    on(cast.ben, by=cast.carol)
    first = raised(family, cast.asha, subject=family.sam)
    assert raised(family, cast.asha, subject=family.sam) == first
    duty.acknowledge(by=cast.ben, alert=first)
    assert raised(family, cast.asha, subject=family.sam) != first


def test_an_alert_of_a_transaction_that_is_undone_was_never_told(cast: Cast, family: FamilyInTests) -> None:
    def undone() -> None:
        with transaction.atomic():
            raised(family, cast.asha)
            raise RuntimeError

    on(cast.ben, by=cast.carol)
    with pytest.raises(RuntimeError):
        undone()
    assert not Alert.objects.exists()
    assert not Message.objects.exists()


# --- Climbing -----------------------------------------------------------------------------------------------


def test_an_unanswered_alert_goes_to_the_deputy_and_then_to_the_managers(cast: Cast, family: FamilyInTests) -> None:
    on(cast.ben, by=cast.carol, deputy=cast.sue)
    alert = raised(family, cast.asha)
    assert climbing.climb(alert.raised_at + timedelta(minutes=14)) == 0
    climbing.climb(alert.raised_at + timedelta(minutes=15))
    assert told(alert) == [("Ben", Level.DUTY), ("Sue", Level.DEPUTY)]
    climbing.climb(alert.raised_at + timedelta(minutes=29))
    assert len(told(alert)) == 2
    climbing.climb(alert.raised_at + timedelta(minutes=30))
    assert told(alert)[2:] == [("Carol", Level.MANAGERS)]
    assert climbing.climb(alert.raised_at + timedelta(hours=3)) == 0
    assert AuditEvent.objects.filter(verb="alert.climbed").count() == 2


def test_without_a_deputy_the_managers_hear_when_the_deputy_would_have(cast: Cast, family: FamilyInTests) -> None:
    on(cast.ben, by=cast.carol)
    alert = raised(family, cast.asha)
    climbing.climb(alert.raised_at + timedelta(minutes=15))
    assert told(alert) == [("Ben", Level.DUTY), ("Carol", Level.MANAGERS)]


def test_whoever_comes_on_duty_takes_over_what_nobody_answered(cast: Cast, family: FamilyInTests) -> None:
    shift = on(cast.ben, by=cast.carol)
    alert = raised(family, cast.asha)
    shift.delete()
    on(cast.sue, by=cast.carol)
    climbing.climb()
    assert told(alert) == [("Ben", Level.DUTY), ("Sue", Level.DUTY)]


def test_an_answered_alert_climbs_no_further_and_what_was_not_sent_yet_is_not_sent(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    on(cast.ben, by=cast.carol, deputy=cast.sue)
    alert = raised(family, cast.asha)
    response = signed_in(cast.ben).post(reverse("families:alert", args=[alert.pk]), {"answer": "I am ringing Sam."})
    assert response.status_code == 302
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.answer) == (cast.ben, "I am ringing Sam.")
    assert climbing.climb(alert.raised_at + timedelta(hours=1)) == 0
    message = Message.objects.get()
    assert registry.why_not(message) == "Somebody has answered the alert already."
    assert sending.send(message.pk) == Message.State.NOT_SENT
    with pytest.raises(ValidationError):
        duty.acknowledge(by=cast.carol, alert=alert)


def test_thresholds_are_the_services_own(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    url = reverse("families:duty-rules")
    asked = {"deputy_after": "20", "managers_after": "5", "out_of_hours": "Call 111."}
    refused = signed_in(cast.carol).post(url, asked).content.decode()
    assert "told after the deputy" in refused
    assert signed_in(cast.carol).post(url, asked | {"deputy_after": "2"}).status_code == 302
    on(cast.ben, by=cast.carol, deputy=cast.sue)
    alert = raised(family, cast.asha)
    climbing.climb(alert.raised_at + timedelta(minutes=2))
    assert len(told(alert)) == 2
    DutyShift.objects.all().delete()
    assert "Call 111." in signed_in(cast.asha).get(reverse("families:duty")).content.decode()


# --- Where it is seen ---------------------------------------------------------------------------------------


def test_a_banner_without_names_is_on_every_page_until_it_is_answered(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, django_capture_on_commit_callbacks: Callable
) -> None:
    on(cast.ben, by=cast.carol)
    ben, asha = signed_in(cast.ben), signed_in(cast.asha)
    assert "wait" not in ben.get(reverse("families:list")).content.decode().partition("<main")[0].split("app-alert")[-1]
    with django_capture_on_commit_callbacks(execute=True):
        alert = raised(family, cast.asha)
    banner = re.search(
        r'<section class="app-alert".*?</section>', ben.get(reverse("families:list")).content.decode(), re.S
    )
    assert banner
    assert "1 alert waits for you" in banner[0]
    assert not re.search("Sam|Rowan|PHQ|VIG-", banner[0])
    assert "app-alert" not in asha.get(reverse("families:list")).content.decode()
    assert "A critical answer to PHQ-9" in ben.get(reverse("desk:my-day")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        duty.acknowledge(by=cast.ben, alert=alert)
    assert "app-alert" not in ben.get(reverse("families:list")).content.decode()


def test_somebody_of_another_team_on_duty_sees_the_alert_and_not_the_record(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    on(cast.ben, by=cast.carol)
    alert = raised(family, cast.asha, url=reverse("families:risk", args=[family.case.pk]))
    page = signed_in(cast.ben).get(reverse("families:alert", args=[alert.pk])).content.decode()
    assert reverse("families:break-glass", args=[family.case.pk]) in page
    assert reverse("families:risk", args=[family.case.pk]) not in page
    assert "Rowan" not in page


def test_it_is_said_where_no_message_can_leave(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, settings, tmp_path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    said = "Nobody is told of an alert outside this service"
    assert said in signed_in(cast.asha).get(reverse("families:duty")).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert said not in signed_in(cast.asha).get(reverse("families:duty")).content.decode()


# --- The rota -----------------------------------------------------------------------------------------------


def test_a_manager_writes_a_fortnight_of_working_days_at_once(cast: Cast, signed_in: SignedIn) -> None:
    asked = {
        "person": cast.asha.pk,
        "deputy": cast.ben.pk,
        "team": cast.north.pk,
        "on_day": "23",  # a Friday; two days later the clocks go back
        "on_month": "10",
        "on_year": "2026",
        "starts": "9:00",
        "ends": "17:00",
        "until_day": "30",
        "until_month": "10",
        "until_year": "2026",
    }
    response = signed_in(cast.carol).post(reverse("families:shift-add"), asked)
    assert response.status_code == 302, response.content.decode()
    shifts = DutyShift.objects.all()
    begins = [timezone.localtime(shift.starts_at) for shift in shifts]
    assert [f"{each:%d %H:%M}" for each in begins] == [f"{day} 09:00" for day in (23, 26, 27, 28, 29, 30)]
    assert {timezone.localtime(shift.ends_at).hour for shift in shifts} == {17}


def test_a_night_ends_on_the_next_day_and_stands_on_both(cast: Cast) -> None:
    monday = date(2026, 11, 23)
    begins = timezone.make_aware(datetime(2026, 11, 23, 20))
    rota.put_on_duty(by=cast.carol, person=cast.asha, starts_at=begins, ends_at=begins + timedelta(hours=12))
    assert [bool(day.shifts) for day in rota.week_of(monday)] == [True, True, *[False] * 5]


def test_two_people_are_never_on_duty_for_the_same_team_at_once(cast: Cast) -> None:
    on(cast.asha, by=cast.carol, team=cast.north)
    with pytest.raises(ValidationError, match="Asha Practitioner is on duty then already"):
        on(cast.ben, by=cast.carol, team=cast.north)
    on(cast.ben, by=cast.carol, team=cast.south)


def test_the_week_asked_for_may_be_nonsense(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    for week in ("nonsense", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert client.get(reverse("families:duty"), {"week": week}).status_code == 200
