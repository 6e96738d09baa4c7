"""Helping questions of a case."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import Permission
from families.forms.fields import add_action_error
from families.views.reach import case_for, editable_case_for, person_asking
from outcomes import actions
from outcomes.chart import chart_of
from outcomes.forms import QuestionForm, RewordForm
from outcomes.models import HelpingQuestion
from outcomes.queries import questions_of


def questions(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Every helping question of the case, every wording, and how far the family feels they have come."""
    found = case_for(request, case)
    return render(
        request,
        "outcomes/questions.html",
        {
            "case": found,
            "questions": [(view, chart_of(view.ratings)) for view in questions_of(found)],
            "may_edit": person_asking(request).can(Permission.EDIT_CASES),
        },
    )


def question_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Write down a helping question."""
    found = editable_case_for(request, case)
    form = QuestionForm(request.POST or None, case=found)
    form.cancel_url = reverse("outcomes:questions", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_question(
                by=person_asking(request), case=found, text=form.cleaned_data["text"], whose=form.person
            )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The helping question is written down.")
            return redirect("outcomes:questions", case=found.pk)
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Add a helping question", "tab": "outcomes:questions"},
    )


def question_reword(request: HttpRequest, case: uuid.UUID, question: uuid.UUID) -> HttpResponse:
    """Put a helping question in new words; the earlier words stay."""
    found = editable_case_for(request, case)
    asked = get_object_or_404(HelpingQuestion.objects.visible_to(person_asking(request)), pk=question, case=found)
    form = RewordForm(request.POST or None, initial={"text": str(asked)})
    form.cancel_url = reverse("outcomes:questions", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            wording = actions.reword_question(by=person_asking(request), question=asked, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"Saved as version {wording.version}. The earlier words stay below it.")
            return redirect("outcomes:questions", case=found.pk)
    return render(
        request,
        "families/case_form.html",
        {
            "case": found,
            "form": form,
            "heading": "Put the question in new words",
            "lead": "Cycles and ratings keep the words they were made under.",
            "tab": "outcomes:questions",
        },
    )
