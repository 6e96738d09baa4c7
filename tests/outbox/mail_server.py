"""A mail server that dies by its own hand, at a moment of its own choosing: ``python -m tests.outbox.mail_server``.

It writes each message to a file, and that file to the disk, before it says that it has taken it.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mortal:
    """Dies with ``chance`` at each of the places where a server can die."""

    def __init__(self, taken: Path, dice: random.Random, chance: float) -> None:
        self.taken, self.dice, self.chance = taken, dice, chance

    def _perhaps_die(self) -> None:
        if self.dice.random() < self.chance:
            os.kill(os.getpid(), signal.SIGKILL)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self._perhaps_die()
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        self._perhaps_die()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self._perhaps_die()
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        with self.taken.open("a") as written:
            written.write(f"{message_from_bytes(content)['Message-ID']}\n")
            written.flush()
            os.fsync(written.fileno())
        self._perhaps_die()  # it has it, and nobody hears so
        return "250 Taken"


async def serve(port: int, taken: Path, seed: int, chance: float) -> None:
    mortal = Mortal(taken, random.Random(seed), chance)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mortal, hostname="localhost"), "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
