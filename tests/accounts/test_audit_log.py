"""The audit log as people read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import log, registry
from accounts.models import User
from audit.actions import record
from audit.models import AuditEvent
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LOG = "/audit/"
NORTH_FAMILY, SOUTH_FAMILY = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


@pytest.fixture(autouse=True)
def _one_scope(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    """Carol's team has one family, and "N-1" is its reference."""

    def families(user: User) -> set[str]:
        return {NORTH_FAMILY} if user == cast.carol else set()

    scope = registry.AuditScope(families=families, find=lambda text: {NORTH_FAMILY} if text == "N-1" else set())
    monkeypatch.setattr(registry, "_scopes", [scope])


@pytest.fixture
def events(cast: Cast) -> None:
    subject = ("families.case", "c1")
    record(by=cast.asha, verb="case.opened", subject=subject, family_id=NORTH_FAMILY, case_id="c1")
    record(by=cast.ben, verb="case.opened", subject=("families.case", "c2"), family_id=SOUTH_FAMILY, case_id="c2")
    record(by=cast.asha, verb="film.played", subject=("clips.recording", "r1"), family_id=SOUTH_FAMILY)
    record(by=cast.asha, verb="sign-in.succeeded", subject=cast.asha)
    record(by=cast.ben, verb="sign-in.succeeded", subject=cast.ben)
    record(by=None, verb="sign-in.failed", subject=("accounts.user", cast.asha.pk))


def seen(client: Client, **filters: object) -> list[tuple[str, str, str]]:
    return [
        (entry.actor, entry.verb, entry.family_id)
        for entry in client.get(LOG, filters).context["log"].entries
        if entry.verb not in {"audit read", "sign-in succeeded"} or entry.actor not in {"Dev Administrator"}
    ]


@pytest.mark.parametrize("name", ["asha", "ben", "tess", "sue", "ina"])
def test_the_log_is_closed_to_others(cast: Cast, signed_in, name: str) -> None:
    assert signed_in(getattr(cast, name)).get(LOG).status_code == 403


@pytest.mark.usefixtures("events")
def test_an_administrator_reads_everything_the_newest_first(cast: Cast, signed_in) -> None:
    found = seen(signed_in(cast.dev))
    assert [verb for _, verb, _ in found] == [
        "sign-in failed",
        "sign-in succeeded",
        "sign-in succeeded",
        "film played",
        "case opened",
        "case opened",
    ]
    assert found[0][0] == "nobody signed in"
    assert found[-1] == ("Asha Practitioner", "case opened", NORTH_FAMILY)


@pytest.mark.usefixtures("events")
def test_a_manager_reads_what_concerns_their_teams(cast: Cast, signed_in) -> None:
    page = signed_in(cast.carol).get(LOG)
    found = {(entry.actor, entry.verb, entry.family_id) for entry in page.context["log"].entries}
    assert ("Asha Practitioner", "case opened", NORTH_FAMILY) in found
    assert ("Asha Practitioner", "sign-in succeeded", "") in found
    assert ("nobody signed in", "sign-in failed", "") in found
    assert not any(family == SOUTH_FAMILY for _, _, family in found)
    assert not any(actor == "Ben Practitioner" for actor, _, _ in found)
    assert "Ben Practitioner" not in page.content.decode()


def test_a_manager_without_teams_reads_their_own_doings(cast: Cast, signed_in) -> None:
    cast.carol.teams_managed.clear()
    registry._scopes.clear()
    found = signed_in(cast.carol).get(LOG).context["log"].entries
    assert {entry.actor for entry in found} <= {"Carol Manager"}


@pytest.mark.usefixtures("events")
def test_it_is_filtered_by_person(cast: Cast, signed_in) -> None:
    found = seen(signed_in(cast.dev), person=cast.asha.pk)
    assert {verb for _, verb, _ in found} == {"case opened", "film played", "sign-in succeeded", "sign-in failed"}
    assert not any(actor == "Ben Practitioner" for actor, _, _ in found)


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize("reference", [NORTH_FAMILY, "N-1", "c1"])
def test_it_is_filtered_by_family_or_case(cast: Cast, signed_in, reference: str) -> None:
    assert seen(signed_in(cast.dev), reference=reference) == [("Asha Practitioner", "case opened", NORTH_FAMILY)]


@pytest.mark.usefixtures("events")
def test_it_is_filtered_by_what_was_done(cast: Cast, signed_in) -> None:
    assert [verb for _, verb, _ in seen(signed_in(cast.dev), verb="film.played")] == ["film played"]


@pytest.mark.usefixtures("events")
def test_it_is_filtered_by_day(cast: Cast, signed_in) -> None:
    then = timezone.localtime(timezone.now() - timedelta(days=40))  # the clocks may have changed since
    day = then.date()
    AuditEvent.objects.bulk_create([AuditEvent(at=then, verb="old.thing", subject_type="x", subject_id="1")])
    client = signed_in(cast.dev)
    sent = {"since_day": day.day, "since_month": day.month, "since_year": day.year}
    until = {name.replace("since", "until"): value for name, value in sent.items()}
    assert [verb for _, verb, _ in seen(client, **sent, **until)] == ["old thing"]


def test_a_filter_that_makes_no_sense_is_said(cast: Cast, signed_in) -> None:
    sent = {"since_day": 2, "since_month": 1, "since_year": 2026, "until_day": 1, "until_month": 1, "until_year": 2026}
    page = signed_in(cast.dev).get(LOG, sent)
    assert "To must be the same day as From, or later" in page.content.decode()
    assert page.context["log"].entries == []
    assert signed_in(cast.dev).get(LOG, {"before": "x", "person": "y"}).status_code == 200


@pytest.mark.usefixtures("events")
def test_names_are_put_to_ids_when_it_is_shown(cast: Cast, signed_in) -> None:
    User.objects.filter(pk=cast.asha.pk).update(name="Asha Newname")
    assert "Asha Newname" in signed_in(cast.dev).get(LOG).content.decode()
    assert not AuditEvent.objects.filter(detail__icontains="Asha").exists()


def test_reading_it_is_written_into_it(cast: Cast, signed_in) -> None:
    signed_in(cast.carol).get(LOG, {"person": cast.asha.pk})
    event = AuditEvent.objects.get(verb="audit.read")
    assert event.actor_id == str(cast.carol.pk)
    assert event.detail["person"] == str(cast.asha.pk)


def test_older_pages_are_reached_one_after_another(cast: Cast, signed_in) -> None:
    for number in range(log.PAGE + 10):
        record(by=cast.asha, verb="film.played", subject=("clips.recording", number))
    client = signed_in(cast.dev)
    first = client.get(LOG, {"verb": "film.played"}).context["log"]
    second = client.get(LOG, {"verb": "film.played", "before": first.older}).context["log"]
    assert (len(first.entries), len(second.entries), second.older) == (log.PAGE, 10, None)
    assert not {entry.id for entry in first.entries} & {entry.id for entry in second.entries}


def test_many_events_take_no_more_questions_than_few(cast: Cast, signed_in, django_assert_max_num_queries) -> None:
    client = signed_in(cast.carol)
    client.get(LOG)
    for user in cast.everyone * 6:
        record(by=user, verb="film.played", subject=("clips.recording", 1), family_id=NORTH_FAMILY)
    cache.clear()
    with django_assert_max_num_queries(10):  # one of them asks for alerts, as on every page
        client.get(LOG)
