"""A setting: what families are told before they decide about film, by version, and how long a decision holds."""

from __future__ import annotations

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from families import wordings
from families.consent import Purpose
from families.forms.wording import WordingForm
from families.models import ConsentLength, ConsentWording
from families.views.reach import person_asking

WORDS_AT_MOST = 25  # in a sentence: GOV.UK content design


def _allowed(request: HttpRequest) -> None:
    """Managers and administrators: it is the service's wording, no family's."""
    user = person_asking(request)
    if not (user.can(Permission.MANAGE_SETTINGS) or user.can(Permission.MANAGE_TEAM)):
        raise PermissionDenied


def long_sentences(text: str) -> list[tuple[int, str]]:
    """The sentences of more than 25 words, which are hard to follow when read out, each with its number of words."""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    counted = ((len(sentence.split()), sentence.strip()) for sentence in sentences)
    return [each for each in counted if each[0] > WORDS_AT_MOST]


@require_safe
def wording_list(request: HttpRequest) -> HttpResponse:
    """The text in force for every purpose."""
    _allowed(request)
    lengths = dict(ConsentLength.objects.values_list("purpose", "months"))
    rows = [(each, lengths.get(purpose)) for purpose, each in wordings.all_current().items()]
    return render(request, "families/wordings.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def wording_edit(request: HttpRequest, purpose: str) -> HttpResponse:
    """Look at a new version as a family will read it, and save it; the versions before it stay."""
    _allowed(request)
    if purpose not in Purpose.values:
        raise Http404
    now = wordings.current(purpose)
    length = ConsentLength.objects.filter(purpose=purpose).first()
    form = WordingForm(
        request.POST if request.method == "POST" else None,
        now=now,
        initial={"text": now.text, "months": length.months if length else None, "read": now.version},
    )
    shown = ""
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            shown = form.cleaned_data["text"]
        elif saved := form.save(by=person_asking(request)):
            said = (
                f"Version {saved.version} is in force now. Earlier decisions keep the words they were made under."
                if saved != now
                else "Saved. The text is as it was."
            )
            messages.success(request, said)
            return redirect("families:wordings")
    context = {
        "form": form,
        "now": now,
        "title": wordings.TITLES[purpose],
        "shown": shown,
        "long": long_sentences(shown),
        "versions": list(ConsentWording.objects.filter(purpose=purpose).select_related("created_by")),
    }
    return render(request, "families/wording.html", context, status=400 if form.errors else 200)
