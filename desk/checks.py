"""What must be so before production starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks

from clips.media import ffmpeg, sandbox

TAG = "films"


@checks.register(TAG)
def films_are_walled_in(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Production refuses to open strangers' films behind nothing but limits."""
    if not settings.PRODUCTION or sandbox.level() is not sandbox.Level.LIMITS:
        return []
    return [
        checks.Error(
            "Films would be opened without a wall between them and the other films.",
            hint="Install bubblewrap, or run in a container without network and privileges (see docs/operators.md).",
            id="desk.E001",
        )
    ]


@checks.register(TAG, deploy=True)
def ffmpeg_is_patched(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Known holes in ffmpeg are mended before it opens strangers' films."""
    try:
        verdict = ffmpeg.verdict()
    except ffmpeg.NotFound as error:
        return [checks.Error(str(error), id="desk.E002")]
    return [] if verdict.patched else [checks.Error(verdict.sentence, id="desk.E003")]
