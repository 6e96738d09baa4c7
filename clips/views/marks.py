"""Marks, stills and worries of a film, as JSON for the workspace."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission
from clips import actions, marks, queries, store
from clips.marks import reading
from clips.models import Clip, Recording
from families.actions import add_concern
from families.models import Person
from families.views.reach import person_asking

MOST_BYTES = 64 * 1024


def _error(sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": sentence, **more}, status=status)


def answers_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn what an action refuses into a status and a sentence."""

    @wraps(view)
    def answer(request: HttpRequest, **ids: uuid.UUID) -> HttpResponse:
        try:
            return view(request, **ids)
        except ValidationError as error:
            return _error(" ".join(error.messages), 400)
        except marks.Stale as stale:
            return _error(str(stale), 409, mark=reading.one_mark(stale.clip))
        except actions.Refused as refused:
            return _error(str(refused), 422)

    return answer


def _refusal(request: HttpRequest, recording: Recording) -> JsonResponse | None:
    """Why this person cannot do this with this film now, or None."""
    playing = queries.may_play(person_asking(request), recording)
    if not playing.allowed:
        return _error(" ".join(playing.reasons), playing.status, reasons=list(playing.reasons))
    if request.method not in {"GET", "HEAD"} and not person_asking(request).can(Permission.ANALYSE_FILM):
        return _error("Your work here does not include marking films.", 403)
    return None


def _film(request: HttpRequest, film: uuid.UUID) -> Recording:
    rows = Recording.objects.visible_to(person_asking(request)).select_related("case", "cycle")
    return get_object_or_404(rows, pk=film)


def _clip(request: HttpRequest, clip: uuid.UUID) -> Clip:
    rows = Clip.objects.visible_to(person_asking(request)).select_related("recording__case", "recording__cycle")
    return get_object_or_404(rows, pk=clip)


def _body(request: HttpRequest) -> dict[str, Any]:
    """What was sent. Raises ValidationError when it is not a JSON object."""
    if len(request.body) > MOST_BYTES:
        raise ValidationError("That is too long to be kept. Shorten it.")
    try:
        data = json.loads(request.body or b"{}")
    except ValueError:
        raise ValidationError("This was not sent as the workspace sends it. Open the film again.") from None
    if not isinstance(data, dict):
        raise ValidationError("This was not sent as the workspace sends it. Open the film again.")
    return data


