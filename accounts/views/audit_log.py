"""Who did and who saw what. Here and not in ``audit``, which knows nobody's name."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import log
from accounts.access import requires
from accounts.forms.log import LogFilter
from accounts.models import Permission
from accounts.registry import audit_scopes
from accounts.request import Request
from audit.actions import record


@require_safe
@requires(Permission.READ_AUDIT)
def audit_log(request: Request) -> HttpResponse:
    """The log, filtered. Reading it is written into it."""
    form = LogFilter(request.GET or {}, reader=request.user)
    filters = form.cleaned_data if form.is_valid() else {}
    found = log.read(request.user, **filters) if form.is_valid() else log.Log([], None)
    person = filters.get("person")
    record(
        by=request.user,
        verb="audit.read",
        subject=("audit.log", "all"),
        person=str(person.pk) if person else "",
        verb_asked=filters.get("verb", ""),
        events=len(found.entries),
    )
    may_open = request.user.can(Permission.SEE_CASES)
    return render(
        request,
        "accounts/audit_log.html",
        {
            "form": form,
            "log": found,
            "case_url_name": next((scope.case_url_name for scope in audit_scopes() if may_open), ""),
            "filtered": any(value for name, value in filters.items() if name != "before"),
        },
    )
