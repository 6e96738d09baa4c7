"""What a service words and limits for itself: pathways with their stages, why work ends, until what age."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Prefetch, Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Permission, User
from families.actions import settings as actions
from families.actions.retention import save_rule
from families.forms.fields import add_action_error
from families.forms.retention import RuleForm
from families.forms.settings import CaseLimitsForm, ClosureReasonForm, PathwayForm, StageRowForm
from families.models import CaseLimits, ClosureReason, Pathway, PathwayStage, RetentionRule
from families.retention.schedule import lines
from families.settings_history import changes
from families.views.reach import person_asking

PERMISSIONS = (Permission.MANAGE_TEAM, Permission.MANAGE_SETTINGS)


def _manager(request: HttpRequest) -> User:
    """Managers and administrators: it is the service's own, no family's."""
    user = person_asking(request)
    if not any(user.can(each) for each in PERMISSIONS):
        raise PermissionDenied
    return user


def _form_page(request: HttpRequest, form: Any, heading: str, back: str, back_label: str) -> HttpResponse:
    form.cancel_url = reverse(back)
    context = {"form": form, "heading": heading, "back_url": reverse(back), "back_label": back_label}
    return render(request, "form.html", context)


def _kept(request: HttpRequest, form: BaseForm, save: Any, **named: Any) -> bool:
    """Call an action with a valid form's row; what it refuses stands beside the question."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save(by=person_asking(request), **named)
    except ValidationError as error:
        add_action_error(form, error)
        return False
    messages.success(request, "Saved. What was in use before keeps its place.")
    return True


# --- Pathways and their stages ------------------------------------------------------------------------------


@require_safe
def pathways(request: HttpRequest) -> HttpResponse:
    """Every pathway with its stages, how many open cases are in each, and who changed what."""
    _manager(request)
    open_cases = Count("cases", filter=Q(cases__closed_on__isnull=True))
    stages = PathwayStage.objects.annotate(open_cases=open_cases).order_by("position", "pk")
    rows = Pathway.objects.prefetch_related(Prefetch("stages", stages))
    context = {"pathways": rows, "changes": changes(Pathway, PathwayStage)}
    return render(request, "families/settings_pathways.html", context)


@require_http_methods(["GET", "POST"])
def pathway_edit(request: HttpRequest, pathway: int | None = None) -> HttpResponse:
    """Change a pathway, or add one."""
    _manager(request)
    row = get_object_or_404(Pathway, pk=pathway) if pathway is not None else Pathway()
    form = PathwayForm(request.POST or None, instance=row)
    if _kept(request, form, actions.save_pathway, pathway=row):
        return redirect("families:pathways")
    heading = "Change a pathway" if pathway is not None else "Add a pathway"
    return _form_page(request, form, heading, "families:pathways", "Pathways and stages")


@require_POST
def pathway_move(request: HttpRequest, pathway: int) -> HttpResponse:
    """One place up or down."""
    by = _manager(request)
    row = get_object_or_404(Pathway, pk=pathway)
    actions.move(by=by, row=row, among=Pathway.objects.all(), up=request.POST.get("to") == "up")
    return redirect("families:pathways")


@require_http_methods(["GET", "POST"])
def stage_add(request: HttpRequest, pathway: int) -> HttpResponse:
    """A further stage of a pathway."""
    _manager(request)
    row = PathwayStage(pathway=get_object_or_404(Pathway, pk=pathway))
    form = StageRowForm(request.POST or None, instance=row)
    if _kept(request, form, actions.save_stage, stage=row):
        return redirect("families:pathways")
    return _form_page(request, form, f"Add a stage: {row.pathway}", "families:pathways", "Pathways and stages")


@require_http_methods(["GET", "POST"])
def stage_edit(request: HttpRequest, stage: int) -> HttpResponse:
    """What a stage is called, and after how many days it is amber or red."""
    _manager(request)
    row = get_object_or_404(PathwayStage.objects.select_related("pathway"), pk=stage)
    form = StageRowForm(request.POST or None, instance=row)
    if _kept(request, form, actions.save_stage, stage=row):
        return redirect("families:pathways")
    return _form_page(request, form, f"Change a stage: {row.pathway}", "families:pathways", "Pathways and stages")


@require_POST
def stage_move(request: HttpRequest, stage: int) -> HttpResponse:
    """One place up or down in its pathway."""
    by = _manager(request)
    row = get_object_or_404(PathwayStage, pk=stage)
    among = PathwayStage.objects.filter(pathway=row.pathway_id)
    actions.move(by=by, row=row, among=among, up=request.POST.get("to") == "up")
    return redirect("families:pathways")


# --- Why work ends ------------------------------------------------------------------------------------------


@require_safe
def closure_reasons(request: HttpRequest) -> HttpResponse:
    """Why work ends, in the service's words."""
    _manager(request)
    rows = ClosureReason.objects.annotate(used=Count("closures"))
    return render(request, "families/settings_reasons.html", {"reasons": rows, "changes": changes(ClosureReason)})


@require_http_methods(["GET", "POST"])
def closure_reason_edit(request: HttpRequest, reason: int | None = None) -> HttpResponse:
    """Change a reason, or add one."""
    _manager(request)
    row = get_object_or_404(ClosureReason, pk=reason) if reason is not None else ClosureReason()
    form = ClosureReasonForm(request.POST or None, instance=row)
    if _kept(request, form, actions.save_closure_reason, reason=row):
        return redirect("families:closure-reasons")
    heading = "Change a reason" if reason is not None else "Add a reason"
    return _form_page(request, form, heading, "families:closure-reasons", "Why work ends")


@require_POST
def closure_reason_move(request: HttpRequest, reason: int) -> HttpResponse:
    """One place up or down."""
    by = _manager(request)
    row = get_object_or_404(ClosureReason, pk=reason)
    actions.move(by=by, row=row, among=ClosureReason.objects.all(), up=request.POST.get("to") == "up")
    return redirect("families:closure-reasons")


# --- Limits -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def case_limits(request: HttpRequest) -> HttpResponse:
    """Until what age the service works with an infant, and how early it says so."""
    _manager(request)
    row = CaseLimits.objects.first() or CaseLimits(pk=1)
    form = CaseLimitsForm(request.POST or None, instance=row)
    form.cancel_url = reverse("accounts:settings")
    if _kept(request, form, actions.save_case_limits, limits=row):
        return redirect("accounts:settings")
    return render(
        request,
        "families/settings_limits.html",
        {
            "form": form,
            "heading": "Ages",
            "back_url": reverse("accounts:settings"),
            "back_label": "Settings",
            "changes": changes(CaseLimits),
        },
    )


# --- How long records are kept ------------------------------------------------------------------------------


@require_safe
def retention_rules(request: HttpRequest) -> HttpResponse:
    """The schedule: each class, how long, counted from what, and where the rule comes from."""
    user = _manager(request)
    context = {
        "lines": lines().values(),
        "changes": changes(RetentionRule),
        "may_review": user.can(Permission.MANAGE_TEAM),
    }
    return render(request, "families/settings_retention.html", context)


@require_http_methods(["GET", "POST"])
def retention_rule(request: HttpRequest, key: str) -> HttpResponse:
    """Change how long one class is kept."""
    _manager(request)
    line = lines().get(key)
    if line is None:
        raise Http404
    form = RuleForm(request.POST or None, instance=line.rule)
    if _kept(request, form, save_rule, rule=line.rule):
        return redirect("families:retention-rules")
    return _form_page(request, form, str(line.rule), "families:retention-rules", "How long records are kept")
