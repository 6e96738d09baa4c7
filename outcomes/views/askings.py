"""Asking somebody of the family: choosing what, handing the tablet over, making a link, taking it back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Permission
from accounts.request import Request
from families import frame
from families.forms.fields import add_action_error
from families.models import Case
from families.views.reach import case_for, editable_case_for, person_asking
from outcomes.actions import askings
from outcomes.forms.askings import AskForm
from outcomes.models import Asking
from outcomes.views.reach import TAB, tab_address
from outcomes.views.together import KIND


def asking_of(request: HttpRequest, case: Case, pk: uuid.UUID) -> Asking:
    """That questionnaire of that case; 404 when it is another's."""
    rows = Asking.objects.visible_to(person_asking(request)).select_related(
        "case", "version__measure", "person", "about_infant", "asked_by", "withdrawn_by"
    )
    return get_object_or_404(rows, pk=pk, case=case)


def ask(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Put a questionnaire to somebody."""
    found = editable_case_for(request, case)
    form = AskForm(request.POST or None, case=found)
    form.cancel_url = tab_address(found)
    if request.method == "POST" and form.is_valid():
        try:
            asking = askings.ask(by=person_asking(request), case=found, **form.facts)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            return redirect("outcomes:asking", case=found.pk, asking=asking.pk)
    context = {"case": found, "form": form, "heading": "Ask the family", "tab": TAB}
    return render(request, "families/case_form.html", context)


def asking(request: HttpRequest, case: uuid.UUID, asking: uuid.UUID) -> HttpResponse:
    """What was asked and where it stands; while it is open, the way to hand it over or to make its link."""
    found = case_for(request, case)
    return _page(request, found, asking_of(request, found, asking))


def _page(request: HttpRequest, case: Case, row: Asking, link: str = "") -> HttpResponse:
    return render(
        request,
        "outcomes/asking.html",
        {
            "case": case,
            "asking": row,
            "open": askings.may_answer(row),
            "link": link,
            "may_edit": person_asking(request).can(Permission.EDIT_CASES),
            "tab": TAB,
        },
    )


@require_POST
def asking_hand_over(request: Request, case: uuid.UUID, asking: uuid.UUID) -> HttpResponseBase:
    """Hand the tablet over: the desk is covered, the frame shows the questions."""
    found = editable_case_for(request, case)
    row = asking_of(request, found, asking)
    if row.way != Asking.Way.TOGETHER or not askings.may_answer(row):
        messages.info(request, "This was answered or taken back meanwhile.")
        return redirect("outcomes:asking", case=found.pk, asking=row.pk)
    return frame.hand_over(request, case=found, kind=KIND, subject_id=row.pk, back=tab_address(found))


@require_POST
def asking_link(request: HttpRequest, case: uuid.UUID, asking: uuid.UUID) -> HttpResponse:
    """Make the link and show it, once."""
    found = editable_case_for(request, case)
    row = asking_of(request, found, asking)
    try:
        token = askings.make_link(by=person_asking(request), asking=row)
    except askings.NotOpen:
        messages.info(request, "This was answered or taken back meanwhile.")
        return redirect("outcomes:asking", case=found.pk, asking=row.pk)
    row.refresh_from_db(fields=["expires_at", "token_hash"])
    link = request.build_absolute_uri(reverse("outcomes:answer-open", kwargs={"token": token}))
    return _page(request, found, row, link)


@require_POST
def asking_withdraw(request: HttpRequest, case: uuid.UUID, asking: uuid.UUID) -> HttpResponse:
    """Take it back."""
    found = editable_case_for(request, case)
    askings.withdraw(by=person_asking(request), asking=asking_of(request, found, asking))
    messages.success(request, "Taken back. A link to it opens nothing any more.")
    return redirect(TAB, case=found.pk)
