"""Things to do for a family: those written down, and those that the record asks for by itself."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Permission
from families import actions, registry
from families.forms.fields import add_action_error
from families.forms.task import TaskForm
from families.models import CaseTask
from families.views.reach import case_for, editable_case_for, person_asking

DONE_SHOWN = 50


def tasks(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """What is open, what the record asks of this person, and what has been done."""
    found = case_for(request, case)
    user = person_asking(request)
    rows = CaseTask.objects.visible_to(user).filter(case=found).select_related("person", "created_by", "done_by")
    derived = [task for task in registry.tasks_for(user) if task.case_id == str(found.pk) and task.kind != "task"]
    return render(
        request,
        "families/tasks.html",
        {
            "case": found,
            "open": rows.open(),
            "done": rows.filter(done_at__isnull=False).order_by("-done_at")[:DONE_SHOWN],
            "derived": derived,
            "may_edit": user.can(Permission.EDIT_CASES),
        },
    )


def task_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Write down something to do."""
    found = editable_case_for(request, case)
    form = TaskForm(request.POST or None, case=found)
    form.cancel_url = reverse("families:tasks", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_task(by=person_asking(request), case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The task is saved.")
            return redirect("families:tasks", case=found.pk)
    context = {"case": found, "form": form, "heading": "Add a task", "tab": "families:tasks"}
    return render(request, "families/case_form.html", context)


def task_edit(request: HttpRequest, case: uuid.UUID, task: uuid.UUID) -> HttpResponse:
    """Change something to do."""
    found = editable_case_for(request, case)
    row = get_object_or_404(CaseTask.objects.visible_to(person_asking(request)), pk=task, case=found)
    names = ("title", "detail", "due_on", "person")
    form = TaskForm(request.POST or None, case=found, initial={name: getattr(row, name) for name in names})
    form.cancel_url = reverse("families:tasks", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_task(by=person_asking(request), task=row, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "The task is saved.")
            return redirect("families:tasks", case=found.pk)
    context = {"case": found, "form": form, "heading": "Change this task", "tab": "families:tasks"}
    return render(request, "families/case_form.html", context)


@require_POST
def task_done(request: HttpRequest, case: uuid.UUID, task: uuid.UUID) -> HttpResponse:
    """It is done, or it was not after all."""
    found = editable_case_for(request, case)
    row = get_object_or_404(CaseTask.objects.visible_to(person_asking(request)), pk=task, case=found)
    if "undo" in request.POST:
        actions.reopen_task(by=person_asking(request), task=row)
        messages.success(request, "The task is open again.")
    else:
        actions.finish_task(by=person_asking(request), task=row)
        messages.success(request, "Done.")
    return redirect("families:tasks", case=found.pk)
