"""The tus 1.0 server: films arrive in pieces, and go on arriving after whatever went wrong.

``POST /uploads/`` begins one (JSON: whose film it is and who is in it), ``HEAD``, ``PATCH`` and ``DELETE`` on its
address are tus. Every answer about somebody else's upload is 404. No file name and no metadata is taken.
Nothing of this is exempt from the session and from CSRF but HEAD and PATCH with an upload token.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from clips import actions, consent, forms, queries, receiving, store, tokens
from clips.actions.refusal import Refused, TooLarge
from clips.models import Recording, Upload
from families.views.reach import person_asking

VERSION = "1.0.0"
CHUNK = "application/offset+octet-stream"
_DRAIN = 64 * 1024


class _Csrf(CsrfViewMiddleware):
    """Django's own check, asked by hand."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return _answer(403, "Your sign-in on this page is out of date. Reload the page and go on.")


def _answer(status: int, message: str = "", **more: Any) -> HttpResponse:
    if not message:
        return HttpResponse(status=status)
    return JsonResponse({"message": message, **more}, status=status)


def _tus(response: HttpResponseBase, upload: Upload | None = None, offset: int | None = None) -> HttpResponseBase:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if upload is not None:
        if offset is not None:
            response.headers["Upload-Offset"] = str(offset)
        if upload.state == Upload.State.RECEIVING:
            expires = (upload.updated_at + actions.STALE_UPLOAD).timestamp()
            response.headers["Upload-Expires"] = http_date(expires)
    return response


def _options() -> HttpResponseBase:
    response = HttpResponse(status=204)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = "creation,termination,checksum,expiration"
    response.headers["Tus-Max-Size"] = str(settings.UPLOAD_MAX_BYTES)
    response.headers["Tus-Checksum-Algorithm"] = ",".join(receiving.ALGORITHMS)
    return _tus(response)


def _wrong_version() -> HttpResponseBase:
    response = _tus(_answer(412, f"This server speaks tus {VERSION}."))
    response.headers["Tus-Version"] = VERSION
    return response


# --- /uploads/ -----------------------------------------------------------------------------------------------


def uploads(request: HttpRequest) -> HttpResponseBase:
    """Begin to send a film (POST), or find one's own films that are still on their way (GET ?case=)."""
    if request.method == "OPTIONS":
        return _options()
    if request.method == "GET":
        return _unfinished(request)
    if request.method == "POST":
        return _tus(_begin(request))
    return _not_allowed("GET", "POST", "OPTIONS")


def _not_allowed(*methods: str) -> HttpResponseBase:
    response = _answer(405, "This address does not do that.")
    response.headers["Allow"] = ", ".join(methods)
    return _tus(response)


def _unfinished(request: HttpRequest) -> HttpResponseBase:
    try:
        case = uuid.UUID(request.GET["case"]) if "case" in request.GET else None
    except ValueError:
        return _answer(400, "There is no such case.")
    found = queries.unfinished_uploads(person_asking(request), case)
    return JsonResponse({"uploads": [_about(upload, receiving.offset_of(upload)) for upload in found]})


def _about(upload: Upload, offset: int) -> dict[str, Any]:
    film = upload.recording_id
    return {
        "upload": str(upload.pk),
        "upload_url": reverse("clips:upload", args=[upload.pk]),
        "hash_url": reverse("clips:upload-hash", args=[upload.pk]),
        "token": tokens.issue(upload),
        "film": str(film),
        "film_url": reverse("clips:film", args=[film]),
        "status_url": reverse("clips:film-status", args=[film]),
        "length": upload.length,
        "offset": offset,
        "samples": upload.samples,
        "state": upload.state,
        "expires": (upload.updated_at + actions.STALE_UPLOAD).isoformat(),
    }


