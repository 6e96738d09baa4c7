"""An optional look by ClamAV's daemon, over its socket: ``settings.CLAMD_ADDRESS``.

Without the setting nothing is asked. With it, a file is kept only when the daemon says that it is clean: a daemon that
does not answer is no reason to keep what nobody looked at.
"""

from __future__ import annotations

import logging
import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

from families.files.refusal import Refused

log = logging.getLogger(__name__)
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
PIECE = 64 * 1024  # bytes
_LONGEST_ANSWER = 4096


def scan(data: bytes, called: str) -> None:
    """Ask the daemon about a file, if one is configured. Raises Refused when it finds something or is not there."""
    if not settings.CLAMD_ADDRESS:
        return
    try:
        answer = _ask(data)
    except OSError as error:
        log.warning("The virus scanner at CLAMD_ADDRESS does not answer: %s", type(error).__name__)
        raise _not_checked(called) from error
    if answer.endswith("FOUND"):
        log.warning("The virus scanner refused a file: %s", answer)
        raise Refused(
            f"The virus scanner found something in {called}, so it is not kept. Delete the file, and tell whoever "
            "looks after your computer.",
            "infected",
        )
    if not answer.endswith("OK"):
        log.warning("The virus scanner did not check a file: %s", answer)
        raise _not_checked(called)


def _not_checked(called: str) -> Refused:
    return Refused(
        f"{called} could not be checked for viruses just now, so it is not kept yet. Keep the file where it is, and "
        "try again in a few minutes.",
        "not_checked",
    )


def _connect() -> socket.socket:
    where = urlsplit(settings.CLAMD_ADDRESS)
    if where.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(where.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((where.hostname or "localhost", where.port or 3310), timeout=CONNECT_SECONDS)


def _ask(data: bytes) -> str:
    """What clamd says of these bytes (INSTREAM, clamd(8)): ``stream: OK``, ``stream: Eicar-Test-Signature FOUND``."""
    with _connect() as line:
        line.settimeout(ANSWER_SECONDS)
        line.sendall(b"zINSTREAM\0")
        for first in range(0, len(data), PIECE):
            piece = data[first : first + PIECE]
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            more = line.recv(_LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")
