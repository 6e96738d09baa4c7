"""The list of families, and the pages about an episode of care as a whole."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Permission
from families import actions, case_list, queries, timeline, worklist
from families.forms.case import (
    AllocateForm,
    CloseForm,
    NextCaseForm,
    OpenCaseForm,
    PathwayForm,
    ReopenForm,
    StageForm,
)
from families.forms.fields import add_action_error
from families.forms.opening import known_people
from families.forms.people import AdultForm, InfantForm
from families.forms.timeline import TimelineFilter
from families.forms.worklist import WorklistFilter
from families.loss import mourning
from families.models import Case
from families.views.reach import case_for, editable_case_for, person_asking


def case_index(request: HttpRequest) -> HttpResponse:
    """Families this person may open: a list, or what is like the words in the search box."""
    user = person_asking(request)
    if not user.can(Permission.SEE_CASES):
        raise PermissionDenied
    text = case_list.cleaned_search(request.GET.get("q", ""))
    scopes = case_list.scopes_for(user)
    scope = request.GET.get("show", "")
    if scope not in {each.value for each in scopes}:
        scope = scopes[0].value
    number = request.GET.get("page", 1)
    form = WorklistFilter(request.GET)
    asked = form.asked() if form.is_valid() else worklist.Narrowed()
    return render(
        request,
        "families/list.html",
        {
            "page": (
                case_list.page_found(user, text=text, number=number)
                if text
                else worklist.page_of(user, asked, scope=scope, number=number)
            ),
            "text": text,
            "scope": scope,
            "scopes": scopes,
            "form": form,
            "asked": asked,
            "may_open": user.can(Permission.OPEN_CASES),
            "sees_waiting": user.can(Permission.MANAGE_TEAM) or user.can(Permission.TRIAGE_REFERRALS),
            "may_break_glass": user.can(Permission.BREAK_GLASS),
            "may_merge": user.can(Permission.MERGE_PEOPLE),
        },
    )


def case_open(request: HttpRequest) -> HttpResponse:
    """A new case: a baby, whoever cares for the baby, and who will work with them."""
    user = person_asking(request)
    if not user.can(Permission.OPEN_CASES):
        raise PermissionDenied
    data = request.POST or None
    infant = InfantForm(data, prefix="infant", by=user)
    twin = InfantForm(data, prefix="twin", by=user, empty_permitted=True)
    first = AdultForm(data, prefix="first", by=user)
    second = AdultForm(data, prefix="second", by=user, empty_permitted=True)
    who = OpenCaseForm(data, prefix="who", by=user)
    forms = [infant, twin, first, second, who]
    for form in forms:
        form.submit_label = ""
    valid = [form.is_valid() for form in forms] if request.method == "POST" else []
    known = known_people(user, infants=[infant, twin], adults=[first, second]) if valid and all(valid) else None
    if known is not None:
        try:
            case = actions.open_case(
                by=user,
                infants=known.infants,
                caregivers=known.caregivers,
                team=who.cleaned_data["team"],
                lead=who.cleaned_data["lead"],
                family=known.family,
                pathway=who.cleaned_data["pathway"],
            )
            known.tell_apart(user, case)
        except ValidationError as error:
            add_action_error(who, error)
        else:
            messages.success(request, f"Case opened. Its reference is {case.family.reference}.")
            if Case.objects.visible_to(user).filter(pk=case.pk).exists():
                return redirect("families:case", case=case.pk)
            return redirect("families:list")
    return render(
        request,
        "families/open.html",
        {
            "forms": forms,
            "infant": infant,
            "twin": twin,
            "first": first,
            "second": second,
            "who": who,
            "wrong": any(form.is_bound and form.errors for form in forms),
        },
    )


def case_page(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The timeline: everything that happened, newest first."""
    found = case_for(request, case)
    user = person_asking(request)
    header = queries.case_header(found, user)
    form = TimelineFilter(request.GET, members=header.members)
    asked = form.asked() if form.is_valid() else timeline.Asked()
    after = timeline.Cursor.parse(request.GET.get("older", ""))
    return render(
        request,
        "families/case.html",
        {
            "mourning": queries.mourns(header.members),
            "case": found,
            "name": header.title,
            "header": header,
            "form": form,
            "asked": asked,
            "after": after,
            "page": timeline.read(found, user, asked, after=after).veiled(header.hidden.veil),
            "earlier": queries.other_cases(found, user) if header.others else [],
            "may_open": user.can(Permission.OPEN_CASES),
            "co_workers": header.co_workers,
            "may_edit": user.can(Permission.EDIT_CASES),
            "may_allocate": actions.may_allocate(user, found),
            "may_ask_for_film": user.can(Permission.BREAK_GLASS) and not user.can(Permission.PLAY_FILM),
        },
    )


