"""Whether the web, its database and its Redis work: for compose, load balancers and `make run`.

Says nothing about anybody and needs no sign-in. What an administrator wants to know is on the health page.
"""

from __future__ import annotations

import http.client
import os
import sys

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 with the part that does not answer."""
    broken = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        broken.append("database")
    if settings.REDIS_URL:
        try:
            cache.get("live")
        except (RedisError, OSError):
            broken.append("redis")
    if broken:
        return HttpResponse(f"no answer from: {', '.join(broken)}\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def ask(port: int, *, address: str = "127.0.0.1", host: str | None = None, seconds: float = 5.0) -> tuple[int, str]:
    """Ask the web server on ``port``; its status and answer. Raises OSError when nothing listens.

    ``host`` is the name in the request, which must be one of ALLOWED_HOSTS.
    """
    http_connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        http_connection.request(
            "GET", "/live", headers={"Host": host or f"localhost:{port}", "X-Forwarded-Proto": "https"}
        )
        answer = http_connection.getresponse()
        return answer.status, answer.read(500).decode("utf-8", "replace").strip()
    finally:
        http_connection.close()


def main() -> int:
    """``python -m vig_service.live``: the health check of a container; exit 0 when the web inside it works."""
    port = int(os.environ.get("VIG_BIND", "127.0.0.1:8000").rpartition(":")[2])
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    try:
        status, said = ask(port, host=host)
    except OSError as error:
        sys.stderr.write(f"Nothing answers on port {port}: {error}\n")
        return 1
    sys.stdout.write(f"{status} {said}\n")
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
