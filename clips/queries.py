"""Reads of films: who may play what, and what state everything is in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from clips import consent, evidence, store
from clips.models import Clip, Recording, Upload, VideoJob
from families.consent import PersonStanding, ask, standings

if TYPE_CHECKING:
    from accounts.models import User

State = Recording.State


@dataclass(frozen=True)
class Playing:
    """Whether somebody may play a film at this moment, and why not."""

    allowed: bool
    reasons: tuple[str, ...] = ()
    gone: bool = False  # stopped or destroyed: nobody may, whoever asks

    @property
    def status(self) -> int:
        """The HTTP status of a refusal."""
        return 200 if self.allowed else 410 if self.gone else 403


NOT_YOUR_WORK = "Your work here does not include playing this film."
GONE = {
    State.STOPPED: "This film has been stopped.",
    State.DESTROYED: "This film has been destroyed.",
}


def may_play(user: User, recording: Recording) -> Playing:
    """Whether ``user`` may see pictures of this film now: role and reason, the film's state, everyone's consent.

    The one place that decides it for pages, ranges, posters, clips and stills at the desk. ``recording`` must come
    from ``visible_to(user)``. Three queries.
    """
    if recording.ended:
        kept = evidence.said(recording)
        why = (kept,) if kept else (GONE.get(State(recording.state), GONE[State.STOPPED]), recording.stopped_reason)
        return Playing(False, tuple(filter(None, why)), gone=True)
    if not Recording.objects.playable_by(user).filter(pk=recording.pk).exists():
        return Playing(False, (NOT_YOUR_WORK,))
    verdict = ask(recording.people.all(), *consent.to_play(recording, user))
    return Playing(verdict.allowed, tuple(verdict.reasons))


# --- Where a film stands -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far the work on a film is."""

    stage: str = ""
    fraction: float | None = None  # 0 to 1
    seconds_left: int | None = None


@dataclass(frozen=True)
class Playable:
    """What of a film can be shown now: addresses for a browser."""

    kind: str | None = None  # "proxy", "original" or "segments"
    src: str | None = None
    frames_url: str | None = None
    try_src: str | None = None  # the original, for browsers that can play what most cannot (HEVC)


@dataclass(frozen=True)
class ClipStatus:
    """Where a mark's own file stands."""

    id: uuid.UUID
    state: str
    version: int
    file_url: str | None
    error: str | None
    progress: float | None = None  # 0 to 1, while it is being cut


@dataclass(frozen=True)
class FilmStatus:
    """All that a page polls for about one film."""

    recording: Recording
    playing: Playing
    progress: Progress
    playable: Playable
    clips: tuple[ClipStatus, ...] = field(default=())
    artifacts: dict[str, Any] = field(default_factory=dict)
    hash_equal: bool | None = None  # None while either side has not worked it out
    upload: Upload | None = None

    @property
    def erase_copy_due(self) -> bool:
        """Whether the copy on the device is to be erased now: only when what arrived is what was sent."""
        return (
            self.hash_equal is True
            and self.recording.device_copy_erased_at is None
            and self.recording.state != State.DESTROYED
            and self.recording.evidence_since is None
        )

    def as_json(self) -> dict[str, Any]:
        """For the pages that poll. Someone who may not play learns the film's state and why, nothing else."""
        film = self.recording
        allowed = self.playing.allowed
        return {
            "id": str(film.pk),
            "state": film.state,
            "state_label": film.state_in_words,
            "stage": self.progress.stage,
            "progress": self.progress.fraction,
            "seconds_left": self.progress.seconds_left,
            "playable": {
                "kind": self.playable.kind,
                "src": self.playable.src,
                "try_src": self.playable.try_src,
                "frames_url": self.playable.frames_url,
            },
            "artifacts": self.artifacts,
            "rejected": (
                {"reason": film.rejected_reason, "advice": film.rejected_advice} if film.rejected_reason else None
            ),
            "sound_note": film.sound_note if allowed else "",
            "consent": {"allowed": allowed, "reasons": list(self.playing.reasons)},
            "clips": [
                {
                    "id": str(clip.id),
                    "state": clip.state,
                    "version": clip.version,
                    "file_url": clip.file_url,
                    "error": clip.error,
                    "progress": clip.progress,
                }
                for clip in self.clips
            ],
            "hash_equal": self.hash_equal,
            "erase_copy_due": self.erase_copy_due,
        }


