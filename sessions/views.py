"""Sessions and cycles of a case."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import Permission
from families.forms.fields import add_action_error
from families.notes import notes_about
from families.views.reach import editable_case_for, person_asking, seen
from outcomes.actions import add_question
from sessions import actions
from sessions.forms import CancelForm, CycleForm, SessionForm
from sessions.models import VigSession
from sessions.queries import open_cycles


def session_log(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Plan a session, or write down one that was."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    form = SessionForm(request.POST or None, case=found, by=user)
    form.cancel_url = reverse("families:case", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.log_session(by=user, case=found, **form.facts())
        except ValidationError as error:
            add_action_error(form, error, {"starts_at": "on"})
        else:
            messages.success(request, f"{session.get_kind_display()}, {session.when}: saved.")
            return redirect("vig_sessions:session", session=session.pk)
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Plan or log a session", "tab": "families:case"},
    )


def _session_for(request: HttpRequest, pk: uuid.UUID) -> VigSession:
    user = person_asking(request)
    session = get_object_or_404(
        VigSession.objects.visible_to(user).select_related(
            "case__family", "case__team", "case__lead", "practitioner", "cycle__wording"
        ),
        pk=pk,
    )
    seen(user, session.case)
    return session


def session(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """One session: when, where, who came."""
    found = _session_for(request, session)
    user = person_asking(request)
    film_url = ""
    if (
        found.kind in {VigSession.Kind.FILMING, VigSession.Kind.SHARED_REVIEW}
        and found.status in {VigSession.Status.HELD, VigSession.Status.PLANNED}
        and found.starts_at <= timezone.now() + timedelta(hours=1)  # nothing is filmed yet before it
        and user.can(Permission.ANALYSE_FILM)
    ):
        try:
            film_url = reverse("clips:film-upload", kwargs={"case": found.case_id}) + f"?session={found.pk}"
        except NoReverseMatch:  # a build without films
            film_url = ""
    return render(
        request,
        "sessions/session.html",
        {
            "case": found.case,
            "session": found,
            "attendances": found.attendances.select_related("person").order_by("person__kind", "person__created_at"),
            "may_edit": user.can(Permission.EDIT_CASES),
            "film_url": film_url,
            "notes": notes_about(found.pk, user),
            "may_write": user.can(Permission.EDIT_CASES)
            and found.status != VigSession.Status.CANCELLED
            and found.starts_at <= timezone.now(),
            "tab": "families:case",
        },
    )


def session_edit(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Change a session, or say who came."""
    found = _session_for(request, session)
    user = person_asking(request)
    if not user.can(Permission.EDIT_CASES):
        raise PermissionDenied
    form = SessionForm(request.POST or None, case=found.case, by=user, session=found)
    form.cancel_url = reverse("vig_sessions:session", kwargs={"session": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_session(by=user, session=found, **form.facts())
        except ValidationError as error:
            add_action_error(form, error, {"starts_at": "on"})
        else:
            messages.success(request, f"{found.get_kind_display()}, {found.when}: saved.")
            return redirect("vig_sessions:session", session=found.pk)
    heading = "Say how it went, or change it" if found.status == VigSession.Status.PLANNED else "Change this session"
    return render(
        request,
        "families/case_form.html",
        {"case": found.case, "form": form, "heading": heading, "tab": "families:case"},
    )


def session_cancel(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Call a planned session off."""
    found = _session_for(request, session)
    user = person_asking(request)
    if not user.can(Permission.EDIT_CASES):
        raise PermissionDenied
    back = reverse("vig_sessions:session", kwargs={"session": found.pk})
    if found.status != VigSession.Status.PLANNED:
        messages.info(request, "Only a planned session can be cancelled.")
        return redirect(back)
    form = CancelForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_session(by=user, session=found, by_family=form.cleaned_data["who"] == "family")
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The session is cancelled.")
            return redirect("vig_sessions:session", session=found.pk)
    return render(
        request,
        "families/case_form.html",
        {
            "case": found.case,
            "form": form,
            "heading": "Cancel this session",
            "lead": f"{found.get_kind_display()}, {found.when}, {found.where}.",
            "tab": "families:case",
        },
    )


def cycle_open(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Begin the next cycle with a helping question."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    form = CycleForm(request.POST or None, case=found)
    form.cancel_url = reverse("families:case", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                wording = form.chosen
                if wording is None:
                    question = add_question(by=user, case=found, text=form.cleaned_data["text"])
                    wording = question.wordings.get(version=1)
                cycle = actions.open_cycle(by=user, case=found, wording=wording)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"Cycle {cycle.number} has begun.")
            return redirect(_cycles_url(found.pk))
    return render(
        request,
        "sessions/cycle_open.html",
        {
            "case": found,
            "form": form,
            "heading": "Begin a cycle",
            "running": list(open_cycles(found)),
            "tab": "clips:cycles",
        },
    )


def _cycles_url(case: uuid.UUID) -> str:
    """The tab of VIG cycles, which is further right; the timeline in a build without it."""
    try:
        return reverse("clips:cycles", kwargs={"case": case})
    except NoReverseMatch:
        return reverse("families:case", kwargs={"case": case})
