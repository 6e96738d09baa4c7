"""Views of the queue that somebody keeps under a name, and the queue as a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import Permission
from accounts.request import Request
from audit.actions import record as audit
from referrals import actions, queue
from referrals import export as files
from referrals.forms.meeting import QueueViewForm, read_query
from referrals.models import QueueView

TAKES_IN = Permission.TRIAGE_REFERRALS
KINDS = {
    "csv": ("text/csv; charset=utf-8", files.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", files.as_xlsx),
}


@require_safe
@requires(TAKES_IN)
def export(request: Request, kind: str) -> HttpResponse:
    """What the queue shows now, for a spreadsheet, without a name of the family. That it was made is written down."""
    if kind not in KINDS:
        raise Http404("There is no such kind of file.")
    show, by, _ = read_query(request.GET)
    rows = queue.in_order(request.user, show=show, by=by).select_related("reference", "triager").defer("answers")
    made = queue.rows_of(list(rows[: files.MOST_ROWS]))
    content_type, write = KINDS[kind]
    audit(by=request.user, verb="referrals.exported", subject=request.user, rows=len(made), kind=kind)
    response = HttpResponse(write(made), content_type=content_type)
    name = f"referrals-{timezone.localdate():%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _form_page(request: Request, form: QueueViewForm, heading: str, query: str, view: QueueView | None) -> HttpResponse:
    back = f"{reverse('referrals:queue')}?{query}"
    form.cancel_url = back
    context = {
        "form": form,
        "heading": heading,
        "back_url": back,
        "back_label": "Referrals",
        "lead": "Only you see it. It keeps what the list is narrowed to and its order, not the referrals.",
        "view": view,
    }
    return render(request, "referrals/triage/view.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def view_keep(request: Request) -> HttpResponse:
    """Keep what the queue shows under a name."""
    _, _, query = read_query(request.GET)
    form = QueueViewForm(request.POST or None, owner=request.user)
    if request.method == "POST" and form.is_valid():
        actions.keep_view(by=request.user, query=query, **form.cleaned_data)
        messages.success(request, f"Kept as “{form.cleaned_data['name']}”.")
        return redirect(f"{reverse('referrals:queue')}?{query}")
    return _form_page(request, form, "Keep this view", query, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def view_edit(request: Request, view: UUID) -> HttpResponse:
    """Another name, or whether it comes first."""
    found = get_object_or_404(QueueView.objects.visible_to(request.user), pk=view)
    form = QueueViewForm(request.POST or None, owner=request.user, view=found)
    if request.method == "POST" and form.is_valid():
        actions.keep_view(by=request.user, view=found, query=found.query, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect(f"{reverse('referrals:queue')}?{found.query}")
    return _form_page(request, form, f"Your view “{found.name}”", found.query, found)


@require_POST
@requires(TAKES_IN)
def view_remove(request: Request, view: UUID) -> HttpResponse:
    found = get_object_or_404(QueueView.objects.visible_to(request.user), pk=view)
    actions.remove_view(by=request.user, view=found)
    messages.success(request, f"“{found.name}” is removed. No referral is changed by it.")
    return redirect(f"{reverse('referrals:queue')}?show=open")
