"""Backups: ``python -m deploy.backup make|drill|restore DIRECTORY``.

``make`` copies the database first and the films after it. A film is never changed once it is stored, so every film
that the database copy speaks of is among the films copied later, unless somebody had it destroyed in between.
Each backup is a directory of its own, complete by itself; a film that an earlier backup holds already is linked to,
not copied, so that a night costs what the day added.

``drill`` restores a backup beside the running service and throws it away again: the same counts, sampled hashes,
migrations, the audit chain. A backup that was never restored is a hope. ``restore`` is the real thing and refuses
to write over anything.

The directory is as confidential as the service: keep it on an encrypted volume, and a copy of it elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django

PROJECT = Path(__file__).resolve().parent.parent
PARTIAL = ".partial-"
SAMPLED_FILMS = 25
_BLOCK = 1024 * 1024


class Trouble(Exception):
    """The backup cannot be made, read or restored; the message says why and what to do."""


# --- Databases -----------------------------------------------------------------------------------------------


def _database() -> dict[str, Any]:
    from django.db import connection

    return connection.settings_dict


def _is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def _postgres_environment(database: dict[str, Any], name: str | None = None) -> dict[str, str]:
    """libpq's variables: a password belongs into no command line."""
    values = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": name or database["NAME"],
        **{f"PG{key.upper()}": value for key, value in (database.get("OPTIONS") or {}).items() if key == "sslmode"},
    }
    return dict(os.environ) | {key: str(value) for key, value in values.items() if value}


