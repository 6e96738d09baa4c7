"""The Redis of the zero set-up: private, durable, and plain about what is missing."""

import importlib.util
import os
import shutil
import stat
from pathlib import Path

import pytest
import redis

from tests import services
from vig_service import redis_server
from vig_service.redis_server import SOCKET_PATH_MAX, NoRedis, RedisServer


@pytest.fixture
def server(tmp_path: Path):
    services.require("redis")
    running = RedisServer(tmp_path / "redis")
    running.start()
    yield running
    running.stop()


def client(server: RedisServer) -> redis.Redis:
    return redis.Redis.from_url(server.url)


def test_only_this_user_reaches_it(server: RedisServer) -> None:
    assert stat.S_IMODE(server.socket_path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket_path.stat().st_mode) == 0o600
    assert client(server).config_get("port") == {"port": "0"}
    assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700


def test_what_was_written_a_second_ago_survives_a_kill(server: RedisServer) -> None:
    client(server).set("job", "17")
    assert client(server).config_get("appendfsync") == {"appendfsync": "everysec"}
    assert server.child is not None
    server.child.kill()
    assert not server.answers()
    server.start()
    assert client(server).get("job") == b"17"


def test_a_full_redis_refuses_rather_than_forgets(server: RedisServer) -> None:
    assert client(server).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_its_directory_goes_with_it(tmp_path: Path) -> None:
    services.require("redis")
    server = RedisServer(tmp_path / "redis")
    server.start()
    server.stop()
    assert not server.socket_path.parent.exists()


def test_the_socket_fits_even_where_temporary_files_are_deep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setattr(redis_server.tempfile, "gettempdir", lambda: str(deep))
    server = RedisServer(tmp_path / "redis")
    try:
        assert len(os.fsencode(server.socket_path)) <= SOCKET_PATH_MAX
    finally:
        server.stop()


def test_without_a_binary_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoRedis, match=r"REDIS_URL=.*compose\.yaml"):
        redis_server.find_binary()


def test_a_redis_that_cannot_start_shows_its_own_reason(tmp_path: Path) -> None:
    services.require("redis")
    server = RedisServer(tmp_path / "redis")
    server.data_dir.mkdir()
    # What an interrupted disk may leave: a file that is no append-only file.
    (server.data_dir / "appendonly.aof").write_bytes(b"*1\r\nnonsense that is not a command\r\n")
    (server.data_dir / "appendonlydir").write_bytes(b"in the way")
    try:
        with pytest.raises(NoRedis, match="It said"):
            server.start()
    finally:
        server.stop()
