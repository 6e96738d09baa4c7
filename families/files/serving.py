"""How a private file leaves: as a download that no browser runs, or as the picture that was made anew from it.

The caller has checked who asks and has written the audit event. Only JPEGs that we made ourselves are ever shown on a
page; all else is saved by the browser, whatever it is.
"""

from __future__ import annotations

from django.http import FileResponse, Http404

from families.files.kinds import KINDS, FileKind
from families.files.store import open_

_CLOSED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def attachment(stored: str, *, kind: str, name: str) -> FileResponse:
    """The file itself, to be saved under ``name``. Raises Http404 when its bytes are gone."""
    return _response(stored, False, KINDS[FileKind(kind)].content_type, name)


def download(stored: str, *, name: str, content_type: str) -> FileResponse:
    """A file that the service itself made, to be saved under ``name``. Raises Http404 when its bytes are gone."""
    return _response(stored, False, content_type, name)


def picture(stored: str) -> FileResponse:
    """The picture made anew from a kept one, for an ``<img>``. Raises Http404 when there is none."""
    return _response(stored, True, "image/jpeg", "")


def _response(stored: str, shown: bool, content_type: str, name: str) -> FileResponse:
    try:
        file = open_(stored, shown=shown)
    except FileNotFoundError as error:
        raise Http404("The file is not there.") from error
    response = FileResponse(file, as_attachment=not shown, filename=name, content_type=content_type)
    for key, value in _CLOSED.items():
        response.headers[key] = value
    return response
