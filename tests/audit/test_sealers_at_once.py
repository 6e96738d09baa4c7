"""Several sealers at the same moment, while others write: one whole chain, each event in it once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from audit import chain
from audit.actions import record
from audit.models import AuditEvent

PROJECT = Path(settings.BASE_DIR)
WRITERS, EVENTS, SEALERS = 2, 150, 3
_WRITE = """
import django; django.setup()
from django.db import transaction
from audit.actions import record
for number in range({events}):
    with transaction.atomic():
        record(by=None, verb="film.played", subject=("clips.recording", number))
"""
_SEAL = """
import django; django.setup()
import time
from audit import chain
chain.BATCH = 20
until = time.monotonic() + {seconds}
while time.monotonic() < until:
    chain.seal()
"""


def process(code: str, env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.mark.journey
def test_sealers_and_writers_of_several_processes_make_one_whole_chain(tmp_path: Path) -> None:
    """On SQLite, in a file, as in the demonstration."""
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "VIG_MODE"}}
    env |= {"VIG_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "vig_service.settings", "PYTHONPATH": str(PROJECT)}

    def manage(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    manage("migrate", "--no-input", "--verbosity=0", "audit")
    running = [process(_WRITE.format(events=EVENTS), env) for _ in range(WRITERS)]
    running += [process(_SEAL.format(seconds=8), env) for _ in range(SEALERS)]
    for one in running:
        said, _ = one.communicate(timeout=120)
        assert one.returncode == 0, said
    manage("seal_audit")
    assert f"{WRITERS * EVENTS} sealed, 0 not sealed yet" in manage("verify_audit")


@pytest.fixture
def postgres_only(transactional_db: None) -> None:
    """Real transactions, on the database of the run."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite the processes above show it")
    return


@pytest.mark.postgres
def test_sealers_in_threads_make_one_whole_chain_on_postgresql(
    postgres_only: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BATCH", 20)
    done, problems = threading.Event(), []

    def write() -> None:
        try:
            for number in range(EVENTS):
                record(by=None, verb="film.played", subject=("clips.recording", number))
        finally:
            connection.close()

    def seal() -> None:
        try:
            while not done.is_set():
                chain.seal()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    sealers = [threading.Thread(target=seal) for _ in range(SEALERS)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in writers:
        thread.join(60)
    done.set()
    for thread in sealers:
        thread.join(60)
    chain.seal()
    assert not problems
    verdict = chain.verify()
    assert (verdict.whole, verdict.sealed, verdict.unsealed) == (True, WRITERS * EVENTS, 0)
    assert AuditEvent.objects.values("sequence").distinct().count() == WRITERS * EVENTS
