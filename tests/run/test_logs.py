"""The log tells what went wrong and where, and nothing about anybody."""

import json
import logging
import sys
from types import SimpleNamespace

import pytest

from vig_service import logs


def record(name: str = "clips", message: str = "hello", *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args or None, None)
    for key, value in extra.items():
        setattr(made, key, value)
    return made


def line(made: logging.LogRecord) -> dict[str, object]:
    found = json.loads(logs.JsonLines().format(made))
    assert isinstance(found, dict)
    return found


def test_a_line_is_one_json_object_with_the_ids_that_were_given() -> None:
    told = line(record("clips.tasks", "proxy made in %s s", 12, recording=7, name_of_baby="Rowan"))
    assert told["said"] == "proxy made in 12 s"
    assert told["recording"] == 7
    assert told["level"] == "error"
    assert "Rowan" not in json.dumps(told)


def test_a_failed_request_is_told_by_its_route() -> None:
    request = SimpleNamespace(method="POST", resolver_match=SimpleNamespace(route="families/<uuid:family>/edit"))
    told = line(
        record(
            "django.request",
            "%s: %s",
            "Internal Server Error",
            "/families/0b7e/edit?name=Rowan",
            status_code=500,
            request=request,
        )
    )
    assert told["said"] == "request 500: POST /families/<uuid:family>/edit"
    assert "0b7e" not in json.dumps(told)


def test_a_request_that_matched_no_page_is_told_without_its_address() -> None:
    made = record("django.security.DisallowedHost", "Invalid HTTP_HOST header: %r", "rowan.example", status_code=400)
    assert "rowan" not in json.dumps(line(made))


@pytest.mark.parametrize("form", [logs.JsonLines(), logs.Plain()])
def test_an_unexpected_error_is_told_by_type_and_place_not_by_its_words(form: logging.Formatter) -> None:
    def save() -> None:
        raise ValueError("Key (email)=(sam@family.example) already exists")

    try:
        save()
    except ValueError:
        made = record()
        made.exc_info = sys.exc_info()
    told = form.format(made)
    assert "sam@" not in told
    assert "builtins.ValueError" in told
    assert "test_logs.py" in told


def test_a_failed_task_is_told_without_its_error_or_result() -> None:
    context = {"name": "clips.tasks.cut_clip", "id": "a1", "exc": "ValueError('Rowan')", "return_value": "Rowan"}
    made = record("celery.app.trace", "Task %(name)s[%(id)s] failed: %(exc)s")
    made.args = context  # as Celery's own call does
    assert line(made)["said"] == "task clips.tasks.cut_clip[a1] failed"


def test_the_web_servers_own_complaint_about_a_request_does_not_quote_it() -> None:
    made = record("gunicorn.error", "Error handling request %s", "/families/?search=Rowan")
    assert line(made)["said"] == "Error handling request"
    assert line(record("gunicorn.error", "Booting worker with pid: %s", 12))["said"] == "Booting worker with pid: 12"
