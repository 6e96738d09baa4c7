"""The room, as a browser sees it: addressed by place, opened by a lease, with nothing of the record in any answer.

Nobody is signed in here. Each request brings the token of a lease in its cookie; without one there is nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from accounts.clock import is_navigation
from accounts.middleware import see_other
from accounts.request import Request
from audit.actions import record
from clips import marks, reviews, serving, store
from clips.actions.refusal import Refused
from clips.models import Clip, ReviewMoment, RoomLease, SharedReview, Words
from clips.reviews import leases, reading
from clips.reviews.rating import keep_ratings, raters
from families.frame import holding
from families.protection import Hidden

MOST_BYTES = 64 * 1024
_PLAIN = {"service_name": ""}  # the title is "Together" and nothing else

View = Callable[..., HttpResponseBase]


def set_cookie(response: HttpResponse, token: str) -> None:
    """Give the browser a room's token: out of reach of scripts, sent to the room alone, gone with the browser."""
    response.set_cookie(
        leases.COOKIE, token, path="/room/", secure=settings.PRODUCTION, httponly=True, samesite="Strict"
    )


def closed(request: Request) -> HttpResponse:
    """There is no room: the same for a stranger as for one that was left."""
    if not is_navigation(request):
        return JsonResponse({"open": False}, status=404)
    return render(request, "clips/room_closed.html", _PLAIN, status=404)


def with_lease(view: View) -> View:
    """Hand the view the lease that the browser's token stands for, whether it still runs or not."""

    @wraps(view)
    def inside(request: Request, **where: Any) -> HttpResponseBase:
        lease = leases.lease_of(request.COOKIES.get(leases.COOKIE, ""))
        if lease is None or not holding.tries_left(lease):
            return closed(request)
        try:
            return view(request, lease, **where)
        except ValidationError as error:
            return JsonResponse({"error": " ".join(error.messages)}, status=400)
        except Refused as refused:
            return JsonResponse({"error": str(refused)}, status=422)

    return inside


def in_open_room(view: View) -> View:
    """As ``with_lease``, while the room is open; else it is told that it is not (403)."""

    @wraps(view)
    def inside(request: Request, lease: RoomLease, **where: Any) -> HttpResponseBase:
        if leases.is_open(lease):
            return view(request, lease, **where)
        if is_navigation(request):
            return render(request, "clips/room_closed.html", _PLAIN, status=403)
        return JsonResponse({"open": False}, status=403)

    return with_lease(inside)


def _body(request: Request) -> dict[str, Any]:
    if len(request.body) > MOST_BYTES:
        raise ValidationError("That is too long to be kept.")
    try:
        data = json.loads(request.body or b"{}")
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise ValidationError("This could not be read.")
    return data


