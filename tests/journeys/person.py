"""Somebody at a browser, without the browser: requests to a running service with a sign-in, over plain HTTP."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import re
import socket
import struct
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.cast import PASSWORD
from tests.stack import Stack

CHUNK = "application/offset+octet-stream"


class Answer:
    """What the service answered."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self) -> Any:
        return json.loads(self.body)


class Person:
    """A signed-in person with cookies of their own."""

    def __init__(self, stack: Stack, email: str) -> None:
        self.stack = stack
        self.cookies: dict[str, str] = {}
        page = self.ask("GET", "/account/login/").body.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, page
        form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": found[1]}
        answer = self.ask(
            "POST", "/account/login/", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.status == 302, answer.body.decode()

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        own = {
            "Host": f"localhost:{self.stack.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Requested-With": "fetch",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
        }
        return own | more

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """One request. Raises OSError or HTTPException when the line breaks."""
        more = dict(headers or {})
        if isinstance(body, dict):
            body, more = json.dumps(body), {"Content-Type": "application/json"} | more
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=30)
        try:
            connection.request(method, path, body, self.headers(more))
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(cookie).items():
                    self.cookies[name] = morsel.value
            return Answer(response)
        finally:
            connection.close()

    # --- tus -----------------------------------------------------------------------------------------------

    def begin(self, family: dict[str, str], length: int) -> dict[str, Any]:
        """Begin to send a film; what the service says of it."""
        body = {
            "case": family["case"],
            "people": [family["rowan"], family["sam"]],
            "filmed_on": "2026-01-05",
            "kind": "interaction",
            "length": length,
        }
        answer = self.ask("POST", "/uploads/", body, {"Tus-Resumable": "1.0.0"})
        assert answer.status == 201, answer.body
        said: dict[str, Any] = answer.json()
        return said

    def offset(self, url: str) -> int:
        answer = self.ask("HEAD", url, headers={"Tus-Resumable": "1.0.0"})
        assert answer.status == 200
        return int(answer.headers["Upload-Offset"])

    def piece(self, url: str, offset: int, data: bytes, *, checksum: bool = True) -> Answer:
        return self.ask("PATCH", url, data, self._piece(offset, data, checksum))

    def _piece(self, offset: int, data: bytes, checksum: bool) -> dict[str, str]:
        headers = {"Tus-Resumable": "1.0.0", "Content-Type": CHUNK, "Upload-Offset": str(offset)}
        if checksum:
            digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
            headers["Upload-Checksum"] = f"sha256 {digest}"
        return headers

    def begin_a_piece(self, url: str, offset: int, data: bytes, after: int, *, checksum: bool = False) -> socket.socket:
        """Send ``after`` bytes of a piece and no more; the line stays open."""
        headers = self.headers(self._piece(offset, data, checksum)) | {"Content-Length": str(len(data))}
        head = f"PATCH {url} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line = socket.create_connection(("127.0.0.1", self.stack.port), timeout=30)
        line.sendall(head.encode() + b"\r\n" + data[:after])
        return line

    def die_in_a_piece(self, url: str, offset: int, data: bytes, after: int, *, checksum: bool) -> None:
        """Send ``after`` bytes of a piece and vanish, as a browser that is killed does."""
        with self.begin_a_piece(url, offset, data, after, checksum=checksum) as line:
            # No farewell: the other side is told that the line is broken.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def send(self, family: dict[str, str], data: bytes) -> dict[str, Any]:
        """Send a whole film, and its hash."""
        said = self.begin(family, len(data))
        assert self.piece(said["upload_url"], 0, data).status == 204
        self.state_hash(said, data)
        return said

    def state_hash(self, said: dict[str, Any], data: bytes) -> Answer:
        return self.ask("POST", said["hash_url"], {"sha256": hashlib.sha256(data).hexdigest()})

    def status(self, film: str) -> dict[str, Any]:
        """Where a film stands; empty while the service does not answer."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = self.ask("GET", f"/films/{film}/status/")
            if answer.status == 200:
                said: dict[str, Any] = answer.json()
                return said
        return {}