def _run(argv: list[str], environment: dict[str, str], what: str) -> str:
    try:
        done = subprocess.run(argv, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Trouble(f"{argv[0]} is not installed: install Debian's postgresql-client.") from None
    if done.returncode:
        raise Trouble(f"{what} failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def _counts(cursor: Any, tables: list[str]) -> dict[str, int]:
    found = {}
    for table in tables:
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 - names out of the database's own catalogue
        found[table] = int(cursor.fetchone()[0])
    return found


def _copy_sqlite(source: Path, destination: Path) -> dict[str, int]:
    """Copy by SQLite's backup API, which a running service does not disturb; the rows of each table."""
    with contextlib.closing(sqlite3.connect(source)) as live, contextlib.closing(sqlite3.connect(destination)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise Trouble(f"The copy of the database is damaged ({verdict}).")
        cursor = copy.cursor()
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        return _counts(cursor, [row[0] for row in cursor.fetchall()])


def _dump_postgres(destination: Path) -> dict[str, int]:
    """Dump and count the very same moment, which is what a shared snapshot is for."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        argv = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run([*argv, f"--file={destination}"], _postgres_environment(_database()), "pg_dump")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return _counts(cursor, [row[0] for row in cursor.fetchall()])


def _restore_postgres(copy: Path, name: str) -> None:
    argv = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}", str(copy)]
    _run(argv, _postgres_environment(_database(), name), "pg_restore")


# --- Films ---------------------------------------------------------------------------------------------------


def _films(store: Path, work: Path) -> Iterator[Path]:
    """Everything in the store but the work in progress, as paths relative to it."""
    for directory, names, files in os.walk(store):
        here = Path(directory)
        names[:] = sorted(name for name in names if here / name != work)
        for name in sorted(files):
            if (here / name).is_file() and not (here / name).is_symlink():
                yield (here / name).relative_to(store)


def _copy_and_hash(source: Path, destination: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reading, destination.open("wb") as writing:
        while block := reading.read(_BLOCK):
            digest.update(block)
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
    shutil.copystat(source, destination)
    return digest.hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_films(store: Path, work: Path, destination: Path, before: Path | None) -> dict[str, list[Any]]:
    """Copy the store, or link to what the backup ``before`` holds unchanged; {path: [size, SHA-256]}."""
    known = _manifest(before)["films"] if before else {}
    films: dict[str, list[Any]] = {}
    for film in _films(store, work):
        source, copy = store / film, destination / film
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            facts = source.stat()
            earlier = before / "films" / film if before else None
            if earlier and str(film) in known and earlier.exists():
                told = earlier.stat()
                if (told.st_size, told.st_mtime_ns) == (facts.st_size, facts.st_mtime_ns):
                    os.link(earlier, copy)
                    films[str(film)] = known[str(film)]
                    continue
            films[str(film)] = [facts.st_size, _copy_and_hash(source, copy)]
        except FileNotFoundError:  # destroyed while we copied, which is its owner's right
            copy.unlink(missing_ok=True)
    return films


# --- The commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Backup:
    """One complete backup on disk."""

    path: Path
    manifest: dict[str, Any]


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found = json.loads((path / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise Trouble(f"{path} is no complete backup: its manifest.json cannot be read ({error}).") from error
    if not isinstance(found, dict):
        raise Trouble(f"{path} is no complete backup: its manifest.json says something else.")
    return found


def _backups(target: Path) -> list[Path]:
    return sorted(path for path in target.glob("20*") if (path / "manifest.json").exists())


def open_backup(path: Path) -> Backup:
    """The backup at ``path``, or the newest below it."""
    if not (path / "manifest.json").exists():
        below = _backups(path)
        if not below:
            raise Trouble(f"There is no backup in {path}.")
        path = below[-1]
    return Backup(path, _manifest(path))


def make(target: Path, keep_days: int) -> Backup:
    """Make a backup in ``target`` and remove those older than ``keep_days``, the newest never."""
    from django.conf import settings

    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in target.glob(f"{PARTIAL}*"):  # an earlier run that did not come to its end
        shutil.rmtree(left)
    now = datetime.now(UTC)
    earlier = _backups(target)
    partial = target / f"{PARTIAL}{uuid.uuid4()}"
    (partial / "films").mkdir(mode=0o700, parents=True)
    partial.chmod(0o700)
    if _is_sqlite():
        kind, name = "sqlite", "database.sqlite3"
        rows = _copy_sqlite(Path(_database()["NAME"]), partial / name)
    else:
        kind, name = "postgresql", "database.dump"
        rows = _dump_postgres(partial / name)
    films = _copy_films(settings.MEDIA_STORE, settings.WORK_DIR, partial / "films", earlier[-1] if earlier else None)
    manifest = {
        "made_at": now.isoformat(timespec="seconds"),
        "database": {"kind": kind, "file": name, "sha256": _hash(partial / name), "rows": rows},
        "films": films,
    }
    (partial / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))
    done = target / now.strftime("%Y-%m-%dT%H%M%SZ")
    partial.rename(done)
    for old in earlier:
        if datetime.strptime(old.name, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC) < now - timedelta(days=keep_days):
            shutil.rmtree(old)
    return Backup(done, manifest)


@contextlib.contextmanager
def _scratch_database(backup: Backup, scratch: Path) -> Iterator[str]:
    """A database of its own with the backup in it, and its URL; gone afterwards."""
    copy = backup.path / backup.manifest["database"]["file"]
    if backup.manifest["database"]["kind"] == "sqlite":
        shutil.copy(copy, scratch / "vig.sqlite3")
        yield f"sqlite:///{scratch / 'vig.sqlite3'}"
        return
    database = _database()
    if _is_sqlite():
        raise Trouble("This backup is of PostgreSQL: set DATABASE_URL to the server on which to try it.")
    name = f"vig_drill_{uuid.uuid4().hex[:12]}"
    _run(["createdb", name], _postgres_environment(database), "createdb")
    try:
        _restore_postgres(copy, name)
        who = quote(database["USER"], safe="")
        if database["PASSWORD"]:
            who += ":" + quote(database["PASSWORD"], safe="")
        host = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"
        yield f"postgres://{who}@{host}/{name}"
    finally:
        _run(["dropdb", "--if-exists", "--force", name], _postgres_environment(database), "dropdb")


def _verify_films(backup: Backup, sampled: int) -> list[str]:
    """What is wrong with the films of a backup: all are looked for, ``sampled`` of them are read through."""
    wrong = []
    films = backup.manifest["films"]
    for film, (size, _) in films.items():
        path = backup.path / "films" / film
        if not path.is_file():
            wrong.append(f"{film} is missing")
        elif path.stat().st_size != size:
            wrong.append(f"{film} has {path.stat().st_size} bytes instead of {size}")
    for film in random.sample(sorted(films), min(sampled, len(films))):
        path = backup.path / "films" / film
        if path.is_file() and _hash(path) != films[film][1]:
            wrong.append(f"{film} has other bytes than when it was copied")
    return wrong


def drill(backup: Backup, sampled: int = SAMPLED_FILMS) -> dict[str, Any]:
    """Restore beside the running service and compare; {"holds": bool, …} with what was found wrong."""
    started = time.monotonic()
    told = backup.manifest["database"]
    wrong = _verify_films(backup, sampled)
    rows: dict[str, int] = {}
    if _hash(backup.path / told["file"]) != told["sha256"]:
        wrong.append("the database's copy has other bytes than when it was made")
    else:
        with tempfile.TemporaryDirectory(prefix="vig-drill-") as name:
            scratch = Path(name)
            with _scratch_database(backup, scratch) as url:
                environment = dict(os.environ) | {"DATABASE_URL": url, "VIG_DATA_DIR": str(scratch)}
                environment.pop("DATABASE_URL_FILE", None)
                if url.startswith("sqlite"):
                    environment["VIG_MODE"] = "demo"  # production refuses SQLite, and this is one
                found = json.loads(_run([sys.executable, "-m", "deploy.backup", "inspect"], environment, "inspecting"))
                rows = found["rows"]
                wrong += found["wrong"]
                wrong += [
                    f"{table} has {rows.get(table)} rows instead of {count}"
                    for table, count in told["rows"].items()
                    if rows.get(table) != count
                ]
    return {
        "holds": not wrong,
        "backup": backup.path.name,
        "tables": len(rows),
        "rows": sum(rows.values()),
        "films": len(backup.manifest["films"]),
        "films_read": min(sampled, len(backup.manifest["films"])),
        "seconds": round(time.monotonic() - started, 1),
        "wrong": wrong,
    }


def restore(backup: Backup) -> None:
    """Put the backup where the settings say the service lives; refuses where anything is already."""
    from django.conf import settings

    if any(_films(settings.MEDIA_STORE, settings.WORK_DIR)):
        raise Trouble(f"There are films in {settings.MEDIA_STORE}. Restore into an empty place, or move them away.")
    copy = backup.path / backup.manifest["database"]["file"]
    kind = backup.manifest["database"]["kind"]
    if kind != ("sqlite" if _is_sqlite() else "postgresql"):
        raise Trouble(f"The backup is of {kind} and DATABASE_URL names another kind of database.")
    wrong = _verify_films(backup, len(backup.manifest["films"]))
    if wrong:
        raise Trouble("The backup is damaged, nothing was restored:\n  " + "\n  ".join(wrong))
    if kind == "sqlite":
        database = Path(_database()["NAME"])
        if database.exists():
            raise Trouble(f"{database} exists. Move it away first.")
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(copy, database)
    else:
        from django.db import connection

        if connection.introspection.table_names():
            raise Trouble("The database is not empty. Make a new one (createdb) and name it in DATABASE_URL.")
        connection.close()
        _restore_postgres(copy, _database()["NAME"])
    for film in backup.manifest["films"]:
        place = settings.MEDIA_STORE / film
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy_and_hash(backup.path / "films" / film, place)


def inspect() -> dict[str, Any]:
    """The rows of each table of the database that the settings name, and what is wrong with it as a whole."""
    from django.core.management import CommandError, call_command
    from django.db import connection

    with connection.cursor() as cursor:
        rows = _counts(cursor, sorted(connection.introspection.table_names(cursor)))
    wrong = []
    for command, options in (("migrate", {"check_unapplied": True}), ("verify_audit", {})):
        said = io.StringIO()
        try:
            call_command(command, stdout=said, stderr=said, **options)
        except (SystemExit, CommandError) as ended:
            if not isinstance(ended, SystemExit) or ended.code:
                wrong.append(f"manage.py {command} says: {said.getvalue().strip() or ended}")
    return {"rows": rows, "wrong": wrong}


def main(arguments: list[str]) -> int:
    """0 when done and whole, 1 when something is wrong, which is said."""
    parser = argparse.ArgumentParser(prog="python -m deploy.backup", description=(__doc__ or "").splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    making = verbs.add_parser("make", help="copy the database and then the films")
    making.add_argument("directory", type=Path, help="where all backups are kept")
    making.add_argument("--keep-days", type=int, help="remove older ones (default: VIG_BACKUP_DAYS, 35)")
    drilling = verbs.add_parser("drill", help="restore beside the service, compare, throw away")
    drilling.add_argument("directory", type=Path, help="a backup, or where all are kept (then: the newest)")
    drilling.add_argument("--films", type=int, default=SAMPLED_FILMS, help="how many films are read through")
    restoring = verbs.add_parser("restore", help="put a backup in place of a service that is lost")
    restoring.add_argument("directory", type=Path, help="a backup, or where all are kept (then: the newest)")
    verbs.add_parser("inspect", help="count the rows of each table and verify the whole, as JSON (the drill uses it)")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vig_service.settings")
    django.setup()
    from django.conf import settings

    try:
        if chosen.verb == "make":
            made = make(chosen.directory, chosen.keep_days or settings.BACKUP_DAYS)
            told = {"backup": str(made.path), "films": len(made.manifest["films"])}
            sys.stdout.write(json.dumps(told) + "\n")
        elif chosen.verb == "drill":
            verdict = drill(open_backup(chosen.directory), chosen.films)
            sys.stdout.write(json.dumps(verdict) + "\n")
            return 0 if verdict["holds"] else 1
        elif chosen.verb == "restore":
            restore(open_backup(chosen.directory))
        else:
            sys.stdout.write(json.dumps(inspect()) + "\n")
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
