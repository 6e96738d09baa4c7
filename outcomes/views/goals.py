"""Goals and measures of a case, and what is written down about goals."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.models import Permission
from families.forms.fields import add_action_error
from families.models import Case
from families.views.reach import case_for, editable_case_for, person_asking
from nhsuk_forms.forms import NhsForm
from outcomes import actions
from outcomes.chart import chart_of
from outcomes.critical import critical_of
from outcomes.forms import EndGoalForm, GoalForm, RateGoalForm, RewordGoalForm, StrikeForm
from outcomes.models import GoalRating
from outcomes.queries import askings_open, goals_of, measures_of
from outcomes.queries.experience import experience_of
from outcomes.registry import meetings_of
from outcomes.views.reach import TAB, goal_of, tab_address


def goals(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Every goal of the case and everything that was measured in it, drawn over time."""
    found = case_for(request, case)
    meetings = meetings_of(found)
    return render(
        request,
        "outcomes/goals.html",
        {
            "case": found,
            "goals": [(view, chart_of(view.ratings, meetings)) for view in goals_of(found)],
            "measures": measures_of(found, meetings),
            "critical": critical_of(found),
            "asked": askings_open(found),
            "experiences": experience_of(found),
            "may_edit": person_asking(request).can(Permission.EDIT_CASES),
        },
    )


def _page(request: HttpRequest, case: Case, form: NhsForm, heading: str, lead: str = "") -> HttpResponse:
    form.cancel_url = tab_address(case)
    context = {"case": case, "form": form, "heading": heading, "lead": lead, "tab": TAB}
    return render(request, "families/case_form.html", context)


def goal_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Write down a goal."""
    found = editable_case_for(request, case)
    form = GoalForm(request.POST or None, case=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_goal(by=person_asking(request), case=found, text=form.cleaned_data["text"], whose=form.person)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The goal is written down.")
            return redirect(TAB, case=found.pk)
    lead = "Most families choose up to three. It is theirs to say what would be different, and how they would notice."
    return _page(request, found, form, "Agree a goal", lead)


def goal_reword(request: HttpRequest, case: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    """Put a goal in new words, with why; the earlier words stay."""
    found = editable_case_for(request, case)
    aim = goal_of(request, found, goal)
    form = RewordGoalForm(request.POST or None, initial={"text": str(aim)})
    if request.method == "POST" and form.is_valid():
        try:
            wording = actions.reword_goal(by=person_asking(request), goal=aim, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"Saved as version {wording.version}. The earlier words stay below it.")
            return redirect(TAB, case=found.pk)
    lead = "Numbers keep the words they were given for. For quite another goal, end this one and agree a new one."
    return _page(request, found, form, "Put the goal in new words", lead)


def goal_rate(request: HttpRequest, case: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    """Write down a number that somebody of the family said."""
    found = editable_case_for(request, case)
    aim = goal_of(request, found, goal)
    form = RateGoalForm(request.POST or None, case=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rate_goal(by=person_asking(request), wording=aim.wordings.latest("version"), **form.facts)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The number is written down.")
            return redirect(TAB, case=found.pk)
    return _page(request, found, form, "Write down how near they feel", f"“{aim}”")


def goal_rating_strike(request: HttpRequest, case: uuid.UUID, goal: uuid.UUID, rating: uuid.UUID) -> HttpResponse:
    """Strike out a number that was entered in error."""
    found = editable_case_for(request, case)
    aim = goal_of(request, found, goal)
    ratings = GoalRating.objects.visible_to(person_asking(request)).select_related("rated_by")
    row = get_object_or_404(ratings, pk=rating, wording__goal=aim)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.strike_goal_rating(by=person_asking(request), rating=row, **form.cleaned_data)
        messages.success(request, "The number is struck out.")
        return redirect(TAB, case=found.pk)
    lead = f"{row.rated_by.short_name}: {row.value} of 10, {row.at:%-d %b %Y}, for “{aim}”."
    return _page(request, found, form, "Strike out a number", lead)


def goal_end(request: HttpRequest, case: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    """Say what became of a goal."""
    found = editable_case_for(request, case)
    aim = goal_of(request, found, goal)
    form = EndGoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_goal(by=person_asking(request), goal=aim, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved what became of the goal.")
            return redirect(TAB, case=found.pk)
    return _page(request, found, form, "End a goal", f"“{aim}”")


@require_POST
def goal_reopen(request: HttpRequest, case: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    """Take a goal up again."""
    found = editable_case_for(request, case)
    actions.reopen_goal(by=person_asking(request), goal=goal_of(request, found, goal))
    messages.success(request, "The goal is taken up again.")
    return redirect(TAB, case=found.pk)
