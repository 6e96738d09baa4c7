"""Who is in a family: the page, adding, changing."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Permission, User
from families import actions, identity, profile, queries
from families import person_history as history
from families.actions import KnownPerson
from families.forms.fields import add_action_error
from families.forms.people import EDIT_FORMS, FORMS, RememberedForm
from families.forms.same import Answer, ask_whether_known, caregivers_of, facts_from
from families.models import Case, Person
from families.protection import guarded_in
from families.responsibility import holders
from families.views import stale
from families.views.reach import case_for, editable_case_for, person_asking

HEADINGS = {
    Person.Kind.INFANT: "Add a baby",
    Person.Kind.CAREGIVER: "Add somebody who cares for the baby",
    Person.Kind.SIBLING: "Add a brother or sister",
    Person.Kind.OTHER: "Add another person",
}


def people(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Everybody in the case, with what is known of them."""
    found = case_for(request, case)
    return render(
        request,
        "families/people.html",
        {
            "case": found,
            "profiles": profile.profiles(found, person_asking(request)),
            "household": profile.household_of(found),
            "professionals": found.family.professionals.current().count(),
            "may_edit": person_asking(request).can(Permission.EDIT_CASES),
            "may_merge": person_asking(request).can(Permission.MERGE_PEOPLE),
            "kinds": [(kind.value, HEADINGS[kind]) for kind in Person.Kind],
        },
    )


def person_page(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Everything that is known of somebody, in sections, each with its own small form."""
    found = case_for(request, case)
    user = person_asking(request)
    about = next((each for each in profile.profiles(found, user) if each.person.pk == person and each.membership), None)
    if about is None:
        raise Http404("Nobody of that id in this case.")
    # Imported late: that page leads back to this one.
    from families.views.protection import are_open

    shown = not about.guarded or are_open(request, found, about.person)
    return render(
        request,
        "families/person.html",
        {
            "case": found,
            "shown": shown,
            "household": profile.household_addresses(found) if about.guarded and shown else [],
            "about": about,
            "decide": holders(about.person) if about.person.kind == Person.Kind.INFANT else [],
            "person": about.person,
            "membership": about.membership,
            "may_edit": user.can(Permission.EDIT_CASES),
            "may_begin": user.can(Permission.MANAGE_TEAM) and identity.may_begin(about.person),
            "knows": identity.known(user, about.person) is not None,
            "tab": "families:people",
        },
    )


@require_safe
def person_history(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """What the record said of somebody before, who changed it and when."""
    found = case_for(request, case)
    who = member_or_404(found, person).person
    from families.views.protection import are_open

    guarded = guarded_in(found).covers(who, who.addresses.all())
    return render(
        request,
        "families/person_history.html",
        {
            "case": found,
            "person": who,
            "changes": history.changes(found, who, whereabouts=not guarded or are_open(request, found, who)),
            "tab": "families:people",
        },
    )


def people_url(case: Case) -> str:
    return reverse("families:people", kwargs={"case": case.pk})


def person_url(case: Case, person: Person, section: str = "") -> str:
    """The page about somebody; ``section`` is the part of it to come back to."""
    return reverse("families:person", kwargs={"case": case.pk, "person": person.pk}) + (
        f"#{section}" if section else ""
    )


def member_or_404(case: Case, person: uuid.UUID) -> queries.Member:
    for member in queries.members(case):
        if member.person.pk == person and member.membership is not None:
            return member
    raise Http404("Nobody of that id in this case.")


def person_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Add somebody: ``?kind=`` says whether a baby, a caregiver, a sibling or another person."""
    found = editable_case_for(request, case)
    asked = request.GET.get("kind", Person.Kind.CAREGIVER)
    kind = Person.Kind(asked) if asked in Person.Kind.values else Person.Kind.CAREGIVER
    user = person_asking(request)
    form: Any = FORMS[kind](request.POST or None, by=user)
    form.cancel_url = people_url(found)
    if request.method == "POST" and form.is_valid():
        answer = _whether_known(form, found, kind, user)
        if answer is not None:
            facts = form.facts() if answer.known is None else KnownPerson(answer.known, form.facts())
            try:
                person = actions.add_person(by=user, case=found, kind=kind, facts=facts)
            except ValidationError as error:
                add_action_error(form, error)
            else:
                for other in answer.apart_from:
                    actions.tell_apart(by=user, one=person, other=other)
                messages.success(request, f"{person.short_name} was added.")
                return redirect(people_url(found))
    return render(
        request,
        "families/person_add.html",
        {"case": found, "form": form, "heading": HEADINGS[kind], "tab": "families:people", "kind": kind.value},
    )


def _whether_known(form: Any, case: Case, kind: str, user: User) -> Answer | None:
    """Whether this is somebody whom the record knows; nobody who is in this case already is proposed."""
    return ask_whether_known(
        form,
        by=user,
        facts=facts_from(form, kind, caregivers=caregivers_of(case.family)),
        but=case.people.values_list("pk", flat=True),
        into=case.family,
    )


def person_edit(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Change what is known of somebody; what it said before is kept."""
    found = editable_case_for(request, case)
    member = member_or_404(found, person)
    kind = Person.Kind(member.person.kind)
    form: Any
    if member.person.lost:
        form = RememberedForm(request.POST or None, person=member.person)
    else:
        about = {"person": member.person} | ({} if kind == Person.Kind.INFANT else {"membership": member.membership})
        form = EDIT_FORMS[kind](request.POST or None, by=person_asking(request), **about)
    form.cancel_url = person_url(found, member.person)
    stale.watch(form)
    valid = request.method == "POST" and form.is_valid()
    if valid and not stale.written_over(request, form, case=found, person=member.person):
        try:
            actions.edit_person(by=person_asking(request), case=found, person=member.person, changes=form.changes())
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"Saved what changed about {member.person.short_name}.")
            return redirect(person_url(found, member.person))
    context = {"case": found, "form": form, "heading": f"About {member.person.short_name}", "tab": "families:people"}
    if member.person.lost:
        context |= {
            "heading": f"Put right what is written of {member.person.short_name}",
            "lead": f"{member.remembered}. What it said before is kept.",
        }
    return render(request, "families/case_form.html", context)
