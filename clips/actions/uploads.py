"""A film on its way in: begun, received, complete, proven, sent again, cancelled, forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import Permission
from audit.actions import record
from clips import jobs, store
from clips.actions import films
from clips.actions.refusal import Refused, TooLarge
from clips.media import files
from clips.media.probe.reasons import size_in_words
from clips.models import Recording, Upload
from families.consent import Purpose, ask
from families.models import Case, Person
from families.retention.keeping import held, unasked
from sessions.models import Cycle, VigSession

if TYPE_CHECKING:
    from accounts.models import User

STALE_UPLOAD = timedelta(days=7)
"""After this long without a byte an upload is given up and what arrived is destroyed."""
MOST_UNFINISHED = 20
STALE_REJECTED = timedelta(days=7)


@transaction.atomic
def start_recording(
    *,
    by: User,
    case: Case,
    people: Iterable[Person],
    filmed_on: date,
    length: int,
    kind: str = Recording.Kind.INTERACTION,
    cycle: Cycle | None = None,
    session: VigSession | None = None,
    samples: str = "",
) -> Upload:
    """Begin to take a film of ``length`` bytes; ``people`` are those of the family who are in shot.

    (In the film of a shared review the practitioner is in shot too; staff are not people of the record.) ``samples`` is
    the browser's hash of the size and of samples of the film, by which it is recognised when it is picked again.
    Raises Refused (TooLarge for the size), and store.NoRoom.
    """
    people = list(people)
    if not by.can(Permission.ANALYSE_FILM):
        raise Refused("Your work here does not include adding films.")
    if case.closed_on is not None:
        raise Refused("This case is closed. Open a new case for the family first.")
    known = set(case.people.values_list("pk", flat=True))
    if not people or not {person.pk for person in people} <= known:
        raise Refused("Select who is in the film, from the people of this case.", field="people")
    if filmed_on > timezone.localdate():
        raise Refused("Enter the day the film was made; it cannot be in the future.", field="filmed_on")
    if cycle is not None and (cycle.case_id != case.pk or cycle.closed_at is not None):
        raise Refused("Select a cycle of this case that is open.", field="cycle")
    if session is not None and session.case_id != case.pk:
        raise Refused("Select a session of this case.", field="session")
    verdict = ask(people, Purpose.FILM)
    if not verdict.allowed:
        raise Refused(*verdict.reasons, field="people")
    _check_size(length)
    if Upload.objects.filter(user=by, state=Upload.State.RECEIVING).count() >= MOST_UNFINISHED:
        raise Refused(f"{MOST_UNFINISHED} of your films are still on their way. Finish or cancel some of them first.")
    film = Recording.objects.create(
        kind=kind, case=case, cycle=cycle, session=session, filmed_on=filmed_on, uploaded_by=by
    )
    film.people.set(people)
    upload = Upload.objects.create(recording=film, user=by, length=length, samples=samples)
    record(
        by=by, verb="film.upload-started", subject=film, family_id=case.family_id, case_id=case.pk, kind=kind,
        people=[str(person.pk) for person in people], bytes=length,
    )  # fmt: skip
    return upload


def _check_size(length: int) -> None:
    if length <= 0:
        raise Refused("This file is empty: it has no bytes in it. Choose the film itself.", field="length")
    if length > settings.UPLOAD_MAX_BYTES:
        most = size_in_words(settings.UPLOAD_MAX_BYTES)
        raise TooLarge(
            f"This film is {size_in_words(length)}, and the largest that we take is {most}. Cut it on the device to "
            "the part that you need, or film with a lower quality setting.",
            field="length",
        )
    if store.free_space() - promised() - settings.UPLOAD_RESERVE_BYTES < length:
        raise store.NoRoom


def promised() -> int:
    """Bytes that other uploads under way will still need."""
    under_way = Upload.objects.filter(state=Upload.State.RECEIVING)
    return under_way.aggregate(left=Sum(F("length") - F("offset")))["left"] or 0


def received(*, upload: Upload, offset: int) -> bool:
    """Note that the bytes up to ``offset`` are safely on disk; False when the upload is no longer wanted."""
    rows = Upload.objects.filter(pk=upload.pk, state=Upload.State.RECEIVING)
    return bool(rows.update(offset=offset, updated_at=timezone.now()))


def complete_if_whole(*, upload: Upload) -> bool:
    """Give a film that has arrived whole its name and have it checked; False when bytes are still missing.

    Safe to call again after a crash at any point: the file's name changes first, the database follows.
    """
    part = store.path(upload.recording_id, store.PART)
    original = store.path(upload.recording_id, store.ORIGINAL)
    if part.exists() and part.stat().st_size == upload.length == upload.offset:
        part.rename(original)
        files.sync(original.parent)
    if part.exists() or not original.exists() or original.stat().st_size != upload.length:
        return False
    with transaction.atomic():
        film = Recording.objects.select_for_update(of=("self",)).select_related("case").get(pk=upload.recording_id)
        rows = Upload.objects.filter(pk=upload.pk, state=Upload.State.RECEIVING)
        if not rows.update(state=Upload.State.COMPLETE, offset=upload.length, updated_at=timezone.now()):
            return Upload.objects.filter(pk=upload.pk, state=Upload.State.COMPLETE).exists()
        film.state, film.bytes = Recording.State.CHECKING, upload.length
        film.save(update_fields=["state", "bytes"])
        record(
            by=upload.user, verb="film.arrived", subject=film, family_id=film.case.family_id, case_id=film.case_id,
            bytes=upload.length,
        )  # fmt: skip
        jobs.enqueue_check(film)
    return True


@transaction.atomic
def state_hash(*, upload: Upload, sha256: str) -> Upload:
    """Note the SHA-256 that the browser worked out over the whole film; may come before or after the last byte.

    The same hash again changes nothing. Raises Refused when it contradicts one that was stated before.
    """
    upload = Upload.objects.select_for_update(of=("self",)).select_related("recording").get(pk=upload.pk)
    if upload.sha256 and upload.sha256 != sha256:
        raise Refused("Another hash was stated for this film before. Send the film again.")
    if not upload.sha256:
        upload.sha256 = sha256
        upload.save(update_fields=["sha256"])
        _compare(upload)
    upload.refresh_from_db()
    return upload


@transaction.atomic
def worked_out_hash(*, recording: Recording, sha256: str) -> bool:
    """Note the SHA-256 of what arrived; False when it is not that of what was sent, and the film must come again."""
    film = Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    film.sha256 = sha256
    film.save(update_fields=["sha256"])
    upload = Upload.objects.select_for_update(of=("self",)).filter(recording=film).first()
    return upload is None or _compare(upload)


def _compare(upload: Upload) -> bool:
    """Whether what arrived is what was sent, as far as both are known; if not, the bytes go and the marks stay."""
    film = Recording.objects.select_related("case").get(pk=upload.recording_id)
    if not upload.sha256 or not film.sha256 or upload.state != Upload.State.COMPLETE:
        return True
    if upload.sha256 == film.sha256:
        record(by=None, verb="film.proven-whole", subject=film, family_id=film.case.family_id, case_id=film.case_id)
        return True
    if film.evidence_since is not None:  # what did arrive is what is kept, and is not sent again
        return True
    jobs.cancel(recording=film)
    for clip in film.clips.all():
        jobs.drop_cut(clip)
    # Marks keep their times; which frames they are is found again from the film that comes next.
    film.clips.update(first_frame=None, last_frame=None, version=F("version") + 1)
    film.state = Recording.State.UPLOADING
    film.sha256, film.bytes, film.frames, film.duration_us = "", None, None, None
    film.plays_directly, film.proxy, film.storyboard, film.facts = False, None, None, {}
    film.save()
    Upload.objects.filter(pk=upload.pk).update(
        state=Upload.State.MISMATCH, offset=0, sha256="", updated_at=timezone.now()
    )
    record(by=None, verb="film.arrived-broken", subject=film, family_id=film.case.family_id, case_id=film.case_id)
    transaction.on_commit(partial(store.destroy, film.pk), robust=True)
    return False


MISMATCH = "What arrived is not what was sent. Send the film again: your marks are kept."


@transaction.atomic
def send_again(*, by: User, recording: Recording, length: int, samples: str = "") -> Upload:
    """Begin again with a film that arrived broken, or that is on its way as another copy; its marks are kept.

    While it is on its way, ``receiving.begin_again`` calls this. Raises Refused, TooLarge and store.NoRoom.
    """
    upload = Upload.objects.select_for_update(of=("self",)).select_related("recording__case").get(recording=recording)
    if upload.user_id != by.pk or upload.state not in {Upload.State.RECEIVING, Upload.State.MISMATCH}:
        raise Refused("This film does not have to be sent again.")
    verdict = ask(upload.recording.people.all(), Purpose.FILM)
    if not verdict.allowed:
        raise Refused(*verdict.reasons, field="people")
    _check_size(length)
    upload.length, upload.samples, upload.offset, upload.sha256 = length, samples, 0, ""
    upload.state, upload.updated_at = Upload.State.RECEIVING, timezone.now()
    upload.save()
    film = upload.recording
    record(
        by=by, verb="film.upload-started", subject=film, family_id=film.case.family_id, case_id=film.case_id,
        again=True, bytes=length,
    )  # fmt: skip
    return upload


@transaction.atomic
def cancel_upload(*, by: User | None, upload: Upload, reason: str = "The sending was cancelled.") -> None:
    """Give up a film that has not arrived whole and destroy what there is of it. Raises Refused once it is whole."""
    film = Recording.objects.select_for_update(of=("self",)).get(pk=upload.recording_id)
    if film.state == Recording.State.DESTROYED:
        return
    if film.state != Recording.State.UPLOADING:
        raise Refused("This film has arrived already. To end it, use “Wrong film” on its page.")
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.CANCELLED, updated_at=timezone.now())
    films.destroy_film(by=by, recording=film, reason=reason)


def purge_stale_uploads() -> int:
    """Destroy what nobody came back to for a week: films on their way, and films that could not be used; how many.

    Never of a family in which a baby died and that has not been asked, and no film of one on legal hold.
    """
    purged = 0
    stale = Upload.objects.filter(
        state__in=[Upload.State.RECEIVING, Upload.State.MISMATCH], updated_at__lt=timezone.now() - STALE_UPLOAD
    ).exclude(unasked("recording__case__family"))
    for upload in stale:
        cancel_upload(by=None, upload=upload, reason="Nobody went on with the sending for a week.")
        purged += 1
    rejected = (
        Recording.objects.filter(
            state=Recording.State.REJECTED,
            upload__updated_at__lt=timezone.now() - STALE_REJECTED,
            evidence_since__isnull=True,
        )
        .exclude(held())
        .exclude(unasked())
    )
    for film in rejected:
        films.destroy_film(
            by=None, recording=film, reason="It could not be used, and nobody came back to it for a week."
        )
        purged += 1
    return purged
