"""Asking somebody of the family: choosing what, handing the tablet over, making a link, taking it back."""

from __future__ import annotations

import uuid
from email.utils import parseaddr

from django.conf import settings
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
from outbox.queries import can_leave, why_nothing_leaves
from outcomes.actions import askings, links
from outcomes.forms.askings import AskForm
from outcomes.forms.links import SendLinkForm
from outcomes.models import Asking
from outcomes.views.reach import TAB, tab_address
from outcomes.views.together import KIND


def asking_of(request: HttpRequest, case: Case, pk: uuid.UUID) -> Asking:
    """That questionnaire of that case; 404 when it is another's."""
    rows = Asking.objects.visible_to(person_asking(request)).select_related(
        "case", "version__measure", "person", "about_infant", "asked_by", "withdrawn_by", "message"
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


def asking_send(request: HttpRequest, case: uuid.UUID, asking: uuid.UUID) -> HttpResponse:
    """Send the link to whoever is asked, in a way that they allow."""
    found = editable_case_for(request, case)
    row = asking_of(request, found, asking)
    back = reverse("outcomes:asking", kwargs={"case": found.pk, "asking": row.pk})
    if row.way != Asking.Way.LINK or not askings.may_answer(row):
        messages.info(request, "This was answered or taken back meanwhile.")
        return redirect(back)
    ways = links.ways_for_link(row.person)
    leaving = [way for way in ways if not way.why_not and can_leave(way.sent_by)]
    if not leaving:
        nothing = " ".join(way.why_not or why_nothing_leaves(way.sent_by) for way in ways)
        messages.info(request, f"Nothing can be sent. {nothing} You can still show the link, and copy it.")
        return redirect(back)
    form = SendLinkForm(
        request.POST or None,
        ways=leaving,
        safe_times=row.person.safe_times,
        hide=links.is_protected(row.person),
    )
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            links.send_link(by=person_asking(request), asking=row, **form.cleaned_data)
        except askings.NotOpen:
            messages.info(request, "This was answered or taken back meanwhile.")
            return redirect(back)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The message is on its way. This page says what became of it.")
            return redirect(back)
    discreet = links.is_discreet(row.person)
    context = {
        "case": found,
        "asking": row,
        "form": form,
        "heading": "Send the link",
        "ways": ways,
        "words": links.sample(discreet),
        "discreet": discreet,
        "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[1] if discreet else settings.DEFAULT_FROM_EMAIL,
        "host": settings.SERVICE_URL,
        "tab": TAB,
    }
    return render(request, "outcomes/asking_send.html", context, status=400 if form.errors else 200)


@require_POST
def asking_withdraw(request: HttpRequest, case: uuid.UUID, asking: uuid.UUID) -> HttpResponse:
    """Take it back."""
    found = editable_case_for(request, case)
    askings.withdraw(by=person_asking(request), asking=asking_of(request, found, asking))
    messages.success(request, "Taken back. A link to it opens nothing any more.")
    return redirect(TAB, case=found.pk)
