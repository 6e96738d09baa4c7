"""The queue of work on film. ``VideoJob`` is the truth; a message says only "look at job N".

A message may be lost, come twice or come late, and a worker may die at any moment; none of it changes how a film or
a clip ends up. A worker claims a job by compare-and-set under an attempt id of its own, shows that it lives by a
heartbeat, writes into a folder of that attempt, and puts the result in its place only while the attempt is still the
job's own and the film still wants it. What a dead worker dropped is put back by ``reconcile``.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from clips import consent, store
from clips.models import Clip, Recording, VideoJob

log = logging.getLogger(__name__)

Kind, State = VideoJob.Kind, VideoJob.State
QUEUES: dict[str, str] = {Kind.CHECK: "clips", Kind.PREPARE: "films", Kind.CUT: "clips"}
TASKS: dict[str, str] = {
    Kind.CHECK: "clips.tasks.check_film",
    Kind.PREPARE: "clips.tasks.prepare_film",
    Kind.CUT: "clips.tasks.cut_clip",
}
LIVE = [State.QUEUED, State.RUNNING]
# In which state a film wants the job.
WANTED: dict[str, frozenset[str]] = {
    Kind.CHECK: frozenset({Recording.State.CHECKING}),
    Kind.PREPARE: frozenset({Recording.State.PREPARING}),
    Kind.CUT: frozenset({Recording.State.READY, Recording.State.FAILED}),
}
BEAT_SECONDS = 3.0
GAVE_UP: dict[str, str] = {
    Kind.CHECK: "The checking of this film was broken off {times} times.",
    Kind.PREPARE: "The preparing of this film was broken off {times} times.",
    Kind.CUT: "The cutting of this moment was broken off {times} times.",
}
TELL = " Try again. If it happens again, tell your administrator."


# --- Asking for work -----------------------------------------------------------------------------------------


def enqueue_check(recording: Recording) -> VideoJob:
    """Have a film checked: seconds, and someone is waiting."""
    return _enqueue(Kind.CHECK, recording)


def enqueue_prepare(recording: Recording) -> VideoJob:
    """Have poster, waveform, storyboard and proxy of a checked film made: minutes."""
    return _enqueue(Kind.PREPARE, recording)


def enqueue_cut(clip: Clip) -> VideoJob | None:
    """Have a clip cut for the edges that it has now, and drop what was cut for others.

    None when there is nothing to do yet: the film is not ready (the clip is cut when it is), the clip's frames are
    not known, or this very stretch is cut already.
    """
    recording = clip.recording
    if clip.state == Clip.State.READY and clip.file == store.clip_name(clip.pk, clip.edges_version):
        return None
    live = clip.jobs.filter(state__in=LIVE).first()
    if live is not None and live.clip_version == clip.edges_version:
        return live
    drop_cut(clip)
    ready = recording.state in WANTED[Kind.CUT] and recording.frames is not None and not recording.ended
    if not ready or clip.deleted_at is not None or clip.first_frame is None:
        return None
    job = _enqueue(Kind.CUT, recording, clip)
    clip.state = Clip.State.CUTTING
    clip.save(update_fields=["state"])
    return job


def drop_cut(clip: Clip) -> None:
    """Cancel whatever is being cut for a clip and remove its file: its edges changed, or it was deleted."""
    cancel(clip=clip)
    if clip.file:
        names = [clip.file, str(Path(clip.file).with_suffix(".jpg"))]
        transaction.on_commit(partial(store.remove, clip.recording_id, *names), robust=True)
    if clip.file or clip.state != Clip.State.MARKED:
        clip.file, clip.file_facts, clip.state = "", {}, Clip.State.MARKED
        clip.save(update_fields=["file", "file_facts", "state"])


def cut_what_waits(recording: Recording) -> int:
    """Have every moment of a film cut that is not cut yet; how many were asked for."""
    waiting = recording.clips.kept().exclude(state__in=[Clip.State.READY, Clip.State.FAILED])
    asked = [enqueue_cut(clip) for clip in waiting.select_related("recording")]
    return len([job for job in asked if job is not None])


def _enqueue(kind: str, recording: Recording, clip: Clip | None = None) -> VideoJob:
    same = VideoJob.objects.filter(recording=recording, kind=kind, clip=clip, state__in=LIVE)
    job = same.first()
    if job is None:
        try:
            with transaction.atomic():
                job = VideoJob.objects.create(
                    kind=kind, recording=recording, clip=clip, clip_version=clip.edges_version if clip else None
                )
        except IntegrityError:
            job = same.get()  # somebody else asked for the same at this very moment
    tell(job)
    return job


def tell(job: VideoJob) -> None:
    """Send the message for a job once the transaction holds. A broker that is down costs nothing: ``reconcile`` tells
    again."""
    transaction.on_commit(partial(_publish, job.kind, job.pk), robust=True)


def _publish(kind: str, job_id: int) -> None:
    try:
        current_app.send_task(TASKS[kind], args=[job_id], queue=QUEUES[kind], retry=False)
    except (OperationalError, OSError):
        log.warning("The broker does not answer; the job waits to be told again", extra={"job": job_id})


def cancel(*, recording: Recording | None = None, clip: Clip | None = None) -> int:
    """Cancel the live jobs of a film or of a clip; the worker that runs one notices within seconds."""
    rows = VideoJob.objects.filter(clip=clip) if clip else VideoJob.objects.filter(recording=recording)
    return rows.filter(state__in=LIVE).update(state=State.CANCELLED, finished_at=timezone.now())


def cancel_cuts(recording: Recording) -> int:
    """Cancel whatever is being cut from a film, and leave its preparation alone."""
    cuts = VideoJob.objects.filter(recording=recording, kind=Kind.CUT, state__in=LIVE)
    return cuts.update(state=State.CANCELLED, finished_at=timezone.now())


# --- Doing it ------------------------------------------------------------------------------------------------


class Lost(Exception):
    """This attempt is no longer the job's own: it was cancelled, or put back and begun by another worker."""


