"""At the desk, before consent is signed on screen: who, for whom, about what. Then the device is handed over."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from families import frame, queries, signing
from families.consent import decides_alone, is_young
from families.forms.signing import SignForm
from families.responsibility import holders
from families.signing.script import decided_for
from families.views.reach import editable_case_for


@require_http_methods(["GET", "POST"])
def consent_sign(request: Request, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Choose what is asked; the frame opens and the desk is covered."""
    found = editable_case_for(request, case)
    people = [member.person for member in queries.members(found)]
    signer = next((each for each in people if each.pk == person and decides_alone(each) and not each.lost), None)
    if signer is None:
        raise Http404("Nobody of that id in this case signs for themselves.")
    theirs = decided_for(signer, people)
    back = reverse("families:consent", kwargs={"case": found.pk})
    form = SignForm(request.POST if request.method == "POST" else None, signer=signer, people=theirs)
    if request.method == "POST" and form.is_valid():
        return frame.hand_over(
            request,
            case=found,
            kind=signing.KIND,
            subject_id=signer.pk,
            back=back,
            draft=signing.begin(form.chosen(), form.cleaned_data["purposes"]),
        )
    children = [each for each in people if not decides_alone(each)]
    context = {
        "case": found,
        "person": signer,
        "form": form,
        "back": back,
        "tab": "families:consent",
        "others_decide": [(each, holders(each)) for each in children if each not in theirs],
        "young": is_young(signer, timezone.localdate()),
    }
    return render(request, "families/consent_sign.html", context, status=400 if form.errors else 200)
