"""The evidence of a decision: a signature's picture, a form signed on paper. Every look is written down."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from audit.actions import record as audit
from families import files
from families.models import ConsentPaper, Signature
from families.views.reach import case_for, person_asking


@require_safe
def signature_picture(request: HttpRequest, signature: uuid.UUID) -> FileResponse:
    """What somebody drew when they signed."""
    user = person_asking(request)
    found = get_object_or_404(Signature.objects.visible_to(user), pk=signature)
    case = case_for(request, found.case_id)
    if not found.picture:
        raise Http404("The name was typed.")
    audit(by=user, verb="signature.seen", subject=found, family_id=case.family_id, case_id=case.pk)
    return files.picture(found.picture)


@require_safe
def consent_paper(request: HttpRequest, paper: uuid.UUID) -> FileResponse:
    """The photograph or scan of a form, to be saved."""
    user = person_asking(request)
    found = get_object_or_404(ConsentPaper.objects.visible_to(user), pk=paper)
    case = case_for(request, found.case_id)
    audit(by=user, verb="consent-paper.seen", subject=found, family_id=case.family_id, case_id=case.pk)
    return files.attachment(found.stored, kind=found.kind, name=found.name)