def this_worker() -> str:
    """This process, so that another on the same host can tell whether it still lives: "host:process:start"."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    """When a process started, in the kernel's ticks; empty when there is no such process."""
    try:
        # The name in brackets may hold anything, spaces and brackets too: what follows it does not.
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if state in {"Z", "X"} else rest[18]


def died(worker: str) -> bool:
    """Whether the process that ran a job is certainly gone. Of other hosts only their heartbeat tells."""
    host, _, rest = worker.partition(":")
    pid, _, started = rest.partition(":")
    if host != socket.gethostname() or not started or not pid.isdigit():
        return False
    return _started(int(pid)) != started


class Attempt:
    """One worker's go at one job."""

    def __init__(self, job: VideoJob) -> None:
        self.job = job
        self.lost = False
        self._from, self._to = 0.0, 1.0
        self._beaten = time.monotonic()

    def stage(self, text: str, begins: float, ends: float) -> None:
        """Say what is being done now; its own progress of 0 to 1 counts for ``begins`` to ``ends`` of the whole.

        Raises Lost.
        """
        self._from, self._to = begins, ends
        self.job.stage, self.job.progress = text, begins
        self._beat()
        if self.lost:
            raise Lost

    def progress(self, fraction: float) -> None:
        """Say how much of the stage is done; written down every few seconds."""
        self.job.progress = self._from + (self._to - self._from) * min(1.0, max(0.0, fraction))
        self.cancelled()

    def cancelled(self) -> bool:
        """Whether to stop; asked often, it asks the database every few seconds, which is the heartbeat too."""
        if not self.lost and time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._beat()
        return self.lost

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        rows = VideoJob.objects.filter(pk=self.job.pk, attempt=self.job.attempt, state=State.RUNNING)
        written = rows.update(heartbeat_at=timezone.now(), stage=self.job.stage, progress=self.job.progress)
        self.lost = not written

    @contextlib.contextmanager
    def holding(self) -> Iterator[Recording]:
        """The film, locked, inside a transaction in which this attempt may put results in their place.

        Raises Lost when the job is no longer ours or the film no longer wants it (stopped, destroyed, other edges).
        """
        with transaction.atomic():
            recording = Recording.objects.select_for_update(of=("self",)).get(pk=self.job.recording_id)
            job = VideoJob.objects.select_for_update(of=("self",)).get(pk=self.job.pk)
            ours = job.attempt == self.job.attempt and job.state == State.RUNNING
            if not ours or not wanted(job, recording):
                self.lost = True
                raise Lost
            yield recording

    def done(self) -> None:
        """Mark the job as done; inside ``holding``."""
        self._end(State.DONE)

    def failed(self, sentence: str) -> None:
        """Mark the job as failed, with the sentence that a practitioner reads; inside ``holding``."""
        self._end(State.FAILED, sentence)

    def _end(self, state: str, error: str = "") -> None:
        job = self.job
        job.state, job.error, job.finished_at = state, error, timezone.now()
        job.progress = 1.0 if state == State.DONE else job.progress
        job.save(update_fields=["state", "error", "finished_at", "progress"])


