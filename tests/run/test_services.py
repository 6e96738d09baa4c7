"""A test that is left out says why; in CI it is a failure."""

from __future__ import annotations

import pytest

from vig_service.processes import PROJECT

pytest_plugins = ["pytester"]

TESTS = """
import pytest
from tests import services

def test_of_nginx():
    services.require("nginx")

@pytest.mark.skipif(True, reason="there is no such thing here")
def test_of_a_mark():
    raise AssertionError

def test_of_large_films():
    pytest.skip("The real films do not lie beside the project.")
"""


@pytest.mark.parametrize(("ci", "outcomes"), [("", {"skipped": 3}), ("true", {"skipped": 1, "failed": 1, "errors": 1})])
def test_a_missing_service(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    ci: str,
    outcomes: dict[str, int],
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    pytester.makepyfile(TESTS)
    done = pytester.runpytest_subprocess("-p", "tests.services", "-p", "no:django", "-rs")
    done.assert_outcomes(**outcomes)
    if not ci:
        done.stdout.fnmatch_lines("*needs nginx: nginx is not installed*")
