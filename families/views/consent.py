"""Who agreed to what: the page, the form for a decision, and stopping at once."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.actions import record as audit
from families import queries, wordings
from families.consent import PersonStanding, Purpose, Standing, decides_alone, standings
from families.consent_pages import asked_still, consent_page, copy_for, standing_agreements
from families.forms.consent import ConsentForm, WithdrawForm
from families.models import Signature
from families.responsibility import unsettled
from families.views.reach import case_for, editable_case_for, person_asking


def consent(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Where everybody in the case stands, for every purpose, and how it came to that."""
    found = case_for(request, case)
    everybody = queries.members(found)
    page = consent_page(everybody, ended=found.is_closed or queries.mourns(everybody))
    return render(
        request,
        "families/consent.html",
        {
            "case": found,
            "page": page,
            "purposes": Purpose.choices,
            "wordings": wordings.all_current().values(),
            "may_edit": person_asking(request).can("edit_cases"),
        },
    )


def consent_record(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Write down what one person decides, or what is decided for a child."""
    found = editable_case_for(request, case)
    someone = found.people.filter(pk=person).first()
    if someone is None:
        raise Http404("Nobody of that id in this case.")
    back = reverse("families:consent", kwargs={"case": found.pk})
    if not asked_still(someone):
        messages.info(request, f"Nothing is asked of or for {someone.short_name} any more.")
        return redirect(back)
    now = standings([someone], Purpose.values)
    form = ConsentForm(
        request.POST or None,
        request.FILES or None,
        person=someone,
        by=person_asking(request),
        now={purpose: now[someone.pk, purpose] for purpose in Purpose.values},
    )
    form.cancel_url = back
    if request.method == "POST" and form.is_valid() and (saved := form.save(found)):
        messages.success(
            request, f"{someone.short_name}: {len(saved)} decision{'' if len(saved) == 1 else 's'} recorded."
        )
        return redirect(back)
    return render(
        request,
        "families/consent_record.html",
        {
            "case": found,
            "person": someone,
            "form": form,
            "unsettled": unsettled(someone),
            "back": back,
            "tab": "families:consent",
        },
    )


@require_safe
def consent_copy(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """What somebody decided, in plain words, for them to keep."""
    found = case_for(request, case)
    people = [member.person for member in queries.members(found)]
    someone = next((each for each in people if each.pk == person and decides_alone(each)), None)
    if someone is None:
        raise Http404("Nobody of that id in this case decides for themselves.")
    items = copy_for(someone, people)
    signed = {item.row.signature_id for item in items if item.row.signature_id}
    user = person_asking(request)
    audit(
        by=user,
        verb="consent.copied",
        subject=found,
        family_id=found.family_id,
        case_id=found.pk,
        person=str(someone.pk),
    )
    context = {
        "case": found,
        "person": someone,
        "items": items,
        "signatures": list(Signature.objects.visible_to(user).filter(pk__in=signed)),
        "today": timezone.localdate(),
        "back": reverse("families:consent", kwargs={"case": found.pk}),
    }
    return render(request, "families/consent_copy.html", context)


def consent_withdraw(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Somebody says stop: at once, for what they name."""
    found = editable_case_for(request, case)
    people = [member.person for member in queries.members(found)]
    standing = [PersonStanding(each, purpose, Standing.GIVEN) for each, purpose in standing_agreements(people)]
    back = reverse("families:consent", kwargs={"case": found.pk})
    form = WithdrawForm(
        request.POST or None, people=people, standing=standing, initial={"what": request.GET.getlist("what")}
    )
    if request.method == "POST" and form.is_valid():
        stopped = form.save(by=person_asking(request), case=found)
        if stopped:
            what = "; ".join(f"{each.person.short_name}, {Purpose(each.purpose).label.lower()}" for each in stopped)
            messages.success(request, f"Stopped from now on: {what}. Nothing that it covered can be played.")
            return redirect(back)
    return render(
        request,
        "families/consent_withdraw.html",
        {"case": found, "form": form, "anything": bool(standing), "back": back, "tab": "families:consent"},
    )