def wanted(job: VideoJob, recording: Recording) -> bool:
    """Whether the film, and the clip with these edges, still want a job's result."""
    if recording.state not in WANTED[job.kind]:
        return False
    if job.kind == Kind.CUT and recording.ended:
        return False
    if job.clip_id is None or job.clip_version is None:
        return True
    return Clip.objects.kept().filter(pk=job.clip_id, edges_version=job.clip_version).exists()


def claim(job_id: int) -> Attempt | None:
    """Begin a job, or None when there is nothing to do: it is done, cancelled, or another worker's.

    A job whose worker died on this very host is taken over at once; one that was begun too often is given up. While
    somebody in the film does not agree to being filmed (an agreement ran out, say), the job goes on waiting.
    """
    job = VideoJob.objects.select_related("recording").filter(pk=job_id).first()
    if job is None or not job.live:
        return None
    if job.state == State.RUNNING and not died(job.worker):
        return None
    if not wanted(job, job.recording):
        cancel_one(job)
        return None
    if not consent.filmed(job.recording).allowed:
        return None
    if job.attempts >= settings.JOB_MAX_ATTEMPTS:
        give_up(job)
        return None
    attempt, now = uuid.uuid4(), timezone.now()
    claimed = VideoJob.objects.filter(pk=job.pk, state=job.state, attempt=job.attempt).update(
        state=State.RUNNING,
        attempt=attempt,
        attempts=job.attempts + 1,
        worker=this_worker(),
        started_at=now,
        heartbeat_at=now,
        progress=0.0,
        stage="",
        error="",
    )
    if not claimed:
        return None
    job.refresh_from_db()
    return Attempt(job)


def cancel_one(job: VideoJob) -> None:
    """Cancel a job that nobody wants, if it is as we saw it."""
    VideoJob.objects.filter(pk=job.pk, state=job.state, attempt=job.attempt).update(
        state=State.CANCELLED, finished_at=timezone.now()
    )


def give_up(job: VideoJob) -> None:
    """Fail a job that was begun too often, and its film or clip with it, with a plain sentence."""
    sentence = GAVE_UP[job.kind].format(times=job.attempts) + TELL
    with transaction.atomic():
        failed = VideoJob.objects.filter(pk=job.pk, state=job.state, attempt=job.attempt).update(
            state=State.FAILED, finished_at=timezone.now(), error=sentence
        )
        if failed:
            mark_failed(job)


def mark_failed(job: VideoJob) -> None:
    """Show the failure of a job on its film or clip, if that still waits for it."""
    if job.clip_id is not None and job.clip_version is not None:
        clips = Clip.objects.filter(pk=job.clip_id, edges_version=job.clip_version, state=Clip.State.CUTTING)
        clips.update(state=Clip.State.FAILED)
    else:
        films = Recording.objects.filter(pk=job.recording_id, state__in=WANTED[job.kind])
        films.update(state=Recording.State.FAILED)
