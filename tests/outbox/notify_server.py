"""A GOV.UK Notify of the tests: real HTTP on this machine, answering as it is told to."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class FakeNotify:
    """What was taken, and what the next requests meet: a status with errors, or "lost" (taken, and never answered)."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    planned: list[Any] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def notify_server() -> Iterator[FakeNotify]:
    fake = FakeNotify()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def _answer(self, code: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            fake.tokens.append(self.headers["Authorization"].removeprefix("Bearer "))
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            meets = fake.planned.pop(0) if fake.planned else 201
            if isinstance(meets, tuple):
                code, errors = meets
                self._answer(code, {"status_code": code, "errors": errors})
                return
            if meets != "gone":
                fake.taken.append({"id": str(uuid.uuid4()), **sent})
            if meets in ("lost", "gone"):
                self.close_connection = True
                return
            self._answer(201, {"id": fake.taken[-1]["id"]})

        def do_GET(self) -> None:
            where = urlsplit(self.path)
            if fake.planned:
                code, errors = fake.planned.pop(0)
                self._answer(code, {"status_code": code, "errors": errors})
            elif where.path == "/v2/notifications":
                asked = parse_qs(where.query)["reference"][0]
                found = [{"id": each["id"]} for each in fake.taken if each["reference"] == asked]
                self._answer(200, {"notifications": found, "links": {}})
            else:
                self._answer(200, {"status": fake.statuses.get(where.path.rpartition("/")[2], "sending")})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