def _text(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise ValidationError(f"“{name}” must be text.")
    return value


def _uuid(value: Any) -> uuid.UUID | None:
    if value is None or value == "":
        return None
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise ValidationError("That is not an identifier. Open the film again.") from None


def _person(recording: Recording, value: Any) -> Person | None:
    key = _uuid(value)
    if key is None:
        return None
    person = recording.people.filter(pk=key).first()
    if person is None:
        raise ValidationError("Select somebody who is in this film.")
    return person


def _principles(data: dict[str, Any]) -> list[int] | None:
    wanted = data.get("tags")
    if wanted is None:
        return None
    if not isinstance(wanted, list) or not all(isinstance(each, int) and not isinstance(each, bool) for each in wanted):
        raise ValidationError("Select principles from the list.")
    return wanted


def _version(data: dict[str, Any]) -> int:
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise ValidationError("Say which version of the moment this changes.")
    return version


@require_http_methods(["GET", "POST"])
@answers_json
def marks_of_film(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """All marks of a film, or one more."""
    recording = _film(request, film)
    if refusal := _refusal(request, recording):
        return refusal
    if request.method == "GET":
        # A mark that came in while the film was being checked may have missed its frames: give them now.
        times = marks.frame_times(recording)
        if times is not None:
            marks.snap(recording, times.original)
        return JsonResponse(
            {
                "marks": reading.marks_json(recording),
                "stills": reading.stills_json(recording.stills.all()),
                "storyboard": recording.storyboard,
                "peaks": store.path(recording.pk, store.PEAKS).exists(),
                "sound_note": recording.sound_note,
            }
        )
    data = _body(request)
    clip, new = marks.create_mark(
        by=person_asking(request),
        recording=recording,
        id=_uuid(data.get("id")),
        edges=marks.read_edges(recording, data),
        note=_text(data, "note") or "",
        principles=_principles(data) or [],
        initiative_by=_person(recording, data.get("initiative_by")),
        received_by=_person(recording, data.get("received_by")),
    )
    return JsonResponse(reading.one_mark(clip), status=201 if new else 200)


@require_http_methods(["PATCH", "DELETE"])
@answers_json
def mark(request: HttpRequest, clip: uuid.UUID) -> HttpResponse:
    """Change a mark or delete it; both say which version they mean."""
    found = _clip(request, clip)
    recording = found.recording
    if refusal := _refusal(request, recording):
        return refusal
    data = _body(request)
    if request.method == "DELETE":
        gone = marks.delete_mark(by=person_asking(request), clip=found, version=_version(data))
        return JsonResponse(reading.one_mark(gone))
    has_edges = any(name in data for name in ("first_us", "last_us", "first_frame", "last_frame"))
    named: tuple[str, ...] = ("initiative_by", "received_by")
    people = {name: _person(recording, data[name]) for name in named if name in data}
    changed = marks.change_mark(
        by=person_asking(request),
        clip=found,
        version=_version(data),
        edges=marks.read_edges(recording, data) if has_edges else None,
        note=_text(data, "note"),
        principles=_principles(data),
        people=people,
    )
    return JsonResponse(reading.one_mark(changed))


@require_http_methods(["POST"])
@answers_json
def mark_restore(request: HttpRequest, clip: uuid.UUID) -> HttpResponse:
    """Bring a deleted mark back."""
    found = _clip(request, clip)
    if refusal := _refusal(request, found.recording):
        return refusal
    return JsonResponse(reading.one_mark(marks.restore_mark(by=person_asking(request), clip=found)))


@require_http_methods(["POST"])
@answers_json
def mark_retry(request: HttpRequest, clip: uuid.UUID) -> HttpResponse:
    """Cut again what could not be cut."""
    found = _clip(request, clip)
    if refusal := _refusal(request, found.recording):
        return refusal
    return JsonResponse(reading.one_mark(actions.retry_clip(by=person_asking(request), clip=found)))


@require_http_methods(["POST"])
@answers_json
def mark_choose(request: HttpRequest, clip: uuid.UUID) -> HttpResponse:
    """Choose a moment for the shared review, or take it out."""
    found = _clip(request, clip)
    if refusal := _refusal(request, found.recording):
        return refusal
    data = _body(request)
    chosen = data.get("chosen")
    if not isinstance(chosen, bool):
        raise ValidationError("Say whether the moment is chosen.")
    marks.choose_moment(by=person_asking(request), clip=found, chosen=chosen, why=_text(data, "why") or "")
    return JsonResponse(reading.one_mark(found))


@require_http_methods(["POST"])
@answers_json
def stills(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Keep a still of one frame."""
    recording = _film(request, film)
    if refusal := _refusal(request, recording):
        return refusal
    data = _body(request)
    frame = data.get("frame")
    if not isinstance(frame, int) or isinstance(frame, bool):
        raise ValidationError("Say which frame the still is of.")
    clip_id = _uuid(data.get("clip"))
    clip = None
    if clip_id is not None:
        clip = Clip.objects.visible_to(person_asking(request)).kept().filter(recording=recording, pk=clip_id).first()
    still, new = marks.take_still(by=person_asking(request), recording=recording, frame=frame, clip=clip)
    return JsonResponse(reading.still_json(still), status=201 if new else 200)


@require_http_methods(["POST"])
@answers_json
def film_concern(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """A worry seen on film goes to the staff-only risk section of the case, with its time in the film, nowhere else.

    Consent is not asked: what was seen must be told although the film may not be played any more.
    """
    recording = _film(request, film)
    if not person_asking(request).can(Permission.ANALYSE_FILM):
        return _error("Your work here does not include marking films.", 403)
    data = _body(request)
    text = (_text(data, "text") or "").strip()
    at = data.get("time_us")
    if not text:
        raise ValidationError("Enter what you saw.")
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < 2**53:
        raise ValidationError("Say where in the film this was.")
    add_concern(by=person_asking(request), case=recording.case, text=text, film_id=recording.pk, film_time_us=at)
    return JsonResponse({"kept": True}, status=201)
