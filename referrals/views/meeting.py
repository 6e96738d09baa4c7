"""A triage meeting: who is there, one referral after another, and at its end the minutes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import Permission
from accounts.request import Request
from families.forms.fields import add_action_error
from referrals import actions, meetings, queue
from referrals.forms.meeting import LeaveForm, MeetingForm, read_query
from referrals.models import Meeting
from referrals.views.triage import referral_for

TAKES_IN = Permission.TRIAGE_REFERRALS
LATEST = 50


def _meeting_for(request: Request, pk: UUID) -> Meeting:
    rows = Meeting.objects.visible_to(request.user).select_related("by").prefetch_related("present")
    return get_object_or_404(rows, pk=pk)


@require_safe
@requires(TAKES_IN)
def meetings_list(request: Request) -> HttpResponse:
    """The latest meetings, and the way to the next."""
    rows = Meeting.objects.visible_to(request.user).select_related("by").prefetch_related("present")
    under_way = rows.under_way().filter(by=request.user).first()
    context = {"meetings": rows[:LATEST], "under_way": under_way, "waiting": queue.waiting_for(request.user)}
    return render(request, "referrals/triage/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def meeting_begin(request: Request) -> HttpResponse:
    """Who is here, and which referrals are gone through: what the queue shows, in its order."""
    user = request.user
    if under_way := Meeting.objects.visible_to(user).under_way().filter(by=user).first():
        messages.info(request, "You minute this meeting. End it before you begin another.")
        return redirect("referrals:meeting", meeting=under_way.pk)
    show, by, query = read_query(request.GET)
    rows = queue.in_order(user, show=show, by=by).undecided()  # type: ignore[attr-defined]
    agenda = queue.rows_of(list(rows.select_related("reference", "triager").defer("answers")[:100]))
    form = MeetingForm(request.POST or None, by=user)
    form.cancel_url = f"{reverse('referrals:queue')}?{query}"
    if request.method == "POST" and form.is_valid():
        try:
            begun = actions.begin_meeting(by=user, referrals=[row.referral.pk for row in agenda], **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return redirect("referrals:meeting-next", meeting=begun.pk)
    context = {
        "form": form,
        "heading": "Begin a meeting",
        "back_url": form.cancel_url,
        "back_label": "Referrals",
        "agenda": agenda,
    }
    return render(request, "referrals/triage/meeting_begin.html", context)


@require_safe
@requires(TAKES_IN)
def meeting_next(request: Request, meeting: UUID) -> HttpResponse:
    """To the next referral of the agenda; after the last one to the minutes."""
    found = _meeting_for(request, meeting)
    following = meetings.agenda_of(request.user, found).next
    if following is None or found.ended_at:
        return redirect("referrals:meeting", meeting=found.pk)
    return redirect("referrals:referral", referral=following.pk)


@require_safe
@requires(TAKES_IN)
def meeting_page(request: Request, meeting: UUID) -> HttpResponse:
    """The minutes, as they grow: who was there, what became of each, which letters are ready, what still waits."""
    found = _meeting_for(request, meeting)
    context = {
        "meeting": found,
        "agenda": meetings.agenda_of(request.user, found),
        "present": found.present.all(),
        "mine": found.by_id == request.user.pk and not found.ended_at,
        "waiting": queue.waiting_for(request.user),
    }
    return render(request, "referrals/triage/meeting.html", context)


@require_POST
@requires(TAKES_IN)
def meeting_end(request: Request, meeting: UUID) -> HttpResponse:
    found = _meeting_for(request, meeting)
    try:
        actions.end_meeting(by=request.user, meeting=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The meeting is over. These are its minutes.")
    return redirect("referrals:meeting", meeting=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def leave(request: Request, referral: UUID) -> HttpResponse:
    """It is not decided at this meeting."""
    found = referral_for(request, referral)
    under_way = meetings.minuted_by(request.user, found)
    if under_way is None:
        messages.info(request, "This referral is not on the agenda of a meeting that you minute.")
        return redirect("referrals:referral", referral=found.pk)
    form = LeaveForm(request.POST or None)
    form.cancel_url = reverse("referrals:referral", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave_for_next_time(by=request.user, meeting=under_way, referral=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return redirect("referrals:meeting-next", meeting=under_way.pk)
    context = {
        "form": form,
        "heading": "Leave it for another day",
        "caption": found.reference.text,
        "back_url": form.cancel_url,
        "back_label": "The referral",
    }
    return render(request, "form.html", context)
