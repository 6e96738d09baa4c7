"""One form on a page of a case: bound, saved by an action, refused beside the question it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from families.forms.fields import add_action_error
from families.models import Case, Person
from families.views import stale


def form_page(
    request: HttpRequest,
    *,
    case: Case,
    form: Any,
    heading: str,
    save: Callable[[], str],
    back: str,
    lead: str = "",
    tab: str = "families:people",
    template: str = "families/case_form.html",
    person: Person | None = None,
    **more: Any,
) -> HttpResponse:
    """Show ``form``; when it is right, ``save`` calls the action and returns the sentence to say, then ``back``.

    ``person``: whom the form changes, so that what a colleague wrote meanwhile is not written over unseen.
    """
    form.cancel_url = back
    if person is not None:
        stale.watch(form)
    valid = request.method == "POST" and form.is_valid()
    if valid and not (person is not None and stale.written_over(request, form, case=case, person=person)):
        try:
            said = save()
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, said)
            return redirect(back)
    return render(
        request,
        template,
        {"case": case, "form": form, "heading": heading, "lead": lead, "tab": tab, **more},
    )
