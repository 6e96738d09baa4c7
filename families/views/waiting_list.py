"""The waiting list and giving families to practitioners; when a family cannot take part; how many each can take."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Permission, User
from families import actions, caseload, waiting_list
from families.forms.case import people_who_work_with_families
from families.forms.fields import add_action_error
from families.forms.waiting import CapacityForm, GiveForm, UnavailableForm
from families.models import Case, Unavailability
from families.views.reach import editable_case_for, person_asking
from families.views.saving import form_page


def _who_waits(request: HttpRequest) -> User:
    """Those who decide who works with families, and those who take families in."""
    user = person_asking(request)
    if not (user.can(Permission.MANAGE_TEAM) or user.can(Permission.TRIAGE_REFERRALS)):
        raise PermissionDenied
    return user


def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits, the longest first; a manager gives the chosen ones to somebody."""
    user = _who_waits(request)
    gives = user.can(Permission.MANAGE_TEAM)
    loads = caseload.loads()
    form = GiveForm(request.POST or None, loads=loads, prefix="give")
    chosen = _chosen(request)
    if request.method == "POST":
        if not gives:
            raise PermissionDenied
        if not chosen:
            form.add_error(None, "Select the families that you would like to give to somebody")
        elif form.is_valid():
            to = form.cleaned_data["to"]
            try:
                given = actions.allocate_waiting(by=user, cases=chosen, to=to)
            except ValidationError as error:
                add_action_error(form, error, {"lead": "to"})
            else:
                number = len(given)
                messages.success(request, f"{number} famil{'y' if number == 1 else 'ies'} given to {to.name}.")
                return redirect(request.get_full_path())
    return render(
        request,
        "families/waiting_list.html",
        {
            "page": waiting_list.page_of(user, request.GET.get("page", "1")),
            "form": form,
            "gives": gives,
            "chosen": {str(each) for each in chosen},
        },
    )


def _chosen(request: HttpRequest) -> list[uuid.UUID]:
    found = []
    for text in request.POST.getlist("case")[:200]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def capacity(request: HttpRequest) -> HttpResponse:
    """With how many families each person of the manager's teams can work."""
    user = person_asking(request)
    if not user.can(Permission.MANAGE_TEAM):
        raise PermissionDenied
    teams = {user.team_id, *user.teams_managed.values_list("pk", flat=True)} - {None}
    people = list(people_who_work_with_families().filter(team__in=teams))
    form = CapacityForm(request.POST if request.method == "POST" else None, people=people, loads=caseload.loads())
    form.cancel_url = reverse("families:waiting")
    if request.method == "POST" and form.is_valid():
        actions.set_capacities(by=user, wanted=form.wanted())
        messages.success(request, "Saved. It stands beside each name wherever families are given to somebody.")
        return redirect("families:waiting")
    return render(
        request,
        "form.html",
        {
            "form": form,
            "heading": "How many families each can work with",
            "lead": "Agree it with each of them. Empty: nobody has said. Families can still be given to somebody "
            "who is full; the page says so.",
            "back_url": form.cancel_url,
            "back_label": "Waiting list",
        },
    )


def _row(request: HttpRequest, case: Case, pk: uuid.UUID) -> Unavailability:
    row = Unavailability.objects.visible_to(person_asking(request)).filter(case=case, pk=pk).first()
    if row is None:
        raise Http404("No such while in this case.")
    return row


def unavailable(request: HttpRequest, case: uuid.UUID, period: uuid.UUID | None = None) -> HttpResponse:
    """The family cannot take part for a while."""
    found = editable_case_for(request, case)
    row = _row(request, found, period) if period else None
    form = UnavailableForm(request.POST or None, row=row)

    def save() -> str:
        actions.keep_unavailability(by=person_asking(request), case=found, row=row, **form.cleaned_data)
        return "Saved. These days do not count as waiting."

    return form_page(
        request,
        case=found,
        form=form,
        heading="They cannot take part for a while",
        save=save,
        back=reverse("families:case", kwargs={"case": found.pk}),
        lead="These days do not count as waiting for us.",
        tab="families:case",
        template="families/unavailable.html",
        row=row,
    )


@require_POST
def unavailable_remove(request: HttpRequest, case: uuid.UUID, period: uuid.UUID) -> HttpResponse:
    """It was not so after all."""
    found = editable_case_for(request, case)
    actions.remove_unavailability(by=person_asking(request), case=found, row=_row(request, found, period))
    messages.success(request, "Removed.")
    return redirect("families:case", case=found.pk)
