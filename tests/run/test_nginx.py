"""The shipped nginx configuration keeps its promises, tried with a real nginx.

Behind it stands a small server that writes down what reaches it; the whole service behind nginx is tried in
``test_production.py``.
"""

import http.client
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

import pytest

from tests import services
from tests.run.proxy import HOST, Nginx, nginx

FILM = bytes(range(256)) * 4096  # 1 MiB, every byte of which tells where it stands


class Behind(BaseHTTPRequestHandler):
    """Says yes to /film, and notes the headers and bytes of everything else as they come."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []
    arrived: ClassVar[list[tuple[float, int]]] = []

    def answer(self) -> None:
        type(self).seen.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        if self.command in {"PATCH", "POST"}:
            left = int(self.headers.get("Content-Length") or 0)
            while left:
                got = self.rfile.read1(min(left, 65536))  # type: ignore[attr-defined]
                if not got:
                    return
                left -= len(got)
                type(self).arrived.append((time.monotonic(), len(got)))
        self.send_response(200)
        if self.path.startswith("/film"):
            self.send_header("X-Accel-Redirect", "/protected/ab/film.mp4")
            self.send_header("ETag", '"of-the-view"')
            if asked := self.headers.get("Range"):
                # What clips.serving does: an open range is cut short, so that the player asks again.
                self.send_header("X-Media-Range", f"{asked}9999" if asked.endswith("-") else asked)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Cache-Control", "private, no-store")
        elif self.path.startswith("/outside"):
            self.send_header("X-Accel-Redirect", "/protected/../secret")
        elif self.path.startswith("/link"):
            self.send_header("X-Accel-Redirect", "/protected/link")
        self.send_header("Content-Length", "3")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"ok\n")

    do_GET = do_HEAD = do_POST = do_PATCH = answer

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A test that hangs up on purpose is no news."""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    services.require("nginx")
    root = tmp_path_factory.mktemp("films")
    media = root / "media"
    (media / "ab").mkdir(parents=True)
    (media / "ab" / "film.mp4").write_bytes(FILM)
    (root / "secret").write_text("another family's")
    (media / "link").symlink_to(root / "secret")
    with Server(("127.0.0.1", 0), Behind) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with nginx(server.server_address[1], media) as running:
            yield running
        server.shutdown()


@pytest.fixture(autouse=True)
def _nothing_seen_yet() -> None:
    Behind.seen.clear()
    Behind.arrived.clear()


def test_a_film_is_handed_out_whole_and_in_ranges_once_the_service_said_yes(front: Nginx) -> None:
    status, headers, body = front.ask("GET", "/film")
    assert (status, body) == (200, FILM)
    assert headers["content-type"] == "video/mp4"
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    status, headers, body = front.ask("GET", "/film", headers={"Range": "bytes=1000-1999"})
    assert (status, body) == (206, FILM[1000:2000])
    assert headers["content-range"] == f"bytes 1000-1999/{len(FILM)}"
    assert headers["etag"] == '"of-the-view"'
    assert front.ask("GET", "/film", headers={"Range": "bytes=-5"})[2] == FILM[-5:]
    # Many small overlapping ranges in one request are an old way to tire a server out.
    assert front.ask("GET", "/film", headers={"Range": "bytes=0-9,5-19,10-30"})[0] == 200


def test_an_open_range_is_answered_with_as_much_as_the_service_allows(front: Nginx) -> None:
    status, headers, body = front.ask("GET", "/film", headers={"Range": "bytes=0-"})
    assert (status, body) == (206, FILM[:10_000])
    assert headers["content-range"] == f"bytes 0-9999/{len(FILM)}"


def test_what_the_browser_has_already_is_no_reason_to_answer_otherwise(front: Nginx) -> None:
    status, _, body = front.ask("GET", "/film", headers={"Range": "bytes=0-9", "If-Range": '"of-the-view"'})
    assert (status, body) == (206, FILM[:10])


def test_no_film_can_be_had_past_the_service(front: Nginx) -> None:
    for path in ("/protected/ab/film.mp4", "/protected/", "/x/../protected/ab/film.mp4", "/%70rotected/ab/film.mp4"):
        assert front.ask("GET", path)[0] == 404, path
    assert not Behind.seen
    # What is no internal address goes to the service, which has no such page.
    for path in ("/media/ab/film.mp4", "/protected../secret", "/protected/..%2fsecret"):
        front.ask("GET", path)
        assert Behind.seen.pop()[0] == path


def test_not_even_the_service_can_point_outside_the_films(front: Nginx) -> None:
    for path in ("/outside", "/link"):
        status, _, body = front.ask("GET", path)
        assert status in {403, 404, 500}, path
        assert b"another family" not in body


def test_a_chunk_goes_through_as_it_arrives(front: Nginx) -> None:
    """What a person's line had carried before it dropped is with the service already."""
    context = ssl.create_default_context(cafile=str(front.directory / "fullchain.pem"))
    plain = socket.create_connection(("127.0.0.1", front.https_port))
    with context.wrap_socket(plain, server_hostname=HOST) as line:
        line.sendall(f"PATCH /uploads/1 HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 400000\r\n\r\n".encode())
        line.sendall(b"x" * 300_000)
        deadline = time.monotonic() + 10
        while sum(size for _, size in Behind.arrived) < 200_000:
            assert time.monotonic() < deadline, "nginx kept the first part back"
            time.sleep(0.02)
    assert sum(size for _, size in Behind.arrived) < 400_000


def test_a_chunk_may_be_large_and_a_form_may_not(front: Nginx) -> None:
    chunk = b"x" * (5 * 1024**2)
    assert front.ask("PATCH", "/uploads/1", chunk)[0] == 200
    assert sum(size for _, size in Behind.arrived) == len(chunk)
    assert front.ask("PATCH", "/uploads/1", b"x" * (7 * 1024**2))[0] == 413
    assert front.ask("POST", "/families/", b"x" * (2 * 1024**2))[0] == 413


def test_what_a_client_claims_about_itself_is_dropped(front: Nginx) -> None:
    front.ask("GET", "/", headers={"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Host": "evil.example"})
    _, headers = Behind.seen[-1]
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"] == HOST
    assert "x-forwarded-host" not in headers


def test_the_log_holds_no_query_reference_or_key(front: Nginx) -> None:
    front.ask("GET", "/families/0b7e1c52/?search=Rowan")
    front.ask("GET", "/account/password/reset/key/3-abc123/")
    deadline = time.monotonic() + 5
    while '"page":"/account"' not in front.log:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert '"page":"/families"' in front.log
    for private in ("Rowan", "0b7e", "abc123", "key"):
        assert private not in front.log


def test_plain_http_is_only_a_sign_to_https(front: Nginx) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.http_port, timeout=5)
    connection.request("GET", "/families/", headers={"Host": HOST})
    answer = connection.getresponse()
    assert answer.status == 308
    assert answer.getheader("Location") == f"https://{HOST}/families/"
    connection.close()


def test_another_name_gets_no_certificate(front: Nginx) -> None:
    with pytest.raises(ssl.SSLError):
        front.https("other.example").request("GET", "/")
