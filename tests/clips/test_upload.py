"""The tus 1.0 server. The list of behaviours follows the test suites of tusd and of ownCloud."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from clips import actions, receiving, store, tokens
from clips.models import Recording, Upload, VideoJob
from families.models import Case, Consent
from tests.cast import Cast, FamilyInTests, give_consent, make_family
from tests.clips import filming
from tests.clips.filming import TUS, patch

DATA = os.urandom(5000)


@pytest.fixture
def asha(cast: Cast, signed_in) -> Client:
    return signed_in(cast.asha)


@pytest.fixture
def url(asha: Client, consenting_family: FamilyInTests) -> str:
    """An upload of Asha's, of 5000 bytes, none of them here yet."""
    return filming.begin(asha, consenting_family, len(DATA)).headers["Location"]


def offset(client: Client, url: str) -> int:
    answer = client.head(url, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def the_upload() -> Upload:
    """The upload of a test's ``url``: the first one."""
    return Upload.objects.select_related("recording").order_by("created_at")[0]


def on_disk() -> bytes:
    film = the_upload().recording_id
    for name in (store.PART, store.ORIGINAL):
        if store.path(film, name).exists():
            return store.path(film, name).read_bytes()
    return b""


# --- Beginning ---------------------------------------------------------------------------------------------


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


# --- Pieces ------------------------------------------------------------------------------------------------


def test_a_film_arrives_in_pieces_and_is_whole(asha: Client, url: str) -> None:
    assert offset(asha, url) == 0
    for at in range(0, 5000, 1250):
        answer = patch(asha, url, at, DATA[at : at + 1250])
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(at + 1250)
        assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert on_disk() == DATA
    upload = the_upload()
    assert (upload.state, upload.recording.state) == ("complete", "checking")
    assert VideoJob.objects.get().kind == "check"
    assert offset(asha, url) == 5000


def test_head_says_length_offset_and_expiry_and_is_never_cached(asha: Client, url: str) -> None:
    answer = asha.head(url, headers=TUS)
    assert answer.headers["Upload-Length"] == "5000"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert not answer.content


@pytest.mark.parametrize("wrong", [1, 999, 5000, 10**18])
def test_a_piece_from_another_place_is_refused_and_the_right_place_said(asha: Client, url: str, wrong: int) -> None:
    answer = patch(asha, url, wrong, DATA[:10])
    assert answer.status_code == 409
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.json()["offset"] == 0
    assert on_disk() == b""


@pytest.mark.parametrize("wrong", ["", "-1", "1.5", "ten", "१", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(asha: Client, url: str, wrong: str) -> None:
    answer = asha.generic(
        "PATCH", url, DATA[:10], filming.CHUNK, headers=TUS | ({"Upload-Offset": wrong} if wrong.isascii() else {})
    )
    assert answer.status_code == 400


def test_a_piece_of_another_type_or_another_tus_is_refused(asha: Client, url: str) -> None:
    assert patch(asha, url, 0, DATA, Content_Type="application/octet-stream").status_code == 415
    for version in ("0.2.2", ""):
        answer = patch(asha, url, 0, DATA, Tus_Resumable=version)
        assert answer.status_code == 412
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert on_disk() == b""


def test_a_piece_past_the_end_is_refused_and_nothing_of_it_kept(asha: Client, url: str) -> None:
    patch(asha, url, 0, DATA[:4000])
    assert patch(asha, url, 4000, DATA[:1001]).status_code == 413
    assert offset(asha, url) == 4000
    assert on_disk() == DATA[:4000]


def test_after_the_last_byte_another_piece_is_refused_without_harm(asha: Client, url: str) -> None:
    patch(asha, url, 0, DATA)
    answer = patch(asha, url, 0, DATA)
    assert answer.status_code == 409
    assert answer.headers["Upload-Offset"] == "5000"
    assert on_disk() == DATA
    assert VideoJob.objects.count() == 1


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_damaged_piece_is_refused_and_nothing_of_it_kept(asha: Client, url: str, algorithm: str) -> None:
    digest = hashlib.new(algorithm, DATA[:1000]).digest()
    said = f"{algorithm} {base64.b64encode(digest).decode()}"
    damaged = bytearray(DATA[:1000])
    damaged[500] ^= 1
    assert patch(asha, url, 0, bytes(damaged), Upload_Checksum=said).status_code == 460
    assert (offset(asha, url), on_disk()) == (0, b"")
    assert patch(asha, url, 0, DATA[:1000], Upload_Checksum=said).status_code == 204
    assert (offset(asha, url), on_disk()) == (1000, DATA[:1000])


@pytest.mark.parametrize("said", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256", "sha256 ???", "sha256  "])
def test_a_checksum_that_cannot_be_checked_is_refused(asha: Client, url: str, said: str) -> None:
    answer = patch(asha, url, 0, DATA, Upload_Checksum=said)
    assert answer.status_code in {400, 460}
    assert on_disk() == b""


def test_a_piece_without_a_length_is_refused(asha: Client, url: str) -> None:
    answer = asha.generic("PATCH", url, DATA, filming.CHUNK, CONTENT_LENGTH="", headers=TUS | {"Upload-Offset": "0"})
    assert answer.status_code == 411


def test_other_verbs_are_not_allowed(asha: Client, url: str) -> None:
    for verb in ("GET", "POST", "PUT"):
        answer = asha.generic(verb, url, headers=TUS | {"X-HTTP-Method-Override": "DELETE"})
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "HEAD, PATCH, DELETE, OPTIONS"
    assert asha.put("/uploads/").status_code == 405
    assert the_upload().state == "receiving"


# --- When the line breaks ------------------------------------------------------------------------------------


class Dying:
    """A browser that goes away after some bytes: it says how long the piece is, and does not send all of it."""

    def __init__(self, data: bytes, *, error: bool) -> None:
        self.data, self.error = data, error

    def read(self, size: int) -> bytes:
        piece, self.data = self.data[:size], self.data[size:]
        if not piece and self.error:
            raise ConnectionResetError
        return piece


@pytest.mark.parametrize("error", [True, False])
def test_what_came_before_the_line_broke_is_kept_unless_a_checksum_was_to_prove_it(url: str, error: bool) -> None:
    with pytest.raises(receiving.BrokenOff):
        receiving.receive(the_upload(), Dying(DATA[:1700], error=error).read, offset=0, length=3000)
    assert on_disk() == DATA[:1700]
    assert the_upload().offset == 1700
    checksum = receiving.Checksum("sha256", hashlib.sha256(DATA[1700:4000]).digest())
    with pytest.raises(receiving.BrokenOff):
        receiving.receive(
            the_upload(), Dying(DATA[1700:2000], error=error).read, offset=1700, length=2300, checksum=checksum
        )
    assert on_disk() == DATA[:1700]
    assert the_upload().offset == 1700


def test_bytes_that_nobody_vouched_for_are_cut_off_before_the_next_piece(asha: Client, url: str) -> None:
    """As after a server that was killed in the middle of a piece."""
    patch(asha, url, 0, DATA[:1000])
    with store.path(the_upload().recording_id, store.PART).open("ab") as part:
        part.write(b"half of a piece")
    assert offset(asha, url) == 1000
    assert patch(asha, url, 1000, DATA[1000:]).status_code == 204
    assert on_disk() == DATA


def test_a_file_that_is_shorter_than_the_database_says_goes_on_from_its_real_end(asha: Client, url: str) -> None:
    """As after a backup of the files that is older than that of the database."""
    patch(asha, url, 0, DATA[:4000])
    os.truncate(store.path(the_upload().recording_id, store.PART), 1500)
    assert offset(asha, url) == 1500
    assert patch(asha, url, 4000, DATA[4000:]).status_code == 409
    assert patch(asha, url, 1500, DATA[1500:]).status_code == 204
    assert on_disk() == DATA


@pytest.mark.parametrize("named", [True, False])
def test_a_server_that_died_after_the_last_byte_finishes_when_asked_again(
    asha: Client, url: str, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    def die(**_: object) -> bool:
        part = store.path(the_upload().recording_id, store.PART)
        if not part.exists():
            return False
        if named:
            part.rename(part.with_name(store.ORIGINAL))
        raise SystemExit

    monkeypatch.setattr(actions, "complete_if_whole", die)
    with pytest.raises(SystemExit):
        patch(asha, url, 0, DATA)
    monkeypatch.undo()
    assert the_upload().state == "receiving"
    assert offset(asha, url) == 5000
    assert the_upload().state == "complete"
    assert VideoJob.objects.get().kind == "check"
    assert on_disk() == DATA


def test_a_long_piece_is_vouched_for_on_the_way(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SAFE_EVERY", 1000)
    monkeypatch.setattr(receiving, "BLOCK", 100)
    seen = []

    def read(size: int) -> bytes:
        at = len(on_disk())
        seen.append(the_upload().offset)
        return DATA[at : at + size]

    receiving.receive(the_upload(), read, offset=0, length=5000)
    assert {1000, 2000, 3000, 4000} <= set(seen)


def test_never_more_of_a_piece_than_a_block_is_in_memory(url: str) -> None:
    asked = []

    def read(size: int) -> bytes:
        asked.append(size)
        return DATA[:size]

    receiving.receive(the_upload(), read, offset=0, length=5000)
    assert max(asked) <= receiving.BLOCK <= 1024**2


# --- When the disk is full -------------------------------------------------------------------------------------


def test_a_disk_that_fills_up_gives_507_and_never_a_short_success(
    asha: Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch(asha, url, 0, DATA[:1000])
    write, room = os.write, 1500

    def full(handle: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = write(handle, bytes(data)[:room])  # the kernel writes what fits, then says that no more does
        room -= taken
        return taken

    monkeypatch.setattr(receiving.os, "write", full)
    answer = patch(asha, url, 1000, DATA[1000:4000])
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "no room" in answer.json()["message"]
    assert (offset(asha, url), on_disk()) == (1000, DATA[:1000])
    assert patch(asha, url, 1000, DATA[1000:]).status_code == 204
    assert on_disk() == DATA


def test_a_piece_that_would_eat_into_the_reserve_is_not_begun(
    asha: Client, url: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_RESERVE_BYTES = 8000
    monkeypatch.setattr(store, "free_space", lambda: 8999)
    assert patch(asha, url, 0, DATA).status_code == 507
    monkeypatch.setattr(store, "free_space", lambda: 9000)
    assert patch(asha, url, 0, DATA).status_code == 204


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
