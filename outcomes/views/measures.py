"""The service's measures as a setting: which are used, what they say, what they are allowed to do."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from families.forms.fields import add_action_error
from families.views.reach import person_asking
from outcomes import actions
from outcomes.forms.measures import MeasureForm, UseForm, as_boxes
from outcomes.models import Measure
from outcomes.queries.measures import every_measure

MAY = (Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM)


def _allowed(request: HttpRequest) -> None:
    """Managers and administrators: it is the service's own, no family's."""
    if not any(person_asking(request).can(each) for each in MAY):
        raise PermissionDenied


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Every measure, those in use first."""
    _allowed(request)
    return render(request, "outcomes/measures.html", {"versions": every_measure()})


@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, measure: str) -> HttpResponse:
    """How one measure is used, and what it says now."""
    _allowed(request)
    row = get_object_or_404(Measure, key=measure)
    version = row.versions.latest("version")
    form = UseForm(request.POST or None, initial={"active": row.active, "critical_by_link": row.critical_by_link})
    if not version.definition.critical:
        del form.fields["critical_by_link"]
    form.cancel_url = reverse("outcomes:measures")
    if request.method == "POST" and form.is_valid():
        data = {"critical_by_link": row.critical_by_link, **form.cleaned_data}
        actions.change_measure(by=person_asking(request), measure=row, **data)
        messages.success(request, f"Saved how the {version} is used.")
        return redirect("outcomes:measures")
    context = {"form": form, "heading": str(version), "version": version, "definition": version.definition}
    back = {"back_url": reverse("outcomes:measures"), "back_label": "Measures"}
    return render(request, "outcomes/measure.html", {**context, **back})


@require_http_methods(["GET", "POST"])
def measure_edit(request: HttpRequest, measure: str = "") -> HttpResponse:
    """A new version of a measure, or a new measure."""
    _allowed(request)
    row = get_object_or_404(Measure, key=measure) if measure else None
    initial = as_boxes(row.versions.latest("version").definition) if row else {"most_missing": 0}
    form = MeasureForm(request.POST or None, initial=initial)
    back = reverse("outcomes:measure", kwargs={"measure": row.key}) if row else reverse("outcomes:measures")
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.save_measure(by=person_asking(request), content=form.content, measure=row)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(
                request, f"Saved as version {version.version}. Scores keep the version that they were made under."
            )
            return redirect("outcomes:measure", measure=version.measure.key)
    heading = f"Change the {row.versions.latest('version')}" if row else "Add a measure"
    context = {"form": form, "heading": heading, "back_url": back, "back_label": "Back"}
    return render(request, "form.html", context)
