"""Sending the bytes of a private file over HTTP: byte ranges, no copy in memory, no public address.

``send`` asks nobody anything: its caller has checked who asks, consent and the case for this very request. An open
range (``bytes=N-``) is answered with at most ``settings.MEDIA_RANGE_BYTES``, so that a player comes back and is
checked again.

Behind nginx (``settings.XACCEL_PREFIX``) the bytes are nginx's to send. nginx would read the Range of the browser's own
request, which knows nothing of that limit, so the range to send travels in ``X-Media-Range`` and the internal location
passes it on as Range (deploy/nginx).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, parse_http_date_safe

BLOCK = 128 * 1024
_ONE = re.compile(r"(?:(\d{1,19})-(\d{0,19})|-(\d{1,19}))\Z")
_MEDIA_CSP = "sandbox; default-src 'none'"


@dataclass(frozen=True)
class Range:
    """Bytes ``first`` to ``last`` of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes that is."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """No byte of the file lies in any of the ranges that were asked for."""


def parse_range(header: str, size: int, *, most: int | None = None) -> Range | None:
    """The range of a file of ``size`` bytes that a Range header asks for (RFC 9110, 14.1).

    None when the header is to be ignored (another unit, or not well formed). Of several ranges the first that has
    any byte is answered, which a server may do. An open range is cut to ``most`` bytes. Raises Unsatisfiable.
    """
    unit, equals, ranges = header.partition("=")
    if unit.strip().lower() != "bytes" or not equals:
        return None
    found: Range | None = None
    for text in ranges.split(","):
        text = text.strip(" \t")
        if not text:
            continue  # a list may have empty elements
        match = _ONE.match(text)
        if not match:
            return None
        first, last, suffix = match.groups()
        if suffix is not None:
            wanted = Range(max(0, size - int(suffix)), size - 1) if int(suffix) else None
        elif last:
            if int(last) < int(first):
                return None
            wanted = Range(int(first), min(int(last), size - 1))
        else:
            wanted = Range(int(first), min(size, int(first) + most) - 1 if most else size - 1)
        if found is None and wanted is not None and wanted.first < size and wanted.length > 0:
            found = wanted
    if found is None:
        raise Unsatisfiable
    return found


def send(
    request: HttpRequest,
    path: Path,
    *,
    content_type: str,
    name: str,
    still_allowed: Callable[[], bool] | None = None,
) -> HttpResponseBase:
    """Answer a GET or HEAD with a file, or with the range of it that was asked for. Raises Http404 without a file.

    ``name`` is the server's own name for it. ``still_allowed`` is asked again after each range's worth of bytes when
    the whole file is sent at once; when it says no, the connection ends.
    """
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise Http404 from None
    status = os.fstat(file.fileno())
    size, etag, changed = status.st_size, f'"{status.st_mtime_ns:x}-{status.st_size:x}"', int(status.st_mtime)
    wanted: Range | None = None
    header = request.headers.get("Range", "")
    if header and request.method == "GET" and _unchanged(request.headers.get("If-Range"), etag, changed):
        try:
            wanted = parse_range(header, size, most=settings.MEDIA_RANGE_BYTES)
        except Unsatisfiable:
            file.close()
            refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
            return _with_headers(refused, content_type, name, etag, changed)
    length = wanted.length if wanted else size
    response: HttpResponseBase
    if request.method == "HEAD":
        file.close()
        response = HttpResponse()
    elif _nginx_may(path) and (wanted or still_allowed is None):
        file.close()
        response = _by_nginx(path, wanted)
    else:
        response = StreamingHttpResponse(_blocks(file, wanted.first if wanted else 0, length, still_allowed))
    if wanted:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{size}"
    if "X-Accel-Redirect" not in response.headers:
        response.headers["Content-Length"] = str(length)
    return _with_headers(response, content_type, name, etag, changed)


def _unchanged(if_range: str | None, etag: str, changed: int) -> bool:
    """Whether the range may be answered: the file is the one that the browser has the beginning of."""
    if not if_range:
        return True
    if_range = if_range.strip()
    if if_range.startswith(('"', "W/")):
        return if_range == etag  # a weak tag never matches
    return parse_http_date_safe(if_range) == changed


def _nginx_may(path: Path) -> bool:
    """Whether there is an nginx in front that reaches this file: work in progress may lie elsewhere."""
    return bool(settings.XACCEL_PREFIX) and path.is_relative_to(settings.MEDIA_STORE)


def _by_nginx(path: Path, wanted: Range | None) -> HttpResponse:
    inside = path.relative_to(Path(settings.MEDIA_STORE))
    response = HttpResponse(headers={"X-Accel-Redirect": f"{settings.XACCEL_PREFIX.rstrip('/')}/{inside}"})
    if wanted:
        response.headers["X-Media-Range"] = f"bytes={wanted.first}-{wanted.last}"
    return response


def _blocks(file: BinaryIO, first: int, length: int, still_allowed: Callable[[], bool] | None) -> Iterator[bytes]:
    with file:
        file.seek(first)
        since_asked = 0
        while length > 0:
            block = file.read(min(BLOCK, length))
            if not block:
                # Less than was announced: the browser must see a broken answer, never a short film.
                raise OSError(f"{file.name} became shorter while it was sent")
            yield block
            length -= len(block)
            since_asked += len(block)
            if still_allowed is not None and length and since_asked >= settings.MEDIA_RANGE_BYTES:
                since_asked = 0
                if not still_allowed():
                    raise ConnectionAbortedError("What was being sent may no longer be seen.")


def _with_headers(
    response: HttpResponseBase, content_type: str, name: str, etag: str, changed: int
) -> HttpResponseBase:
    headers = {
        "Content-Type": content_type,
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(changed),
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": _MEDIA_CSP,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    for key, value in headers.items():
        response.headers[key] = value
    return response
