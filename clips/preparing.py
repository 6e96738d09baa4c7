"""Checking a film and making of it what people look at: the steps of the two jobs that a film goes through.

The check takes seconds and is what someone waits for: its hash, what it is, the time of every frame. A film that
browsers play is then there for marking, from the original, while the rest is made at low priority: poster, waveform,
storyboard, and the proxy.
"""

from __future__ import annotations

import json
import logging
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from functools import cache
from pathlib import Path

from django.conf import settings

from audit.actions import record
from clips import actions, frames, jobs, store
from clips.jobs import Attempt
from clips.marks.edges import snap
from clips.media import files, formats, peaks, playable, probe, sandbox, still, storyboard
from clips.media.formats import Family
from clips.media.probe import Film, Rejected
from clips.models import Recording, VideoJob

log = logging.getLogger(__name__)

State = Recording.State
FAILED = {
    VideoJob.Kind.CHECK: "This film could not be checked.",
    VideoJob.Kind.PREPARE: "The version of this film for marking could not be made.",
}
TOOK_TOO_LONG = "It took longer than a film of its length may take."


@cache
def _allowed(words: tuple[str, ...]) -> frozenset[Family]:
    return formats.chosen(words)


def allowed_formats() -> frozenset[Family]:
    """The families of formats that this service takes (``settings.FILM_FORMATS``)."""
    return _allowed(tuple(settings.FILM_FORMATS))


def run(attempt: Attempt) -> None:
    """Do one attempt at checking or preparing a film. Whatever goes wrong is written on the film as a plain sentence;
    what nobody foresaw is raised again after that."""
    work = _check if attempt.job.kind == VideoJob.Kind.CHECK else _prepare
    try:
        with store.working(attempt.job.attempt) as there:
            work(attempt, there)
    except (jobs.Lost, sandbox.Cancelled):
        log.info("A job is not wanted any more", extra={"job": attempt.job.pk, "attempt": str(attempt.job.attempt)})
    except sandbox.TimedOut:
        _fail(attempt, TOOK_TOO_LONG)
    except (sandbox.SandboxError, playable.NotFaithful) as error:
        log.warning("A film could not be worked on: %s", type(error).__name__, extra={"job": attempt.job.pk})
        _fail(attempt)
    except OSError as error:
        _fail(attempt, "There was no room for it on the server." if store.full(error) else "")
        if not store.full(error):
            raise
    except Exception:
        _fail(attempt)
        raise


def _fail(attempt: Attempt, why: str = "") -> None:
    try:
        with attempt.holding() as film:
            attempt.failed(" ".join(filter(None, [FAILED[VideoJob.Kind(attempt.job.kind)], why])) + jobs.TELL)
            film.state = State.FAILED
            film.save(update_fields=["state"])
            record(by=None, verb="film.failed", subject=film, family_id=film.case.family_id, case_id=film.case_id)
            jobs.cut_what_waits(film)  # a film that was checked can be cut from the original, exactly, if slowly
    except jobs.Lost:
        pass


# --- Check -------------------------------------------------------------------------------------------------


def _check(attempt: Attempt, work: Path) -> None:
    film_id = attempt.job.recording_id
    original = store.path(film_id, store.ORIGINAL)
    attempt.stage("Finding out what kind of film it is", 0.0, 0.5)
    with ThreadPoolExecutor(1) as hasher:
        hashing = hasher.submit(files.sha256, original)  # meanwhile, on the other core
        try:
            found: Film | Rejected = probe.probe(
                original,
                formats=allowed_formats(),
                max_bytes=settings.UPLOAD_MAX_BYTES,
                max_seconds=float(settings.FILM_MAX_SECONDS),
                cancelled=attempt.cancelled,
                root=work,
            )
        except Rejected as rejected:
            found = rejected
        if isinstance(found, Film):
            _let_in(attempt, found)
        attempt.stage("Making sure that it arrived whole", 0.5, 1.0)
        sha256 = _finished(attempt, hashing)
    with attempt.holding() as film:
        if not actions.worked_out_hash(recording=film, sha256=sha256):
            return  # sent again: the job went with the bytes
        film.refresh_from_db()
        attempt.done()
        if isinstance(found, Rejected):
            _reject(film, found)
            return
        film.state = State.PREPARING
        film.save(update_fields=["state"])
        jobs.enqueue_prepare(film)


def _finished(attempt: Attempt, hashing: Future[str]) -> str:
    while not hashing.done():
        attempt.cancelled()  # the heartbeat
        wait_for([hashing], timeout=1.0)
    return hashing.result()


