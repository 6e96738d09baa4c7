"""A questionnaire in somebody's own hand: the same pages on our tablet and behind a link, never with a score.

One question a page, each sent by itself, so that Back works, a broken line loses nothing and no script is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase

from accounts.middleware import see_other
from accounts.request import Request
from outcomes.actions import askings
from outcomes.models import Asking
from outcomes.steps import Step, steps_of

CHECK, HELP = "check", "help"


@dataclass(frozen=True)
class Place:
    """Where the pages stand: how one is rendered, where a step of it is, what follows the end.

    ``alone``: nobody of the service is with them, so that help is shown at once and not left to a person.
    """

    render: Callable[[str, dict[str, Any]], HttpResponseBase]
    address: Callable[[str], str]
    finished: Callable[[], HttpResponseBase]
    gone: Callable[[], HttpResponseBase]
    alone: bool


@dataclass(frozen=True)
class Way:
    """The questions that are shown, by their number on the page."""

    asking: Asking
    steps: list[Step]
    put_away: int

    def step(self, number: str) -> Step | None:
        if not number.isdecimal() or len(number) > 4 or not 1 <= int(number) <= len(self.steps):
            return None
        return self.steps[int(number) - 1]

    @property
    def skipped(self) -> list[tuple[int, Step]]:
        return [(n, step) for n, step in enumerate(self.steps, 1) if step.key not in self.asking.answers]

    @property
    def resume(self) -> str:
        """The first question without an answer, or the end."""
        return str(self.skipped[0][0]) if self.skipped else CHECK


def show(request: Request, asking: Asking, step: str, place: Place) -> HttpResponseBase:
    """One page of a questionnaire, or what a form on it does."""
    shown = [each for each in steps_of(asking) if each.key not in asking.put_away]
    way = Way(asking, shown, len(asking.put_away))
    try:
        if step == "":
            return place.render("start", _start(way, place))
        if step == CHECK:
            return _check(request, way, place)
        if step == HELP and place.alone:
            on = request.GET.get("on", "")
            return place.render("help", {"on": place.address(on if way.step(on) else CHECK)})
        found = way.step(step)
        if found is None:
            return see_other(place.address(""))
        return _question(request, way, int(step), found, place)
    except askings.NotOpen:
        return place.gone()


def _start(way: Way, place: Place) -> dict[str, Any]:
    asking = way.asking
    version = asking.version
    return {
        "many": len(way.steps),
        "put_away": way.put_away,
        "on": place.address(way.resume),
        "begun": bool(asking.answers),
        "about_service": asking.what == Asking.What.EXPERIENCE,
        "warn": place.alone and version is not None and bool(version.definition.critical),
        "alone": place.alone,
    }


def _question(request: Request, way: Way, number: int, step: Step, place: Place) -> HttpResponseBase:
    after = str(number + 1) if number < len(way.steps) else CHECK
    value, error = way.asking.answers.get(step.key, ""), ""
    if request.method == "POST":
        value = request.POST.get("answer", "").replace("\r\n", "\n").replace("\x00", "")
        skips = request.POST.get("go") == "skip" or (not step.choices and not value.strip())
        if skips or step.accepts(value):
            raised = askings.answer(asking=way.asking, step=step, value=None if skips else value)
            if raised and place.alone:
                return see_other(f"{place.address(HELP)}?on={after}")
            return see_other(place.address(after))
        error = "Choose an answer, or skip this one."
        if not step.choices:
            error = "That is more than fits here. Please make it a little shorter."
    return place.render(
        "question",
        {
            "step": step,
            "number": number,
            "many": len(way.steps),
            "value": value,
            "error": error,
            "here": place.address(str(number)),
            "back": place.address(str(number - 1) if number > 1 else ""),
        },
    )


def _check(request: Request, way: Way, place: Place) -> HttpResponseBase:
    if request.method == "POST":
        askings.send(asking=way.asking)
        return place.finished()
    return place.render(
        "check",
        {
            "answered": len(way.asking.answers),
            "skipped": [(number, step, place.address(str(number))) for number, step in way.skipped],
            "here": place.address(CHECK),
            "back": place.address(str(len(way.steps)) if way.steps else ""),
        },
    )
