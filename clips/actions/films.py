"""Stopping, moving and destroying films, going on with them, and trying again."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.actions import record
from clips import consent, jobs, store
from clips.actions.refusal import Refused
from clips.models import Clip, Recording, ReviewMoment, Upload, VideoJob
from families.consent import Purpose, ask
from families.models import Case, Person
from families.retention import keeping
from sessions.models import Cycle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

State, Cause = Recording.State, Recording.Cause


def locked(recording: Recording) -> Recording:
    """The film as it is now, locked to the end of the transaction."""
    return Recording.objects.select_for_update(of=("self",)).select_related("case").get(pk=recording.pk)


KEPT = "This film is kept as evidence. Ask the safeguarding lead: nothing can be done with it until it is released."


ON_HOLD = "This family’s record is on hold: nothing of it may be destroyed. Ask a manager."


def _must_not_be_on_hold(film: Recording) -> None:
    if film.state != State.UPLOADING and keeping.on_hold(film.case.family_id):  # a part of a film is no record yet
        raise Refused(ON_HOLD)


def _must_not_be_kept(film: Recording) -> None:
    if film.evidence_since is not None:
        raise Refused(KEPT)


def _record(by: User | None, verb: str, film: Recording, **detail: str | int | bool | list[str]) -> None:
    record(by=by, verb=verb, subject=film, family_id=film.case.family_id, case_id=film.case_id, **detail)


# --- Stopping and going on ---------------------------------------------------------------------------------


def _stop(film: Recording, cause: str, reason: str) -> None:
    """Nobody plays the film from here on; work on it ends, rooms that show it go blank."""
    if film.state != State.STOPPED:
        film.stopped_from = film.state
    film.state, film.stopped_cause, film.stopped_reason = State.STOPPED, cause, reason[:300]
    film.save(update_fields=["state", "stopped_from", "stopped_cause", "stopped_reason"])
    jobs.cancel(recording=film)
    film.clips.filter(state=Clip.State.CUTTING).update(state=Clip.State.MARKED)
    consent.end_rooms(film)


@transaction.atomic
def stop_for_consent(*, recording: Recording, reasons: Iterable[str]) -> Recording:
    """Stop a film because somebody in it no longer agrees to being filmed; one that is still arriving is destroyed.

    Called by the registry's holder inside the transaction of the withdrawal, which names who recorded it.
    """
    film = locked(recording)
    reason = " ".join(reasons)
    if film.state == State.DESTROYED:
        return film
    if film.state == State.UPLOADING:
        _must_not_be_kept(film)
        return _destroy(None, film, reason)
    _stop(film, film.stopped_cause or Cause.CONSENT, film.stopped_reason or reason)
    _record(None, "film.stopped", film, cause=Cause.CONSENT.value)
    return film


@transaction.atomic
def resume(*, recording: Recording) -> Recording:
    """Go on with a film that had been stopped because of consent alone, now that everyone agrees again."""
    film = locked(recording)
    if film.state == State.STOPPED and film.stopped_cause == Cause.CONSENT:
        _go_on(None, film)
    return film


def _go_on(by: User | None, film: Recording) -> None:
    film.state = film.stopped_from or State.FAILED
    film.stopped_from = film.stopped_cause = film.stopped_reason = ""
    film.save(update_fields=["state", "stopped_from", "stopped_cause", "stopped_reason"])
    if film.state == State.CHECKING:
        jobs.enqueue_check(film)
    elif film.state == State.PREPARING:
        jobs.enqueue_prepare(film)
    else:
        jobs.cut_what_waits(film)
    _record(by, "film.resumed", film)


@transaction.atomic
def stop_wrong_film(*, by: User, recording: Recording, reason: str) -> Recording:
    """Stop a film, its clips and its stills at once, because it is of the wrong family or the wrong people.

    It stays stopped until it is moved, destroyed, or found to be right after all. Raises Refused for a film that is
    destroyed already.
    """
    film = locked(recording)
    if film.state == State.DESTROYED:
        raise Refused("This film has been destroyed already.")
    if film.state == State.UPLOADING:
        upload = Upload.objects.filter(recording=film).first()
        if upload is not None:
            upload.state, upload.updated_at = Upload.State.CANCELLED, timezone.now()
            upload.save(update_fields=["state", "updated_at"])
    _stop(film, Cause.WRONG, reason)
    _record(by, "film.stopped", film, cause=Cause.WRONG.value)
    return film


@transaction.atomic
def not_wrong_after_all(*, by: User, recording: Recording) -> Recording:
    """Go on with a film that was stopped as the wrong one by mistake. Raises Refused."""
    film = locked(recording)
    _must_be_stopped_as_wrong(film)
    if film.stopped_from == State.UPLOADING:
        raise Refused("This film had not arrived whole when it was stopped. Destroy what there is and send it again.")
    verdict = consent.filmed(film)
    if not verdict.allowed:
        # It is right, yet somebody in it does not agree: it stays stopped for that reason.
        film.stopped_cause, film.stopped_reason = Cause.CONSENT, " ".join(verdict.reasons)[:300]
        film.save(update_fields=["stopped_cause", "stopped_reason"])
        _record(by, "film.found-right", film)
        return film
    _go_on(by, film)
    return film


def _must_be_stopped_as_wrong(film: Recording) -> None:
    if film.state != State.STOPPED or film.stopped_cause != Cause.WRONG:
        raise Refused("Stop the film first: say that it is the wrong one.")


# --- Moving and destroying ---------------------------------------------------------------------------------


@transaction.atomic
def move_film(
    *, by: User, recording: Recording, to_case: Case, people: Iterable[Person], cycle: Cycle | None = None
) -> Recording:
    """Move a film that was stopped as the wrong one to the case and people that it really shows.

    Marks, notes, clips and stills do not move to another case: they were made about somebody else. Raises Refused
    without the consent of everyone whom it shows, or when the film had not arrived whole.
    """
    film = locked(recording)
    people = list(people)
    _must_not_be_kept(film)
    _must_be_stopped_as_wrong(film)
    if film.stopped_from == State.UPLOADING:
        raise Refused("This film had not arrived whole when it was stopped. Destroy what there is and send it again.")
    if to_case.closed_on is not None:
        raise Refused("Choose a case that is open.", field="case")
    known = set(to_case.people.values_list("pk", flat=True))
    if not people or not {person.pk for person in people} <= known:
        raise Refused("Select who is in the film, from the people of that case.", field="people")
    if cycle is not None and cycle.case_id != to_case.pk:
        raise Refused("Select a cycle of that case.", field="cycle")
    verdict = ask(people, Purpose.FILM)
    if not verdict.allowed:
        raise Refused(*verdict.reasons, field="people")
    _record(by, "film.moved-away", film, to_case=str(to_case.pk))
    from_case = film.case_id
    if from_case != to_case.pk:
        _forget_marks(film)
    else:  # only the people were wrong: what was marked is about this family, but not about who is not in it
        film.clips.exclude(initiative_by__in=people).update(initiative_by=None)
        film.clips.exclude(received_by__in=people).update(received_by=None)
    film.case, film.cycle, film.session = to_case, cycle, None
    film.people.set(people)
    film.save(update_fields=["case", "cycle", "session"])
    _record(by, "film.moved-here", film, from_case=str(from_case))
    _go_on(by, film)
    return film


def _forget_marks(film: Recording) -> None:
    """Delete every mark, clip and still of a film; what was said about them stays with the review."""
    names = [still.file for still in film.stills.all() if still.file]
    for clip in film.clips.exclude(file=""):
        names += [clip.file, str(clip.file).removesuffix(".mp4") + ".jpg"]
    ReviewMoment.objects.filter(clip__recording=film).delete()
    VideoJob.objects.filter(recording=film, clip__isnull=False).delete()
    film.stills.all().delete()
    film.clips.all().delete()
    transaction.on_commit(partial(store.remove, film.pk, *names), robust=True)


@transaction.atomic
def destroy_film(*, by: User | None, recording: Recording, reason: str, whatever_holds: bool = False) -> Recording:
    """Destroy a film and everything made of it: original, proxy, clips, stills, waveform, pieces, queued work.

    What is left is a tombstone with what went, when and why, from which the certificate is printed. ``by`` is None
    for the service itself. Raises Refused when it is destroyed already, while it is kept as evidence, and while the
    family's record is on legal hold. ``whatever_holds``: it had been destroyed, and a restored backup brought it back
    with holds that had ended before.
    """
    film = locked(recording)
    if film.state == State.DESTROYED:
        raise Refused("This film has been destroyed already.")
    if not whatever_holds:
        _must_not_be_kept(film)
        _must_not_be_on_hold(film)
    return _destroy(by, film, reason)


def _destroy(by: User | None, film: Recording, reason: str) -> Recording:
    """The one place where a film goes."""
    went = {sort: asdict(held) for sort, held in store.inventory(film.pk).items()}
    went["marks"] = {"files": film.clips.count(), "bytes": 0}
    jobs.cancel(recording=film)
    consent.end_rooms(film)
    _forget_marks(film)
    Upload.objects.filter(recording=film, state=Upload.State.RECEIVING).update(
        state=Upload.State.CANCELLED, updated_at=timezone.now()
    )
    film.state = State.DESTROYED
    film.destroyed_at, film.destroyed_by, film.destroyed_what = timezone.now(), by, went
    film.destroyed_reason = reason[:300]
    film.proxy, film.frames, film.storyboard, film.facts, film.plays_directly = None, None, None, {}, False
    film.save()
    _record(by, "film.destroyed", film, files=sum(held["files"] for held in went.values()) - went["marks"]["files"])
    transaction.on_commit(partial(store.destroy, film.pk), robust=True)
    return film


# --- The copy on the device --------------------------------------------------------------------------------


@transaction.atomic
def mark_device_copy_erased(*, by: User, recording: Recording) -> Recording:
    """Note that the copy on the camera, phone or tablet is erased. Raises Refused before what arrived was proven to be
    what was sent: until then that copy may be the only whole one."""
    film = locked(recording)
    if film.device_copy_erased_at is not None:
        return film
    upload = Upload.objects.filter(recording=film).first()
    proven = upload is not None and upload.sha256 and upload.sha256 == film.sha256
    if not proven and film.state not in {State.REJECTED, State.DESTROYED}:
        raise Refused("Keep the copy on the device for now: we have not yet checked that the film arrived whole.")
    film.device_copy_erased_at, film.device_copy_erased_by = timezone.now(), by
    film.save(update_fields=["device_copy_erased_at", "device_copy_erased_by"])
    _record(by, "film.device-copy-erased", film)
    return film


# --- Trying again ------------------------------------------------------------------------------------------


@transaction.atomic
def retry_film(*, by: User, recording: Recording) -> Recording:
    """Check or prepare a film again that failed or was rejected. Raises Refused."""
    film = locked(recording)
    _must_not_be_kept(film)
    if film.state not in {State.FAILED, State.REJECTED}:
        raise Refused("There is nothing to try again: look at the film’s page for where it stands.")
    if film.frames is None:
        film.state = State.CHECKING
        film.rejected_code = film.rejected_reason = film.rejected_advice = ""
    else:
        film.state = State.PREPARING
    film.save(update_fields=["state", "rejected_code", "rejected_reason", "rejected_advice"])
    if film.state == State.CHECKING:
        jobs.enqueue_check(film)
    else:
        jobs.enqueue_prepare(film)
    _record(by, "film.retried", film)
    return film


@transaction.atomic
def retry_clip(*, by: User, clip: Clip) -> Clip:
    """Cut a clip again that could not be cut. Raises Refused."""
    clip = Clip.objects.select_for_update(of=("self",)).select_related("recording__case").get(pk=clip.pk)
    _must_not_be_kept(clip.recording)
    if clip.state != Clip.State.FAILED or clip.deleted_at is not None:
        raise Refused("There is nothing to try again: this moment is not one that failed.")
    jobs.enqueue_cut(clip)
    film = clip.recording
    record(by=by, verb="clip.retried", subject=clip, family_id=film.case.family_id, case_id=film.case_id)
    return clip
