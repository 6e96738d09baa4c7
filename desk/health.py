"""How the service is: what an administrator wants to know before anybody else notices."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import RedisError

from audit import chain
from clips import store
from clips.media import ffmpeg, sandbox
from outbox import queries as outbox

State = Literal["good", "look", "bad"]
WORDS: dict[State, tuple[str, str]] = {
    "good": ("Works", "green"),
    "look": ("Look at this", "yellow"),
    "bad": ("Does not work", "red"),
}
QUEUES = {"clips": "checks films and cuts clips", "films": "prepares films", "messages": "sends messages"}
SEALER_LATE = timedelta(minutes=5)
GIB = 1024**3


@dataclass(frozen=True)
class Finding:
    """One part of the service and how it is."""

    part: str
    state: State
    text: str

    @property
    def word(self) -> str:
        return WORDS[self.state][0]

    @property
    def colour(self) -> str:
        return WORDS[self.state][1]


def _size(number: float) -> str:
    return f"{number / GIB:.1f} GB"


def video_program() -> Finding:
    try:
        verdict = ffmpeg.verdict()
    except ffmpeg.NotFound as error:
        return Finding("ffmpeg", "bad", str(error))
    text = f"{verdict.sentence} It is {verdict.path}, release {verdict.version}."
    return Finding("ffmpeg", "good" if verdict.patched else "bad", text)


def walls() -> Finding:
    level = sandbox.level()
    state: State = "look" if level is sandbox.Level.LIMITS else "good"
    return Finding("Sandbox for films", state, level.sentence)


def database() -> Finding:
    kind = connection.vendor
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Finding("Database", "bad", "The database does not answer.")
    if kind == "sqlite":
        return Finding("Database", "good", "SQLite, which is meant for the demonstration only.")
    return Finding("Database", "good", f"{connection.display_name} answers.")


def redis() -> Finding:
    if not settings.REDIS_URL:
        return Finding("Redis", "bad", "No Redis is named, so no film is prepared and no clip is cut. Set REDIS_URL.")
    try:
        cache.set("health", "ok", 5)
        answered = cache.get("health") == "ok"
    except (RedisError, OSError):
        answered = False
    if not answered:
        return Finding(
            "Redis", "bad", "Redis does not answer. Films wait until it does; nothing that was sent is lost."
        )
    return Finding("Redis", "good", "Redis answers.")


def workers() -> Iterator[Finding]:
    """The last sign of life of the worker of each queue, which the workers write themselves."""
    for queue, does in QUEUES.items():
        part = f"Worker that {does}"
        try:
            said = cache.get(f"heartbeat:{queue}")
        except (RedisError, OSError):
            said = None
        if not said:
            yield Finding(part, "bad", f"No sign of life in the last minute and a half. Start the worker “{queue}”.")
            continue
        at = timezone.localtime(datetime.fromisoformat(said))
        yield Finding(part, "good", f"Last sign of life at {at:%H:%M:%S}.")


def disk() -> Finding:
    free, reserve = store.free_space(), settings.UPLOAD_RESERVE_BYTES
    there: Path = store.films()
    while not there.exists():
        there = there.parent
    total = shutil.disk_usage(there).total
    text = f"{_size(free)} free of {_size(total)} where films are kept. {_size(reserve)} are held back."
    if free <= reserve:
        return Finding("Room for films", "bad", f"{text} No film is taken in until there is room.")
    if free < reserve + settings.UPLOAD_MAX_BYTES:
        return Finding("Room for films", "look", f"{text} The largest film allowed would not fit.")
    return Finding("Room for films", "good", text)


def audit_chain() -> Finding:
    tail = chain.tail()
    text = f"{tail.sealed} events sealed, {tail.unsealed} still to seal."
    if tail.oldest_unsealed and timezone.now() - tail.oldest_unsealed > SEALER_LATE:
        since = timezone.localtime(tail.oldest_unsealed)
        return Finding(
            "Audit",
            "look",
            f"{text} The oldest waits since {since:%-d %b, %H:%M}: start the process “beat” and the worker “clips”.",
        )
    return Finding("Audit", "good", f"{text} `manage.py verify_audit` walks the whole chain.")


def mail() -> Finding:
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend == "filebased":
        return Finding(
            "E-mail",
            "look",
            f"Messages are written to files in {settings.EMAIL_FILE_PATH} and reach nobody. Set EMAIL_URL.",
        )
    if backend in {"console", "dummy", "locmem"}:
        return Finding("E-mail", "look", "Messages are not sent to anybody. Set EMAIL_URL.")
    return Finding(
        "E-mail", "good", f"Messages go out through {settings.EMAIL_HOST}, from {settings.DEFAULT_FROM_EMAIL}."
    )


def text_messages() -> Finding:
    sentence = outbox.why_nothing_leaves("sms")
    if sentence:
        return Finding("Text messages", "look", f"{sentence} Set VIG_SMS when you have a provider.")
    return Finding("Text messages", "good", "Text messages go out through the provider that VIG_SMS names.")


def messages() -> Finding:
    """What waits to leave, and what could not."""
    now = outbox.standing()
    text = (
        f"{now.waiting} waiting, {now.failed} could not be sent, {now.unsure} of which nobody knows whether they left."
    )
    if now.late and now.oldest_waiting:
        since = timezone.localtime(now.oldest_waiting)
        return Finding(
            "Messages",
            "bad",
            f"{text} One should have been tried at {since:%-d %b, %H:%M}: start the worker “messages” and “beat”.",
        )
    if now.failed or now.unsure:
        return Finding("Messages", "look", f"{text} Decide about them on the page “Messages”.")
    return Finding("Messages", "good", text)


def findings() -> list[Finding]:
    """Everything, in the order in which it matters to the work."""
    return [
        video_program(),
        walls(),
        database(),
        redis(),
        *workers(),
        disk(),
        audit_chain(),
        mail(),
        text_messages(),
        messages(),
    ]
