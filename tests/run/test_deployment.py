"""What operators are given agrees with the code: settings, commands, walls."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.environment import clean
from tests.production_check import ENVIRONMENT
from vig_service.processes import PROJECT
from vig_service.worker import KINDS

OPERATORS = (PROJECT / "docs" / "operators.md").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
OURS = ("migrate", "web", "clips", "films", "messages", "beat")
APPS = ("vig_service", "accounts", "audit", "outbox", "families", "outcomes", "sessions", "clips", "desk", "deploy")


def read_from_the_environment() -> set[str]:
    """Every variable that the code reads, by name."""
    pattern = re.compile(
        r"""(?:env\.\w+\(|required\(|os\.environ\.get\(|os\.environ\[|environment\.get\()\s*f?"([A-Z][A-Z_]+)\""""
    )
    found: set[str] = set()
    for app in APPS:
        for path in (PROJECT / app).rglob("*.py"):
            found |= set(pattern.findall(path.read_text()))
    return found


def test_every_setting_is_in_the_operators_table() -> None:
    names = read_from_the_environment()
    assert {"DATABASE_URL", "VIG_FILM_FORMATS", "WEB_THREADS", "PORT"} <= names
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", OPERATORS))
    not_settings = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PATH"}
    assert names - told - not_settings == set()


def test_production_refuses_to_start_without_each_thing_that_it_needs(tmp_path: Path) -> None:
    for name in ENVIRONMENT:
        if name == "VIG_MODE":
            continue
        environment = clean(**ENVIRONMENT, VIG_DATA_DIR=str(tmp_path))
        environment.pop(name)
        done = subprocess.run(
            [sys.executable, "-c", "import vig_service.settings"],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0, name
        assert f"Set {name}" in done.stderr, done.stderr


def test_compose_and_systemd_start_what_the_procfile_starts() -> None:
    commands = {
        line.partition(":")[0]: line.partition(":")[2].split()
        for line in (PROJECT / "Procfile").read_text().splitlines()
        if line
    }
    assert set(commands) == {"web", *KINDS}
    for kind in KINDS:
        assert COMPOSE["services"][kind]["command"] == commands[kind]
    image = (PROJECT / "Dockerfile").read_text()
    assert "CMD [" + ", ".join(f'"{word}"' for word in commands["web"]) + "]" in image
    units = PROJECT / "deploy" / "systemd"
    assert " ".join(commands["web"]) in (units / "vig-web.service").read_text()
    worker = (units / "vig-worker@.service").read_text()
    target = (units / "vig.target").read_text()
    for kind in KINDS:
        assert " ".join(commands[kind]).removesuffix(kind) + "%i" in worker
        assert f"vig-worker@{kind}.service" in target


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_every_container_is_read_only_without_privileges_and_limited(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["user"].partition(":")[0]) > 0
    assert service["logging"]["options"]["max-size"]
    if name != "migrate":
        assert service["mem_limit"]
        assert service["restart"] == "unless-stopped"
    assert ("ports" in service) == (name == "nginx")


def test_only_nginx_and_mail_have_a_way_out_and_no_worker_that_opens_films() -> None:
    outside = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    assert outside == {"edge", "mail"}
    with_a_way_out = {name for name, service in COMPOSE["services"].items() if outside & set(service["networks"])}
    assert with_a_way_out == {"nginx", "web", "messages"}


def test_a_container_has_time_to_put_its_work_back() -> None:
    from vig_service.celery import app

    for name in OURS:
        grace = COMPOSE["services"][name]["stop_grace_period"]
        assert int(grace.removesuffix("s")) > 2 * app.conf.worker_soft_shutdown_timeout


def test_nginx_lets_a_whole_chunk_through(settings: Any) -> None:
    configuration = (PROJECT / "deploy" / "nginx.conf").read_text()
    uploads = configuration.partition("location /uploads/")[2].partition("}")[0]
    limit = re.search(r"client_max_body_size (\d+)m;", uploads)
    assert limit
    assert int(limit[1]) * 1024**2 > settings.UPLOAD_CHUNK_BYTES


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in (PROJECT / "deploy" / "systemd").iterdir():
        if unit.is_dir():  # what one instance of a unit has of its own
            shutil.copytree(unit, tmp_path / unit.name)
            continue
        text = re.sub(r"/opt/vig/\.venv/bin/\w+", "/bin/true", unit.read_text())
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            *map(str, sorted(path for path in tmp_path.iterdir() if path.is_file())),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "vig" in line]
    assert not ours, ours


def test_secrets_are_made_once_and_never_replaced(tmp_path: Path) -> None:
    def make() -> str:
        return subprocess.run(
            [PROJECT / "deploy" / "make-secrets.sh", tmp_path / "secrets"], capture_output=True, text=True, check=True
        ).stdout

    assert "made   " in make()
    before = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir() if path.is_file()}
    assert len(before["secret_key"]) >= 50
    assert before["redis_password"] in before["redis_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert "made   " not in make()
    assert before == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir() if path.is_file()}


def test_the_secrets_that_are_made_are_ones_that_production_accepts(tmp_path: Path) -> None:
    subprocess.run([PROJECT / "deploy" / "make-secrets.sh", tmp_path / "secrets"], capture_output=True, check=True)
    environment = clean(VIG_MODE="production", ALLOWED_HOSTS="vig.example", VIG_DATA_DIR=str(tmp_path))
    for variable, file in {
        "SECRET_KEY": "secret_key",
        "VIG_FIELD_KEYS": "field_keys",
        "DATABASE_URL": "database_url",
        "REDIS_URL": "redis_url",
        "EMAIL_URL": "email_url",
    }.items():
        environment[f"{variable}_FILE"] = str(tmp_path / "secrets" / file)
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
