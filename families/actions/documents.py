"""Documents of a case: taken in, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families import files
from families.actions.packs import anew
from families.models import AccessPack, Audience, Case, Document, Person


def add_documents(
    *,
    by: User,
    case: Case,
    accepted: Sequence[files.Accepted],
    kind: str,
    title: str = "",
    received_from: str = "",
    dated: date | None = None,
    person: Person | None = None,
    audience: str = Audience.EVERYONE,
) -> list[Document]:
    """Keep files that were accepted (``families.files.accept``), all of them or none.

    ``title`` is of one document; several are each called by their own file's name.
    """
    if not accepted:
        raise ValidationError({"files": "Choose a file"})
    if person is not None and not case.people.filter(pk=person.pk).exists():
        raise ValidationError({"person": "Select somebody of this family"})
    if dated is not None and dated > timezone.localdate():
        raise ValidationError({"dated": "The date of the document must be today or in the past"})
    kept: list[files.Kept] = []
    try:
        for file in accepted:
            kept.append(files.keep(file, drawer="documents"))
        with transaction.atomic():
            return [
                _add(
                    by,
                    case,
                    each,
                    kind=kind,
                    title=title.strip() if title.strip() and len(kept) == 1 else each.name.rsplit(".", 1)[0],
                    received_from=received_from.strip(),
                    dated=dated or timezone.localdate(),
                    person=person,
                    audience=audience,
                )
                for each in kept
            ]
    except Exception:
        for each in kept:
            files.remove(each.stored)
        raise


def _add(by: User, case: Case, kept: files.Kept, **facts: object) -> Document:
    document = Document(
        case=case,
        stored=kept.stored,
        file_kind=kept.kind,
        file_name=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        has_picture=kept.has_picture,
        uploaded_by=by,
        **facts,
    )
    document.full_clean(exclude=["case", "person", "uploaded_by"])
    document.save()
    audit(
        by=by,
        verb="document.added",
        subject=document,
        family_id=case.family_id,
        case_id=case.pk,
        kind=document.kind,
        bytes=kept.size,
        sha256=kept.sha256,
    )
    return document


CHANGEABLE = ("title", "kind", "received_from", "dated", "person", "audience")


@transaction.atomic
def change_document(*, by: User, document: Document, changes: dict[str, Any]) -> Document:
    """Put right what is said of a document; its bytes are never changed. What was said before is in the trail.

    Raises ValidationError, keyed by argument. Copies of records under way are gathered anew: the document may belong in
    another one.
    """
    found = Document.objects.select_for_update(of=("self",)).select_related("case").get(pk=document.pk)
    if found.is_struck:
        raise ValidationError("This document is struck out.")
    person = changes.get("person", found.person)
    if person is not None and not found.case.people.filter(pk=person.pk).exists():
        raise ValidationError({"person": "Select somebody of this family"})
    if changes.get("dated", found.dated) > timezone.localdate():
        raise ValidationError({"dated": "The date of the document must be today or in the past"})
    if not str(changes.get("title", found.title)).strip():
        raise ValidationError({"title": "Enter what it is called"})
    changed = [name for name in CHANGEABLE if name in changes and getattr(found, name) != changes[name]]
    for name in changed:
        setattr(found, name, changes[name])
    if not changed:
        return found
    found.full_clean(exclude=["case", "person", "uploaded_by"])
    found.save()
    for pack in AccessPack.objects.under_way().filter(person__cases=found.case).distinct():
        anew(pack)
    audit(
        by=by,
        verb="document.changed",
        subject=found,
        family_id=found.case.family_id,
        case_id=found.case_id,
        fields=changed,
        person=str(found.person_id or ""),
    )
    return found


def look_at_document(*, by: User, document: Document, how: str) -> None:
    """Write down that somebody downloaded a document, or saw its picture (``how``: "downloaded", "shown")."""
    case = document.case
    audit(by=by, verb=f"document.{how}", subject=document, family_id=case.family_id, case_id=case.pk)
