"""The whole service in production settings: PostgreSQL, Redis by password, gunicorn and workers, behind nginx."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests import services
from tests.production_check import ENVIRONMENT
from tests.run.proxy import HOST, Nginx, free_port, nginx
from tests.run.test_processes import until
from tests.stack import Stack, running
from vig_service.processes import Child
from vig_service.redis_server import find_binary

pytestmark = pytest.mark.journey

#: A film whose every byte tells where it stands, long enough for three of the ranges that one permission gives.
FILM = b"".join(number.to_bytes(4, "big") for number in range(3 * 1024**2 // 4 + 100))


@dataclass
class Production:
    stack: Stack
    front: Nginx
    redis: Child
    film: str
    cookies: dict[str, str]

    def get(self, path: str, who: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            told["Cookie"] = f"__Host-sessionid={self.cookies[who]}"
        return self.front.ask("GET", path, headers=told)


def redis_with_password(directory: Path, port: int, password: str) -> Child:
    """A Redis on a port of loopback, which it does not answer on without the password."""
    configuration = directory / "redis.conf"
    configuration.write_text(
        f'port {port}\nbind 127.0.0.1\nrequirepass {password}\ndir {directory}\nappendonly yes\nsave ""\n'
        f"maxmemory-policy noeviction\nlogfile {directory / 'log'}\n"
    )
    child = Child("redis", [str(find_binary()), str(configuration)], environment=dict(os.environ))
    child.start()
    until(lambda: (directory / "log").exists() and "eady to accept" in (directory / "log").read_text())
    return child


PREPARE = """
from datetime import timedelta
from pathlib import Path
from django.test import Client
from accounts.models import SignIn
from clips import store
from clips.models import Recording
from tests.world import make_world

world = make_world()
film = world.film
store.make_folder(film.pk)
store.path(film.pk, store.PROXY).write_bytes(Path(film_bytes).read_bytes())
store.path(film.pk, store.PROXY).chmod(0o600)
Recording.objects.filter(pk=film.pk).update(state=Recording.State.READY, proxy=store.PROXY)

cookies = {}
for person in (world.cast.asha, world.cast.ben):
    client = Client()
    client.force_login(person)
    cookies[person.email.partition("@")[0]] = client.session.session_key
SignIn.objects.update(has_factor=True)
result = {"film": str(film.pk), "cookies": cookies}
"""


def collect(stack: Stack) -> None:
    """What an upgrade does before the start."""
    stack.manage("collectstatic", "--no-input", "--verbosity=0")


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    services.require("postgres", "nginx", "redis")
    directory = tmp_path_factory.mktemp("production")
    server = os.environ["DATABASE_URL_POSTGRES"]
    address = urlsplit(server)
    libpq = dict(os.environ) | {
        "PGHOST": address.hostname or "",
        "PGPORT": str(address.port or 5432),
        "PGUSER": address.username or "",
        "PGPASSWORD": address.password or "",
    }
    database = f"vig_production_{uuid4().hex[:8]}"
    subprocess.run(["createdb", database], env=libpq, check=True)
    password, port = uuid4().hex, free_port()
    redis = redis_with_password(directory, port, password)
    environment = ENVIRONMENT | {
        "DATABASE_URL": f"{server.rpartition('/')[0]}/{database}",
        "REDIS_URL": f"redis://:{password}@127.0.0.1:{port}/0",
        "ALLOWED_HOSTS": HOST,
        "VIG_XACCEL_PREFIX": "/protected/",
        "VIG_TRUSTED_PROXIES": "1",
        "VIG_STATIC_ROOT": str(directory / "static"),
    }
    (directory / "film").write_bytes(FILM)
    try:
        with running(
            before=lambda stack: stack.manage("collectstatic", "--no-input", "--verbosity=0"), **environment
        ) as stack:
            prepared = stack.python(PREPARE, film_bytes=str(directory / "film"))
            with nginx(stack.port, stack.data_dir / "media") as front:
                yield Production(stack, front, redis, **prepared)
    finally:
        redis.stop(grace=5)
        subprocess.run(["dropdb", "--force", database], env=libpq, check=True)


def test_the_first_page_is_the_sign_in_and_says_how_the_browser_must_behave(production: Production) -> None:
    status, headers, _ = production.get("/families/")
    assert status in {302, 303}
    status, headers, body = production.get(headers["location"])
    assert status == 200
    assert b"<h1" in body
    assert "max-age=31536000" in headers["strict-transport-security"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "__Host-csrftoken=" in headers["set-cookie"]
    assert "secure" in headers["set-cookie"].lower()


def test_styles_and_scripts_are_served_under_their_hashes(production: Production) -> None:
    page = production.get("/account/login/")[2].decode()
    sheet = page.partition('rel="stylesheet"')[0].rpartition("<link")[2] + page.partition('rel="stylesheet"')[2]
    href = sheet.partition('href="')[2].partition('"')[0]
    status, headers, body = production.get(href)
    assert (status, bool(body)) == (200, True)
    assert "immutable" in headers["cache-control"]


def test_a_film_is_sent_by_nginx_a_mebibyte_at_a_time_to_whoever_may_see_it(production: Production) -> None:
    path = f"/films/{production.film}/media/play"
    status, headers, body = production.get(path, "asha", Range="bytes=0-")
    assert status == 206, body
    assert body == FILM[: 1024**2]
    assert headers["content-range"] == f"bytes 0-{1024**2 - 1}/{len(FILM)}"
    assert headers["content-type"] == "video/mp4"
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert production.get(path, "asha", Range="bytes=1000000-2000000")[2] == FILM[1_000_000:2_000_001]
    assert production.get(path, "asha", Range=f"bytes={len(FILM)}-")[0] == 416
    # The whole at once, which no player asks for, comes too.
    assert production.get(path, "asha")[2] == FILM


def test_a_film_is_not_there_for_anybody_else(production: Production) -> None:
    path = f"/films/{production.film}/media/play"
    assert production.get(path, "ben", Range="bytes=0-")[0] == 404
    assert production.get(path, Range="bytes=0-")[0] in {302, 303, 401}
    for guess in (f"/protected/films/{production.film}/proxy.mp4", f"/media/films/{production.film}/proxy.mp4"):
        assert production.get(guess, "asha")[0] == 404


def test_what_goes_into_the_log_is_json_without_queries_or_names(production: Production) -> None:
    production.get(f"/films/{production.film}/media/play?for=Rowan", "asha", Range="bytes=0-10")
    production.get("/nowhere/Rowan?for=Rowan", "asha")
    lines = [line.partition("| ")[2] for line in production.stack.logs]
    assert lines
    for line in lines:
        if line.strip() and not line.startswith("worker: "):  # Celery's last words, printed past every logger
            assert set(json.loads(line)) >= {"at", "level", "logger", "said"}, line
    assert "Rowan" not in "".join(lines) + production.front.log


def test_it_says_when_redis_is_gone_and_recovers_when_it_is_back(production: Production) -> None:
    assert production.get("/live")[:1] == (200,)
    production.redis.signal(19)  # SIGSTOP: it does not even refuse
    status, _, body = production.get("/live")
    assert (status, body) == (503, b"no answer from: redis\n")
    production.redis.signal(18)
    until(lambda: production.get("/live")[0] == 200)