def stage(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Move a case on; its history of stages stands beside it."""
    found = editable_case_for(request, case)
    back = reverse("families:case", kwargs={"case": found.pk})
    if found.is_closed:
        messages.info(request, "This case is closed. Open it again to move it on.")
        return redirect(back)
    form = StageForm(request.POST or None, case=found)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        actions.change_stage(by=person_asking(request), case=found, stage=form.cleaned_data["stage"])
        messages.success(request, f"The stage is now: {found.stage_label}.")
        return redirect(back)
    return render(
        request,
        "families/stage.html",
        {
            "case": found,
            "form": form,
            "heading": "Stage",
            "tab": "families:case",
            "changes": found.stage_changes.select_related("by"),
        },
    )


def pathway(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Another way of working with this family."""
    found = editable_case_for(request, case)
    back = reverse("families:case", kwargs={"case": found.pk})
    if found.is_closed:
        messages.info(request, "This case is closed. Open it again to change its pathway.")
        return redirect(back)
    form = PathwayForm(request.POST or None, case=found)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_pathway(by=person_asking(request), case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"The pathway is now: {found.pathway.label}. The stage: {found.stage_label}.")
            return redirect(back)
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Pathway", "tab": "families:case"},
    )


def next_case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """A family that comes back: a new case, with the earlier ones beside it."""
    found = case_for(request, case, permission=Permission.OPEN_CASES)
    user = person_asking(request)
    back = reverse("families:case", kwargs={"case": found.pk})
    if not found.is_closed:
        messages.info(request, "This case is still open. A new one can begin when it is closed.")
        return redirect(back)
    form = NextCaseForm(request.POST or None, case=found, by=user)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_next_case(by=user, family=found.family, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "A new case is open for this family. The earlier ones stand beside it.")
            if Case.objects.visible_to(user).filter(pk=opened.pk).exists():
                return redirect("families:case", case=opened.pk)
            return redirect("families:list")
    return render(
        request,
        "families/case_form.html",
        {
            "case": found,
            "form": form,
            "heading": "A new case for this family",
            "tab": "families:case",
            "lead": "What was written before stays in the earlier case, which can be read from the new one.",
        },
    )


def allocate(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Who leads, who joins, which team."""
    found = case_for(request, case)
    user = person_asking(request)
    if not actions.may_allocate(user, found):
        raise PermissionDenied
    form = AllocateForm(request.POST or None, case=found)
    form.cancel_url = reverse("families:case", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                actions.change_lead(by=user, case=found, lead=data["lead"])
                actions.set_co_workers(by=user, case=found, co_workers=data["co_workers"])
                actions.move_to_team(by=user, case=found, team=data["team"])
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved who works with this family.")
            if Case.objects.visible_to(user).filter(pk=found.pk).exists():
                return redirect("families:case", case=found.pk)
            return redirect("families:list")
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Who works with this family", "tab": "families:case"},
    )


def close(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """End an episode of care."""
    found = editable_case_for(request, case)
    back = reverse("families:case", kwargs={"case": found.pk})
    if found.is_closed:
        messages.info(request, "This case is closed already.")
        return redirect(back)
    if mourning([found.pk]):  # words of its own, and no question about goals
        return redirect("families:loss-close", case=found.pk)
    form = CloseForm(request.POST or None, case=found)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_case(by=person_asking(request), case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The case is closed. It can be opened again.")
            return redirect(back)
    return render(
        request,
        "families/case_form.html",
        {
            "case": found,
            "form": form,
            "heading": "Close this case",
            "tab": "families:case",
            "lead": "The record stays. The family can come back, and the case can be opened again.",
        },
    )


def reopen(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Take up a closed episode again."""
    found = editable_case_for(request, case)
    back = reverse("families:case", kwargs={"case": found.pk})
    if not found.is_closed:
        messages.info(request, "This case is open.")
        return redirect(back)
    form = ReopenForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen_case(by=person_asking(request), case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The case is open again.")
            return redirect(back)
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Open this case again", "tab": "families:case"},
    )
