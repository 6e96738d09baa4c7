"""Things to do for a family: written down, changed, done."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Case, CaseTask


@transaction.atomic
def add_task(
    *, by: User, case: Case, title: str, detail: str = "", due_on: date | None = None, person: User | None = None
) -> CaseTask:
    """Write down something to do; without ``person`` it is for whoever leads the case, also when that changes."""
    return _save(by, CaseTask(case=case, created_by=by), "task.added", title, detail, due_on, person)


@transaction.atomic
def change_task(
    *, by: User, task: CaseTask, title: str, detail: str, due_on: date | None, person: User | None
) -> CaseTask:
    """Change what is to be done, by when, or by whom."""
    if task.done_at is not None:
        raise ValidationError("This is done already. Open it again first.")
    return _save(by, task, "task.changed", title, detail, due_on, person)


def _save(
    by: User, task: CaseTask, verb: str, title: str, detail: str, due_on: date | None, person: User | None
) -> CaseTask:
    if not title.strip():
        raise ValidationError({"title": "Enter what is to be done"})
    task.title, task.detail, task.due_on, task.person = title.strip(), detail.strip(), due_on, person
    task.full_clean(exclude=["case", "created_by", "person"])
    task.save()
    case = task.case
    audit(
        by=by,
        verb=verb,
        subject=task,
        family_id=case.family_id,
        case_id=case.pk,
        person=str(person.pk) if person else "",
    )
    return task


@transaction.atomic
def finish_task(*, by: User, task: CaseTask) -> CaseTask:
    """It is done. A second time changes nothing."""
    found = CaseTask.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
    if found.done_at is None:
        found.done_at, found.done_by = timezone.now(), by
        found.save()
        audit(by=by, verb="task.done", subject=found, family_id=found.case.family_id, case_id=found.case_id)
    return found


@transaction.atomic
def reopen_task(*, by: User, task: CaseTask) -> CaseTask:
    """It was not done after all."""
    found = CaseTask.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
    if found.done_at is not None:
        found.done_at = found.done_by = None
        found.save()
        audit(by=by, verb="task.reopened", subject=found, family_id=found.case.family_id, case_id=found.case_id)
    return found
