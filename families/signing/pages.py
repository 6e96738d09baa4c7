"""Signing, in the frame: one purpose at a time, then what was said, then the name."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase

from accounts.request import Request
from families import frame
from families.models import FrameLease
from families.signing import recording
from families.signing.script import ANSWERS, Asked, Script, read

KIND = "signing"


def in_frame(request: Request, lease: FrameLease, step: str) -> HttpResponseBase:
    """Every request while consent is being signed."""
    script = read(lease)
    if script is None or step:
        return frame.closed(request)
    if request.method == "POST":
        return _answer(request, lease, script)
    return _page(request, lease, script)


def _answer(request: Request, lease: FrameLease, script: Script) -> HttpResponse:
    go = request.POST.get("go", "")
    if go == "back":
        frame.keep(lease, at=max(-1, script.at - 1))
    elif go.isdecimal() and int(go) < len(script.asked):
        frame.keep(lease, at=int(go))  # to change an answer
    elif script.at < 0:
        frame.keep(lease, at=0)
    elif script.now is not None:
        return _keep(request, lease, script, script.now)
    elif go == "sign":
        return _sign(request, lease, script)
    elif go == "nothing" and not script.decided:
        return frame.finish(request, lease)
    return frame.again()


def _keep(request: Request, lease: FrameLease, script: Script, now: Asked) -> HttpResponse:
    given = {each.key: request.POST.get(f"answer-{each.key}", "") for each in now.questions}
    known = {f"{now.purpose}:{key}": answer for key, answer in given.items() if answer in ANSWERS}
    frame.keep(lease, answers={**lease.draft["answers"], **known})
    if len(known) < len(given):
        again = read(lease)
        return _page(request, lease, again or script, error="Choose an answer: yes, no or not today.", status=400)
    # after a change made on the last page, back to it: everything else has its answer
    rest = [number for number, each in enumerate(script.asked) if not each.answered and number != script.at]
    frame.keep(lease, at=len(script.asked) if not rest else script.at + 1)
    return frame.again()


def _sign(request: Request, lease: FrameLease, script: Script) -> HttpResponse:
    typed = request.POST.get("typed_name", "")
    try:
        signed = recording.look_at(request.POST.get("drawn", ""), typed)
    except ValidationError as error:
        return _page(request, lease, script, error=" ".join(error.messages), typed=typed, status=400)
    try:
        recording.sign(lease=lease, script=script, signed=signed)
    except ValidationError:
        # what has changed is the desk's to say, not this page's
        sorry = "This cannot be kept just now. Please hand the device back."
        return _page(request, lease, script, error=sorry, typed=typed, status=400)
    return frame.finish(request, lease)


def _page(
    request: Request, lease: FrameLease, script: Script, *, error: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    if script.at < 0:
        template = "families/signing/begin.html"
    elif script.now is not None:
        template = "families/signing/question.html"
    else:
        template = "families/signing/sign.html"
    context = {
        "script": script,
        "asked": script.now,
        "number": script.at + 1,
        "answers": (("given", "Yes"), ("refused", "No"), ("later", "Not today")),
        "error": error,
        "typed": typed,
    }
    return frame.render(request, lease, template, context, status=status)
