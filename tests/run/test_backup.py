"""A backup can be restored, says so itself, and notices when it cannot."""

import json
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import services
from tests.environment import clean
from vig_service.processes import PROJECT


@dataclass
class Installation:
    """A service's data, of either database, with no process running."""

    environment: dict[str, str]
    media: Path
    backups: Path

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def python(self, code: str, **more: str) -> str:
        done = self.run("-c", f"import django\ndjango.setup()\n{code}", **more)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def backup(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "deploy.backup", *arguments, **more)

    def make(self) -> Path:
        done = self.backup("make", str(self.backups))
        assert done.returncode == 0, done.stderr
        return Path(json.loads(done.stdout)["backup"])

    def drill(self, backup: Path) -> dict:
        done = self.backup("drill", str(backup))
        assert done.stdout, done.stderr
        verdict = json.loads(done.stdout)
        assert done.returncode == (0 if verdict["holds"] else 1)
        return verdict


def _name(*, days_ago: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H%M%SZ")


#: The same on PostgreSQL would show nothing more.
on_sqlite = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)


def _on_server(name: str) -> str:
    return f"{os.environ['DATABASE_URL_POSTGRES'].rpartition('/')[0]}/{name}"


def _create(*command: str) -> None:
    """Run ``createdb …`` or ``dropdb …`` on the tests' PostgreSQL."""
    server = urlsplit(os.environ["DATABASE_URL_POSTGRES"])
    environment = dict(os.environ) | {
        "PGHOST": server.hostname or "",
        "PGPORT": str(server.port or 5432),
        "PGUSER": server.username or "",
        "PGPASSWORD": server.password or "",
    }
    subprocess.run(command, env=environment, check=True, capture_output=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A database with three audit events and a team, to be copied for each test: migrating takes longest."""
    root = tmp_path_factory.mktemp("migrated")
    environment = clean(VIG_DATA_DIR=str(root), DJANGO_SETTINGS_MODULE="vig_service.settings")
    name = f"vig_template_{uuid.uuid4().hex[:8]}"
    if request.param == "postgresql":
        services.require("postgres", "pg_dump")
        _create("createdb", name)
        environment["DATABASE_URL"] = _on_server(name)
    installed = Installation(environment, root / "media", root)
    installed.python(
        "from django.core.management import call_command\ncall_command('migrate', interactive=False, verbosity=0)\n"
        "from audit.actions import record\n"
        "for n in range(3): record(by=None, verb='film.played', subject=('clips.recording', n))\n"
        "from accounts.models import Team\nTeam.objects.create(name='North')"
    )
    yield installed
    if request.param == "postgresql":
        _create("dropdb", name)


@pytest.fixture
def installation(migrated: Installation, tmp_path: Path) -> Iterator[Installation]:
    environment = migrated.environment | {"VIG_DATA_DIR": str(tmp_path / "data")}
    (tmp_path / "data").mkdir()
    name = f"vig_backup_{uuid.uuid4().hex[:8]}"
    if url := migrated.environment.get("DATABASE_URL"):
        _create("createdb", f"--template={url.rpartition('/')[2]}", name)
        environment["DATABASE_URL"] = _on_server(name)
    else:
        source = Path(migrated.environment["VIG_DATA_DIR"]) / "vig.sqlite3"
        with sqlite3.connect(source) as live, sqlite3.connect(tmp_path / "data" / "vig.sqlite3") as copy:
            live.backup(copy)
    installed = Installation(environment, tmp_path / "data" / "media", tmp_path / "backups")
    for film, size in (("ab/one.mp4", 300_000), ("ab/two.mp4", 10), ("work/half.tmp", 5)):
        path = installed.media / film
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size))
    yield installed
    if "DATABASE_URL" in environment:
        _create("dropdb", name)


def test_a_backup_holds_the_database_and_the_films_and_its_drill_says_so(installation: Installation) -> None:
    backup = installation.make()
    manifest = json.loads((backup / "manifest.json").read_text())
    assert set(manifest["films"]) == {"ab/one.mp4", "ab/two.mp4"}  # work in progress is not kept
    assert manifest["database"]["rows"]["audit_auditevent"] == 3
    assert backup.stat().st_mode & 0o077 == 0
    verdict = installation.drill(installation.backups)
    assert verdict["holds"], verdict["wrong"]
    assert verdict["films_read"] == 2


@on_sqlite
def test_a_second_night_costs_only_what_is_new(installation: Installation) -> None:
    first = installation.make()
    first = first.rename(first.with_name(_name(days_ago=1)))
    (installation.media / "ab" / "three.mp4").write_bytes(b"new")
    second = installation.make()
    for film in ("ab/one.mp4", "ab/two.mp4"):
        assert (second / "films" / film).samefile(first / "films" / film)
    assert (second / "films" / "ab" / "three.mp4").read_bytes() == b"new"
    # Past 35 days they go; what they shared with the newest stays whole in it.
    first.rename(first.with_name(_name(days_ago=37)))
    second.rename(second.with_name(_name(days_ago=36)))
    third = installation.make()
    assert [path.name for path in installation.backups.iterdir()] == [third.name]
    assert installation.drill(third)["holds"]


@on_sqlite
def test_the_drill_notices_a_film_that_rotted_and_one_that_is_gone(installation: Installation) -> None:
    backup = installation.make()
    film = backup / "films" / "ab" / "one.mp4"
    film.write_bytes(bytes(300_000))
    (backup / "films" / "ab" / "two.mp4").unlink()
    wrong = installation.drill(backup)["wrong"]
    assert any("ab/one.mp4 has other bytes" in one for one in wrong)
    assert any("ab/two.mp4 is missing" in one for one in wrong)


@on_sqlite
def test_the_drill_notices_a_row_that_was_taken_away(installation: Installation) -> None:
    backup = installation.make()
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["database"]["rows"]["audit_auditevent"] += 1
    (backup / "manifest.json").write_text(json.dumps(manifest))
    assert any("audit_auditevent has 3 rows instead of 4" in one for one in installation.drill(backup)["wrong"])


def test_a_lost_service_is_restored_and_a_living_one_is_not_written_over(
    installation: Installation, tmp_path: Path
) -> None:
    backup = installation.make()
    refused = installation.backup("restore", str(backup))
    assert refused.returncode == 1
    assert "There are films" in refused.stderr
    elsewhere = {"VIG_DATA_DIR": str(tmp_path / "new")}
    name = f"vig_new_{uuid.uuid4().hex[:8]}"
    on_postgresql = "DATABASE_URL" in installation.environment
    if on_postgresql:
        refused = installation.backup("restore", str(backup), **elsewhere)
        assert "not empty" in refused.stderr  # the films' place is empty now, the database is not
        _create("createdb", name)
        elsewhere["DATABASE_URL"] = _on_server(name)
    done = installation.backup("restore", str(backup), **elsewhere)
    assert done.returncode == 0, done.stderr
    count = "from audit.models import AuditEvent\nprint(AuditEvent.objects.count())"
    assert installation.python(count, **elsewhere) == "3"
    original = (installation.media / "ab" / "one.mp4").read_bytes()
    assert (tmp_path / "new" / "media" / "ab" / "one.mp4").read_bytes() == original
    if on_postgresql:
        _create("dropdb", name)


def test_a_running_service_is_copied_as_it_was_at_one_moment(tmp_path: Path) -> None:
    """What is written while the copy is made is in it whole or not at all."""
    from deploy.backup import _copy_sqlite

    live = tmp_path / "live.sqlite3"
    writing = sqlite3.connect(live)
    writing.execute("PRAGMA journal_mode=WAL")
    writing.execute("CREATE TABLE mark (id INTEGER)")
    writing.commit()
    writing.execute("INSERT INTO mark VALUES (1)")  # not committed
    assert _copy_sqlite(live, tmp_path / "copy.sqlite3") == {"mark": 0}
    writing.commit()
    assert _copy_sqlite(live, tmp_path / "later.sqlite3") == {"mark": 1}
    writing.close()


@on_sqlite
def test_half_a_backup_is_no_backup(installation: Installation) -> None:
    (installation.backups / ".partial-x" / "films").mkdir(parents=True)
    done = installation.backup("drill", str(installation.backups))
    assert done.returncode == 1
    assert "There is no backup" in done.stderr
    installation.make()
    assert not (installation.backups / ".partial-x").exists()