def _whole(data: dict[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValidationError("This could not be read.")
    return value


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise ValidationError("This could not be read.")
    return value


def _moment(lease: RoomLease, number: int) -> ReviewMoment:
    """A moment of the room that may be shown now. Raises Refused."""
    moment = leases.place_of(lease, number)
    if moment is None or not reviews.may_show(moment.clip):
        raise Refused("This moment cannot be shown just now.")
    return moment


# --- The page, and what it asks ------------------------------------------------------------------------------


@require_safe
@ensure_csrf_cookie
@with_lease
def room(request: Request, lease: RoomLease) -> HttpResponse:
    """The room itself. Everything in it comes by ``room-now``."""
    return render(request, "clips/room.html", _PLAIN)


@require_safe
@with_lease
def room_now(request: Request, lease: RoomLease) -> HttpResponse:
    """What there is to watch, who is here and what was said."""
    if not leases.is_open(lease):
        return JsonResponse({"open": False}, status=403)
    return JsonResponse({"open": True, "csrf": get_token(request), **reading.now(lease)})


@require_safe
@with_lease
def room_pulse(request: Request, lease: RoomLease) -> HttpResponse:
    """Whether the room may go on showing, and which moments; asked every second and a half."""
    shows = leases.showing(lease)
    return JsonResponse({"open": bool(shows), "shows": shows, "csrf": get_token(request)})


@require_safe
@in_open_room
def room_moment(request: Request, lease: RoomLease, number: int, what: str) -> HttpResponseBase:
    """The file of a moment or its picture: consent is asked for this very request."""
    moment = leases.place_of(lease, number)
    if moment is None:
        return closed(request)
    clip = moment.clip
    if not reviews.may_show(clip):
        return JsonResponse({"open": False}, status=403)
    path = store.path(clip.recording_id, clip.file)
    if what == "picture":
        return serving.send(request, path.with_suffix(".jpg"), content_type="image/jpeg", name="moment.jpg")
    _played(lease, clip)
    return serving.send(
        request,
        path,
        content_type="video/mp4",
        name="moment.mp4",
        still_allowed=lambda: leases.still_shows(lease, clip),
    )


def _played(lease: RoomLease, clip: Clip) -> None:
    """Write down that a clip was shown in this room, once for each opening."""
    key = f"room-played:{lease.pk}:{clip.pk}"
    try:
        if not cache.add(key, 1, 12 * 3600):
            return
    except (RedisError, OSError):
        pass  # without the cache every look is written down
    case = clip.recording.case
    record(
        by=lease.user,
        verb="clip.played",
        subject=clip,
        family_id=case.family_id,
        case_id=case.pk,
        occasion="room",
        review=str(lease.review_id),
    )


@require_POST
@in_open_room
def room_seen(request: Request, lease: RoomLease, number: int) -> HttpResponse:
    """A moment came up, or was skipped."""
    leases.moment_seen(lease=lease, moment=_moment(lease, number), skipped=bool(_body(request).get("skipped")))
    return JsonResponse({"kept": True})


@require_POST
@in_open_room
def room_still(request: Request, lease: RoomLease, number: int) -> HttpResponse:
    """Keep the frame on screen as a still."""
    moment = _moment(lease, number)
    frame = _whole(_body(request), "frame")
    if frame is None or reading.film_time(moment, frame) is None:
        raise ValidationError("This moment has no such frame.")
    clip = moment.clip
    marks.take_still(by=lease.user, recording=clip.recording, frame=(clip.first_frame or 0) + frame, clip=clip)
    return JsonResponse({"n": number, "frame": frame}, status=201)


@require_safe
@in_open_room
def room_still_picture(request: Request, lease: RoomLease, number: int, frame: int) -> HttpResponseBase:
    """The picture of a still."""
    moment = _moment(lease, number)
    still = moment.clip.stills.filter(frame=(moment.clip.first_frame or 0) + frame).first()
    if still is None:
        return closed(request)
    path = store.path(moment.clip.recording_id, still.file)
    return serving.send(request, path, content_type="image/jpeg", name="still.jpg")


@require_POST
@in_open_room
def room_order(request: Request, lease: RoomLease) -> HttpResponse:
    """Those in the room put the moments into another order."""
    order = _body(request).get("order")
    if not isinstance(order, list) or not all(isinstance(n, int) and 1 <= n <= len(lease.order) for n in order):
        raise ValidationError("This could not be read.")
    reviews.order_moments(by=None, review=lease.review, moments=[lease.order[n - 1] for n in order])
    return JsonResponse({"kept": True})


@require_POST
@in_open_room
def room_words(request: Request, lease: RoomLease) -> HttpResponse:
    """Write down what somebody noticed; emptied words are taken back. A stale writer gets what stands (409)."""
    data, hidden = _body(request), reading.hidden_in(lease.review)
    try:
        key = uuid.UUID(_text(data, "id"))
    except ValueError:
        raise ValidationError("This could not be read.") from None
    try:
        words = _keep_words(lease, key, data, hidden)
    except reviews.Changed as changed:
        return JsonResponse({"now": reading.one_words(cast(Words, changed.now), hidden)}, status=409)
    if words is None:
        return JsonResponse({"id": str(key), "text": "", "version": None})
    return JsonResponse(reading.one_words(words, hidden))


def _keep_words(lease: RoomLease, key: uuid.UUID, data: dict[str, Any], hidden: Hidden) -> Words | None:
    review, before = lease.review, reading.words_by_id(lease.review, key)
    version, text = _whole(data, "version"), _text(data, "text")
    if version is None and before is not None:
        version = before.version  # sent again because the first answer was lost
    if before is not None:
        text = hidden.unveil(text, before.text)
    if not text.strip():
        if before is not None:
            if version != before.version:
                raise reviews.Changed(before)
            reviews.remove_words(by=lease.user, words=before)
        return None
    number, frame = _whole(data, "n"), _whole(data, "frame")
    moment = leases.place_of(lease, number) if number is not None else None
    speaker = reading.speaker_of(lease, data.get("who"))
    if speaker is None:
        raise ValidationError("Select who said it.")
    return reviews.keep_words(
        by=lease.user,
        review=review,
        text=text,
        speaker=speaker.person,
        staff_speaker=speaker.staff,
        moment=moment,
        frame_us=reading.film_time(moment, frame) if moment is not None and frame is not None else None,
        words=before,
        version=version,
        written_with=key,
    )


@require_POST
@in_open_room
def room_ideas(request: Request, lease: RoomLease) -> HttpResponse:
    """New ideas and the next step. A stale writer gets what stands (409)."""
    data, hidden = _body(request), reading.hidden_in(lease.review)
    try:
        review = reviews.keep_ideas(
            by=lease.user,
            review=lease.review,
            new_ideas=hidden.unveil(_text(data, "new_ideas"), lease.review.new_ideas),
            next_step=hidden.unveil(_text(data, "next_step"), lease.review.next_step),
            version=_whole(data, "version"),
        )
    except reviews.Changed as changed:
        return JsonResponse({"now": reading.ideas(cast(SharedReview, changed.now), hidden)}, status=409)
    return JsonResponse(reading.ideas(review, hidden))


@require_POST
@in_open_room
def room_end(request: Request, lease: RoomLease) -> HttpResponse:
    """Enough for today, or all is seen."""
    held = _body(request).get("held")
    if not isinstance(held, bool):
        raise ValidationError("This could not be read.")
    review = reviews.end_sitting(lease=lease, held=held)
    return JsonResponse({"state": review.state, **reading.ideas(review, reading.hidden_in(review))})


# --- The practitioner ----------------------------------------------------------------------------------------


def _refused(request: Request, lease: RoomLease) -> HttpResponse:
    said = holding.wrong_in_words(lease)
    if not said:
        response: HttpResponse = JsonResponse({"to": reverse("accounts:covered")}, status=410)
        response.delete_cookie(leases.COOKIE, path="/room/", samesite="Strict")
        return response
    return JsonResponse({"error": said}, status=400)


def _secret(request: Request) -> str:
    if request.content_type == "application/json":
        return _text(_body(request), "secret")
    return request.POST.get("secret", "")


@require_POST
@with_lease
def room_resume(request: Request, lease: RoomLease) -> HttpResponse:
    """The practitioner goes on with a room that ran out or was stopped: a new lease, in place."""
    if not leases.practitioner_is_there(lease=lease, secret=_secret(request)):
        return _refused(request, lease)
    if not leases.may_hold(lease.user, lease.review):
        raise Refused("This shared review cannot go on just now.")
    _fresh, token = reviews.go_on(lease=lease)
    response = JsonResponse({"open": True})
    set_cookie(response, token)
    return response


@require_POST
@with_lease
def room_leave(request: Request, lease: RoomLease) -> HttpResponse:
    """The practitioner leaves: the lease ends, and their own covered sign-in in this browser opens again."""
    as_form, secret = is_navigation(request), _secret(request)
    if not leases.practitioner_is_there(lease=lease, secret=secret):
        answer = _refused(request, lease)
        if not as_form:
            return answer
        if answer.status_code == 410:
            onwards = see_other(reverse("accounts:covered"))
            onwards.delete_cookie(leases.COOKIE, path="/room/", samesite="Strict")
            return onwards
        error = json.loads(answer.content)["error"]
        return render(request, "clips/rate_thanks.html", {"error": error, **_PLAIN}, status=400)
    reviews.close_room(lease=lease)
    to = holding.back_at_the_desk(request, lease.user, secret, reverse("clips:words", args=[lease.review_id]))
    response = see_other(to) if as_form else JsonResponse({"to": to})
    response.delete_cookie(leases.COOKIE, path="/room/", samesite="Strict")
    return response


@require_http_methods(["GET", "POST"])
@ensure_csrf_cookie
@in_open_room
def rate(request: Request, lease: RoomLease) -> HttpResponse:
    """How far the caregivers feel they have come with their question: from their own hand, or not today."""
    people = raters(lease)
    if request.method == "POST":
        keep_ratings(lease=lease, given={key: request.POST.get(f"rating_{key}", "") for key in people})
        return render(request, "clips/rate_thanks.html", _PLAIN)
    question = reading.question(lease.review, reading.hidden_in(lease.review))
    scale = list(range(11))
    return render(request, "clips/rate.html", {"question": question, "people": people, "scale": scale, **_PLAIN})
