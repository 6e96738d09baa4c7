"""A copy of somebody's record: everything about them, nothing about others, read through by somebody, deleted after."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.models import AuditEvent
from families import actions, files
from families.models import AccessPack, Address, Case, Contact, Document, Note, NoteSection, Person, RiskConcern
from families.models.pack import due_after_a_month
from families.models.struck import Audience
from families.packs import dispatch, gathering, working
from families.packs.registry import pack_sources
from tests.cast import Cast, FamilyInTests, consent_to_everything
from tests.world import make_world

SignedIn = Callable[[User], Client]
State = AccessPack.State


@pytest.fixture
def record(cast: Cast, family: FamilyInTests) -> FamilyInTests:
    """A record with a bit of everything, in which Nan's whereabouts are protected."""
    consent_to_everything(family, by=cast.asha)
    family.sam.phone = "+447700900123"
    family.sam.save()
    family.nan.last_name, family.nan.phone, family.nan.address_confidential = "Hidden", "+447700900456", True
    family.nan.save()
    Address.objects.create(person=family.nan, lines="7 Quiet Lane\nElsewhere", postcode="SW1A 1AA")
    note = Note.objects.create(
        case=family.case,
        title="Home visit",
        happened_at=timezone.now(),
        author=cast.asha,
        signed_at=timezone.now(),
    )
    NoteSection.objects.create(note=note, position=1, heading="What went well", text="Sam waited for Rowan to look up.")
    NoteSection.objects.create(
        note=note, position=2, heading="Others", text="Pat rang from 07700 900 456.", audience=Audience.EVERYONE
    )
    NoteSection.objects.create(
        note=note, position=3, heading="About Nan", text="She is ill.", audience=Audience.THIRD_PARTY
    )
    Contact.objects.create(case=family.case, person=family.nan, kind="call", note="Nan told us.", logged_by=cast.asha)
    RiskConcern.objects.create(case=family.case, text="A worry about Sam.", recorded_by=cast.asha)
    kept = files.keep(files.accept(SimpleUploadedFile("letter.txt", b"Dear Sam"), most_bytes=1000), drawer="documents")
    Document.objects.create(
        case=family.case,
        person=family.sam,
        title="Letter",
        kind=Document.Kind.LETTER,
        stored=kept.stored,
        file_kind=kept.kind.value,
        file_name=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        uploaded_by=cast.asha,
    )
    return family


def ask(cast: Cast, family: FamilyInTests, person: Person | None = None, **more: object) -> AccessPack:
    given_ = {"asked_by": AccessPack.AskedBy.SELF, "asked_on": timezone.localdate(), "identity": "Known to me."}
    return actions.ask_for_pack(by=cast.carol, case=family.case, person=person or family.sam, **{**given_, **more})  # type: ignore[arg-type]


def gathered(pack: AccessPack) -> AccessPack:
    working.work(str(pack.pk), str(pack.attempt))
    pack.refresh_from_db()
    return pack


def texts(pack: AccessPack) -> str:
    return json.dumps(pack.gathered)


def opened(pack: AccessPack) -> zipfile.ZipFile:
    with files.open_(pack.stored) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_everything_about_the_person_is_gathered_and_others_details_leave_the_text(
    cast: Cast, record: FamilyInTests
) -> None:
    pack = gathered(ask(cast, record))
    assert pack.state == State.TO_READ
    said = texts(pack)
    assert "Sam waited for Rowan to look up." in said, "a child's first name stays for who is responsible for them"
    assert "[another person] rang from [another person]." in said
    for hidden in ("07700 900 456", "+447700900456", "Hidden", "Quiet Lane", "SW1A 1AA", "Pat"):
        assert hidden not in said
    sections = {section["key"] for section in pack.gathered}
    assert {"person", "work", "consents", "notes", "contacts", "documents", "concerns"} <= sections
    assert (pack.done, pack.steps) == (len(pack_sources()), len(pack_sources()))


def test_what_others_said_and_concerns_are_suggested_to_be_left_out(cast: Cast, record: FamilyInTests) -> None:
    pack = gathered(ask(cast, record))
    by_key = {entry["key"]: entry for section in pack.gathered for entry in section["entries"]}
    left_out = {by_key[key]["title"]: why for key, why in pack.withheld.items()}
    assert "About somebody else" in left_out["Home visit: About [another person]"]
    assert "harm" in left_out["A concern of the staff"]
    assert left_out["Home visit: Others"] == gathering.PROTECTED
    assert "Home visit: What went well" not in left_out


