"""The principles as a setting: their words, their keys, their order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Permission
from clips.models import Principle
from clips.principles import TAKEN_KEYS, move_principle, save_principle
from families.views.reach import person_asking
from nhsuk_forms.forms import NhsModelForm


class PrincipleForm(NhsModelForm):
    """One principle."""

    submit_label = "Save this principle"
    looks = {"key": {"width": 2}, "description": {"rows": 4}}
    nouns = {"label": "what it is called", "description": "what it means in plain words", "key": "its key"}

    class Meta:
        model = Principle
        fields = ["label", "description", "key", "review_only", "active"]
        labels = {
            "label": "What it is called",
            "description": "What it means, in plain words",
            "key": "The key that tags it",
            "review_only": "Only for films of a shared review",
            "active": "Offered when marking",
        }
        help_texts = {
            "description": "Shown while a practitioner chooses. Say only what can be seen going well.",
            "key": "One figure or letter that the workspace does not use for something else.",
            "active": "Moments that have it already keep it.",
        }
        widgets = {"description": forms.Textarea}

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"]).lower()
        if not key.isascii() or not key.isalnum():
            raise ValidationError("The key must be one letter or figure.")
        if key in TAKEN_KEYS:
            raise ValidationError(f"The workspace uses the key {key.upper()} for something else. Choose another.")
        return key


def _allowed(request: HttpRequest) -> None:
    """Managers and administrators: it is the service's wording, no family's."""
    user = person_asking(request)
    if not (user.can(Permission.MANAGE_SETTINGS) or user.can(Permission.MANAGE_TEAM)):
        raise PermissionDenied


@require_GET
def principles(request: HttpRequest) -> HttpResponse:
    """The list."""
    _allowed(request)
    return render(request, "clips/principles.html", {"principles": list(Principle.objects.all())})


@require_http_methods(["GET", "POST"])
def principle_edit(request: HttpRequest, principle: int | None = None) -> HttpResponse:
    """Change a principle, or add one."""
    _allowed(request)
    row = get_object_or_404(Principle, pk=principle) if principle is not None else Principle()
    form = PrincipleForm(request.POST or None, instance=row)
    form.cancel_url = reverse("clips:principles")
    if request.method == "POST" and form.is_valid():
        save_principle(by=person_asking(request), principle=form.save(commit=False))
        messages.success(request, "Saved. Moments that were marked before keep the words they were marked under.")
        return redirect("clips:principles")
    context: dict[str, Any] = {
        "form": form,
        "heading": "Change a principle" if principle is not None else "Add a principle",
        "back_url": reverse("clips:principles"),
        "back_label": "Principles",
    }
    return render(request, "form.html", context)


@require_POST
def principle_move(request: HttpRequest, principle: int) -> HttpResponse:
    """One place up or down."""
    _allowed(request)
    row = get_object_or_404(Principle, pk=principle)
    move_principle(by=person_asking(request), principle=row, up=request.POST.get("to") == "up")
    return redirect("clips:principles")
