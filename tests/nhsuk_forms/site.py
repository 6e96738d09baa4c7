"""The sample form and every part of a page at addresses of their own, signed in as nobody in particular."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from accounts.models import Role, User
from tests.nhsuk_forms.sample import PersonForm
from vig_service import urls as service

PARTS = """
{% extends "base.html" %}{% block title %}Parts{% endblock %}
{% block breadcrumbs %}{% include "includes/breadcrumbs.html" with label="Families" url="/families/" %}{% endblock %}
{% block case_header %}
  <div class="nhsuk-width-container">{% include "includes/tabs.html" with about="Rowan's record" %}</div>
{% endblock %}
{% block content %}
  <h1>Rowan (baby, 11 weeks)</h1>
  {% include "includes/summary_list.html" %}
  <ol class="app-timeline">
    {% include "includes/timeline_item.html" with when="Tue 24 Nov" what="Filming" status="Done" colour="green" only %}
  </ol>
  {% include "includes/pagination.html" %}
  {% include "includes/task_list.html" %}
  {% include "includes/progress.html" with id="p1" label="Preparing" value=42 detail="4 minutes left" only %}
  {% include "includes/progress.html" with id="p2" label="Checking" detail="A few seconds" only %}
  {% include "includes/empty.html" with text="No notes yet." url="/n" label="Write one" only %}
  {% include "includes/card.html" with heading="Cycle 2" text="What helps her settle?" url="/c" only %}
  {% include "includes/warning_callout.html" with text="Alex has not agreed to be filmed." only %}
  {% include "includes/inset.html" with text="Kept for eight years." only %}
  {% include "includes/details.html" with summary="What is kept" text="Films." only %}
{% endblock %}
"""


def form(request: HttpRequest) -> HttpResponse:
    sent = PersonForm(request.POST or None)
    return render(request, "form.html", {"form": sent, "heading": "Who is in this family?", "back_url": "/parts"})


def parts(request: HttpRequest) -> HttpResponse:
    for level in (messages.SUCCESS, messages.INFO, messages.WARNING, messages.ERROR):
        messages.add_message(request, level, "What happened, in a sentence.")
    tabs = [{"label": "Timeline", "url": "/t"}, {"label": "Notes", "url": "/n", "current": True, "count": 2}]
    rows = [{"key": "Risk", "value": "Amber", "colour": "orange", "url": "/r"}, {"key": "Age", "value": "11 weeks"}]
    tasks = [{"label": "Choose moments", "url": "/c", "hint": "Rowan", "status": "Ready", "colour": "green"}]
    context = {"tabs": tabs, "rows": rows, "tasks": tasks, "page": Paginator(range(99), 9).page(4)}
    return HttpResponse(engines["django"].from_string(PARTS).render(context, request))


def signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = User(name="Asha Practitioner", email="asha@service.example", role=Role.PRACTITIONER)
        return get_response(request)

    return middleware


urlpatterns = [path("form", form), path("parts", parts), *service.urlpatterns]
handler404 = service.handler404
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "vig_service.headers.PrivacyHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tests.nhsuk_forms.site.signed_in",
]
