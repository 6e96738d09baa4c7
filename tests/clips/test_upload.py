"""Whose a film on its way is, with which consent, how it is found again, ended, and proven whole."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from clips import actions, receiving, store, tokens
from clips.models import Upload, VideoJob
from families.models import Consent
from tests.cast import Cast, FamilyInTests, make_family
from tests.clips import filming
from tests.clips.filming import TUS, patch
from tests.clips.sending import DATA, Dying, on_disk, the_upload

# --- Whose it is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ben", "carol", "dev", "tess", "sue", "ina"])
def test_nobody_else_learns_that_there_is_an_upload(cast: Cast, url: str, signed_in, who: str) -> None:
    other = signed_in(getattr(cast, who))
    assert other.head(url, headers=TUS).status_code == 404
    assert patch(other, url, 0, DATA).status_code == 404
    assert other.delete(url, headers=TUS).status_code == 404
    assert filming.state(other, url, DATA).status_code == 404
    assert other.get("/uploads/").json() == {"uploads": []}
    assert the_upload().state == "receiving"
    assert on_disk() == b""


def test_an_upload_that_is_not_there_looks_like_another_persons(asha: Client) -> None:
    nowhere = "/uploads/6f9619ff-8b86-d011-b42d-00c04fc964ff/"
    assert asha.head(nowhere, headers=TUS).status_code == 404
    assert patch(asha, nowhere, 0, DATA).status_code == 404


def test_pieces_and_cancelling_need_the_csrf_token_without_an_upload_token(cast: Cast, url: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.asha)
    assert patch(strict, url, 0, DATA).status_code == 403
    assert strict.delete(url, headers=TUS).status_code == 403
    assert strict.post(f"{url}hash/", "{}", content_type="application/json").status_code == 403
    assert on_disk() == b""
    assert the_upload().state == "receiving"
    assert strict.head(url, headers=TUS).status_code == 200


# --- The token: while the page is covered or signed out ---------------------------------------------------------


def test_a_token_sends_on_without_a_sign_in(url: str) -> None:
    nobody = Client(enforce_csrf_checks=True)
    token = tokens.issue(the_upload())
    assert nobody.head(url, headers=TUS | {"Upload-Token": token}).status_code == 200
    assert patch(nobody, url, 0, DATA, Upload_Token=token).status_code == 204
    assert on_disk() == DATA
    whole = nobody.head(url, headers=TUS | {"Upload-Token": token})
    assert whole.headers["Upload-Offset"] == "5000"
    assert "Upload-Token" not in whole.headers  # it does not renew itself


def test_a_token_does_nothing_else(cast: Cast, url: str) -> None:
    nobody = Client(enforce_csrf_checks=True)
    said = TUS | {"Upload-Token": tokens.issue(the_upload())}
    assert nobody.delete(url, headers=said).status_code in {302, 303, 401, 403}
    assert nobody.post(f"{url}hash/", "{}", content_type="application/json", headers=said).status_code in {
        302,
        401,
        403,
    }
    assert nobody.get("/uploads/", headers=said).status_code in {302, 303, 401}
    film = the_upload().recording_id
    assert nobody.get(f"/films/{film}/status/", headers=said).status_code in {302, 303, 401}
    assert the_upload().state == "receiving"


def test_without_a_sign_in_and_without_a_token_nothing_is_taken(url: str) -> None:
    nobody = Client(enforce_csrf_checks=True)
    assert nobody.head(url, headers=TUS).status_code == 401
    answer = patch(nobody, url, 0, DATA)
    assert answer.status_code == 401
    assert answer.json()["signed_out"] is True
    assert on_disk() == b""


def test_a_token_is_for_one_upload_of_one_person_and_for_a_day(
    asha: Client, cast: Cast, consenting_family: FamilyInTests, url: str, settings: LazySettings
) -> None:
    nobody, upload = Client(), the_upload()
    other = filming.begin(asha, consenting_family, 100).json()["token"]
    forged = TimestampSigner(salt="another").sign(f"{cast.asha.pk}:{upload.pk}")
    somebody = TimestampSigner(salt="upload").sign(f"{cast.ben.pk}:{upload.pk}")
    for token in (other, forged, somebody, "", "nonsense", tokens.issue(upload)[:-1]):
        said = TUS | {"Upload-Offset": "0", "Upload-Token": token}
        answer = nobody.generic("PATCH", url, DATA, filming.CHUNK, headers=said)
        assert answer.status_code == 401, token
    good = tokens.issue(upload)
    settings.UPLOAD_TOKEN_LIFE = timedelta(seconds=-1)
    assert patch(nobody, url, 0, DATA, Upload_Token=good).status_code == 401
    settings.UPLOAD_TOKEN_LIFE = timedelta(hours=24)
    cast.asha.is_active = False
    cast.asha.save()
    assert patch(nobody, url, 0, DATA, Upload_Token=good).status_code == 401
    assert not store.path(upload.recording_id, store.PART).exists()


def test_a_token_stops_working_when_the_case_is_taken_away(cast: Cast, url: str, consenting_family) -> None:
    token, case = tokens.issue(the_upload()), consenting_family.case
    case.lead, case.team = cast.ben, cast.south
    case.save()
    assert patch(Client(), url, 0, DATA, Upload_Token=token).status_code == 401


def test_someone_who_signed_in_again_is_given_a_fresh_token(asha: Client, url: str) -> None:
    token = asha.head(url, headers=TUS).headers["Upload-Token"]
    assert patch(Client(), url, 0, DATA, Upload_Token=token).status_code == 204


# --- Consent -----------------------------------------------------------------------------------------------------


def test_consent_that_ends_while_a_film_is_sent_refuses_the_next_piece(
    asha: Client, url: str, consenting_family: FamilyInTests
) -> None:
    patch(asha, url, 0, DATA[:1000])
    Consent.objects.filter(person=consenting_family.sam, purpose="film").update(
        expires_on=timezone.localdate() - timedelta(days=1)
    )
    answer = patch(asha, url, 1000, DATA[1000:])
    assert answer.status_code == 403
    assert "Sam’s agreement to being filmed has run out. Ask again." in answer.json()["reasons"]
    assert patch(Client(), url, 1000, DATA[1000:], Upload_Token=tokens.issue(the_upload())).status_code == 403
    Consent.objects.filter(person=consenting_family.sam).update(expires_on=None)
    assert patch(asha, url, 1000, DATA[1000:]).status_code == 204


def test_consent_that_ends_in_the_middle_of_a_long_piece_ends_the_piece(url: str, monkeypatch) -> None:
    monkeypatch.setattr(receiving, "ASK_EVERY_SECONDS", -1)
    monkeypatch.setattr(receiving, "BLOCK", 1000)
    wanted = iter([True, True, False])
    data = Dying(DATA, error=True)
    with pytest.raises(receiving.Over):
        receiving.receive(the_upload(), data.read, offset=0, length=5000, still_wanted=lambda: next(wanted))
    assert len(data.data) == 2000


# --- Cancelling, forgetting, finding again -------------------------------------------------------------------------


def test_cancelling_destroys_what_came(asha: Client, url: str, django_capture_on_commit_callbacks) -> None:
    patch(asha, url, 0, DATA[:1000])
    folder = store.folder(the_upload().recording_id)
    with django_capture_on_commit_callbacks(execute=True):
        assert asha.delete(url, headers=TUS).status_code == 204
    assert not folder.exists()
    assert the_upload().state == "cancelled"
    assert the_upload().recording.state == "destroyed"
    assert asha.head(url, headers=TUS).status_code == 410
    assert patch(asha, url, 1000, DATA[1000:]).status_code == 410
    assert not folder.exists()


def test_a_film_that_has_arrived_is_not_cancelled_by_mistake(asha: Client, url: str) -> None:
    patch(asha, url, 0, DATA)
    answer = asha.delete(url, headers=TUS)
    assert answer.status_code == 409
    assert "Wrong film" in answer.json()["message"]
    assert on_disk() == DATA


def test_a_film_that_was_left_half_way_is_found_again(asha: Client, cast: Cast, consenting_family) -> None:
    samples = hashlib.sha256(b"size and samples").hexdigest()
    url = filming.begin(asha, consenting_family, 5000, samples=samples).headers["Location"]
    patch(asha, url, 0, DATA[:1234])
    found = asha.get(f"/uploads/?case={consenting_family.case.pk}").json()["uploads"]
    assert [(each["upload_url"], each["offset"], each["length"], each["samples"]) for each in found] == [
        (url, 1234, 5000, samples)
    ]
    assert patch(Client(), url, 1234, DATA[1234:], Upload_Token=found[0]["token"]).status_code == 204
    assert asha.get("/uploads/").json() == {"uploads": []}
    other = make_family(cast.asha)
    assert asha.get(f"/uploads/?case={other.case.pk}").json() == {"uploads": []}
    assert asha.get("/uploads/?case=nonsense").status_code == 400


def test_an_upload_that_nobody_comes_back_to_is_destroyed_after_a_week(
    asha: Client, url: str, django_capture_on_commit_callbacks
) -> None:
    patch(asha, url, 0, DATA[:1000])
    folder = store.folder(the_upload().recording_id)
    Upload.objects.update(updated_at=timezone.now() - timedelta(days=6, hours=23))
    assert actions.purge_stale_uploads() == 0
    Upload.objects.update(updated_at=timezone.now() - timedelta(days=7, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.purge_stale_uploads() == 1
    assert not folder.exists()
    event = AuditEvent.objects.get(verb="film.destroyed")
    assert event.actor_id == ""
    assert actions.purge_stale_uploads() == 0


def test_one_person_has_a_limit_of_unfinished_uploads(asha: Client, consenting_family, monkeypatch) -> None:
    from clips.actions import uploads

    monkeypatch.setattr(uploads, "MOST_UNFINISHED", 2)
    assert [filming.begin(asha, consenting_family, 100).status_code for _ in range(3)] == [201, 201, 403]


# --- The hash --------------------------------------------------------------------------------------------------------


def test_the_hash_may_come_before_the_last_byte_or_after_or_twice(asha: Client, url: str) -> None:
    assert filming.state(asha, url, DATA).json() == {
        "state": "receiving",
        "hash_equal": None,
        "erase_copy_due": False,
    }
    patch(asha, url, 0, DATA)
    recording = the_upload().recording
    assert actions.worked_out_hash(recording=recording, sha256=hashlib.sha256(DATA).hexdigest())
    for _ in range(2):
        answer = filming.state(asha, url, DATA).json()
        assert answer["hash_equal"] is True
        assert answer["erase_copy_due"] is True
    assert AuditEvent.objects.filter(verb="film.proven-whole").count() == 1


@pytest.mark.parametrize("browser_first", [True, False])
def test_a_film_that_arrived_broken_is_sent_again_and_its_marks_are_kept(
    asha: Client, cast: Cast, url: str, consenting_family, django_capture_on_commit_callbacks, browser_first: bool
) -> None:
    patch(asha, url, 0, DATA)
    film = the_upload().recording
    filming.mark(film, cast.asha, note="She waits")
    ours, theirs = hashlib.sha256(DATA).hexdigest(), hashlib.sha256(DATA + b"!").hexdigest()
    with django_capture_on_commit_callbacks(execute=True):
        if browser_first:
            answer = filming.state(asha, url, DATA + b"!").json()
            assert not actions.worked_out_hash(recording=film, sha256=ours)
        else:
            assert actions.worked_out_hash(recording=film, sha256=ours)
            answer = filming.state(asha, url, DATA + b"!").json()
            assert answer["message"] == actions.MISMATCH
            assert answer["state"] == "mismatch"
    assert not store.folder(film.pk).exists()
    film.refresh_from_db()
    assert (film.state, film.sha256, film.frames) == ("uploading", "", None)
    assert film.clips.get().note == "She waits"
    assert film.clips.get().first_frame is None
    assert not VideoJob.objects.filter(state__in=["queued", "running"]).exists()
    gone = asha.head(url, headers=TUS)
    assert gone.status_code == 410

    again = asha.post(
        "/uploads/", json.dumps({"film": str(film.pk), "length": 5001}), content_type="application/json", headers=TUS
    )
    assert again.status_code == 201
    assert again.headers["Location"] == url
    whole = DATA + b"!"
    assert patch(asha, url, 0, whole).status_code == 204
    assert filming.state(asha, url, whole).status_code == 200
    assert actions.worked_out_hash(recording=film, sha256=theirs)
    film.refresh_from_db()
    assert film.state == "checking"


def test_the_hash_cannot_be_changed_once_stated(asha: Client, url: str) -> None:
    filming.state(asha, url, DATA)
    assert filming.state(asha, url, DATA + b"!").status_code == 409
    for body in ('{"sha256": "short"}', "[]", "{", '{"sha256": "' + "A" * 64 + '"}'):
        assert asha.post(f"{url}hash/", body, content_type="application/json").status_code == 400


def test_the_copy_on_the_device_is_kept_until_the_film_is_proven_whole(asha: Client, url: str, cast: Cast) -> None:
    patch(asha, url, 0, DATA)
    film = the_upload().recording
    with pytest.raises(actions.Refused, match="Keep the copy"):
        actions.mark_device_copy_erased(by=cast.asha, recording=film)
    actions.worked_out_hash(recording=film, sha256=hashlib.sha256(DATA).hexdigest())
    filming.state(asha, url, DATA)
    actions.mark_device_copy_erased(by=cast.asha, recording=film)
    actions.mark_device_copy_erased(by=cast.asha, recording=film)
    assert AuditEvent.objects.filter(verb="film.device-copy-erased").count() == 1
    assert asha.get(f"/films/{film.pk}/status/").json()["erase_copy_due"] is False
