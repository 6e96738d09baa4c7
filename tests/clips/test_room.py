"""The room over HTTP: what it tells, whom it lets in, when it ends, and that nothing of the record is in it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.actions import sign_out_everywhere
from audit.models import AuditEvent
from clips.models import RoomLease, Words
from clips.reviews import leases
from families.actions import withdraw_consent
from tests.cast import PASSWORD, PIN, Cast, FamilyInTests
from tests.clips.reviewing import QUESTION, Review, make_review

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def held(cast: Cast, consenting_family: FamilyInTests) -> Review:
    return make_review(consenting_family, cast.asha)


def post(client: Client, path: str, /, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def say(client: Client, text: str, /, **more: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "text": text, "who": "0", "n": 1, "frame": 2, "version": None, **more}
    return post(client, "/room/words/", **body)


# --- Opening -----------------------------------------------------------------------------------------------------


def test_opening_covers_the_desk_and_brings_the_room_its_own_cookie(
    held: Review, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(held.by)
    body = {"present": [held.family.sam.pk], "confirmed": "on", "others_present": "An interpreter"}
    answer = client.post(f"/reviews/{held.review.pk}/", body)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/room/"
    cookie = answer.cookies[leases.COOKIE]
    assert cookie["path"] == "/room/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert client.get(f"/reviews/{held.review.pk}/").headers["Location"].startswith("/session/covered/")
    assert client.get("/room/").status_code == 200
    assert AuditEvent.objects.filter(verb="review.opened").count() == 1


def test_the_script_is_told_where_to_go(held: Review, signed_in: Callable[..., Client]) -> None:
    body = {"present": [held.family.sam.pk], "confirmed": "on"}
    answer = signed_in(held.by).post(f"/reviews/{held.review.pk}/", body, headers=FETCH)
    assert answer.json() == {"to": "/room/"}


@pytest.mark.parametrize("lacking", ["present", "confirmed"])
def test_the_room_does_not_open_without_an_answer(held: Review, signed_in: Callable[..., Client], lacking: str) -> None:
    body = {"present": [str(held.family.sam.pk)], "confirmed": "on"}
    del body[lacking]
    answer = signed_in(held.by).post(f"/reviews/{held.review.pk}/", body)
    assert answer.status_code == 400
    assert not RoomLease.objects.exists()


def test_a_baby_alone_opens_no_room(held: Review, signed_in: Callable[..., Client]) -> None:
    body = {"present": [str(held.family.rowan.pk)], "confirmed": "on"}
    answer = signed_in(held.by).post(f"/reviews/{held.review.pk}/", body)
    assert b"Select the caregiver who is with you" in answer.content


def test_a_moment_with_somebody_who_has_not_agreed_is_left_out(
    held: Review, cast: Cast, signed_in: Callable[..., Client]
) -> None:
    from tests.clips.filming import make_recording, mark, pretend_ready
    from tests.clips.reviewing import cut

    other = pretend_ready(make_recording(held.family, cast.asha, cycle=held.cycle), size=100)
    other.people.set([held.family.rowan, held.family.nan])
    held.review.moments.create(clip=cut(mark(other, cast.asha)), position=9)
    withdraw_consent(by=cast.asha, person=held.family.nan, purpose="shared_review", said_by=held.family.nan)
    page = signed_in(held.by).get(f"/reviews/{held.review.pk}/").content.decode()
    assert "Nan no longer agrees to being seen in the shared review." in page
    assert len(held.room().get("/room/now/").json()["moments"]) == 3


def test_a_moment_that_is_not_cut_waits(held: Review, signed_in: Callable[..., Client]) -> None:
    clip = held.clips[1]
    clip.state, clip.file = "marked", ""
    clip.save()
    assert b"Being cut" in signed_in(held.by).get(f"/reviews/{held.review.pk}/").content
    assert len(held.room().get("/room/now/").json()["moments"]) == 2


# --- What the room tells --------------------------------------------------------------------------------------------


def test_nothing_of_the_record_is_in_the_room(held: Review) -> None:
    room = held.room()
    case, film = held.family.case, held.film
    secrets = [
        "A note of the desk", "A private reason", held.family.family.reference, "Example", "Nan", "Practitioner",
        held.by.email, settings.SERVICE_NAME, "caregiver", "Caregiver", "record", "audit",
    ]  # fmt: skip
    rows = (case, film, held.review, held.cycle, held.family.sam, held.family.rowan, *held.clips)
    secrets += [str(row.pk) for row in rows]
    page = room.get("/room/").content.decode()
    told = room.get("/room/now/").content.decode()
    assert "<title>Together</title>" in page
    for secret in secrets:
        assert secret not in page, secret
        if secret != "record":
            assert secret not in told, secret
    assert "Sam" not in page  # first names come as speakers only
    assert QUESTION not in page
    assert [each["name"] for each in json.loads(told)["speakers"]] == ["Sam", "Asha"]


def test_the_scripts_of_the_room_know_no_address_outside_it() -> None:
    for script in (settings.BASE_DIR / "static" / "clips" / "room").glob("*.js"):
        text = Path(script).read_text()
        for word in ("/cases/", "/films/", "/clips/", "/marks/", "/reviews/", "/people/"):
            assert word not in text, f"{script.name}: {word}"


def test_moments_are_told_by_place_with_the_times_of_their_frames(held: Review) -> None:
    told = held.room().get("/room/now/").json()
    assert [each["n"] for each in told["moments"]] == [1, 2, 3]
    assert told["moments"][1]["times"] == [40_000 * frame for frame in range(7)]
    assert told["question"] == QUESTION


def test_a_moment_is_served_by_place_and_written_down_once(held: Review) -> None:
    room = held.room()
    part = room.get("/room/moment/2/film", headers=FETCH | {"Range": "bytes=5-9"})
    assert part.status_code == 206
    assert b"".join(part) == b"film "
    assert room.get("/room/moment/2/picture").headers["Content-Type"] == "image/jpeg"
    room.get("/room/moment/2/film")
    played = AuditEvent.objects.filter(verb="clip.played")
    assert [event.detail["occasion"] for event in played] == ["room"]
    assert room.get("/room/moment/4/film").status_code == 404
    assert room.get("/room/moment/0/film").status_code == 404


# --- Who gets in, and for how long --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", "now/", "pulse/", "moment/1/film", "moment/1/picture", "moment/1/still/3/", "rate/"]
)
def test_without_a_lease_there_is_no_room(held: Review, path: str, signed_in: Callable[..., Client]) -> None:
    held.open()
    for client in (Client(), signed_in(held.by)):
        answer = client.get(f"/room/{path}", headers={"Sec-Fetch-Mode": "navigate"})
        assert answer.status_code == 404
        assert b"This room is closed" in answer.content
    stranger = Client()
    stranger.cookies[leases.COOKIE] = "not-a-token"
    assert stranger.get(f"/room/{path}", headers=FETCH).json() == {"open": False}


@pytest.mark.parametrize("path", ["words/", "ideas/", "order/", "end/", "moment/1/seen/", "moment/1/still/"])
def test_a_room_that_ran_out_shows_and_takes_nothing(held: Review, path: str) -> None:
    room = held.room()
    RoomLease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert post(room, f"/room/{path}", text="x").status_code == 403
    assert room.get("/room/moment/1/film").status_code == 403
    assert room.get("/room/pulse/").json()["shows"] == []


def test_the_room_outlives_the_sign_in_that_opened_it(held: Review) -> None:
    room = held.room()
    assert room.get("/room/pulse/").json()["shows"] == [1, 2, 3]


def test_a_withdrawal_closes_the_room_at_once(held: Review) -> None:
    room, sam = held.room(), held.family.sam
    assert room.get("/room/moment/1/film", headers=FETCH | {"Range": "bytes=0-99"}).status_code == 206
    withdraw_consent(by=held.by, person=sam, purpose="shared_review", said_by=sam)
    assert room.get("/room/pulse/").json() | {"csrf": ""} == {"open": False, "shows": [], "csrf": ""}
    assert room.get("/room/moment/1/film", headers=FETCH | {"Range": "bytes=100-199"}).status_code == 403
    assert room.get("/room/moment/1/picture").status_code == 403
    assert post(room, "/room/resume/", secret=PIN).status_code == 422  # nothing can be shown


def test_signing_out_everywhere_ends_the_room(held: Review, django_capture_on_commit_callbacks: Any) -> None:
    room = held.room()
    with django_capture_on_commit_callbacks(execute=True):
        sign_out_everywhere(by=held.by, user=held.by)
    assert room.get("/room/pulse/").json()["open"] is False


def test_somebody_who_works_here_no_longer_holds_no_room(held: Review) -> None:
    room = held.room()
    held.by.is_active = False
    held.by.save()
    assert room.get("/room/moment/1/film").status_code == 403
    assert post(room, "/room/resume/", secret=PIN).status_code == 400


@pytest.mark.parametrize("secret", [PIN, PASSWORD])
def test_the_practitioner_goes_on_with_a_room_that_ran_out(held: Review, secret: str) -> None:
    room = held.room()
    before = room.get("/room/now/").json()["moments"]
    RoomLease.objects.update(expires_at=timezone.now())
    answer = post(room, "/room/resume/", secret=secret)
    assert answer.json() == {"open": True}
    assert room.get("/room/now/").json()["moments"] == before  # the same marks: nothing is fetched again
    assert RoomLease.objects.count() == 2


def test_after_five_wrong_tries_the_room_is_over_for_good(held: Review) -> None:
    room = held.room()
    said = [post(room, "/room/leave/", secret="000000") for _ in range(5)]
    assert [answer.status_code for answer in said] == [400, 400, 400, 400, 410]
    assert "2 tries are left" in said[2].json()["error"]
    assert said[-1].json() == {"to": "/session/covered/"}
    room.cookies[leases.COOKIE] = said[-1].wsgi_request.COOKIES[leases.COOKIE]
    assert post(room, "/room/leave/", secret=PIN).status_code == 404
    assert post(room, "/room/resume/", secret=PIN).status_code == 404
    assert room.get("/room/pulse/").status_code == 404


def test_another_practitioner_cannot_leave_the_room(held: Review, cast: Cast) -> None:
    cast.ben.set_password("another-word-77")
    cast.ben.save()
    room = held.room()
    assert post(room, "/room/leave/", secret="another-word-77").status_code == 400


def test_leaving_ends_the_lease_and_uncovers_the_desk(held: Review, signed_in: Callable[..., Client]) -> None:
    client = signed_in(held.by)
    client.post(f"/reviews/{held.review.pk}/", {"present": [held.family.sam.pk], "confirmed": "on"})
    assert client.get("/").status_code in {302, 303}
    answer = client.post("/room/leave/", json.dumps({"secret": PIN}), content_type="application/json", headers=FETCH)
    assert answer.json() == {"to": f"/reviews/{held.review.pk}/words/"}
    assert client.get(f"/reviews/{held.review.pk}/words/").status_code == 200
    assert client.get("/room/").status_code == 404
    assert RoomLease.objects.get().ended_at is not None


def test_leaving_a_browser_without_a_sign_in_tells_nothing(held: Review) -> None:
    answer = post(held.room(), "/room/leave/", secret=PIN)
    assert answer.json() == {"to": "/session/covered/"}


def test_one_room_at_a_time(held: Review) -> None:
    first = held.room()
    held.room()
    assert first.get("/room/pulse/").json()["open"] is False


def test_the_room_asks_for_the_forms_own_token(held: Review) -> None:
    client = Client(enforce_csrf_checks=True, headers=FETCH)
    client.cookies[leases.COOKIE] = held.open()[1]
    assert say(client, "Unseen").status_code == 403
    token = client.get("/room/now/").json()["csrf"]
    answer = client.post(
        "/room/order/", json.dumps({"order": [1]}), content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200


# --- Words, order, ideas, the end ------------------------------------------------------------------------------------


def test_words_are_pinned_to_the_moment_and_the_frame(held: Review) -> None:
    room = held.room()
    assert say(room, "He looked at me.", n=2, frame=3).json()["version"] == 1
    words = Words.objects.get()
    assert words.moment is not None
    assert (words.moment.clip, words.frame_us) == (held.clips[1], held.clips[1].first_us + 3 * 40_000)
    assert (words.speaker, words.staff_speaker, words.added_after) == (held.family.sam, None, False)
    told = room.get("/room/now/").json()["words"]
    assert [(each["n"], each["frame"], each["who"], each["text"]) for each in told] == [(2, 3, "0", "He looked at me.")]


def test_the_practitioners_words_are_kept_apart(held: Review) -> None:
    say(held.room(), "I saw it too.", who="p")
    words = Words.objects.get()
    assert (words.speaker, words.staff_speaker) == (None, held.by)


def test_words_sent_twice_are_kept_once(held: Review) -> None:
    room, key = held.room(), str(uuid.uuid4())
    say(room, "He waits.", id=key)
    say(room, "He waits.", id=key)
    assert Words.objects.count() == 1


def test_a_stale_writer_gets_what_stands(held: Review) -> None:
    room, key = held.room(), str(uuid.uuid4())
    say(room, "First.", id=key)
    say(room, "Second.", id=key, version=1)
    stale = say(room, "Third.", id=key, version=1)
    assert stale.status_code == 409
    assert stale.json()["now"]["text"] == "Second."
    words = Words.objects.get()
    assert (words.text, [one["text"] for one in words.earlier]) == ("Second.", ["First."])


def test_going_on_writing_is_not_another_wording(held: Review) -> None:
    room, key = held.room(), str(uuid.uuid4())
    say(room, "He", id=key)
    say(room, "He waits", id=key, version=1)
    assert Words.objects.get().earlier == []


def test_emptied_words_are_taken_back(held: Review) -> None:
    room, key = held.room(), str(uuid.uuid4())
    say(room, "A slip", id=key)
    assert say(room, " ", id=key, version=1).status_code == 200
    assert not Words.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"who": "9"}, {"who": None}, {"id": "x"}, {"text": 5}, {"n": "1"}, {"version": True}, {"text": "a" * 5000}]
)
def test_what_cannot_be_words_is_refused(held: Review, bad: dict[str, Any]) -> None:
    body = {"id": str(uuid.uuid4()), "text": "x", "who": "0", "n": 1, "frame": 0, "version": None} | bad
    assert post(held.room(), "/room/words/", **body).status_code == 400
    assert not Words.objects.exists()


def test_the_family_orders_and_skips(held: Review) -> None:
    room = held.room()
    post(room, "/room/order/", order=[3, 1, 2])
    assert [each["n"] for each in room.get("/room/now/").json()["moments"]] == [3, 1, 2]
    assert room.get("/room/pulse/").json()["shows"] == [3, 1, 2]
    post(room, "/room/moment/1/seen/", skipped=True)
    post(room, "/room/moment/3/seen/")
    moments = {each.clip: each for each in held.review.moments.all()}
    assert moments[held.clips[0]].skipped
    assert moments[held.clips[0]].shown_at is None
    assert moments[held.clips[2]].shown_at is not None
    assert post(room, "/room/order/", order=[7]).status_code == 400


def test_ideas_are_kept_with_their_version(held: Review) -> None:
    room = held.room()
    version = room.get("/room/now/").json()["ideas"]["version"]
    kept = post(room, "/room/ideas/", new_ideas="Wait a little", next_step="Sing", version=version).json()
    assert kept["version"] == version + 1
    assert post(room, "/room/ideas/", new_ideas="x", next_step="", version=version).status_code == 409


@pytest.mark.parametrize(("held_all", "state"), [(True, "held"), (False, "paused")])
def test_a_sitting_ends_or_goes_on_another_day(held: Review, held_all: bool, state: str) -> None:
    assert post(held.room(), "/room/end/", held=held_all).json()["state"] == state
    held.review.refresh_from_db()
    assert (held.review.state, held.review.held_at is not None) == (state, held_all)


def test_a_number_from_the_caregivers_own_hand(held: Review) -> None:
    room = held.room()
    page = room.get("/room/rate/").content.decode()
    assert "Sam" in page
    assert "Not today" in page
    assert b"Please hand the tablet back" in room.post("/room/rate/", {"rating_0": "7"}).content
    rating = held.cycle.wording.ratings.get()
    assert (rating.value, rating.rated_by, rating.occasion_id) == (7, held.family.sam, held.review.pk)
    room.post("/room/rate/", {"rating_0": "not-today"})
    assert held.cycle.wording.ratings.count() == 1
    assert room.post("/room/rate/", {"rating_0": "11"}).status_code == 400
