"""PDFs: read by a child with limits, refused with a program, a hidden file or a password in them.

A PDF is the most intricate of what people send, and its reader the likeliest to be led astray; so the reading happens
in another process (``pdf_reader.py``), with limits of memory and time, that has nothing to lose.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from families.files.refusal import Refused

READER = Path(__file__).with_name("pdf_reader.py")
MOST_SECONDS = 30  # the child ends itself after fewer of its own; this is for one that hangs


def check(data: bytes, called: str) -> None:
    """Nothing in it runs, opens or sends anything by itself, and no file is hidden in it. Raises Refused."""
    try:
        child = subprocess.run(  # our own file, no shell, nothing of the sender's among the words
            [sys.executable, "-I", str(READER)],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _damaged(called) from error
    said = child.stdout.decode(errors="replace").strip() if child.returncode == 0 else ""
    if said == "fine":
        return
    if said == "password":
        raise Refused(f"{called} has a password. Save it without one and choose it again.", "password")
    if said == "program":
        raise Refused(
            f"{called} has a program, a form that sends itself or a hidden file in it, so it cannot be kept. "
            "Print it to a new PDF (“Save as PDF”) and choose that.",
            "program",
        )
    raise _damaged(called)


def _damaged(called: str) -> Refused:
    return Refused(
        f"{called} is damaged, or too intricate to be checked. Print it to a new PDF and choose that.", "damaged"
    )
