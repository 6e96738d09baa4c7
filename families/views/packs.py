"""A copy of somebody's record: asked for, watched, read through, handed over."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Permission
from families import actions
from families.files import download
from families.forms.fields import add_action_error
from families.forms.packs import AskForPackForm
from families.models import AccessPack, Case
from families.views.reach import case_for, person_asking

TAB = "families:access"
LONGEST_WHY = 500


def _case(request: HttpRequest, case: uuid.UUID) -> Case:
    return case_for(request, case, permission=Permission.MANAGE_TEAM)


def _pack(request: HttpRequest, case: uuid.UUID, pack: uuid.UUID) -> tuple[Case, AccessPack]:
    found = _case(request, case)
    return found, get_object_or_404(
        AccessPack.objects.visible_to(person_asking(request)).select_related("person", "case", "read_by", "ended_by"),
        case=found,
        pk=pack,
    )


def pack_ask(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Somebody asked for a copy of their record."""
    found = _case(request, case)
    form = AskForPackForm(request.POST or None, case=found)
    form.cancel_url = reverse(TAB, kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            pack = actions.ask_for_pack(by=person_asking(request), case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return redirect("families:pack", case=found.pk, pack=pack.pk)
    return render(
        request,
        "families/case_form.html",
        {
            "case": found,
            "form": form,
            "heading": "A copy of somebody’s record",
            "lead": (
                "Everything the service holds about one person is gathered. You read it through and decide what is "
                "about somebody else; then it is put together: a file to read, a file for machines, the documents."
            ),
            "tab": TAB,
        },
    )


def pack(request: HttpRequest, case: uuid.UUID, pack: uuid.UUID) -> HttpResponse:
    """How a copy stands; when it is gathered, reading it through."""
    found, copy = _pack(request, case, pack)
    if request.method == "POST":
        left_out = {key: _typed(request, f"why-{key}") for key in request.POST.getlist("withhold")}
        try:
            actions.decide_pack(by=person_asking(request), pack=copy, withheld=left_out)
        except ValidationError as error:
            copy.withheld = left_out
            return render(request, "families/pack.html", _context(found, copy, problems=error.messages), status=400)
        messages.success(request, "Saved. The copy is being put together.")
        return redirect("families:pack", case=found.pk, pack=copy.pk)
    return render(request, "families/pack.html", _context(found, copy))


def _typed(request: HttpRequest, name: str) -> str:
    """Somebody's words from a field that no form class reads: PostgreSQL keeps no NUL in JSON."""
    return request.POST.get(name, "").replace("\x00", "").strip()[:LONGEST_WHY]


def _context(case: Case, copy: AccessPack, problems: list[str] | None = None) -> dict[str, object]:
    sections: list[dict[str, Any]] = [
        {"heading": section["heading"], "entries": [_as_read(copy, entry, problems) for entry in section["entries"]]}
        for section in copy.gathered
    ]
    return {
        "case": case,
        "tab": TAB,
        "pack": copy,
        "sections": sections,
        "entries": sum(len(section["entries"]) for section in copy.gathered),
        "suggested": sum(entry["left_out"] for section in sections for entry in section["entries"]),
        "problems": problems or [],
        "lacking": any(entry["lacks_why"] for section in sections for entry in section["entries"]),
        "longest_why": LONGEST_WHY,
    }


def _as_read(copy: AccessPack, entry: dict[str, Any], problems: list[str] | None) -> dict[str, Any]:
    """An entry on the page: whether it is left out, why, and whether the page was refused for want of a why."""
    left_out = entry["key"] in copy.withheld
    why = copy.withheld.get(entry["key"], "")
    return {**entry, "left_out": left_out, "why": why, "lacks_why": bool(problems and left_out and not why)}


@require_safe
def pack_status(request: HttpRequest, case: uuid.UUID, pack: uuid.UUID) -> JsonResponse:
    """How far the worker is, for the page that waits."""
    _, copy = _pack(request, case, pack)
    return JsonResponse({"state": copy.state, "done": copy.done, "steps": copy.steps})


@require_safe
def pack_download(request: HttpRequest, case: uuid.UUID, pack: uuid.UUID) -> FileResponse:
    """The copy itself."""
    _, copy = _pack(request, case, pack)
    if copy.state != AccessPack.State.READY:
        raise Http404("There is no copy yet.")
    response = download(copy.stored, name="copy-of-record.zip", content_type="application/zip")
    actions.note_download(by=person_asking(request), pack=copy)
    return response


@require_POST
def pack_again(request: HttpRequest, case: uuid.UUID, pack: uuid.UUID) -> HttpResponse:
    """Gather the record anew."""
    found, copy = _pack(request, case, pack)
    try:
        actions.gather_again(by=person_asking(request), pack=copy)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("families:pack", case=found.pk, pack=copy.pk)


@require_POST
def pack_end(request: HttpRequest, case: uuid.UUID, pack: uuid.UUID) -> HttpResponse:
    """The person has it, or does not want it: what was gathered is deleted here."""
    found, copy = _pack(request, case, pack)
    try:
        actions.end_pack(by=person_asking(request), pack=copy, handed_over=request.POST.get("how") == "handed_over")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("families:pack", case=found.pk, pack=copy.pk)
    messages.success(request, "Saved. What was gathered for this copy is deleted here.")
    return redirect(TAB, case=found.pk)
