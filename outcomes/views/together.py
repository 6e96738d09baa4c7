"""Questionnaires in the frame: answered together on the practitioner's tablet."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse

from accounts.middleware import see_other
from accounts.request import Request
from families import frame
from families.models import FrameLease
from outcomes.actions.askings import asking_held
from outcomes.views.answering import Place, show

KIND = "questionnaire"


def _address(step: str) -> str:
    return reverse("families:frame-step", kwargs={"step": step}) if step else reverse("families:frame")


def in_frame(request: Request, lease: FrameLease, step: str) -> HttpResponseBase:
    """The page of the frame that is asked for; thank you when there is nothing more to answer."""
    asking = asking_held(lease.subject_id)
    if asking is None:
        return frame.finish(request, lease)
    place = Place(
        render=lambda page, context: frame.render(
            request, lease, f"outcomes/answering/{page}.html", {**context, "parent": "families/frame/base.html"}
        ),
        address=_address,
        finished=lambda: frame.finish(request, lease),
        gone=lambda: see_other(reverse("families:frame")),
        alone=False,
    )
    return show(request, asking, step, place)
