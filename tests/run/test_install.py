"""`make` installs what the lock file says, once."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from vig_service import install
from vig_service.processes import PROJECT


def run(*locks: str, venv: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "vig_service/install.py", *locks],
        cwd=PROJECT,
        env={"VIG_VENV": str(venv), "PATH": "/usr/bin:/bin", "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_environment_that_is_up_to_date_is_left_alone(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    lock = hashlib.sha256((PROJECT / "requirements.lock").read_bytes()).hexdigest()
    (tmp_path / "installed.json").write_text(json.dumps({"requirements.lock": lock}))
    done = run("requirements.lock", venv=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_changed_lock_is_installed_and_remembered_only_when_it_worked(tmp_path: Path) -> None:
    lock = PROJECT / "tests" / "run" / "made-by-test.lock"
    lock.write_text("a-package-that-is-nowhere==1.0 --hash=sha256:" + "0" * 64 + "\n")
    try:
        done = run("tests/run/made-by-test.lock", venv=tmp_path / "venv")
        assert done.returncode == 1
        assert "could not be installed" in done.stderr
        assert not (tmp_path / "venv" / "installed.json").exists()
        lock.write_text("# nothing\n")
        done = run("tests/run/made-by-test.lock", venv=tmp_path / "venv")
        assert (done.returncode, done.stdout) == (0, "")
        assert "Installing" in done.stderr
        assert run("tests/run/made-by-test.lock", venv=tmp_path / "venv").stderr == ""
    finally:
        lock.unlink()


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 2))
    assert install.main(["requirements.lock"]) == 1
    assert "3.11 or newer is needed" in capsys.readouterr().err


def test_both_lock_files_name_the_same_versions() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = [line.split(" ")[0] for line in (PROJECT / name).read_text().splitlines() if "==" in line]
        return dict(line.split("==") for line in lines)

    needed, with_tests = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: with_tests.get(name) for name in needed} == needed
