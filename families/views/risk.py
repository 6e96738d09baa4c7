"""The staff-only risk section of a case."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import safeguarding
from accounts.models import Permission
from families import actions, registry
from families.forms.fields import add_action_error
from families.forms.risk import ConcernForm, EntryForm, FlagForm, ResolveForm, ReviewForm, SettleForm, SharedForm
from families.models import Case, ConcernEntry, InformationShared, RiskConcern, RiskFlag, RiskReview
from families.risk import risk_of
from families.views.reach import case_for, editable_case_for, person_asking
from nhsuk_forms.forms import NhsForm


def risk(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """How risk stands, flags, concerns (those still open first), and what was shared with whom."""
    found = case_for(request, case)
    user = person_asking(request)
    people = ("recorded_by", "settled_by")
    concerns = RiskConcern.objects.visible_to(user).filter(case=found).select_related(*people)
    listed = sorted(concerns, key=lambda concern: concern.settled_at is not None)
    steps: dict[uuid.UUID, list[ConcernEntry]] = {}
    for entry in ConcernEntry.objects.visible_to(user).filter(concern__case=found).select_related("recorded_by"):
        steps.setdefault(entry.concern_id, []).append(entry)
    reviews = list(RiskReview.objects.visible_to(user).filter(case=found).select_related("recorded_by"))
    flags = RiskFlag.objects.visible_to(user).filter(case=found).select_related("raised_by", "resolved_by")
    return render(
        request,
        "families/risk.html",
        {
            "case": found,
            "standing": risk_of(reviews[0] if reviews else None),
            "reviews": reviews,
            "flags": [flag for flag in flags if flag.resolved_at is None],
            "old_flags": [flag for flag in flags if flag.resolved_at is not None],
            "concerns": [(concern, steps.get(concern.pk, [])) for concern in listed],
            "shared": InformationShared.objects.visible_to(user).filter(case=found).select_related("recorded_by"),
            "held": registry.held_for([found], user),
            "leads": safeguarding.leads(),
            "may_edit": user.can(Permission.EDIT_CASES),
        },
    )


def _one_form(
    request: HttpRequest,
    case: Case,
    form: NhsForm,
    heading: str,
    do: Callable[[], object],
    said: str,
    lead: str = "",
) -> HttpResponse:
    """A page of the risk section with one form: ``do`` is the action, ``said`` what is said afterwards."""
    form.cancel_url = reverse("families:risk", kwargs={"case": case.pk})
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, said)
            return redirect("families:risk", case=case.pk)
    context = {"case": case, "form": form, "heading": heading, "lead": lead, "tab": "families:risk"}
    return render(request, "families/case_form.html", context)


def risk_review(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Judge how risk stands."""
    found = editable_case_for(request, case)
    form = ReviewForm(request.POST or None, initial={"reviewed_on": timezone.localdate()})
    user = person_asking(request)
    return _one_form(
        request,
        found,
        form,
        "Review the risk",
        lambda: actions.review_risk(by=user, case=found, **form.cleaned_data),
        "The review is saved.",
    )


def risk_flag(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Put up a flag."""
    found = editable_case_for(request, case)
    form, user = FlagForm(request.POST or None), person_asking(request)
    return _one_form(
        request,
        found,
        form,
        "Put up a flag",
        lambda: actions.raise_flag(by=user, case=found, **form.cleaned_data),
        "The flag is up.",
        "It stands at the top of every page of this record, for staff alone. Say it so that it could be read aloud.",
    )


def risk_flag_down(request: HttpRequest, case: uuid.UUID, flag: uuid.UUID) -> HttpResponse:
    """Take a flag down."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    row = get_object_or_404(RiskFlag.objects.visible_to(user), pk=flag, case=found)
    form = ResolveForm(request.POST or None)
    return _one_form(
        request,
        found,
        form,
        "Take down a flag",
        lambda: actions.resolve_flag(by=user, flag=row, **form.cleaned_data),
        "The flag is down. It stays in the record.",
        row.text,
    )


def risk_shared(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Write down what was told to whom outside the service."""
    found = editable_case_for(request, case)
    form, user = SharedForm(request.POST or None, initial={"shared_on": timezone.localdate()}), person_asking(request)
    return _one_form(
        request,
        found,
        form,
        "Information shared",
        lambda: actions.share_information(by=user, case=found, **form.values()),
        "What was shared is written down.",
        "Sharing to keep a child safe does not need agreement. Write down what, with whom, why and on what basis.",
    )


def risk_entry(request: HttpRequest, case: uuid.UUID, concern: uuid.UUID) -> HttpResponse:
    """Add a step to a concern: a discussion, a decision, an action."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    worry = get_object_or_404(RiskConcern.objects.visible_to(user), pk=concern, case=found)
    form = EntryForm(request.POST or None)
    return _one_form(
        request,
        found,
        form,
        "What happened next",
        lambda: actions.add_entry(by=user, concern=worry, **form.cleaned_data),
        "Added to the concern.",
        worry.text,
    )


def risk_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Write down a concern; ``?film=`` and ``?at=`` (microseconds) say where on film it was seen."""
    found = editable_case_for(request, case)
    seen_at = {name: request.GET.get(name) for name in ("film", "at") if request.GET.get(name)}
    form = ConcernForm(request.POST or None, initial=seen_at)
    form.cancel_url = reverse("families:risk", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_concern(
                by=person_asking(request),
                case=found,
                text=data["text"],
                discussed_with=data["discussed_with"],
                action=data["action"],
                film_id=data["film"],
                film_time_us=data["at"],
            )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The concern is written down. Only staff see it.")
            return redirect("families:risk", case=found.pk)
    return render(
        request,
        "families/case_form.html",
        {
            "case": found,
            "form": form,
            "heading": "Write down a concern",
            "lead": (
                "Only staff see this. If somebody is in danger now, act first: call 999 or the duty social "
                "worker, and write it down afterwards."
            ),
            "tab": "families:risk",
        },
    )


def risk_settle(request: HttpRequest, case: uuid.UUID, concern: uuid.UUID) -> HttpResponse:
    """Say what came of a concern."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    worry = get_object_or_404(RiskConcern.objects.visible_to(user), pk=concern, case=found)
    back = reverse("families:risk", kwargs={"case": found.pk})
    if worry.settled_at is not None:
        messages.info(request, "What came of this concern is already written down.")
        return redirect(back)
    form = SettleForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_concern(by=user, concern=worry, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved what came of the concern.")
            return redirect(back)
    return render(
        request,
        "families/risk_settle.html",
        {"case": found, "form": form, "concern": worry, "heading": "What came of it", "tab": "families:risk"},
    )
