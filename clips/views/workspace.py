"""The micro-analysis workspace: the page, and the part of it that the upload page takes in."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.roles import Permission
from audit.actions import record
from clips import queries
from clips.marks.reading import offered_principles
from clips.models import Clip, Recording, SharedReview
from families.protection import hidden_from
from families.views.reach import person_asking, seen
from outcomes.models import HelpingQuestion

NOBODY = uuid.UUID(int=0)
"""Stands for an id in the addresses that the page's script fills in."""


@require_GET
def workspace(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """The whole page. Whoever may see the case but not this film is told why, and sees no picture."""
    recording = _film(request, film)
    playing = queries.may_play(person_asking(request), recording)
    if not playing.allowed:
        context = {"recording": recording, "reasons": playing.reasons, "back_url": _back(recording)}
        return render(request, "clips/workspace_closed.html", context, status=playing.status)
    _opened(request, recording)
    return render(request, "clips/workspace.html", _context(request, recording))


@require_GET
def workspace_fragment(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """The workspace without its page, for a page that is already open."""
    recording = _film(request, film)
    if not queries.may_play(person_asking(request), recording).allowed:
        raise PermissionDenied
    _opened(request, recording)
    return render(request, "clips/_workspace.html", _context(request, recording))


def _film(request: HttpRequest, film: uuid.UUID) -> Recording:
    rows = Recording.objects.visible_to(person_asking(request))
    return get_object_or_404(rows.select_related("case__family", "cycle__wording", "uploaded_by"), pk=film)


def _opened(request: HttpRequest, recording: Recording) -> None:
    user, case = person_asking(request), recording.case
    seen(user, case)
    record(by=user, verb="film.opened", subject=recording, family_id=case.family_id, case_id=case.pk)


def _back(recording: Recording) -> str:
    return reverse("clips:cycles", args=[recording.case_id])


def _context(request: HttpRequest, recording: Recording) -> dict[str, Any]:
    user = person_asking(request)
    may_mark = user.can(Permission.ANALYSE_FILM)
    principles = offered_principles(recording)
    cycle = recording.cycle
    interaction = recording.kind == Recording.Kind.INTERACTION
    choosable = may_mark and interaction and cycle is not None and cycle.closed_at is None
    return {
        "recording": recording,
        "people": list(recording.people.all()),
        "principles": principles,
        "question": _question(request, recording),
        "may_mark": may_mark,
        "choosable": choosable,
        "choose_url": reverse("clips:choose", args=[recording.cycle_id]) if choosable else "",
        "back_url": _back(recording),
        "facts": {
            "film": str(recording.pk),
            "kind": recording.kind,
            "may_mark": may_mark,
            "choosable": choosable,
            "chosen_elsewhere": _chosen_elsewhere(request, recording) if choosable else 0,
            "storyboard": recording.storyboard,
            "note_length": 4000,
            "people": [{"id": str(person.pk), "name": person.short_name} for person in recording.people.all()],
            "principles": [
                {"id": each.pk, "key": each.key, "label": each.label, "description": each.description}
                for each in principles
            ],
            "urls": _addresses(recording),
        },
    }


def _question(request: HttpRequest, recording: Recording) -> str:
    """The helping question in the family's words: the cycle's, or the newest while the film is in no cycle.

    The workspace has no header that says who is protected, so it does not say where they are either.
    """
    hidden = hidden_from(None, recording.case.family)
    if recording.cycle is not None:
        return hidden.veil(recording.cycle.wording.text)
    question = HelpingQuestion.objects.visible_to(person_asking(request)).filter(case=recording.case_id).last()
    return hidden.veil(str(question)) if question is not None else ""


def _chosen_elsewhere(request: HttpRequest, recording: Recording) -> int:
    """How many moments of the cycle's review come from its other films."""
    others = Clip.objects.visible_to(person_asking(request)).kept().exclude(recording=recording)
    reviews = SharedReview.objects.visible_to(person_asking(request)).filter(cycle=recording.cycle_id)
    return others.filter(chosen_for__review__in=reviews).count()


def _addresses(recording: Recording) -> dict[str, str]:
    film, clip = [recording.pk], [NOBODY]
    return {
        "nobody": str(NOBODY),
        "status": reverse("clips:film-status", args=film),
        "media": reverse("clips:film-media", args=[recording.pk, "-"]),
        "marks": reverse("clips:marks", args=film),
        "mark": reverse("clips:mark", args=clip),
        "restore": reverse("clips:mark-restore", args=clip),
        "retry": reverse("clips:mark-retry", args=clip),
        "choose": reverse("clips:mark-choose", args=clip),
        "stills": reverse("clips:stills", args=film),
        "concern": reverse("clips:film-concern", args=film),
    }
