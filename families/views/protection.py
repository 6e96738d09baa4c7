"""Keeping somebody's whereabouts from others in the family; looking at them, which is written down."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from families import actions, queries
from families.forms.protection import EndProtectionForm, ProtectForm
from families.models import Case, Person, Protection
from families.protection import guarded_in
from families.views.people import member_or_404, person_url
from families.views.reach import case_for, editable_case_for, person_asking
from families.views.saving import form_page

OPEN_FOR = timedelta(minutes=10)
KEPT = "whereabouts"  # in the sign-in's own store: until when whose whereabouts are shown to it


def are_open(request: HttpRequest, case: Case, person: Person) -> bool:
    """Whether this sign-in has opened somebody's whereabouts a short while ago."""
    until = request.session.get(KEPT, {}).get(f"{case.pk}:{person.pk}")
    return bool(until) and datetime.fromisoformat(until) > timezone.now()


def _set_open(request: HttpRequest, case: Case, person: Person, *, until: datetime | None) -> None:
    now = timezone.now()
    kept = {key: at for key, at in request.session.get(KEPT, {}).items() if datetime.fromisoformat(at) > now}
    kept.pop(f"{case.pk}:{person.pk}", None)
    if until is not None:
        kept[f"{case.pk}:{person.pk}"] = until.isoformat()
    request.session[KEPT] = kept


def closed_page(request: HttpRequest, case: Case, person: Person) -> HttpResponse | None:
    """Where a form that shows somebody's address or number leads to first; None when it may be shown."""
    if not guarded_in(case).covers(person, person.addresses.all()) or are_open(request, case, person):
        return None
    messages.info(request, f"Show {person.short_name}’s contact details first. That you looked is written down.")
    return redirect(person_url(case, person, "contact"))


@require_POST
def whereabouts(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Show the address and contact details of somebody protected, for ten minutes, or put them away again."""
    found = case_for(request, case)
    who = member_or_404(found, person).person
    if "close" in request.POST:
        _set_open(request, found, who, until=None)
    elif guarded_in(found).covers(who, who.addresses.all()):
        actions.look_at_whereabouts(by=person_asking(request), case=found, person=who)
        _set_open(request, found, who, until=timezone.now() + OPEN_FOR)
    return redirect(person_url(found, who, "contact"))


def protect(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Keep from others in the family where somebody is, or change from whom."""
    found = editable_case_for(request, case)
    who = member_or_404(found, person).person
    back = person_url(found, who, "protection")
    if who.kind in {Person.Kind.INFANT, Person.Kind.SIBLING}:
        messages.info(request, "Whoever a child lives with is protected, and the child’s address with them.")
        return redirect(person_url(found, who))
    standing = Protection.objects.visible_to(person_asking(request)).standing().filter(person=who).first()
    others = [each.person for each in queries.members(found) if each.person.kind in actions.PROTECTABLE]
    form = ProtectForm(request.POST or None, person=who, others=others, standing=standing)

    def save() -> str:
        actions.protect(by=person_asking(request), case=found, person=who, **form.facts())
        return f"{who.short_name} is protected. Every page of this family says so at the top, to staff alone."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"Protect {who.short_name}" if standing is None else f"{who.short_name}’s protection",
        save=save,
        back=back,
        lead=(
            f"Nobody you choose will see from us where {who.short_name} lives, how to reach them, when they come, or "
            "what we write to them: not in letters, copies of records, on paper or on a screen you hand over. "
            "Colleagues see the address after a click that is written down."
        ),
    )


def protection_end(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """It is safe now for others to know."""
    found = editable_case_for(request, case)
    who = member_or_404(found, person).person
    back = person_url(found, who)
    if not Protection.objects.visible_to(person_asking(request)).standing().filter(person=who).exists():
        messages.info(request, f"{who.short_name} is not protected.")
        return redirect(back)
    form = EndProtectionForm(request.POST or None)

    def save() -> str:
        actions.end_protection(by=person_asking(request), case=found, person=who, **form.cleaned_data)
        return f"The protection of {who.short_name} has ended."

    return form_page(
        request,
        case=found,
        form=form,
        heading=f"End the protection of {who.short_name}?",
        save=save,
        back=back,
        lead="Ask them first, alone. What others see from then on cannot be taken back.",
    )
