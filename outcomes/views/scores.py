"""Measures: scores entered from paper, a score with its words, a critical answer acted on."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Permission
from families.forms.fields import add_action_error
from families.views.reach import case_for, editable_case_for, person_asking
from outcomes import actions
from outcomes.critical import CriticalView
from outcomes.forms import ActForm, ScoreForm, StrikeForm
from outcomes.models import CriticalAnswer
from outcomes.queries.measures import score_view, version_offered, versions_offered
from outcomes.views.reach import TAB, score_of, tab_address


def score_choose(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Which measure was completed on paper, or rated?"""
    found = editable_case_for(request, case)
    return render(request, "outcomes/score_choose.html", {"case": found, "versions": versions_offered(), "tab": TAB})


def score_add(request: HttpRequest, case: uuid.UUID, measure: str) -> HttpResponse:
    """Enter one completed measure."""
    found = editable_case_for(request, case)
    version = version_offered(measure)
    if version is None:
        raise Http404("No such measure is in use.")
    user = person_asking(request)
    form = ScoreForm(request.POST or None, case=found, version=version, by=user)
    form.cancel_url = tab_address(found)
    if request.method == "POST" and form.is_valid():
        try:
            score = actions.record_score(
                by=user, case=found, version=version, given=form.given, answers=form.answers, figures=form.figures
            )
        except ValidationError as error:
            add_action_error(form, error, form.field_of)
        else:
            critical = score.critical_answers.first()
            if critical is not None:
                messages.warning(request, "Saved. One of these answers is talked about today.")
                return redirect("outcomes:critical", case=found.pk, answer=critical.pk)
            messages.success(request, f"The {version} is saved.")
            return redirect(TAB, case=found.pk)
    return render(
        request,
        "outcomes/score_form.html",
        {"case": found, "form": form, "heading": str(version), "definition": version.definition, "tab": TAB},
    )


def score(request: HttpRequest, case: uuid.UUID, score: uuid.UUID) -> HttpResponse:
    """One completed measure: its figures in words, each answer, where its lines come from."""
    found = case_for(request, case)
    row = score_of(request, found, score)
    definition = row.version.definition
    answers = row.answered
    return render(
        request,
        "outcomes/score.html",
        {
            "case": found,
            "view": score_view(row),
            "definition": definition,
            "answers": [(item, item.label_of(answers.get(item.number))) for item in definition.items],
            "tab": TAB,
            "may_edit": person_asking(request).can(Permission.EDIT_CASES),
        },
    )


def score_strike(request: HttpRequest, case: uuid.UUID, score: uuid.UUID) -> HttpResponse:
    """Strike out a score that was entered in error."""
    found = editable_case_for(request, case)
    row = score_of(request, found, score)
    form = StrikeForm(request.POST or None)
    form.cancel_url = tab_address(found)
    if request.method == "POST" and form.is_valid():
        actions.strike_score(by=person_asking(request), score=row, **form.cleaned_data)
        messages.success(request, "The score is struck out.")
        return redirect(TAB, case=found.pk)
    lead = f"{row.version} of {row.completed_on:%-d %b %Y}, {row.given_by}."
    context = {"case": found, "form": form, "heading": "Strike out a score", "lead": lead, "tab": TAB}
    return render(request, "families/case_form.html", context)


def critical(request: HttpRequest, case: uuid.UUID, answer: uuid.UUID) -> HttpResponse:
    """A critical answer: what was said, and a place for what was done."""
    found = case_for(request, case)
    user = person_asking(request)
    rows = CriticalAnswer.objects.visible_to(user).select_related("version", "person", "acted_by", "asking", "score")
    row = get_object_or_404(rows, pk=answer, case=found)
    may_edit = user.can(Permission.EDIT_CASES) and row.acted_at is None
    form = ActForm(request.POST or None) if may_edit else None
    if form is not None:
        form.cancel_url = tab_address(found)
        if request.method == "POST" and form.is_valid():
            try:
                actions.act_on(by=user, answer=row, **form.cleaned_data)
            except ValidationError as error:
                add_action_error(form, error)
            else:
                messages.success(request, "Saved what was done.")
                return redirect(TAB, case=found.pk)
    return render(
        request, "outcomes/critical.html", {"case": found, "view": CriticalView(row), "form": form, "tab": TAB}
    )
