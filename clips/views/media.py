"""The bytes of films, clips and stills, and where a film stands: asked about consent at every single request."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_safe

from accounts.models import Permission
from audit.actions import record as audit
from clips import keeping, queries, serving, sittings, store
from clips.models import Clip, Recording
from families.views.reach import person_asking

_VIDEO, _JPEG, _JSON = "video/mp4", "image/jpeg", "application/json"
_NAMED = {
    "original": (store.ORIGINAL, _VIDEO),  # MOV too: browsers play it under this type alone
    "proxy": (store.PROXY, _VIDEO),
    "poster": (store.POSTER, _JPEG),
    "storyboard": (store.STORYBOARD, _JPEG),
    "peaks": (store.PEAKS, _JSON),
    "frames": (store.FRAMES, _JSON),
}
_SEGMENT = re.compile(r"segment-(init|\d{1,5})\Z")


def _refused(playing: queries.Playing) -> JsonResponse:
    return JsonResponse({"allowed": False, "reasons": list(playing.reasons)}, status=playing.status)


@require_safe
def film_media(request: HttpRequest, film: uuid.UUID, what: str) -> HttpResponseBase:
    """One file of a film, or a range of it."""
    recording = get_object_or_404(Recording.objects.visible_to(person_asking(request)), pk=film)
    playing = queries.may_play(person_asking(request), recording)
    if not playing.allowed:
        return _refused(playing)
    found = played_file(recording, what)
    if found is None:
        raise Http404
    path, content_type, name = found
    moving = content_type == _VIDEO
    if moving:
        sittings.film_played(by=person_asking(request), recording=recording)
    elif what == "storyboard":
        sittings.film_looked_through(by=person_asking(request), recording=recording)
    return serving.send(
        request,
        path,
        content_type=content_type,
        name=name,
        still_allowed=(lambda: _still_allowed(request, film)) if moving else None,
    )


def _still_allowed(request: HttpRequest, film: uuid.UUID) -> bool:
    recording = Recording.objects.visible_to(person_asking(request)).filter(pk=film).first()
    return recording is not None and queries.may_play(person_asking(request), recording).allowed


def played_file(recording: Recording, what: str) -> tuple[Path, str, str] | None:
    """The file behind a name of the address, its type and the name that a browser is told; None when there is none."""
    if what == "play":
        what = "proxy" if recording.proxy else "original"
    if what == "original" and not (recording.plays_directly or recording.facts.get("may_play_directly")):
        return None  # bytes that no browser should be given
    if what in _NAMED:
        file, content_type = _NAMED[what]
        name = {_VIDEO: "film.mp4", _JPEG: f"{what}.jpg", _JSON: f"{what}.json"}[content_type]
        return store.path(recording.pk, file), content_type, name
    segment = _SEGMENT.match(what)
    if what == "segments" or segment:
        job = queries.running_preparation(recording)
        if job is None:
            return None
        folder = store.work(job.attempt) / store.SEGMENTS
        if segment is None:
            return folder / "index.json", _JSON, "segments.json"
        file = "init.mp4" if segment[1] == "init" else f"{int(segment[1]):05}.m4s"
        return folder / file, _VIDEO, file
    return None


@require_safe
def film_copy(request: HttpRequest, film: uuid.UUID) -> HttpResponseBase:
    """A film to hand to its family, for a manager, when everybody in it agrees to that: a file to save."""
    user = person_asking(request)
    recording = get_object_or_404(Recording.objects.visible_to(user).select_related("case"), pk=film)
    if not user.can(Permission.MANAGE_TEAM):
        raise PermissionDenied
    found = played_file(recording, "play") if keeping.may_be_copied(recording) else None
    if found is None:
        messages.error(request, "There is no copy of this film for the family: not everybody in it agrees to one.")
        return redirect("clips:film", film=recording.pk)
    path, content_type, _ = found
    audit(by=user, verb="film.copied", subject=recording, family_id=recording.case.family_id, case_id=recording.case_id)
    name = f"film-{recording.filmed_on:%Y-%m-%d}.mp4"
    response = serving.send(
        request, path, content_type=content_type, name=name, still_allowed=lambda: _still_copied(request, film)
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _still_copied(request: HttpRequest, film: uuid.UUID) -> bool:
    recording = Recording.objects.visible_to(person_asking(request)).filter(pk=film).first()
    return recording is not None and keeping.may_be_copied(recording)


@require_safe
def clip_media(request: HttpRequest, clip: uuid.UUID, what: str) -> HttpResponseBase:
    """A clip's own file, or its poster, once it is cut."""
    found = get_object_or_404(
        Clip.objects.visible_to(person_asking(request)).kept().select_related("recording"), pk=clip
    )
    playing = queries.may_play(person_asking(request), found.recording)
    if not playing.allowed:
        return _refused(playing)
    if found.state != Clip.State.READY or not found.file:
        raise Http404
    path = store.path(found.recording_id, found.file)
    if what == "poster":
        return serving.send(request, path.with_suffix(".jpg"), content_type=_JPEG, name="moment.jpg")
    if what != "play":
        raise Http404
    sittings.clip_played(by=person_asking(request), clip=found)
    return serving.send(
        request,
        path,
        content_type=_VIDEO,
        name="moment.mp4",
        still_allowed=lambda: _still_allowed(request, found.recording_id),
    )


@require_safe
def still_media(request: HttpRequest, still: uuid.UUID) -> HttpResponseBase:
    """A frozen frame."""
    recording = get_object_or_404(Recording.objects.visible_to(person_asking(request)).filter(stills=still).distinct())
    playing = queries.may_play(person_asking(request), recording)
    if not playing.allowed:
        return _refused(playing)
    return serving.send(
        request, store.path(recording.pk, store.still_name(still)), content_type=_JPEG, name="still.jpg"
    )


@require_GET
def film_status(request: HttpRequest, film: uuid.UUID) -> JsonResponse:
    """Where a film stands; polled by every page that shows it, so that a withdrawal is known within two seconds."""
    recording = get_object_or_404(Recording.objects.visible_to(person_asking(request)), pk=film)
    return JsonResponse(queries.film_status(person_asking(request), recording).as_json())