def test_every_app_that_holds_something_says_what_it_holds(db: None) -> None:
    world = make_world()
    sections = gathering.gather(world.family.sam)
    found = {section["key"] for section in sections}
    assert {"questions", "sessions", "films", "words", "consents"} <= found
    assert "He waits for me." in json.dumps(sections)


def test_the_copy_is_a_pdf_to_read_a_json_for_machines_and_the_documents(cast: Cast, record: FamilyInTests) -> None:
    pack = gathered(ask(cast, record))
    actions.decide_pack(by=cast.carol, pack=pack, withheld=pack.withheld)
    pack.refresh_from_db()
    pack = gathered(pack)
    assert pack.state == State.READY
    archive = opened(pack)
    assert sorted(archive.namelist()) == ["documents/001 letter.txt", "record.json", "record.pdf"]
    assert archive.read("documents/001 letter.txt") == b"Dear Sam"
    told = json.loads(archive.read("record.json"))
    assert told["person"] == "Sam Example"
    assert told["entries_left_out"] == len(pack.withheld)
    read = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(archive.read("record.pdf"))).pages)
    for whole in (read, json.dumps(told)):
        assert "Sam waited for Rowan to look up." in whole
        assert "A worry about Sam." not in whole
        assert "She is ill." not in whole


def test_words_that_look_like_markup_or_are_very_long_do_no_harm(cast: Cast, record: FamilyInTests) -> None:
    section = NoteSection.objects.get(heading="What went well")
    section.text = "<b>bold</b> & <para>…\n" + "word " * 6000 + "\n\u202e\U0001f476 Łódź"
    section.save()
    pack = gathered(ask(cast, record))
    actions.decide_pack(by=cast.carol, pack=pack, withheld=pack.withheld)
    pack.refresh_from_db()
    archive = opened(gathered(pack))
    text = pypdf.PdfReader(io.BytesIO(archive.read("record.pdf"))).pages[0].extract_text()
    assert "Sam Example" in text
    assert "\U0001f476 Łódź" in archive.read("record.json").decode()


def test_what_is_left_out_has_a_reason(cast: Cast, record: FamilyInTests) -> None:
    pack = gathered(ask(cast, record))
    key = pack.gathered[0]["entries"][0]["key"]
    with pytest.raises(ValidationError, match="Say why"):
        actions.decide_pack(by=cast.carol, pack=pack, withheld={key: "  "})


