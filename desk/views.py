"""My day, the health of the service, and whether it is alive."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import safeguarding
from accounts.models import Permission
from desk import day
from desk import health as state
from families.views.reach import person_asking


@require_safe
def my_day(request: HttpRequest) -> HttpResponse:
    """Today's sessions, and what waits for this person."""
    user = person_asking(request)
    return render(
        request,
        "desk/my_day.html",
        {
            "day": day.day_of(user),
            "works_with_families": user.can(Permission.ANALYSE_FILM),
            "sees_families": user.can(Permission.SEE_CASES),
            "may_open": user.can(Permission.OPEN_CASES),
            "may_break_glass": user.can(Permission.BREAK_GLASS),
            "keeps_accounts": user.can(Permission.MANAGE_ACCOUNTS),
            "keeps_settings": user.can(Permission.MANAGE_SETTINGS),
            "keeps_evidence": user in safeguarding.leads(),
            "reads_audit": user.can(Permission.READ_AUDIT),
        },
    )


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """How each part of the service is."""
    if not person_asking(request).can(Permission.MANAGE_SETTINGS):
        raise PermissionDenied
    findings = state.findings()
    return render(
        request,
        "desk/health.html",
        {"findings": findings, "wrong": sum(1 for each in findings if each.state != "good")},
    )


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """ "ok" while the web and its database work; public, and says nothing about anybody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
