"""The page of one film: where it stands, who is in it, and what can be done about it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import safeguarding
from accounts.models import Permission
from clips import actions, evidence, forms, queries, sittings
from clips.actions import Refused
from clips.evidence.actions import why_it_cannot_be_held
from clips.keeping import SORTS
from clips.media.probe.reasons import time_in_words
from clips.models import Recording
from families.models import Case
from families.views.reach import person_asking, seen

State, Cause = Recording.State, Recording.Cause


def _film(request: HttpRequest, film: uuid.UUID, permission: str = "") -> Recording:
    """The film, if this person may know of it (404) and does this kind of work (403)."""
    user = person_asking(request)
    found = queries.film_for_page(user, film)
    if found is None:
        raise Http404
    if permission and not user.can(permission):
        raise PermissionDenied
    seen(user, found.case)
    return found


def _ending(request: HttpRequest, film: uuid.UUID) -> Recording:
    """The film, if this person's work includes moving and destroying films."""
    if not forms.may_end(person_asking(request)):
        raise PermissionDenied
    return _film(request, film)


def _context(recording: Recording, **more: Any) -> dict[str, Any]:
    return {"recording": recording, "case": recording.case, "tab": "clips:cycles", **more}


@require_GET
def film(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Where a film stands, live."""
    recording, user = _film(request, film), person_asking(request)
    status = queries.film_status(user, recording)
    if status.playing.allowed:
        sittings.film_page_opened(by=user, recording=recording)
    leads, held = safeguarding.leads(), evidence.hold_on(recording)
    return render(
        request,
        "clips/film.html",
        _context(
            recording,
            data=status.as_json(),
            percent=None if status.progress.fraction is None else 100 * status.progress.fraction,
            length=time_in_words(recording.duration_us / 1e6) if recording.duration_us else "",
            in_shot=queries.in_shot(recording, user),
            error=queries.last_error(recording) if recording.state == State.FAILED else "",
            may_analyse=user.can(Permission.ANALYSE_FILM),
            may_edit=user.can(Permission.EDIT_CASES),
            may_end=forms.may_end(user),
            kept=evidence.said(recording),
            evidence_url=reverse("clips:evidence-film", args=[held.pk]) if held and user in leads else "",
            may_hold=user in leads and held is None and not why_it_cannot_be_held(recording),
            holders=leads.names,
            stopped_as_wrong=recording.stopped_cause == Cause.WRONG,
            poster=queries.media_url(recording, "poster") if recording.state == State.READY else "",
        ),
    )


@require_http_methods(["GET", "POST"])
def film_wrong(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Say that it is the wrong film: it stops at once."""
    recording = _film(request, film, Permission.EDIT_CASES)
    form = forms.WrongFilm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("clips:film", args=[film])
    if request.method == "POST" and form.is_valid():
        try:
            actions.stop_wrong_film(by=person_asking(request), recording=recording, reason=form.reason())
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, "The film is stopped. Nobody can play it, its moments or its stills.")
            return redirect("clips:film", film=film)
    return render(request, "clips/film_wrong.html", _context(recording, form=form))


@require_http_methods(["GET", "POST"])
def film_move(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Move a film that was stopped to the people that it really shows: first whose, then who."""
    recording, user = _ending(request, film), person_asking(request)
    film_url = reverse("clips:film", args=[film])
    asked = forms.MoveTo({"case": request.GET["case"]} if "case" in request.GET else None, user=user)
    if "case" not in request.GET or not asked.is_valid():
        return render(request, "clips/film_move.html", _context(recording, form=asked, back_url=film_url))
    to_case: Case = asked.cleaned_data["case"]
    form = forms.MovedPeople(request.POST if request.method == "POST" else None, case=to_case)
    form.cancel_url = film_url
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_film(by=user, recording=recording, to_case=to_case, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.reasons)
        else:
            messages.success(request, "The film is moved. It goes on where it was.")
            return redirect("clips:film", film=film)
    return render(
        request,
        "clips/film_move_people.html",
        _context(recording, form=form, to_case=forms.case_label(to_case), same=to_case.pk == recording.case_id),
    )


@require_http_methods(["GET", "POST"])
def film_destroy(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Destroy a film that was stopped as the wrong one, or that could not be used."""
    recording = _ending(request, film)
    if recording.evidence_since or recording.state not in {State.STOPPED, State.REJECTED, State.FAILED}:
        return redirect("clips:film", film=film)
    form = forms.DestroyFilm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.destroy_film(by=person_asking(request), recording=recording, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, "The film and everything made of it is destroyed.")
            return redirect("clips:film-certificate", film=film)
    return render(request, "clips/film_destroy.html", _context(recording, form=form))


@require_POST
def film_right(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Take back that it is the wrong film."""
    recording = _ending(request, film)
    try:
        actions.not_wrong_after_all(by=person_asking(request), recording=recording)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The film goes on where it was.")
    return redirect("clips:film", film=film)


@require_POST
def film_retry(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Check or prepare a film again."""
    recording = _film(request, film, Permission.ANALYSE_FILM)
    try:
        actions.retry_film(by=person_asking(request), recording=recording)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("clips:film", film=film)


@require_POST
def film_erased(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """Tick that the copy on the device is erased."""
    recording = _film(request, film, Permission.ANALYSE_FILM)
    try:
        actions.mark_device_copy_erased(by=person_asking(request), recording=recording)
    except Refused as refused:
        if request.headers.get("X-Requested-With") == "fetch":
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refused))
    else:
        if request.headers.get("X-Requested-With") == "fetch":
            return HttpResponse(status=204)
        messages.success(request, "Noted: the copy on the device is erased.")
    return redirect("clips:film", film=film)


@require_GET
def film_certificate(request: HttpRequest, film: uuid.UUID) -> HttpResponse:
    """What of a film was destroyed, when, by whom and why; made for printing."""
    recording = get_object_or_404(
        Recording.objects.visible_to(person_asking(request)).select_related("case__family", "destroyed_by"),
        pk=film,
        state=State.DESTROYED,
    )
    seen(person_asking(request), recording.case)
    went = [
        {"what": SORTS.get(sort, sort.capitalize()), "files": held["files"], "bytes": held["bytes"]}
        for sort, held in recording.destroyed_what.items()
        if held["files"]
    ]
    until = recording.destroyed_at + timedelta(days=settings.BACKUP_DAYS) if recording.destroyed_at else None
    return render(request, "clips/film_certificate.html", _context(recording, went=went, backups_until=until))