def _let_in(attempt: Attempt, found: Film) -> None:
    """Write down what the check found; from here on the film can be marked by frames, and played if browsers can."""
    with attempt.holding() as film:
        store.write(store.path(film.pk, store.FILM), json.dumps(found.to_json(), separators=(",", ":")).encode())
        frames.save(film.pk, found)
        film.duration_us = found.time_us(found.frames) - found.time_us(0)
        film.frames, film.width, film.height = found.frames, found.width, found.height
        film.has_sound = found.audio_stream_index is not None
        film.sound_note = _sound_note(found)[:300]
        film.plays_directly = found.plays_directly
        film.facts = {
            "container": found.container,
            "video_codec": found.video_codec,
            "audio_codec": found.audio_codec,
            "rotation": found.rotation,
            "transfer": found.transfer,
            "interlaced": found.interlaced,
            "variable_frame_rate": found.variable_frame_rate,
            "hidden_frames": found.hidden_frames,
            "recorded_at": found.recorded_at.isoformat() if found.recorded_at else None,
            "why_not_directly": found.why_not_directly,
            # Some browsers play it, and show no picture when they do not: worth a try before the proxy is there.
            "may_play_directly": (
                found.video_codec == "hevc" and found.container == "mov" and found.hidden_frames == 0
            ),
        }
        film.save()
        snap(film, frames.load(film.pk).original)


def _sound_note(found: Film) -> str:
    if found.audio_stream_index is not None:
        return ""
    return found.audio_silent_reason or "This film has no sound."


def _reject(film: Recording, why: Rejected) -> None:
    """Refuse a film, in words for a practitioner. The original stays for a week, so that it can be tried again when an
    administrator allows its format; the film's page destroys it at once."""
    film.state = State.REJECTED
    film.rejected_code, film.rejected_reason, film.rejected_advice = why.code, why.sentence, why.advice
    film.save(update_fields=["state", "rejected_code", "rejected_reason", "rejected_advice"])
    record(
        by=None, verb="film.rejected", subject=film, family_id=film.case.family_id, case_id=film.case_id, code=why.code
    )


# --- Prepare -----------------------------------------------------------------------------------------------


def _prepare(attempt: Attempt, work: Path) -> None:
    film_id = attempt.job.recording_id
    original = store.path(film_id, store.ORIGINAL)
    checked = Film.from_json(json.loads(store.path(film_id, store.FILM).read_bytes()))
    allowed = allowed_formats()
    attempt.stage("Choosing its picture", 0.0, 0.01)
    still.poster(checked, original, work / store.POSTER, formats=allowed, cancelled=attempt.cancelled)
    with attempt.holding():
        store.place(work / store.POSTER, store.path(film_id, store.POSTER))

    attempt.stage("Drawing its sound", 0.01, 0.04)
    outline = peaks.peaks(checked, original, formats=allowed, cancelled=attempt.cancelled, root=work)
    with attempt.holding() as film:
        if outline is not None:
            store.write(store.path(film_id, store.PEAKS), json.dumps(outline).encode())

    attempt.stage("Making its storyboard", 0.04, 0.1)
    layout = storyboard.storyboard(
        checked, original, work / store.STORYBOARD, formats=allowed, cancelled=attempt.cancelled
    )
    with attempt.holding() as film:
        store.place(work / store.STORYBOARD, store.path(film_id, store.STORYBOARD))
        film.storyboard = dict(layout)
        film.save(update_fields=["storyboard"])

    attempt.stage("Making the version for marking", 0.1, 1.0)
    proxy = playable.make_proxy(
        checked,
        original,
        work / store.PROXY,
        short_side=settings.FILM_SHORT_SIDE,
        progress=attempt.progress,
        cancelled=attempt.cancelled,
        segments=None if checked.plays_directly else work / store.SEGMENTS,
        formats=allowed,
    )
    files.sync(proxy.path)
    with attempt.holding() as film:
        facts = proxy.to_json()
        store.place(proxy.path, store.path(film_id, store.PROXY))
        store.write(store.path(film_id, store.PROXY_FACTS), json.dumps(facts, separators=(",", ":")).encode())
        frames.save(film_id, checked, proxy)
        film.proxy = {key: value for key, value in facts.items() if key != "frame_times"}
        film.has_sound = proxy.has_sound
        if checked.audio_stream_index is not None and not proxy.has_sound:
            film.sound_note = "The sound of this film could not be read."
        film.state = State.READY
        film.save(update_fields=["proxy", "has_sound", "sound_note", "state"])
        attempt.done()
        snap(film, frames.load(film_id).original)  # marks that came in at the very moment of the check
        jobs.cut_what_waits(film)
        record(
            by=None, verb="film.prepared", subject=film, family_id=film.case.family_id, case_id=film.case_id,
            frames=film.frames,
        )  # fmt: skip


def proxy_of(film_id: uuid.UUID) -> playable.Proxy:
    """The verified proxy of a film. Raises FileNotFoundError while there is none."""
    facts = json.loads(store.path(film_id, store.PROXY_FACTS).read_bytes())
    return playable.Proxy.from_json(facts, store.path(film_id, store.PROXY))