def film_status(user: User, recording: Recording) -> FilmStatus:
    """Where a film stands, for ``user``, who may at least see that it is there. Five or six queries, always."""
    playing = may_play(user, recording)
    jobs = list(VideoJob.objects.filter(recording=recording, clip__isnull=True).order_by("-id")[:1])
    job = jobs[0] if jobs else None
    upload = Upload.objects.filter(recording=recording).first()
    return FilmStatus(
        recording=recording,
        playing=playing,
        progress=_progress(recording, upload, job),
        playable=_playable(recording, job) if playing.allowed else Playable(),
        clips=_clips(recording) if playing.allowed else (),
        artifacts=_artifacts(recording) if playing.allowed else {},
        hash_equal=(upload.sha256 == recording.sha256 if upload and upload.sha256 and recording.sha256 else None),
        upload=upload,
    )


def _progress(recording: Recording, upload: Upload | None, job: VideoJob | None) -> Progress:
    if recording.state == State.UPLOADING and upload is not None:
        return Progress("Being sent", upload.offset / upload.length if upload.length else 0.0)
    if recording.state not in {State.CHECKING, State.PREPARING} or job is None:
        return Progress()
    if job.state == VideoJob.State.QUEUED:
        return Progress("Waiting for its turn", job.progress)
    return Progress(job.stage, job.progress, seconds_left(job))


def seconds_left(job: VideoJob, now: datetime | None = None) -> int | None:
    """How long a running job will still take, in seconds, from how fast it went so far; None when that says little."""
    if job.state != VideoJob.State.RUNNING or job.started_at is None:
        return None
    gone = ((now or timezone.now()) - job.started_at).total_seconds()
    if job.progress < 0.03 or gone < 2:
        return None
    return round(gone * (1 - job.progress) / job.progress)


def media_url(recording: Recording, what: str) -> str:
    """The address of something of a film: "original", "proxy", "poster", "frames" and so on."""
    return reverse("clips:film-media", args=[recording.pk, what])


def _playable(recording: Recording, job: VideoJob | None) -> Playable:
    if recording.frames is None:
        return Playable()
    frames_url = media_url(recording, "frames")
    if recording.proxy:
        return Playable("proxy", media_url(recording, "proxy"), frames_url)
    if recording.plays_directly:
        return Playable("original", media_url(recording, "original"), frames_url)
    try_src = media_url(recording, "original") if recording.facts.get("may_play_directly") else None
    if job and job.kind == VideoJob.Kind.PREPARE and job.state == VideoJob.State.RUNNING and segments_of(job):
        return Playable("segments", media_url(recording, "segments"), frames_url, try_src)
    return Playable(None, None, frames_url, try_src)


def _artifacts(recording: Recording) -> dict[str, Any]:
    """Where the pictures and the sound's outline of a film are, each None until it is made."""
    made: dict[str, Any] = {
        what: media_url(recording, what) if store.path(recording.pk, file).exists() else None
        for what, file in (("poster", store.POSTER), ("peaks", store.PEAKS), ("storyboard", store.STORYBOARD))
    }
    return made | {"storyboard_layout": recording.storyboard}


def segments_of(job: VideoJob) -> bool:
    """Whether a running preparation has handed out the first pieces of its proxy."""
    return (store.work(job.attempt) / store.SEGMENTS / "index.json").exists()


def running_preparation(recording: Recording) -> VideoJob | None:
    """The preparation whose segments may be served now."""
    return VideoJob.objects.filter(
        recording=recording, kind=VideoJob.Kind.PREPARE, state=VideoJob.State.RUNNING
    ).first()


