"""A mail server that is killed again and again loses no message, and none is sent twice."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from outbox import actions, registry, sending
from outbox.models import Message
from outbox.registry import Content

State = Message.State
PROJECT = Path(__file__).resolve().parents[2]
MESSAGES = 40
CHANCE = 0.12  # of dying, at each of four places of each message


class House:
    """Starts the server anew whenever it is dead."""

    def __init__(self, port: int, taken: Path, seed: int) -> None:
        self.port, self.taken, self.dice = port, taken, random.Random(seed)
        self.running: subprocess.Popen[str] | None = None
        self.deaths = 0

    def see_to_it(self, chance: float = CHANCE) -> None:
        if self.running is not None and self.running.poll() is None:
            return
        self.deaths += self.running is not None
        command = [sys.executable, "-m", "tests.outbox.mail_server", str(self.port), str(self.taken)]
        command += [str(self.dice.randrange(10**6)), str(chance)]
        self.running = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert self.running.stdout is not None
        assert self.running.stdout.readline() == "ready\n"

    def end(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()


@pytest.fixture
def house(settings: LazySettings, tmp_path: Path) -> Iterator[House]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    (tmp_path / "taken").touch()
    found = House(port, tmp_path / "taken", seed=20261127)
    yield found
    found.end()


@pytest.mark.django_db
def test_a_killed_mail_server_loses_no_message_and_sends_none_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello = registry.Kind("hello", "Hello", lambda message: Content("Hello", "Please ring us."))
    monkeypatch.setitem(registry._kinds, "hello", hello)
    messages = [
        actions.post(by=None, kind="hello", channel="email", to=f"a{number}@clinic.example", subject_id=number)
        for number in range(MESSAGES)
    ]
    for _ in range(60):
        waiting = list(Message.objects.filter(state=State.WAITING))
        if not waiting:
            break
        Message.objects.filter(state=State.WAITING).update(due_at=timezone.now())  # nobody waits for the next try
        for message in waiting:
            house.see_to_it()
            sending.send(message.pk)
            sending.reconcile()
    assert house.deaths > 10, "it was killed often enough to mean something"
    arrived = Counter(line.split("@")[0].strip("<") for line in house.taken.read_text().split())
    assert max(arrived.values()) == 1, "none twice"
    states = Counter()
    for message in messages:
        message.refresh_from_db()
        states[message.state] += 1
        if message.state == State.SENT:
            assert arrived[str(message.pk)] == 1
        else:
            assert message.state == State.UNSURE, "nobody can know whether it left, and a person decides"
            assert message.to_locked, "so that it can be sent again"
    assert states[State.SENT] > MESSAGES / 2
    assert states[State.UNSURE] > 0, "some deaths fell between taking a message and saying so"
    assert len(arrived) >= states[State.SENT]
