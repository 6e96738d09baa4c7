"""Fetching what belongs to a case, for pages that may write in it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from families.models import Case
from families.views.reach import person_asking
from outcomes.models import Goal, Score

TAB = "outcomes:goals"


def goal_of(request: HttpRequest, case: Case, pk: uuid.UUID) -> Goal:
    """That goal of that case; 404 when it is another's."""
    return get_object_or_404(Goal.objects.visible_to(person_asking(request)), pk=pk, case=case)


def score_of(request: HttpRequest, case: Case, pk: uuid.UUID) -> Score:
    """That score of that case, with everything a page says of it; 404 when it is another's."""
    scores = Score.objects.visible_to(person_asking(request)).select_related(
        "version__measure", "respondent", "about_caregiver", "about_infant", "rater", "recorded_by", "struck_by"
    )
    return get_object_or_404(scores.prefetch_related("values"), pk=pk, case=case)


def tab_address(case: Case) -> str:
    """Where "Goals and measures" of a case is."""
    return reverse(TAB, kwargs={"case": case.pk})
