"""A real nginx with the shipped configuration, on loopback, in front of whatever listens on a port."""

import contextlib
import datetime
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import services
from vig_service.processes import PROJECT, Child

CONFIGURATION = PROJECT / "deploy" / "nginx.conf"
HOST = "vig.service.example"


def free_port() -> int:
    """A port of loopback that nothing listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def certificate(directory: Path) -> None:
    """A certificate for ``HOST`` that signs itself, as fullchain.pem and privkey.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (directory / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (directory / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@dataclass(frozen=True)
class Nginx:
    """Where it listens; ``https()`` is a connection that trusts its certificate."""

    http_port: int
    https_port: int
    directory: Path

    @property
    def log(self) -> str:
        return (self.directory / "access.log").read_text()

    def https(self, host: str = HOST) -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self.directory / "fullchain.pem"))
        connection = http.client.HTTPSConnection(host, self.https_port, context=context, timeout=30)
        # The name is only ours: it resolves to nothing.
        connection._create_connection = (  # type: ignore[attr-defined]
            lambda address, *rest: socket.create_connection(("127.0.0.1", self.https_port), 30)
        )
        return connection

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body of one request."""
        connection = self.https()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()


@contextlib.contextmanager
def nginx(upstream_port: int, media: Path) -> Iterator[Nginx]:
    """nginx with ``deploy/nginx.conf``, which hands out films from ``media``."""
    services.require("nginx")
    directory = Path(tempfile.mkdtemp(prefix="vig-nginx-"))
    certificate(directory)
    running = Nginx(free_port(), free_port(), directory)
    values = {
        "VIG_HOST": HOST,
        "VIG_UPSTREAM": f"127.0.0.1:{upstream_port}",
        "VIG_MEDIA": str(media),
        "VIG_TLS": str(directory),
        "VIG_SOCKETS": str(directory),
        "VIG_HTTP_PORT": f"127.0.0.1:{running.http_port}",
        "VIG_HTTPS_PORT": f"127.0.0.1:{running.https_port}",
    }
    rendered = subprocess.run(
        [CONFIGURATION.with_name("render-nginx.sh")],
        env=dict(os.environ) | values,
        capture_output=True,
        text=True,
        check=True,
    )
    site = rendered.stdout
    site = site.replace("/dev/stdout", str(directory / "access.log")).replace(
        "/dev/stderr", str(directory / "error.log")
    )
    scratch = "".join(
        f"{kind}_temp_path {directory / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # the test's films belong to whoever runs the test
    (directory / "nginx.conf").write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {directory / 'pid'};\nerror_log {directory / 'error.log'};\n"
        f"events {{ worker_connections 128; }}\nhttp {{\n{scratch}{site}\n}}\n"
    )
    environment = dict(os.environ)
    program = shutil.which("nginx") or "nginx"
    checked = subprocess.run(
        [program, "-t", "-c", directory / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    child = Child("nginx", [program, "-c", str(directory / "nginx.conf")], environment=environment)
    child.start()
    try:
        deadline = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", running.https_port), 1).close()
                break
            assert time.monotonic() < deadline, (directory / "error.log").read_text()
            time.sleep(0.02)
        yield running
    finally:
        child.stop(grace=5)
        shutil.rmtree(directory, ignore_errors=True)
