"""Make the virtual environment and install a lock file into it; nothing happens when it is there already.

Run by the Makefile with whatever Python the machine has: ``python3 -I vig_service/install.py LOCK…``. It uses the
standard library alone and must be readable by an old Python, which is told so in plain words. It speaks on standard
error: the standard output of `make bench` is for measurements alone.
"""

import hashlib
import json
import os
import subprocess
import sys

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - an old Python
OLDEST = (3, 11)


def works(python):
    """Whether the environment's Python can be run: the one that it was made from may be gone."""
    return python.exists() and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def main(locks):
    """Install each lock file that is not installed as it stands; 0, or 1 with the instruction that mends it."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "Python {}.{} or newer is needed; this is {}. Install it, or say which one to use: "
            "make PYTHON=/path/to/python3.11\n".format(*OLDEST, sys.version.split()[0])
        )
        return 1
    from pathlib import Path

    environment = Path(os.environ.get("VIG_VENV", Path(PROJECT) / ".venv"))
    python = environment / "bin" / "python"
    stamp = environment / "installed.json"
    wanted = {lock: hashlib.sha256((Path(PROJECT) / lock).read_bytes()).hexdigest() for lock in locks}
    try:
        installed = json.loads(stamp.read_text())
    except (OSError, ValueError):
        installed = {}
    if not works(python):
        installed = {}
        sys.stderr.write(f"Making a virtual environment in {environment} …\n")
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=False)
        if made.returncode:
            sys.stderr.write(
                "The virtual environment could not be made. On Debian and Ubuntu Python's venv is a package of its "
                "own: sudo apt install python3-venv\n"
            )
            return 1
    missing = [lock for lock in locks if installed.get(lock) != wanted[lock]]
    if not missing:
        return 0
    if subprocess.run([python, "-m", "pip", "--version"], check=False, stdout=subprocess.DEVNULL).returncode:
        subprocess.run([python, "-m", "ensurepip", "--upgrade"], check=True, stdout=subprocess.DEVNULL)
    for lock in missing:
        sys.stderr.write(f"Installing {lock} (the first time takes a minute or two) …\n")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        done = subprocess.run([*pip, "--require-hashes", "-r", lock], check=False, cwd=PROJECT, stdout=sys.stderr)
        if done.returncode:
            sys.stderr.write(f"{lock} could not be installed; what pip says stands above. Then run make again.\n")
            return 1
        installed[lock] = wanted[lock]
        stamp.write_text(json.dumps(installed, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