def test_after_it_was_handed_over_nothing_of_it_is_kept(
    cast: Cast, record: FamilyInTests, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    pack = gathered(ask(cast, record))
    actions.decide_pack(by=cast.carol, pack=pack, withheld=pack.withheld)
    pack.refresh_from_db()
    pack = gathered(pack)
    stored = pack.stored
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        pack = actions.end_pack(by=cast.carol, pack=pack, handed_over=True)
    assert (pack.gathered, pack.stored) == ([], "")
    assert not files.exists(stored)
    verbs = set(AuditEvent.objects.filter(subject_id=str(pack.pk)).values_list("verb", flat=True))
    assert verbs == {"pack.asked_for", "pack.read_through", "pack.handed_over"}


def test_a_message_delivered_twice_and_one_that_is_too_late_change_nothing(cast: Cast, record: FamilyInTests) -> None:
    pack = ask(cast, record)
    late = str(pack.attempt)
    pack = gathered(pack)
    before = AccessPack.objects.values().get(pk=pack.pk)
    working.work(str(pack.pk), late)
    assert AccessPack.objects.values().get(pk=pack.pk) == before


def test_a_silent_worker_is_replaced_three_times_and_then_given_up(cast: Cast, record: FamilyInTests) -> None:
    pack = ask(cast, record)
    for tries in range(1, 4):
        AccessPack.objects.filter(pk=pack.pk).update(
            tries=tries - 1, worked_at=timezone.now() - 2 * dispatch.SILENT, state=State.GATHERING
        )
        assert dispatch.put_back() == 1
    AccessPack.objects.filter(pk=pack.pk).update(tries=3, worked_at=timezone.now() - 2 * dispatch.SILENT)
    assert dispatch.put_back() == 0
    pack.refresh_from_db()
    assert pack.state == State.FAILED
    actions.gather_again(by=cast.carol, pack=pack)
    pack.refresh_from_db()
    assert gathered(pack).state == State.TO_READ


def test_a_document_that_is_damaged_fails_the_copy_and_says_so(cast: Cast, record: FamilyInTests) -> None:
    pack = gathered(ask(cast, record))
    actions.decide_pack(by=cast.carol, pack=pack, withheld={})
    Document.objects.update(sha256="0" * 64)
    pack.refresh_from_db()
    for section in pack.gathered:
        for entry in section["entries"]:
            for file in entry["files"]:
                file["sha256"] = "0" * 64
    pack.save()
    with pytest.raises(ValueError, match="not what was kept"):
        working.work(str(pack.pk), str(pack.attempt))
    pack.refresh_from_db()
    assert pack.state == State.FAILED
    assert "could not be made" in pack.problem


def test_a_child_is_asked_for_by_somebody_else(cast: Cast, record: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="is a child"):
        ask(cast, record, record.rowan)
    with pytest.raises(ValidationError, match="name of whoever asks"):
        ask(cast, record, record.rowan, asked_by=AccessPack.AskedBy.RESPONSIBLE)
    ask(cast, record, record.rowan, asked_by=AccessPack.AskedBy.RESPONSIBLE, asked_by_name="Sam Example")
    with pytest.raises(ValidationError, match="being made already"):
        ask(cast, record, record.rowan, asked_by=AccessPack.AskedBy.RESPONSIBLE, asked_by_name="Sam Example")
    with pytest.raises(ValidationError, match="A manager"):
        actions.ask_for_pack(
            by=cast.asha,
            case=record.case,
            person=record.sam,
            asked_by="self",
            asked_on=timezone.localdate(),
            identity="Known.",
        )


def test_the_pages_lead_from_asking_to_handing_over(cast: Cast, record: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.carol)
    case = {"case": record.case.pk}
    today = timezone.localdate()
    assert "How did you make sure who asks?" in client.get(reverse("families:pack-ask", kwargs=case)).content.decode()
    answer = client.post(
        reverse("families:pack-ask", kwargs=case),
        {
            "person": record.sam.pk,
            "asked_by": "self",
            "asked_on_day": today.day,
            "asked_on_month": today.month,
            "asked_on_year": today.year,
            "identity": "Known to me; showed a passport.",
        },
    )
    pack = AccessPack.objects.get()
    page = reverse("families:pack", kwargs={**case, "pack": pack.pk})
    assert answer.url == page
    assert "Being gathered" in client.get(page).content.decode()
    pack = gathered(pack)
    reading = client.get(page).content.decode()
    assert "Sam waited for Rowan to look up." in reading
    key = next(iter(pack.withheld))
    refused = client.post(page, {"withhold": [key], f"why-{key}": ""})
    assert refused.status_code == 400
    page_refused = refused.content.decode()
    assert "Enter why this is left out" in page_refused
    assert page_refused.count("why-") > 1
    client.post(page, {"withhold": list(pack.withheld), **{f"why-{k}": why for k, why in pack.withheld.items()}})
    pack.refresh_from_db()
    pack = gathered(pack)
    saved = client.get(reverse("families:pack-download", kwargs={**case, "pack": pack.pk}))
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["Cache-Control"] == "private, no-store"
    assert b"".join(saved.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(verb="pack.downloaded").count() == 1
    client.post(reverse("families:pack-end", kwargs={**case, "pack": pack.pk}), {"how": "handed_over"})
    pack.refresh_from_db()
    assert pack.state == State.HANDED_OVER
    assert client.get(reverse("families:pack-download", kwargs={**case, "pack": pack.pk})).status_code == 404


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31)))
def test_a_copy_is_due_on_the_same_day_of_the_next_month_or_its_last(asked_on: date) -> None:
    due = due_after_a_month(asked_on)
    assert timedelta(days=28) <= due - asked_on <= timedelta(days=31)
    assert (due.year * 12 + due.month) - (asked_on.year * 12 + asked_on.month) == 1
    assert due.day == asked_on.day or (due + timedelta(days=1)).day == 1


def test_the_record_of_a_restricted_family_is_not_gathered_by_others(cast: Cast, record: FamilyInTests) -> None:
    pack = ask(cast, record)
    assert AccessPack.objects.visible_to(cast.ben).count() == 0
    assert AccessPack.objects.visible_to(cast.carol).get() == pack
    assert Case.objects.visible_to(cast.ben).count() == 0
