"""Whether somebody can decide about film: what was found so far, and a new finding."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from families.consent import decides_alone, is_young
from families.forms.ability import AbilityForm
from families.models import Ability
from families.views.reach import editable_case_for, person_asking


@require_http_methods(["GET", "POST"])
def ability(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Write down that a young caregiver understands enough, or a concern about somebody's capacity."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    someone = found.people.filter(pk=person).first()
    if someone is None or someone.lost or not decides_alone(someone):
        raise Http404("Nobody of that id in this case decides for themselves.")
    young = is_young(someone, timezone.localdate())
    back = reverse("families:consent", kwargs={"case": found.pk})
    form = AbilityForm(request.POST or None, person=someone, by=user, young=young)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid() and form.save(found):
        messages.success(request, f"Written down for {someone.short_name}.")
        return redirect(back)
    rows = Ability.objects.visible_to(user).filter(person=someone).select_related("recorded_by")
    context = {
        "case": found,
        "person": someone,
        "young": young,
        "form": form,
        "rows": list(rows),
        "tab": "families:consent",
    }
    return render(request, "families/ability.html", context, status=400 if form.errors else 200)
