"""The documents of a case: listed, added, downloaded, struck out."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Permission
from families import actions, files
from families.forms.documents import DocumentForm
from families.forms.fields import add_action_error
from families.models import Document
from families.views.contacts import strike
from families.views.reach import case_for, editable_case_for, person_asking
from families.views.saving import form_page

ON_A_PAGE = 50


@require_safe
def documents(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Every document of a case, the latest first."""
    found = case_for(request, case)
    user = person_asking(request)
    rows = Document.objects.visible_to(user).filter(case=found).select_related("person", "uploaded_by", "struck_by")
    kinds = dict(Document.Kind.choices)
    kind = request.GET.get("kind", "")
    if kind in kinds:
        rows = rows.filter(kind=kind)
    context = {
        "case": found,
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page", 1)),
        "kinds": kinds,
        "kind": kind if kind in kinds else "",
        "may_edit": user.can(Permission.EDIT_CASES),
    }
    return render(request, "families/documents.html", context)


def document_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Add one or several documents."""
    found = editable_case_for(request, case)
    posted = request.method == "POST"
    form = DocumentForm(request.POST if posted else None, request.FILES if posted else None, case=found)
    form.cancel_url = reverse("families:documents", kwargs={"case": found.pk})
    if posted and form.is_valid():
        try:
            added = actions.add_documents(by=person_asking(request), case=found, **form.facts())
        except ValidationError as error:
            add_action_error(form, error, {"files": "uploads"})
        else:
            count = len(added)
            messages.success(request, "The document is added." if count == 1 else f"{count} documents are added.")
            return redirect("families:documents", case=found.pk)
    return render(
        request,
        "families/case_form.html",
        {"case": found, "form": form, "heading": "Add documents", "tab": "families:documents"},
    )


def _document_for(request: HttpRequest, case: uuid.UUID, document: uuid.UUID) -> Document:
    """A document whose bytes may leave: one that is struck out is hidden."""
    found = case_for(request, case)
    rows = Document.objects.visible_to(person_asking(request)).standing().select_related("case")
    return get_object_or_404(rows, pk=document, case=found)


@require_safe
def document(request: HttpRequest, case: uuid.UUID, document: uuid.UUID) -> HttpResponseBase:
    """The file itself, as a download."""
    wanted = _document_for(request, case, document)
    response = files.attachment(wanted.stored, kind=wanted.file_kind, name=wanted.file_name)
    actions.look_at_document(by=person_asking(request), document=wanted, how="downloaded")
    return response


@require_safe
def document_picture(request: HttpRequest, case: uuid.UUID, document: uuid.UUID) -> HttpResponseBase:
    """What a picture shows, made anew."""
    wanted = _document_for(request, case, document)
    if not wanted.has_picture:
        raise Http404("This document is no picture.")
    response = files.picture(wanted.stored)
    actions.look_at_document(by=person_asking(request), document=wanted, how="shown")
    return response


def document_strike(request: HttpRequest, case: uuid.UUID, document: uuid.UUID) -> HttpResponse:
    """Strike out a document that belongs elsewhere."""
    found = editable_case_for(request, case)
    wanted = get_object_or_404(Document.objects.visible_to(person_asking(request)), pk=document, case=found)
    return strike(
        request, wanted, reverse("families:documents", kwargs={"case": found.pk}), found, "families:documents"
    )


def document_edit(request: HttpRequest, case: uuid.UUID, document: uuid.UUID) -> HttpResponse:
    """Put right what is said of a document: whom it is about, what it is, who may open it."""
    found = editable_case_for(request, case)
    rows = Document.objects.visible_to(person_asking(request)).standing()
    wanted = get_object_or_404(rows, pk=document, case=found)
    form = DocumentForm.of(request.POST or None, case=found, document=wanted)

    def save() -> str:
        actions.change_document(by=person_asking(request), document=wanted, changes=form.changes())
        return "Saved. The file itself is as it was."

    return form_page(
        request,
        case=found,
        form=form,
        heading="What is said of this document",
        save=save,
        back=reverse("families:documents", kwargs={"case": found.pk}),
        lead=f"{wanted.file_name}, {wanted.size_in_words}",
        tab="families:documents",
    )
