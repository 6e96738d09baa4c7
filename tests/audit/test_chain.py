"""The audit trail tells when it was tampered with."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit import chain, triggers
from audit.actions import record
from audit.models import AuditEvent, Seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> list[AuditEvent]:
    """Six events, sealed."""
    for number in range(6):
        record(by=None, verb="film.played", subject=("clips.recording", number), family_id="f", count=number)
    chain.seal()
    return list(AuditEvent.objects.order_by("sequence"))


@pytest.fixture
def intruder() -> Iterator[None]:
    """Somebody who may do anything in the database: the triggers are out of the way."""
    triggers.drop(connection)
    yield
    triggers.create(connection)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def verify(*arguments: str) -> tuple[int, str]:
    """What ``manage.py verify_audit`` exits with and prints."""
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_trail_as_it_was_written_is_whole(sealed: list[AuditEvent]) -> None:
    code, said = verify()
    assert code == 0
    assert said.count("\n") == 1
    assert "6 sealed, 0 not sealed yet" in said
    assert sealed[-1].hash in said


def test_an_empty_trail_is_whole() -> None:
    assert verify() == (0, "Whole: 0 sealed, 0 not sealed yet, head none\n")


def test_what_is_not_sealed_yet_is_counted(sealed: list[AuditEvent]) -> None:
    record(by=None, verb="case.opened", subject=("families.case", 1))
    code, said = verify()
    assert code == 0
    assert "6 sealed, 1 not sealed yet (the oldest from " in said


@pytest.mark.parametrize(
    "column", ["actor_id", "actor_role", "verb", "subject_type", "subject_id", "family_id", "case_id"]
)
def test_a_changed_fact_is_found(sealed: list[AuditEvent], intruder: None, column: str) -> None:
    sql(f"UPDATE audit_auditevent SET {column} = 'x' WHERE sequence = 3")  # noqa: S608
    code, said = verify()
    assert code == 1
    assert "BROKEN at event 3: it is not as it was sealed" in said


def test_a_changed_time_or_detail_is_found(sealed: list[AuditEvent], intruder: None) -> None:
    sql("UPDATE audit_auditevent SET at = '2020-01-01 00:00:00' WHERE sequence = 5")
    assert "at event 5" in verify()[1]
    sql("UPDATE audit_auditevent SET detail = '{}' WHERE sequence = 2")
    assert "at event 2" in verify()[1]


def test_a_deleted_event_is_found(sealed: list[AuditEvent], intruder: None) -> None:
    sql("DELETE FROM audit_auditevent WHERE sequence = 4")
    code, said = verify()
    assert code == 1
    assert "BROKEN at event 4: it is missing" in said


def test_events_deleted_from_the_end_are_found(sealed: list[AuditEvent], intruder: None) -> None:
    sql("DELETE FROM audit_auditevent WHERE sequence > 4")
    code, said = verify()
    assert code == 1
    assert "BROKEN at event 5: it is missing" in said


def test_an_event_unsealed_again_is_found(sealed: list[AuditEvent], intruder: None) -> None:
    sql("UPDATE audit_auditevent SET sequence = NULL WHERE sequence = 6")
    assert "at event 6" in verify()[1]


def test_two_events_that_changed_places_are_found(sealed: list[AuditEvent], intruder: None) -> None:
    sql("UPDATE audit_auditevent SET sequence = -1 WHERE sequence = 2")
    sql("UPDATE audit_auditevent SET sequence = 2 WHERE sequence = 3")
    sql("UPDATE audit_auditevent SET sequence = 3 WHERE sequence = -1")
    code, said = verify()
    assert code == 1
    assert "BROKEN at event 2: it does not follow the event before it" in said


def test_an_event_put_in_between_is_found(sealed: list[AuditEvent], intruder: None) -> None:
    """Even by somebody who computes its hash rightly, and moves the later ones up."""
    for sequence in (6, 5, 4):
        sql("UPDATE audit_auditevent SET sequence = %s WHERE sequence = %s", sequence + 1, sequence)
    forged = record(by=None, verb="film.played", subject=("clips.recording", 99))
    previous = sealed[2].hash
    sql(
        "UPDATE audit_auditevent SET sequence = 4, previous_hash = %s, hash = %s WHERE id = %s",
        previous,
        chain.link(previous, forged, 4),
        forged.pk,
    )
    code, said = verify()
    assert code == 1
    assert "BROKEN at event 5" in said


def test_an_event_added_past_the_end_is_found(sealed: list[AuditEvent], intruder: None) -> None:
    forged = record(by=None, verb="film.played", subject=("clips.recording", 99))
    sql(
        "UPDATE audit_auditevent SET sequence = 7, previous_hash = %s, hash = %s WHERE id = %s",
        sealed[-1].hash,
        chain.link(sealed[-1].hash, forged, 7),
        forged.pk,
    )
    code, said = verify()
    assert code == 1
    assert "BROKEN at event 7: it was added past the end" in said


def test_a_chain_rebuilt_from_the_start_is_found_by_a_hash_noted_elsewhere(
    sealed: list[AuditEvent], intruder: None
) -> None:
    shipped = sealed[3].hash
    assert verify("--shipped", shipped)[0] == 0
    sql("UPDATE audit_auditevent SET verb = 'x' WHERE sequence = 1")
    sql("UPDATE audit_auditevent SET sequence = NULL, previous_hash = '', hash = ''")
    Seal.objects.update(sequence=0, hash="")
    chain.seal()
    assert verify()[0] == 0
    code, said = verify("--shipped", shipped)
    assert code == 1
    assert "not in the chain" in said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET verb = 'x' WHERE sequence = 1",
        "UPDATE audit_auditevent SET hash = '' WHERE sequence = 1",
        "UPDATE audit_auditevent SET sequence = NULL WHERE sequence = 1",
        "DELETE FROM audit_auditevent WHERE sequence = 1",
        "DELETE FROM audit_auditevent",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_an_event(sealed: list[AuditEvent], statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"never (changed|deleted)"), transaction.atomic():
        sql(statement)
    assert verify()[0] == 0


def test_the_database_refuses_a_change_made_with_the_seal() -> None:
    event = record(by=None, verb="film.played", subject=("clips.recording", 1))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        sql("UPDATE audit_auditevent SET sequence = 1, hash = %s, verb = 'x' WHERE id = %s", "a" * 64, event.pk)


def test_the_model_refuses_too(sealed: list[AuditEvent]) -> None:
    event = sealed[0]
    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(verb="x"),
    ):
        with pytest.raises(TypeError):
            attempt()


def test_an_event_that_was_committed_late_with_a_lower_id_is_sealed_too(sealed: list[AuditEvent]) -> None:
    """Two transactions took their ids, the later one committed first and was sealed: the other is not forgotten."""
    late = AuditEvent(pk=min(event.pk for event in sealed) - 1, at=sealed[0].at, verb="case.opened")
    AuditEvent.objects.bulk_create([late])
    assert chain.seal() == 1
    late.refresh_from_db()
    assert late.sequence == 7
    assert verify()[0] == 0


def test_sealing_twice_changes_nothing(sealed: list[AuditEvent]) -> None:
    assert chain.seal() == 0
    assert [event.hash for event in AuditEvent.objects.order_by("sequence")] == [event.hash for event in sealed]


def test_many_events_are_sealed_in_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 4)
    for number in range(10):
        record(by=None, verb="film.played", subject=("clips.recording", number))
    assert chain.seal() == 10
    assert verify()[0] == 0


def test_verifying_asks_the_database_as_often_for_many_events_as_for_few(
    django_assert_num_queries, sealed: list[AuditEvent]
) -> None:
    with django_assert_num_queries(7):
        chain.verify()
    for number in range(50):
        record(by=None, verb="film.played", subject=("clips.recording", number))
    chain.seal()
    with django_assert_num_queries(7):
        chain.verify()


def test_the_worker_seals() -> None:
    from audit.tasks import seal

    record(by=None, verb="film.played", subject=("clips.recording", 1))
    seal()
    assert AuditEvent.objects.sealed().count() == 1


def test_a_rolled_back_action_leaves_no_event() -> None:
    @transaction.atomic
    def fails_after_recording() -> None:
        record(by=None, verb="film.played", subject=("clips.recording", 1))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_after_recording()
    assert not AuditEvent.objects.exists()


def test_the_nightly_look_says_in_the_log_when_the_chain_is_broken(
    sealed: list[AuditEvent], intruder: None, caplog: pytest.LogCaptureFixture
) -> None:
    from audit.tasks import verify as look

    with caplog.at_level("INFO", logger="audit.tasks"):
        look()
        assert sealed[-1].hash in caplog.text
        sql("UPDATE audit_auditevent SET verb = 'x' WHERE sequence = 2")
        look()
    assert "audit BROKEN at event 2" in caplog.text
