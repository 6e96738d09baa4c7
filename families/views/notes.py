"""Notes of a case: listed with its contacts, begun, written, signed, read, added to."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Permission
from families import actions, notes, registry
from families.actions import Typed
from families.actions.contacts import may_correct
from families.actions.notes import Saved
from families.forms.fields import add_action_error, without_controls
from families.forms.notes import AboutNoteForm, AddendumForm, BeginNoteForm, WriteNoteForm
from families.models import Case, Note, NoteTemplate
from families.views.contacts import strike
from families.views.reach import case_for, editable_case_for, person_asking

TAB = "families:notes"


@require_safe
def notes_tab(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Notes and contacts together, the latest first."""
    found = case_for(request, case)
    user = person_asking(request)
    show = request.GET.get("show", "")
    tab = notes.notes_and_contacts(found, user, show=show, number=request.GET.get("page", 1))
    context = {
        "case": found,
        "tab": TAB,
        "page": tab.page,
        "lines": tab.lines,
        "show": show if show in {notes.NOTES, notes.CONTACTS} else "",
        "others": notes.drafts_of_others(found, user),
        "may_edit": user.can(Permission.EDIT_CASES),
        "correctable": {
            line.contact.pk for line in tab.lines if line.contact is not None and may_correct(user, line.contact)
        },
    }
    return render(request, "families/notes.html", context)


def note_new(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Choose a template; ``?about=`` names the session that the note is about."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    form = BeginNoteForm(
        request.POST or None,
        templates=list(NoteTemplate.objects.filter(active=True)),
        occasions=registry.occasions(found, user),
        about=request.GET.get("about", ""),
    )
    form.cancel_url = reverse(TAB, kwargs={"case": found.pk})
    if request.method == "POST" and form.is_valid():
        try:
            note = actions.begin_note(by=user, case=found, **form.facts())
        except ValidationError as error:
            add_action_error(form, error, {"happened_at": "time"})
        else:
            return redirect("families:note-write", case=found.pk, note=note.pk)
    lead = "It is saved while you write, and only you see it until you sign it."
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Write a note", "lead": lead, "tab": TAB},
    )


def _draft_for(request: HttpRequest, case: uuid.UUID, note: uuid.UUID) -> tuple[Case, Note]:
    """A note that this person may write in, signed or not: 404 for anybody but its author."""
    found = editable_case_for(request, case)
    user = person_asking(request)
    rows = Note.objects.visible_to(user).filter(author=user).prefetch_related("sections__asides")
    return found, get_object_or_404(rows, pk=note, case=found)


def note_write(request: HttpRequest, case: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    """Write a draft, and sign it. Saves itself while somebody types; the Save button does without a script."""
    found, draft = _draft_for(request, case, note)
    user = person_asking(request)
    if not draft.waits:
        return redirect("families:note", case=found.pk, note=draft.pk)
    form = WriteNoteForm(request.POST or None, sections=list(draft.sections.all()))
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, draft, form)
            if not saved.conflicts and "sign" in request.POST:
                actions.sign_note(by=user, note=draft)
                messages.success(request, "The note is signed. You can still add to it.")
                return redirect("families:note", case=found.pk, note=draft.pk)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            if not saved.conflicts:
                messages.success(
                    request, f"Saved {timezone.localtime():%H:%M}. Only you see this note until you sign it."
                )
                return redirect("families:note-write", case=found.pk, note=draft.pk)
            form = _after_conflict(request, form, saved)
    context = {"case": found, "tab": TAB, "note": draft, "form": form, "asides": _asides(found, draft, form)}
    return render(request, "families/note_write.html", context)


def _save(request: HttpRequest, draft: Note, form: WriteNoteForm) -> Saved:
    return actions.save_note(
        by=person_asking(request),
        note=draft,
        typed=form.typed(),
        window=form.cleaned_data["window"],
        turn=form.cleaned_data["turn"] or 0,
        done_with=[int(each) for each in request.POST.getlist("done_with") if each.isdigit()],
    )


def _after_conflict(request: HttpRequest, form: WriteNoteForm, saved: Saved) -> WriteNoteForm:
    """The same page with what was typed, from the newer words on: what another window wrote stands beside it."""
    data = request.POST.copy()
    for conflict in saved.conflicts:
        data[f"base_{conflict.section.pk}"] = str(conflict.section.version)
    for section in saved.written:
        data[f"base_{section.pk}"] = str(section.version)
    again = WriteNoteForm(data, sections=form.sections)
    again.full_clean()
    for conflict in saved.conflicts:
        again.add_error(
            f"text_{conflict.section.pk}",
            "This part was changed in another window meanwhile. What is saved there stands below: take what you need "
            "of it, then save again.",
        )
        again.saved_elsewhere[conflict.section.pk] = conflict.section.text
    return again


