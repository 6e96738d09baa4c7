"""Work on film that may be lost, come twice, be killed or not be wanted any more: the end is right every time."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from clips import actions, cutting, jobs, preparing, store, tasks
from clips.media import cut as cutter
from clips.media import sandbox
from clips.media.cut import CutResult
from clips.media.playable import NotFaithful
from clips.models import Clip, Recording, Upload, VideoJob
from clips.reconcile import reconcile, sweep
from tests.cast import Cast, FamilyInTests
from tests.clips import filming


@pytest.fixture
def film(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    return filming.pretend_ready(filming.make_recording(consenting_family, cast.asha), size=5000)


@pytest.fixture
def clip(film: Recording, cast: Cast) -> Clip:
    return filming.mark(film, cast.asha)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs that the broker was told of."""
    told: list[int] = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args, **_: told.append(args[0]))
    return told


@pytest.fixture
def quick_cut(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """A cutter that writes a few bytes, and the stretches it was asked for."""
    asked: list[tuple] = []

    def cut(proxy, start, end, destination: Path, **_: object) -> CutResult:
        asked.append((start, end))
        destination.write_bytes(b"a clip")
        return CutResult(1, start, end, end - start, "smart", 6, "0" * 64)

    monkeypatch.setattr(cutting.cutter, "cut", cut)
    monkeypatch.setattr(cutting.still, "still", lambda proxy, index, path: path.write_bytes(b"a picture"))
    return asked


def cut_of(clip: Clip) -> VideoJob:
    job = jobs.enqueue_cut(clip)
    assert job is not None
    return job


# --- Asking ----------------------------------------------------------------------------------------------------


def test_the_message_is_the_id_alone_and_leaves_after_the_commit(
    clip: Clip, messages: list[int], django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = cut_of(clip)
        assert messages == []
    assert messages == [job.pk]


def test_a_broker_that_is_down_fails_nobodys_request(
    clip: Clip, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("no redis")

    monkeypatch.setattr(jobs.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        cut_of(clip)
    assert VideoJob.objects.get().state == "queued"


def test_asking_twice_makes_one_job(film: Recording, clip: Clip) -> None:
    assert cut_of(clip).pk == cut_of(clip).pk
    Recording.objects.filter(pk=film.pk).update(state="checking")
    assert jobs.enqueue_check(film).pk == jobs.enqueue_check(film).pk


def test_a_moment_is_cut_only_once_its_film_is_ready(film: Recording, clip: Clip) -> None:
    for state in ("uploading", "checking", "preparing", "stopped", "destroyed"):
        film.state = state
        film.save()
        clip.recording = film
        assert jobs.enqueue_cut(clip) is None
        assert clip.state == "marked"
    film.state = "ready"
    film.save()
    assert jobs.cut_what_waits(film) == 1


# --- Claiming ----------------------------------------------------------------------------------------------------


def test_the_same_message_twice_is_one_attempt(clip: Clip, quick_cut: list) -> None:
    job = cut_of(clip)
    assert jobs.claim(job.pk) is not None
    assert jobs.claim(job.pk) is None
    tasks.cut_clip(job.pk)
    assert quick_cut == []
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_message_about_work_that_is_done_or_unknown_does_nothing(clip: Clip, quick_cut: list) -> None:
    job = cut_of(clip)
    for _ in range(3):
        tasks.cut_clip(job.pk)
    tasks.cut_clip(10**9)
    assert len(quick_cut) == 1
    clip.refresh_from_db()
    assert clip.state == "ready"
    assert [path.name for path in (store.folder(clip.recording_id) / "clips").iterdir() if path.suffix == ".mp4"] == [
        f"{clip.pk}-1.mp4"
    ]


def test_of_two_workers_that_claim_at_once_one_gets_it(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has read the job as waiting before the first took it."""
    job, won = cut_of(clip), []
    wanted = jobs.wanted

    def meanwhile(*arguments: object) -> bool:
        monkeypatch.setattr(jobs, "wanted", wanted)
        won.append(jobs.claim(job.pk))
        return True

    monkeypatch.setattr(jobs, "wanted", meanwhile)
    assert jobs.claim(job.pk) is None
    assert won[0] is not None
    job.refresh_from_db()
    assert (job.attempt, job.attempts) == (won[0].job.attempt, 1)


def test_a_job_of_a_worker_that_died_on_this_host_is_taken_over_at_once(clip: Clip) -> None:
    job = cut_of(clip)
    assert jobs.claim(job.pk)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    host = jobs.this_worker().split(":")[0]
    started = jobs._started(dead.pid)
    dead.wait()
    VideoJob.objects.update(worker=f"{host}:{dead.pid}:{started or 1}")
    taken = jobs.claim(job.pk)
    assert taken is not None
    assert taken.job.attempts == 2


def test_who_is_dead_is_known_only_of_this_host_and_not_by_a_number_alone() -> None:
    here = jobs.this_worker()
    host, pid, started = here.rsplit(":", 2)
    assert not jobs.died(here)
    assert jobs.died(f"{host}:{pid}:{int(started) - 1}")  # another process had that number before
    assert not jobs.died(f"elsewhere:{pid}:1")
    assert not jobs.died("")


def test_a_job_that_nobody_wants_is_cancelled_not_done(film: Recording, clip: Clip, quick_cut: list) -> None:
    job = cut_of(clip)
    Recording.objects.filter(pk=film.pk).update(state="destroyed")
    tasks.cut_clip(job.pk)
    job.refresh_from_db()
    assert (job.state, quick_cut) == ("cancelled", [])


# --- Finishing ---------------------------------------------------------------------------------------------------


def test_a_clip_is_the_stretch_from_its_first_frame_to_the_end_of_its_last(clip: Clip, quick_cut: list) -> None:
    tasks.cut_clip(cut_of(clip).pk)
    assert [(float(start), float(end)) for start, end in quick_cut] == [(0.12, 0.4)]
    clip.refresh_from_db()
    assert clip.file == f"clips/{clip.pk}-1.mp4"
    assert clip.file_facts["first_time"] == [3, 25]
    assert store.path(clip.recording_id, f"clips/{clip.pk}-1.jpg").exists()
    assert jobs.enqueue_cut(clip) is None  # nothing to do: this very stretch is cut


def test_changing_the_edges_cuts_again_and_the_old_file_goes(
    clip: Clip, quick_cut: list, django_capture_on_commit_callbacks
) -> None:
    tasks.cut_clip(cut_of(clip).pk)
    clip.refresh_from_db()
    clip.last_frame, clip.last_us, clip.edges_version = 20, 800_000, 2
    clip.save()
    with django_capture_on_commit_callbacks(execute=True):
        job = cut_of(clip)
    assert not store.path(clip.recording_id, f"clips/{clip.pk}-1.mp4").exists()
    tasks.cut_clip(job.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.file) == ("ready", f"clips/{clip.pk}-2.mp4")
    names = {path.name for path in (store.folder(clip.recording_id) / "clips").iterdir()}
    assert names == {f"{clip.pk}-2.mp4", f"{clip.pk}-2.jpg"}


@pytest.mark.parametrize("what", ["edges", "deleted", "stopped", "taken over", "cancelled"])
def test_what_changed_while_it_was_cut_leaves_no_file_and_no_wrong_state(
    clip: Clip, cast: Cast, quick_cut: list, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    job, cut = cut_of(clip), cutting.cutter.cut

    def meanwhile(*arguments: object, **options: object) -> CutResult:
        if what == "edges":
            Clip.objects.filter(pk=clip.pk).update(edges_version=2)
        elif what == "deleted":
            Clip.objects.filter(pk=clip.pk).update(deleted_at=timezone.now())
        elif what == "stopped":
            actions.stop_wrong_film(by=cast.asha, recording=clip.recording, reason="Wrong.")
        elif what == "taken over":
            VideoJob.objects.filter(pk=job.pk).update(attempt=uuid.uuid4())
        else:
            jobs.cancel(clip=clip)
        return cut(*arguments, **options)

    monkeypatch.setattr(cutting.cutter, "cut", meanwhile)
    tasks.cut_clip(job.pk)
    clip.refresh_from_db()
    assert clip.state != "ready"
    assert clip.file == ""
    assert not list((store.folder(clip.recording_id) / "clips").glob("*"))
    assert not store.attempts()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NotFaithful("frames"), "This moment could not be cut. It still plays from the film. Try again."),
        (cutter.BadRange("x"), "could not be cut"),
        (sandbox.TimedOut("x"), "could not be cut"),
        (OSError(errno.ENOSPC, "full"), "There was no room for it on the server. Try again."),
    ],
)
def test_a_failed_cut_says_so_and_can_be_tried_again(
    clip: Clip, cast: Cast, signed_in, quick_cut: list, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    cut = cutting.cutter.cut

    def fail(*_: object, **__: object) -> CutResult:
        raise error

    monkeypatch.setattr(cutting.cutter, "cut", fail)
    tasks.cut_clip(cut_of(clip).pk)
    status = signed_in(cast.asha).get(f"/films/{clip.recording_id}/status/").json()["clips"][0]
    assert status["state"] == "failed"
    assert says in status["error"]
    assert not store.attempts()
    monkeypatch.setattr(cutting.cutter, "cut", cut)
    clip.refresh_from_db()
    actions.retry_clip(by=cast.asha, clip=clip)
    filming.work("cut")
    clip.refresh_from_db()
    assert clip.state == "ready"
    with pytest.raises(actions.Refused):
        actions.retry_clip(by=cast.asha, clip=clip)


def test_what_nobody_foresaw_is_written_down_as_a_failure_and_raised(
    clip: Clip, quick_cut: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> CutResult:
        raise RuntimeError("a defect")

    monkeypatch.setattr(cutting.cutter, "cut", fail)
    with pytest.raises(RuntimeError):
        tasks.cut_clip(cut_of(clip).pk)
    clip.refresh_from_db()
    assert clip.state == "failed"


def test_a_film_whose_proxy_fails_says_so_and_is_tried_again(
    film: Recording, cast: Cast, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    Recording.objects.filter(pk=film.pk).update(state="preparing", proxy=None)
    film.refresh_from_db()
    job = jobs.enqueue_prepare(film)

    def fail(*_: object) -> None:
        raise NotFaithful("frames")

    monkeypatch.setattr(preparing, "_prepare", fail)
    tasks.prepare_film(job.pk)
    film.refresh_from_db()
    assert film.state == "failed"
    asha = signed_in(cast.asha)
    page = asha.get(f"/films/{film.pk}/").content.decode()
    assert "The version of this film for marking could not be made." in page
    assert asha.get(f"/films/{film.pk}/status/").json()["playable"]["kind"] == "original"  # it is still there to see
    asha.post(f"/films/{film.pk}/retry/")
    film.refresh_from_db()
    assert film.state == "preparing"
    assert VideoJob.objects.filter(kind="prepare", state="queued").count() == 1


# --- Progress ------------------------------------------------------------------------------------------------------


def test_progress_is_written_every_few_seconds_and_is_the_heartbeat(clip: Clip) -> None:
    job = cut_of(clip)
    attempt = jobs.claim(job.pk)
    assert attempt is not None
    attempt.stage("Cutting", 0.5, 1.0)
    VideoJob.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=60))
    attempt.progress(0.5)
    job.refresh_from_db()
    assert job.progress == 0.5  # too soon to write again
    attempt._beaten -= jobs.BEAT_SECONDS
    attempt.progress(0.5)
    job.refresh_from_db()
    assert (job.stage, job.progress) == ("Cutting", 0.75)
    assert timezone.now() - job.heartbeat_at < timedelta(seconds=5)


def test_time_left_is_worked_out_from_how_fast_it_went(film: Recording) -> None:
    from clips.queries import seconds_left

    now = timezone.now()
    job = VideoJob(
        kind="prepare", recording=film, state="running", progress=0.25, started_at=now - timedelta(seconds=60)
    )
    assert seconds_left(job, now) == 180
    job.progress = 0.01
    assert seconds_left(job, now) is None
    job.state = "queued"
    assert seconds_left(job, now) is None


# --- Putting back ----------------------------------------------------------------------------------------------------


def test_a_silent_worker_loses_its_job_and_cannot_finish_it_any_more(
    clip: Clip, quick_cut: list, messages: list[int], settings: LazySettings, django_capture_on_commit_callbacks
) -> None:
    job = cut_of(clip)
    silent = jobs.claim(job.pk)
    assert silent is not None
    VideoJob.objects.update(heartbeat_at=timezone.now() - settings.JOB_STALE - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        reconcile()
    assert messages == [job.pk]
    cutting.run(silent)  # it wakes up and finishes
    clip.refresh_from_db()
    assert (clip.state, clip.file) == ("cutting", "")
    tasks.cut_clip(job.pk)
    clip.refresh_from_db()
    assert clip.state == "ready"
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_worker_that_lives_keeps_its_job(clip: Clip) -> None:
    job = cut_of(clip)
    attempt = jobs.claim(job.pk)
    assert attempt is not None
    reconcile()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("running", attempt.job.attempt)


def test_poison_is_given_up_after_three_times_with_a_plain_sentence(clip: Clip, settings: LazySettings) -> None:
    job = cut_of(clip)
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        assert jobs.claim(job.pk) is not None  # and the kernel kills the worker for want of memory
        VideoJob.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        reconcile()
    job.refresh_from_db()
    clip.refresh_from_db()
    assert (job.state, clip.state) == ("failed", "failed")
    assert job.error.startswith("The cutting of this moment was broken off 3 times. Try again.")
    assert jobs.claim(job.pk) is None


def test_waiting_long_is_told_again_but_is_no_attempt(
    clip: Clip, messages: list[int], settings: LazySettings, django_capture_on_commit_callbacks
) -> None:
    """A film may wait for an hour behind another; only its message may have been lost."""
    job = cut_of(clip)
    for _ in range(5):
        VideoJob.objects.update(queued_at=timezone.now() - settings.JOB_QUEUED_STALE - timedelta(seconds=1))
        with django_capture_on_commit_callbacks(execute=True):
            reconcile()
            reconcile()
    assert messages == [job.pk] * 5
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)


@pytest.mark.parametrize(("state", "kind"), [("checking", "check"), ("preparing", "prepare")])
def test_a_film_that_waits_for_a_job_that_there_is_not_gets_one(film: Recording, state: str, kind: str) -> None:
    Recording.objects.filter(pk=film.pk).update(state=state)
    reconcile()
    reconcile()
    assert VideoJob.objects.get().kind == kind


def test_a_moment_that_waits_for_a_job_that_there_is_not_gets_one(clip: Clip) -> None:
    reconcile()
    reconcile()
    assert VideoJob.objects.get().clip == clip


def test_an_upload_that_was_whole_when_the_server_died_is_completed(
    cast: Cast, consenting_family: FamilyInTests
) -> None:
    film = filming.make_recording(consenting_family, cast.asha)
    upload = Upload.objects.create(recording=film, user=cast.asha, length=10, offset=10)
    store.make_folder(film.pk)
    store.path(film.pk, store.PART).write_bytes(b"0123456789")
    reconcile()
    upload.refresh_from_db()
    assert upload.state == "complete"
    assert VideoJob.objects.get().kind == "check"


def test_what_dead_attempts_left_is_cleared_away_and_living_ones_keep_theirs(clip: Clip) -> None:
    attempt = jobs.claim(cut_of(clip).pk)
    assert attempt is not None
    mine, dead = store.work(attempt.job.attempt), store.work(uuid.uuid4())
    for folder in (mine, dead):
        folder.mkdir(parents=True)
        (folder / "proxy.mp4").write_bytes(b"half a proxy")
    reconcile()
    assert mine.exists()
    assert not dead.exists()


def test_files_of_a_film_that_no_row_speaks_of_are_swept(clip: Clip) -> None:
    film, old = clip.recording_id, 7200
    keep = store.path(film, store.clip_name(clip.pk, clip.edges_version))
    stray = store.path(film, store.clip_name(clip.pk, 7))
    fresh = store.path(film, store.clip_name(uuid.uuid4(), 1))
    for path in (keep, stray, fresh):
        store.write(path, b"clip")
    for path in (keep, stray):
        os.utime(path, (path.stat().st_mtime - old,) * 2)
    assert sweep() == 1
    assert (keep.exists(), stray.exists(), fresh.exists()) == (True, False, True)


# --- Signs of life ---------------------------------------------------------------------------------------------


def test_a_worker_says_which_queues_it_serves() -> None:
    from types import SimpleNamespace

    app = SimpleNamespace(amqp=SimpleNamespace(queues=SimpleNamespace(consume_from={"clips": 1, "default": 1})))
    tasks._sign_of_life(SimpleNamespace(app=app))
    assert cache.get("heartbeat:clips")
    assert cache.get("heartbeat:default")
    assert not cache.get("heartbeat:films")
