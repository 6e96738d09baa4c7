"""Films that are kept as evidence, for the safeguarding leads alone: the list, the film, telling, releasing."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import safeguarding
from accounts.models import User
from audit.actions import record
from clips import evidence, serving, sittings
from clips.actions.refusal import Refused
from clips.evidence.actions import why_it_cannot_be_held
from clips.evidence.reading import Kept, kept_for
from clips.evidence_forms import HoldForm, KeepOnForm, ReleaseForm, ToldForm
from clips.media.probe.reasons import time_in_words
from clips.models import EvidenceHold, Recording
from clips.views.media import played_file
from families.forms.fields import add_action_error
from families.models import Case
from families.views.reach import person_asking, seen
from nhsuk_forms.forms import NhsForm


def _kept(request: HttpRequest, pk: uuid.UUID) -> Kept:
    """A hold in force that this person may read: 404 for a stranger to the family, 403 for a colleague."""
    user = person_asking(request)
    rows = EvidenceHold.objects.visible_to(user).in_force()
    found = rows.select_related("recording__case__family", "held_by", "told_by").filter(pk=pk).first()
    if found is not None:
        return Kept(found)
    if Recording.objects.visible_to(user).filter(holds=pk, holds__released_at__isnull=True).exists():
        raise PermissionDenied("Only the safeguarding lead and the deputy open this.")
    raise Http404


@require_safe
def evidence_list(request: HttpRequest) -> HttpResponse:
    """Every film that is kept as evidence."""
    user = person_asking(request)
    leads = safeguarding.leads()
    if user not in leads:
        raise PermissionDenied("Only the safeguarding lead and the deputy open this.")
    return render(request, "clips/evidence_list.html", {"kept": kept_for(user), "leads": leads})


@require_http_methods(["GET", "POST"])
def evidence_hold(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Keep a film as evidence."""
    user = person_asking(request)
    recording = get_object_or_404(Recording.objects.visible_to(user).select_related("case__family"), pk=film)
    if user not in safeguarding.leads():
        raise PermissionDenied("Only the safeguarding lead and the deputy keep a film as evidence.")
    seen(user, recording.case)
    if why := "" if recording.evidence_since else why_it_cannot_be_held(recording):
        messages.info(request, why)
        return redirect("clips:film", film=recording.pk)
    if (held := evidence.hold_on(recording)) is not None:
        return redirect("clips:evidence-film", hold=held.pk)
    form = HoldForm(request.POST or None)
    form.cancel_url = reverse("clips:film", args=[film])
    if request.method == "POST" and form.is_valid():
        try:
            held = evidence.hold(by=user, recording=recording, **form.values())
        except (Refused, ValidationError) as error:
            _say(form, error)
        else:
            messages.success(
                request, "The film is kept. Nobody but the safeguarding lead and the deputy can look at it."
            )
            return redirect("clips:evidence-film", hold=held.pk)
    context = {"recording": recording, "case": recording.case, "tab": "clips:cycles", "form": form}
    return render(request, "clips/evidence_hold.html", context, status=400 if form.errors else 200)


def _say(form: NhsForm, error: Refused | ValidationError) -> None:
    if isinstance(error, Refused):
        form.add_error(None, error.reasons)
    else:
        add_action_error(form, error)


@require_safe
def evidence_film(request: HttpRequest, hold: uuid.UUID) -> HttpResponse:
    """The film, with what is kept and why. The one page that plays it; every look is written down."""
    kept, user = _kept(request, hold), person_asking(request)
    film = kept.film
    record(
        by=user, verb="evidence.opened", subject=kept.held, family_id=film.case.family_id, case_id=film.case_id,
        film=str(film.pk),
    )  # fmt: skip
    return render(
        request,
        "clips/evidence_film.html",
        {
            "kept": kept,
            "held": kept.held,
            "film": film,
            "people": list(film.people.all()),
            "length": time_in_words(film.duration_us / 1e6) if film.duration_us else "",
            "plays": played_file(film, "play") is not None,
            "leads": safeguarding.leads(),
            "may_open_case": Case.objects.visible_to(user).filter(pk=film.case_id).exists(),
        },
    )


