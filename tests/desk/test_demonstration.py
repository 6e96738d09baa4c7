"""The demonstration: made up, whole, loaded once, and never in production."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.demonstration import PASSWORD, PEOPLE, PIN
from accounts.models import User
from clips.models import Recording, VideoJob
from desk.demo import film
from families import duty, nhs, waiting_list
from families.consent import Purpose, Standing, ask, standings
from families.models import (
    Adoption,
    Alert,
    Case,
    CaseTask,
    Consultation,
    InformationShared,
    Merge,
    Person,
    Restriction,
    RiskConcern,
    RiskFlag,
    RiskReview,
    Signature,
)
from families.protection import hidden_from
from referrals.models import Meeting, Referral
from sessions.models import Cycle


def seed(*args: str) -> str:
    said = io.StringIO()
    call_command("seed_demo", *args, stdout=said)
    return said.getvalue()


@pytest.fixture
def demonstration(db: None) -> str:
    return seed("--films", "0")


def test_everybody_signs_in_and_is_printed(demonstration: str) -> None:
    assert User.objects.count() == len(PEOPLE)
    for email, name, role in PEOPLE:
        user = User.objects.get(email=email)
        assert (user.name, user.role) == (name, role)
        assert user.check_password(PASSWORD)
        assert user.check_pin(PIN)
        assert email in demonstration
    assert PASSWORD in demonstration
    assert len(demonstration.splitlines()) < 15


def test_it_is_loaded_once(demonstration: str, django_assert_num_queries: object) -> None:
    cases = Case.objects.count()
    with django_assert_num_queries(1):  # type: ignore[operator]
        again = seed("--if-empty")
    assert again == demonstration
    assert Case.objects.count() == cases
    with pytest.raises(CommandError, match="empty database"):
        seed()


def test_it_is_never_loaded_in_production(db: None, settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never loaded in production"):
        seed("--if-empty")
    assert not User.objects.exists()


def test_it_shows_every_kind_of_family_and_standing(demonstration: str) -> None:
    assert Person.objects.infants().filter(date_of_birth__isnull=True).exists()
    assert {person.memberships.get().relationship for person in Person.objects.caregivers()} >= {
        "birth_parent",
        "non_birth_parent",
        "foster_carer",
        "grandparent",
        "special_guardian",
        "adoptive_parent",
    }
    assert Case.objects.filter(lead__isnull=True).exists()
    assert Case.objects.closed().exists()
    born = [person for person in Person.objects.all() if not person.unborn]
    found = {each.standing for each in standings(born, Purpose.values).values()}
    assert found >= {Standing.GIVEN, Standing.REFUSED, Standing.CONFLICT, Standing.NOT_ASKED}
    assert Person.objects.filter(interpreter_needed=True).exists()
    assert Cycle.objects.filter(closed_at__isnull=False).exists()
    assert Person.objects.infants().filter(families__cases__people__kind="infant").exists()


def test_its_nhs_numbers_are_of_nobody(demonstration: str) -> None:
    numbers = [number for number in Person.objects.values_list("nhs_number", flat=True) if number]
    assert numbers
    assert all(number.startswith("999") and not nhs.problem_with(number) for number in numbers)


@pytest.mark.film
def test_its_film_goes_in_by_the_real_way(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "SECONDS", 2)
    monkeypatch.setattr("desk.demo.sending.send.__kwdefaults__", {"seconds": 2})
    seed("--films", "1")
    recording = Recording.objects.get()
    assert recording.upload.sha256
    assert ask(recording.people.all(), Purpose.FILM, Purpose.SHARED_REVIEW).allowed
    assert VideoJob.objects.get().state == VideoJob.State.QUEUED


@pytest.mark.film
def test_its_film_is_one_that_browsers_play(tmp_path: Path) -> None:
    from clips.media import probe

    made = film.make(tmp_path / "film.mp4", caption="Demonstration film 1", seconds=2)
    examined = probe.probe(made)
    assert examined.plays_directly
    assert (examined.width, examined.height) == (film.WIDTH, film.HEIGHT)


def test_it_shows_guarded_records(demonstration: str) -> None:
    ivy, dan = Person.objects.get(first_name="Ivy"), Person.objects.get(known_as="Dan", last_name="Foxglove")
    robin = Person.objects.get(first_name="Robin", last_name="Foxglove")
    assert hidden_from(dan, *dan.families.all()).hides(ivy)
    assert {each.standing for each in standings([robin], [Purpose.FILM]).values()} == {Standing.CONFLICT}
    assert {signature.signed_by for signature in Signature.objects.all()} == {ivy, dan}
    assert Merge.objects.undoable().filter(kept=dan).exists()
    restriction = Restriction.objects.standing().exclude(family__adoptions_from__isnull=False).get()
    ben, carol = (User.objects.get(email=f"{name}@demo.example") for name in ("ben", "carol"))
    assert not Case.objects.visible_to(ben).filter(family=restriction.family).exists()
    assert Case.objects.visible_to(carol).filter(family=restriction.family).exists()
    adoption = Adoption.objects.get()
    assert Case.objects.visible_to(ben).filter(family=adoption.family).exists()
    assert not Case.objects.visible_to(ben).filter(family=adoption.earlier_family).exists()
    assert not Adoption.objects.visible_to(ben).exists()


def test_it_shows_a_referral_in_every_state_and_a_meeting_that_decided(demonstration: str) -> None:
    assert set(Referral.objects.values_list("state", flat=True)) == set(Referral.State.values)
    meeting = Meeting.objects.get()
    assert meeting.ended_at is not None
    assert meeting.items.filter(decision__isnull=True).count() == 0
    carol = User.objects.get(email="carol@demo.example")
    assert any(row.away for row in waiting_list.page_of(carol, 1).object_list), "somebody waits who is away"


def test_it_shows_duty_risk_and_what_waits(demonstration: str) -> None:
    asha = User.objects.get(email="asha@demo.example")
    on = duty.on_duty(asha.team)
    assert on is not None
    assert (on.person, bool(on.deputy)) == (asha, True)
    assert duty.rules().out_of_hours != type(duty.rules())().out_of_hours
    assert Alert.objects.open().filter(kind="referral").exists(), "a referral that tells of danger"
    waiting = Alert.objects.open().get(kind="critical-answer")
    assert waiting.notices.filter(user=asha).exists()
    assert "critical answer" in waiting.title
    assert Alert.objects.filter(acknowledged_at__isnull=False).exclude(answer="").exists()
    assert RiskFlag.objects.filter(resolved_at__isnull=True).exists()
    assert RiskReview.objects.filter(due_on__lt=timezone.localdate()).exists()
    assert RiskReview.objects.filter(due_on__gt=timezone.localdate()).exists()
    assert RiskConcern.objects.filter(entries__kind="decision").exists()
    assert {task.overdue for task in CaseTask.objects.open()} == {True, False}
    assert Consultation.objects.exists()
    assert InformationShared.objects.exists()


def test_nothing_in_it_was_written_after_now(demonstration: str) -> None:
    now = timezone.now()
    assert not RiskConcern.objects.filter(recorded_at__gt=now).exists()
    assert not Alert.objects.filter(raised_at__gt=now).exists()
    assert not CaseTask.objects.filter(created_at__gt=now).exists()
