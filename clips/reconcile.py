"""Putting back what was dropped, and clearing away what was left lying: run every two minutes, and at a worker's
start."""

from __future__ import annotations

import logging
import shutil
import time
import uuid

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from clips import actions, consent, jobs, store
from clips.models import Clip, Recording, Upload, VideoJob
from families.consent import Purpose

log = logging.getLogger(__name__)

State = VideoJob.State


def reconcile() -> None:
    """Make what is waiting go on, whatever died in between. May run at any time, and several times at once."""
    _put_back()
    _tell_again()
    _finish_uploads()
    _ask_for_what_is_missing()
    _clear()


def _put_back() -> None:
    """Jobs whose worker is dead or silent wait again, or are given up after too many tries."""
    silent = timezone.now() - settings.JOB_STALE
    for job in VideoJob.objects.filter(state=State.RUNNING):
        if not (job.heartbeat_at is None or job.heartbeat_at < silent or jobs.died(job.worker)):
            continue
        if job.attempts >= settings.JOB_MAX_ATTEMPTS:
            jobs.give_up(job)
            continue
        put_back = VideoJob.objects.filter(pk=job.pk, state=State.RUNNING, attempt=job.attempt).update(
            state=State.QUEUED, attempt=uuid.uuid4(), queued_at=timezone.now(), worker="", stage=""
        )
        if put_back:
            log.warning("A worker dropped a job; it waits again", extra={"job": job.pk, "attempt": str(job.attempt)})
            jobs.tell(job)


def _tell_again() -> None:
    """The message of a job that waits for long may be lost: send another. The same message twice does no harm."""
    old = timezone.now() - settings.JOB_QUEUED_STALE
    for job in VideoJob.objects.filter(state=State.QUEUED, queued_at__lt=old):
        told = VideoJob.objects.filter(pk=job.pk, state=State.QUEUED, queued_at=job.queued_at)
        if told.update(queued_at=timezone.now()):
            jobs.tell(job)


def _finish_uploads() -> None:
    """Films that arrived whole just when the web server died."""
    for upload in Upload.objects.filter(state=Upload.State.RECEIVING).select_related("recording"):
        actions.complete_if_whole(upload=upload)


def _ask_for_what_is_missing() -> None:
    """Films and clips that wait for a job that there is not."""
    at_work = VideoJob.objects.filter(state__in=jobs.LIVE)
    films = Recording.objects.exclude(pk__in=at_work.filter(clip__isnull=True).values("recording"))
    for film in films.filter(state=Recording.State.CHECKING):
        jobs.enqueue_check(film)
    for film in films.filter(state=Recording.State.PREPARING):
        jobs.enqueue_prepare(film)
    idle = Clip.objects.kept().filter(
        Q(state=Clip.State.MARKED) | Q(state=Clip.State.CUTTING),
        first_frame__isnull=False,
        recording__state=Recording.State.READY,
    )
    for clip in idle.exclude(pk__in=at_work.filter(clip__isnull=False).values("clip")).select_related("recording"):
        jobs.enqueue_cut(clip)


def _clear() -> None:
    """Folders of attempts that are over, and the rest of films that were destroyed."""
    found = store.attempts()  # before asking who is at work: a folder is only made after its job was claimed
    running = set(VideoJob.objects.filter(state=State.RUNNING).values_list("attempt", flat=True))
    for attempt in found:
        if attempt not in running:
            shutil.rmtree(store.work(attempt), ignore_errors=True)
    kept = store.kept()
    for film in Recording.objects.filter(pk__in=kept, state=Recording.State.DESTROYED).values_list("pk", flat=True):
        store.destroy(film)
    store.clear_leaving()


def stop_what_ran_out() -> int:
    """Stop films in which somebody's agreement to being filmed ran out by its date; how many. Hourly.

    (They cannot be played from that very day on, since every request asks; here their state follows.)
    """
    ran_out = Recording.objects.kept().filter(
        people__consents__purpose=Purpose.FILM, people__consents__expires_on__lt=timezone.localdate()
    )
    stopped = 0
    for film in ran_out.exclude(state=Recording.State.UPLOADING).distinct().prefetch_related("people"):
        verdict = consent.filmed(film)
        if not verdict.allowed:
            actions.stop_for_consent(recording=film, reasons=verdict.reasons)
            stopped += 1
    return stopped


def sweep() -> int:
    """Delete files inside films that no row speaks of any more; how many. Hourly.

    A film's whole folder that no row speaks of is left alone: after a database was restored from an older backup it
    may be somebody's only copy.
    """
    swept, settled = 0, time.time() - 3600  # a file takes its place a moment before its row is written
    for film in Recording.objects.filter(pk__in=store.kept()):
        there = store.folder(film.pk)
        wanted = {
            store.clip_name(clip.pk, clip.edges_version, suffix)
            for clip in film.clips.all()
            for suffix in (".mp4", ".jpg")
        }
        wanted |= {store.still_name(still) for still in film.stills.values_list("pk", flat=True)}
        for part in (store.CLIPS, store.STILLS):
            for file in (there / part).glob("*"):
                if f"{part}/{file.name}" not in wanted and file.stat().st_mtime < settled:
                    file.unlink(missing_ok=True)
                    swept += 1
    return swept