@require_safe
def evidence_media(request: HttpRequest, hold: uuid.UUID) -> HttpResponseBase:
    """The bytes of a film that is kept: who asks is asked for every range."""
    kept, user = _kept(request, hold), person_asking(request)
    found = played_file(kept.film, "play")
    if found is None:
        raise Http404
    path, content_type, name = found
    sittings.evidence_played(by=user, recording=kept.film)
    return serving.send(
        request, path, content_type=content_type, name=name, still_allowed=lambda: _still_theirs(user.pk, hold)
    )


def _still_theirs(user: int, hold: uuid.UUID) -> bool:
    fresh = User.objects.filter(pk=user).first()
    return fresh is not None and EvidenceHold.objects.visible_to(fresh).in_force().filter(pk=hold).exists()


@require_safe
def evidence_note(request: HttpRequest, hold: uuid.UUID) -> HttpResponse:
    """What is kept and why, for the people in the film: made for printing."""
    kept = _kept(request, hold)
    if kept.held.quiet:
        messages.info(request, "It was decided not to tell them, because that would put somebody in danger.")
        return redirect("clips:evidence-film", hold=hold)
    film = kept.film
    context = {
        "held": kept.held,
        "film": film,
        "length": time_in_words(film.duration_us / 1e6) if film.duration_us else "",
        "leads": safeguarding.leads(),
    }
    return render(request, "clips/evidence_note.html", context)


def _one_form(request: HttpRequest, kept: Kept, form: NhsForm, heading: str, do: Any, **more: Any) -> HttpResponse:
    """A page about a hold with one form: ``do`` is the action, which answers with what is said afterwards."""
    back = reverse("clips:evidence-film", args=[kept.held.pk])
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, do())
        except (Refused, ValidationError) as error:
            _say(form, error)
        else:
            if EvidenceHold.objects.visible_to(person_asking(request)).in_force().filter(pk=kept.held.pk).exists():
                return redirect(back)
            return redirect("clips:evidence")
    context = {"form": form, "heading": heading, "back_url": back, "back_label": "The film", **more}
    return render(request, "form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def evidence_told(request: HttpRequest, hold: uuid.UUID) -> HttpResponse:
    """Write down that the people in the film were told."""
    kept, form = _kept(request, hold), ToldForm(request.POST or None)
    if kept.held.quiet:
        return redirect("clips:evidence-film", hold=hold)

    def do() -> str:
        evidence.tell(by=person_asking(request), held=kept.held, **form.cleaned_data)
        return "It is written down that they were told."

    return _one_form(request, kept, form, "They were told", do)


@require_http_methods(["GET", "POST"])
def evidence_keep_on(request: HttpRequest, hold: uuid.UUID) -> HttpResponse:
    """It is still needed: another day to look at it."""
    kept = _kept(request, hold)
    form = KeepOnForm(request.POST or None, quiet=kept.held.quiet)

    def do() -> str:
        evidence.keep_on(by=person_asking(request), held=kept.held, **form.cleaned_data)
        return "Saved. You are asked again on that day."

    return _one_form(request, kept, form, "It is still needed", do)


@require_http_methods(["GET", "POST"])
def evidence_release(request: HttpRequest, hold: uuid.UUID) -> HttpResponse:
    """The film is not needed any more: it goes on where it was, or is deleted when that had waited."""
    kept = _kept(request, hold)
    due = kept.due
    form = ReleaseForm(request.POST or None, deletes=bool(due))

    def do() -> str:
        deleted = evidence.release(by=person_asking(request), held=kept.held, **form.cleaned_data)
        return "The film and everything made of it is destroyed." if deleted else "The film is released."

    lead = (
        f"{' '.join(due)} When you release this film, it and everything made of it is destroyed at once."
        if due
        else "When you release this film, those who work with the family can look at it again "
        "while everyone in it agrees."
    )
    return _one_form(request, kept, form, "Release this film", do, lead=lead)
