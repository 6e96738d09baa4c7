"""What a test needs from the machine besides Python, and what happens when it is not there.

On a developer's machine a test whose service is missing is skipped and says why. With ``CI=true`` the same is a
failure: a suite that silently left out its journeys proves nothing.
"""

import functools
import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def _program(*names: str) -> Callable[[], str | None]:
    def missing() -> str | None:
        return None if any(shutil.which(name) for name in names) else f"{names[0]} is not installed"

    return missing


def _redis() -> str | None:
    from vig_service.redis_server import NoRedis, find_binary

    try:
        find_binary()
    except NoRedis as problem:
        return str(problem)
    return None


def _postgres() -> str | None:
    url = os.environ.get("DATABASE_URL_POSTGRES", "")
    return None if url.startswith("postgres") else "DATABASE_URL_POSTGRES names no PostgreSQL"


def _user_namespaces() -> str | None:
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed"
    import subprocess

    tried = subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, text=True, check=False
    )
    return f"bubblewrap does not work here: {tried.stderr.strip()}" if tried.returncode else None


CHROMIUM = Path(os.environ.get("VIG_CHROMIUM", shutil.which("chromium") or "/usr/bin/chromium"))
_CHECKS: dict[str, Callable[[], str | None]] = {
    "chromium": lambda: None if CHROMIUM.exists() else f"{CHROMIUM} is not there (VIG_CHROMIUM names another)",
    "nginx": _program("nginx"),
    "redis": _redis,
    "postgres": _postgres,
    "bubblewrap": _user_namespaces,
    "ffmpeg": _program("ffmpeg"),
    "pg_dump": _program("pg_dump"),
}


@functools.cache
def missing(name: str) -> str | None:
    """Why the service ``name`` cannot be used here, or None when it can."""
    return _CHECKS[name]()


def require(*names: str) -> None:
    """Skip the test when a service is missing; fail it under ``CI=true``."""
    for name in names:
        reason = missing(name)
        if reason and CI:
            pytest.fail(f"This test needs {name}, and in CI it must be there: {reason}", pytrace=False)
        if reason:
            pytest.skip(f"needs {name}: {reason}")


#: Why a test may be left out even in CI: it is about another database, or about films too large for the repository.
_MAY_BE_SKIPPED = ("the real films do not lie beside the project", "on sqlite ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """In CI every other skip is a failure, however the test came to it."""
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not any(words in reason.lower() for words in _MAY_BE_SKIPPED):
            report.outcome = "failed"
            report.longrepr = f"Left out, which in CI is a failure. {reason}"
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A mark such as ``@pytest.mark.postgres`` asks for its service."""
    if item.get_closest_marker("postgres"):
        require("postgres")


_DATABASES = frozenset({"db", "transactional_db", "django_db_setup"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL the tests that ask no database have nothing to say that they did not say on SQLite."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return

    def asks(item: pytest.Item) -> bool:
        fixtures = set(getattr(item, "fixturenames", ()))
        return bool(fixtures & _DATABASES) or item.get_closest_marker("django_db") is not None

    left_out = [item for item in items if not asks(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if asks(item)]
