"""Beginning to send a film: what is asked, who may, how much there is room for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from clips import store
from clips.models import Recording
from families.models import Case
from tests.cast import Cast, FamilyInTests, give_consent, make_family
from tests.clips import filming
from tests.clips.sending import the_upload


def test_options_say_what_the_server_can_do(asha: Client, settings: LazySettings) -> None:
    answer = asha.options("/uploads/")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,termination,checksum,expiration"
    assert answer.headers["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_beginning_gives_an_address_a_token_and_the_film(asha: Client, consenting_family: FamilyInTests) -> None:
    answer = filming.begin(asha, consenting_family, 100, samples="a" * 64)
    assert answer.status_code == 201
    upload = the_upload()
    assert answer.headers["Location"] == f"/uploads/{upload.pk}/"
    assert answer.headers["Upload-Token"] == answer.json()["token"]
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.json()["film"] == str(upload.recording_id)
    assert upload.recording.state == "uploading"
    assert set(upload.recording.people.all()) == {consenting_family.rowan, consenting_family.sam}


def test_no_name_and_no_metadata_of_the_file_is_kept(asha: Client, consenting_family: FamilyInTests) -> None:
    body = {"name": "Rowan in the bath.mp4", "Upload-Metadata": "filename UGF0"}
    answer = filming.begin(asha, consenting_family, 100, **body)
    assert answer.status_code == 201
    fields = [
        str(getattr(row, field.attname))
        for row in (the_upload(), the_upload().recording)
        for field in row._meta.concrete_fields
    ]
    assert not any("bath" in text or "UGF0" in text for text in fields)
    assert "bath" not in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"people": []}, "people"),
        ({"filmed_on": "yesterday"}, "filmed_on"),
        ({"kind": "cartoon"}, "kind"),
        ({"length": -1}, "length"),
        ({"length": "long"}, "length"),
        ({"case": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}, "case"),
        ({"cycle": "nonsense"}, "cycle"),
        ({"samples": "file.mp4"}, "samples"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    asha: Client, consenting_family: FamilyInTests, said: dict, field: str
) -> None:
    answer = filming.begin(asha, consenting_family, 100, **said)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert not Recording.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "5"])
def test_what_is_not_json_is_refused(asha: Client, body: str) -> None:
    answer = asha.generic("POST", "/uploads/", body, CONTENT_TYPE="application/json")
    assert answer.status_code == 400
    assert asha.post("/uploads/", {"case": "x"}).status_code == 415


def test_an_empty_film_is_refused(asha: Client, consenting_family: FamilyInTests) -> None:
    answer = filming.begin(asha, consenting_family, 0)
    assert answer.status_code == 403
    assert "empty" in answer.json()["message"]


def test_a_film_over_the_limit_is_refused_before_a_byte_is_sent(
    asha: Client, consenting_family: FamilyInTests, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 2_000_000_000
    answer = filming.begin(asha, consenting_family, 2_000_000_001)
    assert answer.status_code == 413
    assert "the largest that we take is 2 GB" in answer.json()["message"]
    assert filming.begin(asha, consenting_family, 2_000_000_000).status_code == 201


def test_a_film_that_there_is_no_room_for_is_refused_and_what_others_still_send_counts(
    asha: Client, consenting_family: FamilyInTests, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_RESERVE_BYTES = 1000
    monkeypatch.setattr(store, "free_space", lambda: 5000)
    assert filming.begin(asha, consenting_family, 3000).status_code == 201
    answer = filming.begin(asha, consenting_family, 1001)
    assert answer.status_code == 507
    assert "no room" in answer.json()["message"]
    assert filming.begin(asha, consenting_family, 1000).status_code == 201


def test_no_film_is_taken_without_everyones_consent_and_the_reason_is_said(
    asha: Client, cast: Cast, family: FamilyInTests
) -> None:
    give_consent(family.sam, "film", by=cast.asha)
    answer = filming.begin(asha, family, 100)
    assert answer.status_code == 403
    assert answer.json()["reasons"] == ["Rowan has not been asked about being filmed."]
    assert answer.json()["field"] == "people"
    give_consent(family.rowan, "film", by=cast.asha, decided_by=family.sam)
    assert filming.begin(asha, family, 100).status_code == 201


def test_people_of_another_family_cannot_be_in_the_film(asha: Client, cast: Cast, consenting_family) -> None:
    other = make_family(cast.asha)
    answer = filming.begin(asha, consenting_family, 100, people=[str(other.sam.pk)])
    assert answer.status_code == 403
    assert answer.json()["field"] == "people"


def test_a_film_from_the_future_a_closed_case_and_another_familys_cycle_are_refused(
    asha: Client, cast: Cast, consenting_family: FamilyInTests
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert filming.begin(asha, consenting_family, 100, filmed_on=str(tomorrow)).json()["field"] == "filmed_on"
    case = consenting_family.case
    case.stage, case.closed_on = Case.Stage.CLOSED, timezone.localdate()
    case.save()
    assert "closed" in filming.begin(asha, consenting_family, 100).json()["message"]


@pytest.mark.parametrize(("who", "expected"), [("ben", 400), ("carol", 403), ("dev", 400), ("ina", 403)])
def test_who_may_not_send_a_film(
    cast: Cast, consenting_family: FamilyInTests, signed_in, who: str, expected: int
) -> None:
    """A stranger does not even learn that there is such a case; colleagues are told that it is not their work."""
    assert filming.begin(signed_in(getattr(cast, who)), consenting_family, 100).status_code == expected
    assert not Recording.objects.exists()


def test_beginning_needs_the_csrf_token(cast: Cast, consenting_family: FamilyInTests) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.asha)
    assert filming.begin(strict, consenting_family, 100).status_code == 403
    assert not Recording.objects.exists()
