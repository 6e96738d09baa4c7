"""The templates of notes as a setting."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Permission
from families import actions
from families.forms.fields import add_action_error
from families.forms.notes import NoteTemplateForm, PatternParts
from families.models import NoteTemplate
from families.views.reach import person_asking


def _allowed(request: HttpRequest) -> None:
    """Managers and administrators: it is the service's wording, no family's."""
    user = person_asking(request)
    if not (user.can(Permission.MANAGE_SETTINGS) or user.can(Permission.MANAGE_TEAM)):
        raise PermissionDenied


@require_safe
def note_templates(request: HttpRequest) -> HttpResponse:
    """The list."""
    _allowed(request)
    rows = NoteTemplate.objects.prefetch_related("sections")
    return render(request, "families/note_templates.html", {"templates": rows})


def note_template(request: HttpRequest, template: int | None = None) -> HttpResponse:
    """Change a template, or add one."""
    _allowed(request)
    row = get_object_or_404(NoteTemplate, pk=template) if template is not None else NoteTemplate()
    data = request.POST or None
    form = NoteTemplateForm(data, instance=row)
    before = list(row.sections.all()) if row.pk else []
    initial = [{"heading": each.heading, "hint": each.hint, "audience": each.audience} for each in before]
    parts = PatternParts(data, initial=initial, prefix="part")
    if request.method == "POST" and form.is_valid() and parts.is_valid():
        try:
            actions.save_note_template(
                by=person_asking(request),
                template=form.save(commit=False),
                parts=[each.part() for each in parts],
            )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved. Notes begun before keep the headings they have.")
            return redirect("families:note-templates")
    context = {"form": form, "parts": parts, "heading": "Change a template" if template else "Add a template"}
    return render(request, "families/note_template.html", context)