def _clips(recording: Recording) -> tuple[ClipStatus, ...]:
    telling = [VideoJob.State.FAILED, VideoJob.State.RUNNING]
    cuts = VideoJob.objects.filter(kind=VideoJob.Kind.CUT, state__in=telling).order_by("id")
    rows = Clip.objects.filter(recording=recording).kept().prefetch_related(Prefetch("jobs", cuts))
    return tuple(
        ClipStatus(clip.pk, clip.state, clip.version, clip_file_url(clip), clip_error(clip), _cut_so_far(clip))
        for clip in rows
    )


def _cut_so_far(clip: Clip) -> float | None:
    running = [job.progress for job in clip.jobs.all() if job.state == VideoJob.State.RUNNING]
    return running[-1] if running else None


def clip_file_url(clip: Clip) -> str | None:
    """The address of a clip's own file, once it is cut; until then the clip plays from the film."""
    if clip.state != Clip.State.READY or not clip.file:
        return None
    return reverse("clips:clip-media", args=[clip.pk, "play"]) + f"?v={clip.edges_version}"


def clip_error(clip: Clip) -> str | None:
    """Why a clip could not be cut, in a plain sentence; None when nothing failed."""
    if clip.state != Clip.State.FAILED:
        return None
    failed = [job for job in clip.jobs.all() if job.state == VideoJob.State.FAILED]
    return failed[-1].error if failed else "This moment could not be cut. Try again."


# --- Uploads -----------------------------------------------------------------------------------------------


def own_upload(user: User, upload_id: uuid.UUID) -> Upload | None:
    """An upload of this person's own, whatever its state; None for anybody else's and for one that is not there."""
    return (
        Upload.objects.filter(pk=upload_id, user=user, recording__in=Recording.objects.visible_to(user))
        .select_related("recording__case", "user")
        .first()
    )


def upload_by_token(user_id: str, upload_id: uuid.UUID) -> Upload | None:
    """The upload that a token was made for, while its sender works here and may see the case."""
    upload = (
        Upload.objects.filter(pk=upload_id, user_id=user_id, user__is_active=True)
        .select_related("recording__case", "user")
        .first()
    )
    if upload is None or not Recording.objects.visible_to(upload.user).filter(pk=upload.recording_id).exists():
        return None
    return upload


def unfinished_uploads(user: User, case_id: uuid.UUID | None = None) -> list[Upload]:
    """This person's own uploads that stopped on the way, newest first."""
    rows = Upload.objects.filter(
        user=user,
        state__in=[Upload.State.RECEIVING, Upload.State.MISMATCH],
        recording__in=Recording.objects.visible_to(user),
    )
    if case_id is not None:
        rows = rows.filter(recording__case=case_id)
    return list(rows.select_related("recording").order_by("-created_at"))


# --- The film's page -----------------------------------------------------------------------------------------


def film_for_page(user: User, film: uuid.UUID) -> Recording | None:
    """A film with what its page shows, if this person may know of it."""
    rows = Recording.objects.visible_to(user).select_related(
        "case__family", "cycle", "uploaded_by", "device_copy_erased_by", "destroyed_by"
    )
    return rows.filter(pk=film).first()


def in_shot(recording: Recording, viewer: User) -> list[PersonStanding]:
    """Everyone in a film, with where they stand for the first purpose that they do not agree to (or the last)."""
    purposes = consent.to_play(recording, viewer)
    people = list(recording.people.all())
    found = standings(people, purposes)
    return [
        next(
            (found[person.pk, purpose] for purpose in purposes if not found[person.pk, purpose].agreed),
            found[person.pk, purposes[-1]],
        )
        for person in people
    ]


def last_error(recording: Recording) -> str:
    """Why the last work on a film failed, in a plain sentence."""
    job = VideoJob.objects.filter(recording=recording, clip__isnull=True, state=VideoJob.State.FAILED).last()
    return job.error if job else ""
