"""What is said of a document is put right: whom it is about, what it is, who may open it; its bytes stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions, files
from families.models import Document
from tests.cast import Cast, FamilyInTests, make_family
from tests.families import uploads
from tests.families.test_households import parts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def letter(cast: Cast, family: FamilyInTests) -> Document:
    accepted = files.accept(uploads.sent("letter.pdf", uploads.pdf()), most_bytes=10**6)
    return actions.add_documents(
        by=cast.asha, case=family.case, accepted=[accepted], kind="letter", title="Letter", person=family.nan
    )[0]


def url(document: Document) -> str:
    return reverse("families:document-edit", kwargs={"case": document.case_id, "document": document.pk})


def typed(**more: Any) -> dict[str, Any]:
    return {
        "title": "Letter from the GP",
        "kind": "report",
        "received_from": "the GP",
        **parts("dated", timezone.localdate() - timedelta(days=3)),
        "person": "",
        "audience": "everyone",
        **more,
    }


def test_it_is_about_somebody_else_and_the_file_is_the_same(
    cast: Cast, family: FamilyInTests, letter: Document, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    list_page = reverse("families:documents", kwargs={"case": family.case.pk})
    assert url(letter) in client.get(list_page).content.decode()
    assert 'value="Letter"' in client.get(url(letter)).content.decode()
    client.post(url(letter), typed(person=str(family.sam.pk)))
    changed = Document.objects.get()
    assert (changed.person, changed.title, changed.kind) == (family.sam, "Letter from the GP", "report")
    assert (changed.sha256, changed.stored) == (letter.sha256, letter.stored)
    event = AuditEvent.objects.get(verb="document.changed")
    assert "person" in str(vars(event))


def test_what_does_not_fit_is_said_beside_its_question(
    cast: Cast, family: FamilyInTests, letter: Document, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    tomorrow = parts("dated", timezone.localdate() + timedelta(days=1))
    page = client.post(url(letter), typed(title="", **tomorrow)).content.decode()
    assert "must be today or in the past" in page
    assert "Enter" in page
    stranger = make_family(cast.ben).sam
    with pytest.raises(ValidationError, match="Select somebody of this family"):
        actions.change_document(by=cast.asha, document=letter, changes={"person": stranger})
    assert Document.objects.get().title == "Letter"


def test_a_document_that_is_struck_out_stays_as_it_was(
    cast: Cast, family: FamilyInTests, letter: Document, signed_in: SignedIn
) -> None:
    letter.struck_at, letter.struck_by, letter.struck_reason = timezone.now(), cast.asha, "Of another family."
    letter.save()
    assert signed_in(cast.asha).get(url(letter)).status_code == 404
    with pytest.raises(ValidationError, match="struck out"):
        actions.change_document(by=cast.asha, document=letter, changes={"title": "x"})
