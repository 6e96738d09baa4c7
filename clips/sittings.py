"""Looking is audited, once a sitting: not at every range of bytes that a player asks for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError

from audit.actions import record
from clips.models import Clip, Recording

if TYPE_CHECKING:
    from accounts.models import User

SITTING_SECONDS = 15 * 60
"""Looking again after a pause of this length is a new sitting."""


def _begins(verb: str, by: User, subject: uuid.UUID) -> bool:
    """Whether this is the first look of a sitting. Without the cache every look is written down: too much, not too
    little."""
    key = f"sitting:{verb}:{by.pk}:{subject}"
    try:
        if cache.add(key, 1, SITTING_SECONDS):
            return True
        cache.touch(key, SITTING_SECONDS)
    except (RedisError, OSError):
        return True
    return False


def _look(verb: str, by: User, subject: Recording | Clip, recording: Recording) -> None:
    if not _begins(verb, by, subject.pk):
        return
    try:
        record(by=by, verb=verb, subject=subject, family_id=recording.case.family_id, case_id=recording.case_id)
    except Exception:
        cache.delete(f"sitting:{verb}:{by.pk}:{subject.pk}")  # the next range must not pass unwritten
        raise


def film_played(*, by: User, recording: Recording) -> None:
    """Write down that ``by`` plays a film, once a sitting."""
    _look("film.played", by, recording, recording)


def film_looked_through(*, by: User, recording: Recording) -> None:
    """Write down that ``by`` saw a film's storyboard, once a sitting."""
    _look("film.looked-through", by, recording, recording)


def clip_played(*, by: User, clip: Clip) -> None:
    """Write down that ``by`` plays a clip, once a sitting."""
    _look("clip.played", by, clip, clip.recording)


def film_page_opened(*, by: User, recording: Recording) -> None:
    """Write down that ``by`` opened the page of a film, with its picture, once a sitting."""
    _look("film.opened", by, recording, recording)


def evidence_played(*, by: User, recording: Recording) -> None:
    """Write down that a safeguarding lead plays a film that is kept as evidence, once a sitting."""
    _look("evidence.played", by, recording, recording)
