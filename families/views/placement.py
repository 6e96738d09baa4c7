"""A change of placement: the questions, everything once more with what it will do, the page of it, put right."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Permission
from families import actions, placements, queries
from families.actions.placement import CHILDREN
from families.consequences import rehearse
from families.forms.fields import add_action_error
from families.forms.loss import StrikeOutForm
from families.forms.placement import NAMES, PlacementForm
from families.models import Case, Person, PlacementChange
from families.responsibility import held
from families.views.people import member_or_404, person_url
from families.views.reach import case_for, editable_case_for, person_asking
from families.views.saving import form_page

TAB = "families:people"
Kind = PlacementChange.Kind
KINDS = [Kind.FOSTER, Kind.KINSHIP, Kind.HOME, Kind.AUTHORITY, Kind.PLACED, Kind.STEP, Kind.OTHER]


def _row_or_404(request: HttpRequest, case: Case, placement: uuid.UUID) -> PlacementChange:
    rows = PlacementChange.objects.visible_to(person_asking(request)).select_related(
        "child", "legal__keeps", "by", "struck_by"
    )
    found = rows.filter(case=case, pk=placement).first()
    if found is None:
        raise Http404("No such change of placement in this case.")
    return found


def placement_change(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Write down a change of placement: the questions, then what it changes, then it is saved."""
    found = editable_case_for(request, case)
    child = member_or_404(found, person).person
    if child.kind not in CHILDREN or child.unborn or child.lost:
        messages.info(request, f"A placement is recorded for a child who is born. {child.short_name} has none.")
        return redirect(person_url(found, child))
    form = PlacementForm(
        request.POST or None,
        child=child,
        members=queries.members(found),
        standing=placements.current(child),
        kinds=KINDS,
    )
    form.cancel_url = person_url(found, child, "legal")
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        try:
            if "confirmed" in request.POST:
                change = form.change()
                row = actions.change_placement(by=person_asking(request), case=found, child=child, change=change)
                messages.success(request, "It is written down. Everybody who may open this record sees it.")
                return redirect("families:placement", case=found.pk, placement=row.pk)
            return _read_through(request, found, child, form)
        except ValidationError as error:
            add_action_error(form, error, NAMES)
    return render(
        request,
        "families/placement_form.html",
        {
            "case": found,
            "child": child,
            "form": form,
            "heading": f"Where {child.short_name} lives now",
            "held": held(child),
            "tab": TAB,
        },
    )


def _read_through(request: HttpRequest, case: Case, child: Person, form: PlacementForm) -> HttpResponse:
    """Everything once more, with what saving it will do: worked out by doing it, and taking it back."""
    change = form.change()
    return render(
        request,
        "families/placement_check.html",
        {
            "case": case,
            "child": child,
            "change": change,
            "what": Kind(change.kind).label,
            "order": dict(form.fields["legal"].choices)[change.legal] if change.legal else "",  # type: ignore[attr-defined]
            "means": placements.MEANS.get(change.legal, ""),
            "then": rehearse(by=person_asking(request), case=case, child=child, change=change),
            "typed": [(name, value) for name in request.POST for value in request.POST.getlist(name)],
            "tab": TAB,
        },
    )


@require_safe
def placement_page(request: HttpRequest, case: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    """One change of placement as it was written down."""
    found = case_for(request, case)
    row = _row_or_404(request, found, placement)
    return render(
        request,
        "families/placement.html",
        {
            "case": found,
            "row": row,
            "child": row.child,
            "carers": row.carers.all(),
            "held": held(row.child),
            "may_edit": person_asking(request).can(Permission.EDIT_CASES),
            "tab": TAB,
        },
    )


def placement_strike(request: HttpRequest, case: uuid.UUID, placement: uuid.UUID) -> HttpResponse:
    """It was entered in error."""
    found = editable_case_for(request, case)
    row = _row_or_404(request, found, placement)
    form = StrikeOutForm(request.POST or None)
    form.fields["reason"].label = "How did it come to be entered in error?"

    def save() -> str:
        actions.strike_out_placement(by=person_asking(request), change=row, reason=form.cleaned_data["reason"])
        return "Struck out. Orders and places in the household are what they were before."

    return form_page(
        request,
        case=found,
        form=form,
        heading="This change of placement was entered in error",
        save=save,
        back=reverse("families:placement", kwargs={"case": found.pk, "placement": row.pk}),
        lead=(
            "Orders and places in the household go back to what they were, as far as nobody has changed them since. "
            "What was written here, by whom, and why it was struck out, is kept. A protection that came with it stays "
            "until you end it, and whoever was added stays in the record as somebody who does not live here."
        ),
    )
