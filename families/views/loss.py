"""When somebody has died: written down gently, read again later, put right, and the work brought to its close."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Permission
from families import actions, queries, registry
from families.forms.fields import add_action_error
from families.forms.loss import AskedForm, LossCloseForm, LossForm, MessagesForm, StrikeOutForm
from families.loss import mourning, quiet, remembered_as
from families.models import Case, Loss, Person
from families.views.people import member_or_404, people_url
from families.views.reach import case_for, editable_case_for, person_asking

TAB = "families:people"


def _url(case: Case, person: Person) -> str:
    return reverse("families:loss", kwargs={"case": case.pk, "person": person.pk})


def _lost_or_404(case: Case, person: uuid.UUID) -> tuple[Person, Loss]:
    member = member_or_404(case, person)
    if member.loss is None:
        raise Http404("Nothing of this is written down.")
    member.loss.person = member.person
    return member.person, member.loss


def loss(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """What is known and wanted, what has fallen silent, what is still planned, and what is kept."""
    found = case_for(request, case)
    someone, written = _lost_or_404(found, person)
    user = person_asking(request)
    everybody = queries.members(found)
    alone = bool(mourning([found.pk]))
    return render(
        request,
        "families/loss.html",
        {
            "case": found,
            "person": someone,
            "loss": written,
            "heading": remembered_as(someone, written),
            "living": [m.person for m in everybody if m.person.kind == Person.Kind.INFANT and not m.person.lost],
            "silent": registry.tasks_fallen_silent(found, user) if alone else [],
            "planned": registry.planned(found),
            "quiet": quiet(found),
            "closing": alone and not found.is_closed,
            "may_edit": user.can(Permission.EDIT_CASES),
            "tab": TAB,
        },
    )


def loss_record(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Write down a death: the questions, then everything once more before it is saved."""
    found = editable_case_for(request, case)
    someone = member_or_404(found, person).person
    if someone.lost:
        return redirect(_url(found, someone))
    form = LossForm(request.POST or None, person=someone)
    form.cancel_url = people_url(found)
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        if "confirmed" in request.POST:
            try:
                actions.record_loss(by=person_asking(request), case=found, person=someone, facts=form.facts())
            except ValidationError as error:
                add_action_error(form, error)
            else:
                messages.info(request, "It is written down. Nothing is sent to this family now.")
                return redirect(_url(found, someone))
        else:
            return _read_through(request, found, someone, form)
    return render(request, "families/loss_record.html", {"case": found, "person": someone, "form": form, "tab": TAB})


def _read_through(request: HttpRequest, case: Case, person: Person, form: LossForm) -> HttpResponse:
    """Everything once more, with what saving it will do: nobody writes this of the wrong baby by one click."""
    facts = form.facts()
    as_written = Loss(kind=facts.kind, happened_on=facts.happened_on, about_when=facts.about_when)
    then = Person(kind=person.kind, first_name=person.first_name, known_as=facts.called or person.known_as)
    then.lost = facts.kind
    return render(
        request,
        "families/loss_check.html",
        {
            "case": case,
            "person": person,
            "facts": facts,
            "contact": Loss.Contact(facts.contact).label,
            "sentence": remembered_as(then, as_written),
            "typed": [(name, value) for name in request.POST for value in request.POST.getlist(name)],
            "planned": registry.planned(case),
            "tab": TAB,
        },
    )


def loss_wishes(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Add to what is known, or to what the family wants by now."""
    found = editable_case_for(request, case)
    someone, written = _lost_or_404(found, person)
    form = LossForm(request.POST or None, person=someone, loss=written)
    form.cancel_url, form.submit_label = _url(found, someone), "Save"
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_in_mind(by=person_asking(request), case=found, loss=written, facts=form.facts())
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Saved. What was written before is kept.")
            return redirect(_url(found, someone))
    return _form_page(request, found, form, "What is known, and what they want")


def loss_asked(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """The family was asked what should become of the films, pictures and words."""
    found = editable_case_for(request, case)
    someone, written = _lost_or_404(found, person)
    form = AskedForm(request.POST or None, loss=written)
    form.cancel_url = _url(found, someone)
    if request.method == "POST" and form.is_valid():
        actions.record_answer(by=person_asking(request), case=found, loss=written, **form.cleaned_data)
        messages.success(request, "Saved what they would like.")
        return redirect(_url(found, someone))
    lead = "Until they have been asked, nothing of this family is deleted by any schedule. There is no hurry."
    return _form_page(request, found, form, "What should become of what we keep", lead)


def loss_strike_out(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """It was written down by mistake."""
    found = editable_case_for(request, case)
    someone, _ = _lost_or_404(found, person)
    form = StrikeOutForm(request.POST or None)
    form.cancel_url = _url(found, someone)
    if request.method == "POST" and form.is_valid():
        actions.strike_out_loss(
            by=person_asking(request), case=found, person=someone, reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"Struck out. The record speaks of {someone.short_name} as before.")
        return redirect(people_url(found))
    lead = (
        "The record will be as it was before. That this was written down, by whom, and why it was struck out, is kept."
    )
    return _form_page(request, found, form, "This was written down by mistake", lead)


def loss_messages(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Whether messages about those who live may go on."""
    found = editable_case_for(request, case)
    lost = next((member.person for member in queries.members(found) if member.loss is not None), None)
    if lost is None:
        raise Http404("Nobody in this case has died.")
    form = MessagesForm(request.POST or None, initial={"go_on": "no" if quiet(found) else "yes"})
    form.cancel_url = _url(found, lost)
    if request.method == "POST" and form.is_valid():
        go_on = form.cleaned_data["go_on"] == "yes"
        actions.let_messages_go_on(by=person_asking(request), case=found, go_on=go_on)
        messages.success(request, "Messages may go on." if go_on else "Nothing is sent to this family.")
        return redirect(_url(found, lost))
    lead = f"Nothing is ever sent about {lost.short_name}. This is about the rest of the family."
    return _form_page(request, found, form, "Messages to this family", lead)


def loss_close(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Bring the work to its close, in words of its own."""
    found = editable_case_for(request, case)
    if found.is_closed or not mourning([found.pk]):
        return redirect("families:case", case=found.pk)
    form = LossCloseForm(request.POST or None, case=found)
    form.cancel_url = reverse("families:case", kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_after_loss(by=person_asking(request), case=found, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.info(request, "The work is at its close. The record stays, and the door stays open.")
            return redirect("families:case", case=found.pk)
    lead = (
        "No letter and no questionnaire goes out, and nobody is asked about the goals. Everything is kept, and the "
        "family can come back whenever they wish."
    )
    return _form_page(request, found, form, "Bring the work to its close", lead)


def _form_page(request: HttpRequest, case: Case, form: object, heading: str, lead: str = "") -> HttpResponse:
    context = {"case": case, "form": form, "heading": heading, "lead": lead, "tab": TAB}
    return render(request, "families/case_form.html", context)
