"""What the service writes to its log: one JSON object a line in production, plain lines in the demonstration.

A log is copied to places that no family agreed to. So neither form holds a query string, a name, an address of a
page with a family's reference in it, or the text of an unexpected error, which may quote what someone typed
(``Key (email)=(sam@…) already exists``). An error is told by its type and by where in the code it happened.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

#: What a caller may add with ``extra={…}``: ids, counts and durations.
FIELDS = ("recording", "clip", "job", "upload", "attempt", "seconds", "bytes", "queue", "count")
#: These loggers' own messages hold the page's address; we give its route instead (``families/<uuid:family>/``).
_OF_REQUESTS = ("django.request", "django.security", "django.server")


def _route(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    return f"{getattr(request, 'method', '')} /{match.route}" if match else "an address that no page has"


def said(record: logging.LogRecord) -> str:
    """The record's message without what must not be in a log."""
    if record.name.startswith(_OF_REQUESTS):
        status = getattr(record, "status_code", "")
        return f"{record.name.rpartition('.')[2]} {status}: {_route(record)}"
    if record.name == "celery.app.trace" and isinstance(record.args, dict):
        # Celery's sentence quotes the task's result or its error; the task's name and id say enough.
        failed = record.levelno >= logging.WARNING
        return f"task {record.args.get('name')}[{record.args.get('id')}] {'failed' if failed else 'done'}"
    if record.name == "gunicorn.error" and "request" in str(record.msg).lower():
        return str(record.msg).partition("%")[0].rstrip(" :(")
    return record.getMessage()


def error(record: logging.LogRecord) -> dict[str, Any] | None:
    """The type of the record's exception and the places it went through, innermost last, or None."""
    if not record.exc_info or record.exc_info[1] is None:
        return None
    exception = record.exc_info[1]
    frames = traceback.extract_tb(exception.__traceback__)
    kind = type(exception)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


class JsonLines(logging.Formatter):
    """One JSON object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "said": said(record),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if wrong := error(record):
            line["error"] = wrong
        return json.dumps(line, default=str)


class Plain(logging.Formatter):
    """The same for the eyes of whoever tries the demonstration."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname.lower()} {record.name}: {said(record)}"
        if wrong := error(record):
            line += f"\n  {wrong['type']}\n    " + "\n    ".join(wrong["at"])
        return line


def config(production: bool) -> dict[str, Any]:
    """Django's ``LOGGING``: everything to standard error, where compose, systemd and `make run` collect it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "vig_service.logs.JsonLines"},
            "plain": {"()": "vig_service.logs.Plain"},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json" if production else "plain"},
        },
        "root": {"handlers": ["stderr"], "level": "INFO" if production else "WARNING"},
        "loggers": {
            # Django's own handlers (a console in DEBUG, mail to admins with the whole request) are left out.
            "django": {"handlers": [], "level": "INFO" if production else "WARNING", "propagate": True},
            # A page that is not there, or not for this person, is answered and audited; it is no fault of ours.
            "django.request": {"level": "ERROR", "propagate": True},
            "vig_service": {"level": "INFO", "propagate": True},
            # Every ten seconds "received" and "succeeded" for the audit's seal would bury the rest.
            "celery": {"level": "WARNING", "propagate": True},
            # gunicorn puts a handler of its own on its logger unless it is told of this configuration.
            "gunicorn.error": {"handlers": [], "level": "INFO" if production else "WARNING", "propagate": True},
            "celery.app.trace": {"level": "INFO" if production else "WARNING", "propagate": True},
        },
    }
