"""Django's own deployment checks in production settings: ``python -m tests.production_check``."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.environment import clean

PROJECT = Path(__file__).resolve().parent.parent
#: All that production requires, made up: nothing listens at these addresses.
ENVIRONMENT = {
    "VIG_MODE": "production",
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "VIG_FIELD_KEYS": "cGxhaW5seS1ub3QtYS1zZWNyZXQtb2YtYW55LWtpbmQ=",
    "DATABASE_URL": "postgres://vig:vig@localhost:5432/vig",
    "REDIS_URL": "redis://localhost:6379/0",
    "ALLOWED_HOSTS": "vig.service.example",
}


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a production process whose data is in ``data_dir``."""
    return clean(**ENVIRONMENT, VIG_DATA_DIR=str(data_dir)) | more


def main() -> int:
    """Django's exit code: 0 when no check warns."""
    with tempfile.TemporaryDirectory() as data_dir:
        return subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            cwd=PROJECT,
            env=environment(Path(data_dir)),
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
