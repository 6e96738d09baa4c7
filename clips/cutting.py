"""Cutting a clip: the frames that the practitioner saw and no others, in a file of its own, with its poster."""

from __future__ import annotations

import dataclasses
import json
import logging
from fractions import Fraction
from pathlib import Path
from typing import Any

from clips import jobs, store
from clips.jobs import Attempt
from clips.media import cut as cutter
from clips.media import sandbox, still
from clips.media.cut import CutResult
from clips.media.playable import Proxy
from clips.media.probe import Film, Rejected
from clips.media.verify import NotFaithful
from clips.models import Clip, Recording
from clips.preparing import allowed_formats, proxy_of

log = logging.getLogger(__name__)

FAILED = "This moment could not be cut. It still plays from the film."
_FILE, _POSTER = "clip.mp4", "clip.jpg"


def run(attempt: Attempt) -> None:
    """Do one attempt at cutting a clip. What goes wrong is written on the clip; the unforeseen is raised again."""
    try:
        with store.working(attempt.job.attempt) as work:
            _cut(attempt, work)
    except (jobs.Lost, sandbox.Cancelled):
        log.info("A cut is not wanted any more", extra={"job": attempt.job.pk, "attempt": str(attempt.job.attempt)})
    except (cutter.BadRange, NotFaithful, Rejected, sandbox.SandboxError) as error:
        log.warning("A clip could not be cut: %s", type(error).__name__, extra={"job": attempt.job.pk})
        _fail(attempt)
    except OSError as error:
        _fail(attempt, " There was no room for it on the server." if store.full(error) else "")
        if not store.full(error):
            raise
    except Exception:
        _fail(attempt)
        raise


def _fail(attempt: Attempt, why: str = "") -> None:
    try:
        with attempt.holding():
            attempt.failed(FAILED + why + jobs.TELL)
            jobs.mark_failed(attempt.job)
    except jobs.Lost:
        pass


def _cut(attempt: Attempt, work: Path) -> None:
    job = attempt.job
    clip = Clip.objects.select_related("recording").get(jobs=job)
    first, last = clip.first_frame, clip.last_frame
    if first is None or last is None or clip.edges_version != job.clip_version:
        raise jobs.Lost
    attempt.stage("Cutting", 0.0, 0.95)
    made, poster = work / _FILE, work / _POSTER
    if clip.recording.proxy:
        proxy = proxy_of(clip.recording_id)
        result = _from(proxy, first, last, made, attempt)
        still.still(proxy, first, poster)
    else:
        result = _from_original(clip.recording, first, last, made, poster, attempt)
    name = store.clip_name(clip.pk, clip.edges_version)
    with attempt.holding():
        there = store.path(clip.recording_id, name)
        store.place(poster, there.with_suffix(".jpg"))
        store.place(made, there)
        Clip.objects.filter(pk=clip.pk).update(state=Clip.State.READY, file=name, file_facts=_facts(result))
        attempt.done()


def _from(proxy: Proxy, first: int, last: int, destination: Path, attempt: Attempt) -> CutResult:
    """Frame k of the proxy is frame k of the film: cut by the proxy's own times."""
    return cutter.cut(
        proxy,
        proxy.time(first),
        proxy.time(last + 1),
        destination,
        progress=attempt.progress,
        cancelled=attempt.cancelled,
    )


def _from_original(
    recording: Recording, first: int, last: int, destination: Path, poster: Path, attempt: Attempt
) -> CutResult:
    """For a film whose proxy could not be made: exactly the same frames, encoded in the sandbox."""
    checked = Film.from_json(json.loads(store.path(recording.pk, store.FILM).read_bytes()))
    source = store.path(recording.pk, store.ORIGINAL)
    allowed = allowed_formats()
    result = cutter.cut(
        source,
        checked.time(first),
        checked.time(last + 1),
        destination,
        progress=attempt.progress,
        cancelled=attempt.cancelled,
        film=checked,
        formats=allowed,
    )
    still.poster(checked, source, poster, index=first, formats=allowed, cancelled=attempt.cancelled)
    return result


def _facts(result: CutResult) -> dict[str, Any]:
    """A CutResult as JSON: times as [numerator, denominator] seconds."""
    return {
        key: [value.numerator, value.denominator] if isinstance(value, Fraction) else value
        for key, value in dataclasses.asdict(result).items()
    }