def _asides(case: Case, draft: Note, form: WriteNoteForm) -> dict[int, list[Any]]:
    """Words of other windows that wait beside a part; this page's own are in its boxes."""
    window = str(form["window"].value() or "")
    return {
        section.pk: [aside for aside in section.asides.all() if str(aside.window) != window]
        for section in draft.sections.all()
    }


@require_POST
def note_save(request: HttpRequest, case: uuid.UUID, note: uuid.UUID) -> JsonResponse:
    """Save what somebody is typing: the parts that changed, each with the version that the page began from."""
    _, draft = _draft_for(request, case, note)
    try:
        sent = json.loads(request.body)
        window, turn = uuid.UUID(str(sent["window"])), int(sent["turn"])
        typed = [
            Typed(
                section=int(each["section"]),
                text=without_controls(str(each["text"]).replace("\r\n", "\n"), keep="\n\t"),
                base=int(each["base"]),
                audience=str(each.get("audience", "")),
            )
            for each in sent["parts"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "This is not a save of a note."}, status=400)
    if not 0 <= turn < 2**31:
        return JsonResponse({"error": "This is not a save of a note."}, status=400)
    try:
        saved = actions.save_note(by=person_asking(request), note=draft, typed=typed, window=window, turn=turn)
    except ValidationError as error:
        signed = getattr(error, "code", "") == "signed"
        return JsonResponse({"error": error.messages[0], "signed": signed}, status=409 if signed else 400)
    at = saved.note.saved_at
    return JsonResponse(
        {
            "at": f"{timezone.localtime(at):%H:%M}" if at else "",
            "written": {section.pk: section.version for section in saved.written},
            "conflicts": [
                {
                    "section": each.section.pk,
                    "text": each.section.text,
                    "version": each.section.version,
                    "at": f"{timezone.localtime(each.at):%H:%M}" if each.at else "",
                }
                for each in saved.conflicts
            ],
        }
    )


def note_about(request: HttpRequest, case: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    """Change what a draft is called and when it happened."""
    found, draft = _draft_for(request, case, note)
    back = reverse("families:note-write", kwargs={"case": found.pk, "note": draft.pk})
    if not draft.waits:
        return redirect("families:note", case=found.pk, note=draft.pk)
    form = AboutNoteForm(request.POST or None, note=draft)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_about(by=person_asking(request), note=draft, **form.facts())
        except ValidationError as error:
            add_action_error(form, error, {"happened_at": "time"})
        else:
            return redirect(back)
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "What the note is about", "tab": TAB},
    )


def _note_for(request: HttpRequest, found: Case, note: uuid.UUID) -> Note:
    rows = Note.objects.visible_to(person_asking(request)).select_related("author", "struck_by", "case")
    return get_object_or_404(rows, pk=note, case=found)


@require_safe
def note(request: HttpRequest, case: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    """A signed note with what was added; struck out, that it was."""
    found = case_for(request, case)
    user = person_asking(request)
    read = _note_for(request, found, note)
    if read.waits and read.author_id == user.pk:
        return redirect("families:note-write", case=found.pk, note=read.pk)
    if not read.is_struck:
        actions.look_at_note(by=user, note=read)
    context = {
        "case": found,
        "tab": TAB,
        "note": read,
        "shown": notes.note_shown(read, user),
        "occasion": next((each for each in registry.occasions(found, user) if each.id == read.occasion_id), None),
        "may_edit": user.can(Permission.EDIT_CASES),
    }
    return render(request, "families/note.html", context)


def note_add(request: HttpRequest, case: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    """Add to a signed note."""
    found = editable_case_for(request, case)
    signed = _note_for(request, found, note)
    back = reverse("families:note", kwargs={"case": found.pk, "note": signed.pk})
    if signed.is_draft or signed.is_struck:
        messages.info(request, "Only a signed note is added to.")
        return redirect(back)
    form = AddendumForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_to_note(by=person_asking(request), note=signed, **form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, "Added to the note.")
            return redirect(back)
    lead = "What the note says stays as it was signed. Your addition stands below it, with your name and the time."
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Add to the note", "lead": lead, "tab": TAB},
    )


def note_strike(request: HttpRequest, case: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    """Strike out a note that belongs elsewhere; a draft in which nothing was ever written simply goes."""
    found = editable_case_for(request, case)
    entry = _note_for(request, found, note)
    back = reverse(TAB, kwargs={"case": found.pk})
    user = person_asking(request)
    own_draft = entry.waits and entry.author_id == user.pk
    if request.method == "POST" and own_draft and actions.discard_empty_note(by=user, note=entry):
        messages.success(request, "The empty note is gone.")
        return redirect(back)
    return strike(request, entry, back, found, TAB)
