"""Contacts, logged in one short form; advice about families who stay anonymous; documents of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions
from families.models import Audience, Consultation, Contact, Document, NoteTemplate, Professional
from tests.cast import Cast, FamilyInTests
from tests.families import uploads
from tests.families.uploads import sent

SignedIn = Callable[[User], Client]
QUICK = {"kind": "call", "direction": "out", "outcome": "no_answer", "when": "now"}


def page(family: FamilyInTests, name: str, **more: Any) -> str:
    return reverse(f"families:{name}", kwargs={"case": family.case.pk, **more})


# --- Contacts ------------------------------------------------------------------------------------------------


def test_a_failed_call_is_logged_with_the_caregiver_preselected(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    form = client.get(page(family, "contact-log")).context["form"]
    assert form["who"].initial == str(family.sam.pk)
    asked = client.get(page(family, "contact-log"), {"person": str(family.nan.pk)}).context["form"]
    assert asked["who"].initial == str(family.nan.pk)
    assert client.post(page(family, "contact-log"), QUICK | {"who": str(family.sam.pk)}).status_code == 302
    contact = Contact.objects.get()
    assert (contact.person, contact.failed, contact.logged_by) == (family.sam, True, cast.asha)
    html = client.get(page(family, "notes")).content.decode()
    assert "Telephone call to" in html
    assert "No answer" in html
    timeline = client.get(page(family, "case")).content.decode()
    assert "Telephone call to Sam" in timeline


def test_a_contact_with_a_professional_names_them_from_the_family_or_by_hand(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    visitor = Professional.objects.create(
        family=family.family, role=Professional.Role.HEALTH_VISITOR, name="Jo Example", organisation="Riverside Clinic"
    )
    client = signed_in(cast.asha)
    client.post(page(family, "contact-log"), QUICK | {"who": f"professional-{visitor.pk}"})
    assert Contact.objects.get().other_party == "Jo Example, Health visitor, Riverside Clinic"
    wrong = client.post(page(family, "contact-log"), QUICK | {"who": "other", "other_party": " "})
    assert "Enter who it was, and from where" in wrong.content.decode()
    client.post(page(family, "contact-log"), QUICK | {"who": "other", "other_party": "A nursery"})
    assert Contact.objects.filter(other_party="A nursery", person=None).exists()


def test_a_contact_of_earlier_has_its_own_time_and_none_is_in_the_future(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    day = timezone.localdate() - timedelta(days=2)
    earlier = QUICK | {"who": str(family.sam.pk), "when": "earlier", "on": day.isoformat(), "time": "14:30"}
    assert client.post(page(family, "contact-log"), earlier).status_code == 302
    assert f"{timezone.localtime(Contact.objects.get().at):%Y-%m-%d %H:%M}" == f"{day} 14:30"
    tomorrow = earlier | {"on": (timezone.localdate() + timedelta(days=1)).isoformat()}
    assert client.post(page(family, "contact-log"), tomorrow).status_code == 200
    assert Contact.objects.count() == 1


def test_whoever_logged_it_corrects_it_for_a_day_and_its_history_keeps_what_it_said(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    contact = actions.log_contact(by=cast.asha, case=family.case, kind="call", person=family.sam, note="Sam is wel.")
    edit = page(family, "contact-edit", contact=contact.pk)
    day = timezone.localdate() - timedelta(days=1)
    form = QUICK | {"who": str(family.sam.pk), "note": "Sam is well.", "when": "earlier", "time": "9:00"}
    form |= {"on": day.isoformat()}
    assert signed_in(cast.carol).post(edit, form).status_code == 302
    contact.refresh_from_db()
    assert contact.note == "Sam is wel."
    assert signed_in(cast.asha).post(edit, form).status_code == 302
    contact.refresh_from_db()
    assert contact.note == "Sam is well."
    assert [each.note for each in contact.history.all()] == ["Sam is well.", "Sam is wel."]
    contact.logged_at -= timedelta(hours=25)
    contact.save()
    signed_in(cast.asha).post(edit, form | {"note": "Too late."})
    contact.refresh_from_db()
    assert contact.note == "Sam is well."


def test_a_contact_in_the_wrong_record_is_struck_out(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    contact = actions.log_contact(by=cast.asha, case=family.case, kind="call", person=family.sam, note="Secret words.")
    strike = page(family, "contact-strike", contact=contact.pk)
    assert signed_in(cast.carol).post(strike, {"reason": "Another family’s call."}).status_code == 302
    html = signed_in(cast.asha).get(page(family, "notes")).content.decode()
    assert "Secret words." not in html
    assert "Another family’s call." in html
    assert "Secret words." not in signed_in(cast.asha).get(page(family, "case")).content.decode()


# --- Anonymous consultations -----------------------------------------------------------------------------------

ADVICE = {
    "asked_by": "health_visitor",
    "organisation": "Riverside Clinic",
    "minutes": "20",
    "topic": "A baby who turns away while feeding",
    "advice": "Watch together who turns away first.",
}


def test_advice_to_a_professional_is_counted_without_a_record(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    form = ADVICE | {"on": timezone.localdate().isoformat()}
    assert client.post(reverse("families:consultation-log"), form).status_code == 302
    event = AuditEvent.objects.get(verb="consultation.logged")
    assert (event.family_id, event.case_id) == ("", "")
    listed = reverse("families:consultations")
    assert "1 consultation," in client.get(listed).content.decode()
    assert "turns away first" in signed_in(cast.carol).get(listed).content.decode()
    assert "turns away first" not in signed_in(cast.ben).get(listed).content.decode()
    assert signed_in(cast.dev).get(listed).status_code == 403


def test_a_consultation_with_an_nhs_number_in_it_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    form = ADVICE | {"on": timezone.localdate().isoformat(), "advice": "About 999 000 0018, see them."}
    html = signed_in(cast.asha).post(reverse("families:consultation-log"), form).content.decode()
    assert not Consultation.objects.exists()
    assert "NHS number in it" in html


# --- Documents ----------------------------------------------------------------------------------------------------


def add(client: Client, family: FamilyInTests, *uploaded: Any, **more: Any) -> Any:
    form = {"kind": "letter", "dated": timezone.localdate().isoformat(), "audience": "everyone"} | more
    return client.post(page(family, "document-add"), form | {"uploads": list(uploaded)})


def test_several_documents_are_added_listed_and_downloaded_by_whoever_may_and_it_is_audited(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    letter, drawing = sent("Letter from the GP.pdf", uploads.pdf()), sent("drawing.jpg", uploads.jpeg())
    assert add(client, family, letter, drawing, received_from="The GP").status_code == 302
    html = client.get(page(family, "documents")).content.decode()
    assert "Letter from the GP" in html
    first = Document.objects.get(file_kind="pdf")
    download = signed_in(cast.carol).get(page(family, "document", document=first.pk))
    assert b"".join(download) == uploads.pdf()
    assert "attachment" in download.headers["Content-Disposition"]
    assert signed_in(cast.ben).get(page(family, "document", document=first.pk)).status_code == 404
    assert client.get(page(family, "document-picture", document=first.pk)).status_code == 404
    picture = Document.objects.get(file_kind="jpeg")
    shown = client.get(page(family, "document-picture", document=picture.pk))
    assert shown.headers["Content-Type"] == "image/jpeg"
    verbs = list(AuditEvent.objects.filter(verb__startswith="document.").values_list("verb", flat=True))
    assert sorted(verbs) == ["document.added", "document.added", "document.downloaded", "document.shown"]


def test_one_hostile_file_among_several_keeps_them_all_out(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, settings: Any
) -> None:
    bad = sent("letter.docx", uploads.docx({"word/vbaProject.bin": b"macro"}))
    answer = add(signed_in(cast.asha), family, sent("letter.pdf", uploads.pdf()), bad, received_from="The GP")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "has a program in it" in html
    assert 'value="The GP"' in html
    assert not Document.objects.exists()
    assert not [each for each in Path(settings.MEDIA_STORE).rglob("*") if each.is_file()]


def test_the_size_limit_is_said_before_choosing(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, settings: Any
) -> None:
    settings.DOCUMENT_MAX_BYTES = 3 * 1024**2
    assert "Up to 3 MB each" in signed_in(cast.asha).get(page(family, "document-add")).content.decode()
    assert "Choose a file" in add(signed_in(cast.asha), family).content.decode()


def test_a_restricted_document_does_not_exist_for_others_and_a_struck_one_cannot_be_fetched(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    add(client, family, sent("court.pdf", uploads.pdf()), audience=Audience.RESTRICTED, title="Court paper")
    document = Document.objects.get()
    where = page(family, "document", document=document.pk)
    assert signed_in(cast.ina).get(where).status_code == 404
    assert "Court paper" not in signed_in(cast.ina).get(page(family, "documents")).content.decode()
    assert signed_in(cast.carol).get(where).status_code == 200
    client.post(page(family, "document-strike", document=document.pk), {"reason": "Another family’s paper."})
    assert client.get(where).status_code == 404
    html = client.get(page(family, "documents")).content.decode()
    assert "Court paper" not in html
    assert "Another family’s paper." in html


@pytest.mark.parametrize("kind", ["note", "contact", "document"])
def test_what_is_written_stands_in_the_timeline_and_its_filter(
    kind: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    add(client, family, sent("letter.pdf", uploads.pdf()), title="From the GP")
    client.post(page(family, "contact-log"), QUICK | {"who": str(family.sam.pk), "note": "Will ring back."})
    template = NoteTemplate.objects.get(name="Blank note")
    actions.begin_note(by=cast.asha, case=family.case, template=template, happened_at=timezone.now(), title="A visit")
    html = client.get(page(family, "case"), {"kind": kind}).content.decode()
    shown = {"note": "Note: A visit", "contact": "Will ring back.", "document": "Document: From the GP"}
    assert shown[kind] in html