def _begin(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        return _wrong_version()
    if request.content_type != "application/json":
        return _answer(415, "Say whose film it is as JSON.")
    try:
        said = json.loads(request.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return _answer(400, "Say whose film it is as JSON.")
    user = person_asking(request)
    form = forms.SendAgain(said, user=user) if "film" in said else forms.StartUpload(said, user=user)
    if not form.is_valid():
        return _answer(400, "Something is missing before the film can be sent.", fields=form.errors.get_json_data())
    announced = request.headers.get("Upload-Length", str(form.cleaned_data["length"]))
    if announced != str(form.cleaned_data["length"]):
        return _answer(400, "The two lengths of the film differ.")
    try:
        if isinstance(form, forms.SendAgain):
            values = dict(form.cleaned_data)
            upload = receiving.begin_again(by=user, **values)
        else:
            upload = actions.start_recording(by=user, **form.cleaned_data)
    except TooLarge as refused:
        return _answer(413, str(refused), reasons=refused.reasons, field=refused.field)
    except Refused as refused:
        return _answer(403, str(refused), reasons=refused.reasons, field=refused.field)
    except store.NoRoom as full:
        return _answer(507, str(full))
    except receiving.Busy:
        return _answer(423, "Another page is sending this film at this moment.")
    response = JsonResponse(_about(upload, 0), status=201)
    response.headers["Location"] = reverse("clips:upload", args=[upload.pk])
    response.headers["Upload-Token"] = tokens.issue(upload)
    return _tus(response, upload, 0)


# --- /uploads/<id>/ --------------------------------------------------------------------------------------------


@csrf_exempt  # only for HEAD and PATCH with an upload token; everything else is checked by hand below
def upload(request: HttpRequest, upload: uuid.UUID) -> HttpResponseBase:
    """One film on its way: how far it is (HEAD), the next piece (PATCH), give it up (DELETE)."""
    if request.method == "OPTIONS":
        return _options()
    verbs: dict[str, Callable[[HttpRequest, Upload], HttpResponseBase]] = {
        "HEAD": _how_far,
        "PATCH": _take,
        "DELETE": _give_up,
    }
    verb = verbs.get(request.method or "")
    if verb is None:
        return _not_allowed(*verbs, "OPTIONS")
    token = request.headers.get("Upload-Token")
    if token is not None and request.method in {"HEAD", "PATCH"}:
        user_id = tokens.holder(token, upload)
        found = queries.upload_by_token(user_id, upload) if user_id else None
        if found is None:
            return _drained(request, _answer(401, "Sign in again to go on sending.", signed_out=True))
    else:
        if not request.user.is_authenticated:  # the door lets HEAD and PATCH through, for their tokens
            return _drained(request, _answer(401, "Sign in again to go on sending.", signed_out=True))
        refused = _Csrf(lambda _: HttpResponse()).process_view(request, upload_hash, (), {})
        if refused is not None:
            return _drained(request, refused)
        found = queries.own_upload(person_asking(request), upload)
        if found is None:
            return _drained(request, _answer(404, "There is no such upload."))
    if request.headers.get("Tus-Resumable") != VERSION:
        return _drained(request, _wrong_version())
    return verb(request, found)


def _how_far(request: HttpRequest, found: Upload) -> HttpResponseBase:
    ended = _ended(found)
    if ended is not None:
        return _tus(ended)
    response = _tus(HttpResponse(), found, receiving.offset_of(found))
    response.headers["Upload-Length"] = str(found.length)
    if "Upload-Token" not in request.headers:
        response.headers["Upload-Token"] = tokens.issue(found)  # someone who signed in again goes on with a fresh one
    return response


def _ended(found: Upload) -> HttpResponse | None:
    """The answer about a film that must not go on: why it was ended, or that it has to begin again."""
    film = found.recording
    if found.state == Upload.State.MISMATCH:
        return _answer(410, actions.MISMATCH, send_again=True)
    if film.state in {Recording.State.STOPPED, Recording.State.DESTROYED}:
        reason = film.destroyed_reason or film.stopped_reason
        by_consent = film.destroyed_by_id is None and film.state == Recording.State.DESTROYED
        return _answer(403 if by_consent else 410, f"This film is not taken any more. {reason}", reasons=[reason])
    if found.state == Upload.State.CANCELLED:
        return _answer(410, "The sending of this film was cancelled.")
    return None


def _take(request: HttpRequest, found: Upload) -> HttpResponseBase:
    try:
        response = _try_to_take(request, found)
    except receiving.BrokenOff:  # nobody is there to hear it, and there is nothing more to read
        return _tus(_answer(400, "The line broke in the middle of this piece."), found)
    return _tus(_drained(request, response) if response.status_code >= 400 else response, found)


def _try_to_take(request: HttpRequest, found: Upload) -> HttpResponseBase:
    if request.content_type != CHUNK:
        return _answer(415, f"Send pieces of film as {CHUNK}.")
    try:
        offset = _natural(request.headers.get("Upload-Offset", ""))
        checksum = _checksum(request.headers.get("Upload-Checksum"))
    except ValueError as wrong:
        return _answer(400, str(wrong))
    try:
        length = _natural(request.headers.get("Content-Length", ""))
    except ValueError:
        return _answer(411, "Say how long this piece is (Content-Length).")
    ended = _ended(found)
    if ended is not None:
        return ended
    verdict = consent.filmed(found.recording)
    if not verdict.allowed:
        reasons = verdict.reasons
        return _answer(403, "This film cannot be sent any further. " + " ".join(reasons), reasons=reasons)
    try:
        with _impatient(request):
            end = receiving.receive(
                found,
                request.read,
                offset=offset,
                length=length,
                checksum=checksum,
                still_wanted=lambda: consent.filmed(found.recording).allowed,
            )
    except receiving.WrongOffset as wrong:
        return _tus(_answer(409, "The film goes on from another place.", offset=wrong.offset), found, wrong.offset)
    except receiving.Busy:
        return _answer(423, "Another page is sending this film at this moment.")
    except receiving.TooMuch:
        return _answer(413, "This piece goes past the film’s end. Choose the film again and go on.")
    except receiving.Damaged:
        return _answer(460, "This piece was damaged on its way and is sent again.")
    except receiving.Over:
        found.refresh_from_db()
        found.recording.refresh_from_db()
        return _ended(found) or _answer(403, "This film cannot be sent any further.", reasons=[])
    except store.NoRoom as full:
        return _answer(507, str(full))
    found.refresh_from_db()
    return _tus(HttpResponse(status=204), found, end)


def _natural(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        raise ValueError("Upload-Offset must be a whole number.")
    return int(text)


def _checksum(header: str | None) -> receiving.Checksum | None:
    if header is None:
        return None
    algorithm, _, coded = header.partition(" ")
    if algorithm not in receiving.ALGORITHMS:
        raise ValueError(f"Upload-Checksum must be one of: {', '.join(receiving.ALGORITHMS)}.")
    try:
        return receiving.Checksum(algorithm, base64.b64decode(coded, validate=True))
    except binascii.Error:
        raise ValueError("Upload-Checksum must be in Base64.") from None


def _give_up(request: HttpRequest, found: Upload) -> HttpResponseBase:
    try:
        actions.cancel_upload(by=person_asking(request), upload=found)
    except Refused as refused:
        return _tus(_answer(409, str(refused)))
    return _tus(HttpResponse(status=204))


@contextlib.contextmanager
def _impatient(request: HttpRequest) -> Iterator[None]:
    """Do not wait for ever for a browser that fell silent. gunicorn hands us its socket; behind nginx, nginx's own
    client_body_timeout ends the piece."""
    socket = request.META.get("gunicorn.socket")
    if socket is None:
        yield
        return
    before = socket.gettimeout()
    socket.settimeout(settings.UPLOAD_SILENCE_SECONDS)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            socket.settimeout(before)


def _drained(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response, after reading what the browser still sends of its piece: a connection that is closed on unread
    bytes is reset, and a proxy in between would report that instead of our answer."""
    left = settings.UPLOAD_CHUNK_BYTES + 1024**2
    with contextlib.suppress(OSError), _impatient(request):
        while left > 0 and (block := request.read(min(_DRAIN, left))):
            left -= len(block)
    return _tus(response)


# --- /uploads/<id>/hash/ -----------------------------------------------------------------------------------------


def upload_hash(request: HttpRequest, upload: uuid.UUID) -> HttpResponseBase:
    """Take the SHA-256 that the browser worked out over the whole film. The same again does no harm."""
    if request.method != "POST":
        return _not_allowed("POST")
    found = queries.own_upload(person_asking(request), upload)
    if found is None:
        return _answer(404, "There is no such upload.")
    try:
        said = json.loads(request.body)
    except ValueError:
        said = None
    form = forms.StateHash(said if isinstance(said, dict) else {})
    if not form.is_valid():
        return _answer(400, "State the SHA-256 as 64 hexadecimal digits.")
    try:
        found = actions.state_hash(upload=found, sha256=form.cleaned_data["sha256"])
    except Refused as refused:
        return _answer(409, str(refused))
    status = queries.film_status(person_asking(request), found.recording)
    body = {"state": found.state, "hash_equal": status.hash_equal, "erase_copy_due": status.erase_copy_due}
    if found.state == Upload.State.MISMATCH:
        body["message"] = actions.MISMATCH
    return JsonResponse(body)
