"""Marking: what a practitioner may say of a film, and that nothing of it is lost, overwritten or seen by others."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from audit.models import AuditEvent
from clips import marks
from clips.actions import Refused
from clips.models import Clip, Principle, Recording, ReviewMoment, SharedReview, VideoJob
from families.models import RiskConcern
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Cycle
from tests.cast import Cast, FamilyInTests, give_consent
from tests.clips import filming


@pytest.fixture
def film(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    """A prepared film of thirty frames at 25 a second, in a cycle."""
    question = HelpingQuestion.objects.create(case=consenting_family.case, whose=consenting_family.sam)
    wording = HelpingQuestionWording.objects.create(
        question=question, version=1, text="How do we settle?", recorded_by=cast.asha
    )
    cycle = Cycle.objects.create(case=consenting_family.case, number=1, wording=wording)
    recording = filming.make_recording(consenting_family, cast.asha, cycle=cycle)
    return filming.pretend_ready(recording, frames=30, size=1000)


@pytest.fixture
def arriving(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    """A film that is still being sent: nobody knows its frames."""
    return filming.make_recording(consenting_family, cast.asha)


@pytest.fixture
def asha(cast: Cast, signed_in: Any) -> Client:
    client: Client = signed_in(cast.asha)
    return client


def post(client: Client, url: str, body: Any = None) -> Any:
    return client.post(url, json.dumps(body or {}), content_type="application/json")


def patch(client: Client, clip: str, body: Any) -> Any:
    return client.patch(f"/marks/{clip}/", json.dumps(body), content_type="application/json")


def delete(client: Client, clip: str, version: int) -> Any:
    return client.delete(f"/marks/{clip}/", json.dumps({"version": version}), content_type="application/json")


def made(client: Client, film: Recording, first: int = 3, last: int = 9, **more: Any) -> dict[str, Any]:
    answer = post(client, f"/films/{film.pk}/marks/", {"first_frame": first, "last_frame": last, **more})
    assert answer.status_code == 201, answer.content
    mark: dict[str, Any] = answer.json()
    return mark


def principle(key: str) -> Principle:
    return Principle.objects.get(key=key)


# --- Making one -------------------------------------------------------------------------------------------


def test_a_mark_has_the_frames_times_of_the_film_and_is_queued_to_be_cut(asha: Client, film: Recording) -> None:
    mark = made(asha, film, 3, 9)
    assert (mark["first_us"], mark["last_us"]) == (120_000, 360_000)
    assert mark["length_us"] == 7 * 40_000, "both frames are in it, the last one whole"
    assert mark["state"] == "cutting"
    job = VideoJob.objects.get(kind="cut")
    assert (str(job.clip_id), job.clip_version) == (mark["id"], 1)
    assert AuditEvent.objects.filter(verb="clip.marked", subject_id=mark["id"]).count() == 1


def test_times_alone_become_the_frames_that_were_on_screen(asha: Client, film: Recording) -> None:
    # Half a millisecond early is rounding; more than that is the frame before.
    answer = post(asha, f"/films/{film.pk}/marks/", {"first_us": 119_600, "last_us": 399_400}).json()
    assert (answer["first_frame"], answer["last_frame"]) == (3, 9)


def test_a_request_that_is_sent_twice_makes_one_mark(asha: Client, film: Recording) -> None:
    body = {"id": str(uuid.uuid4()), "first_frame": 1, "last_frame": 2}
    first = post(asha, f"/films/{film.pk}/marks/", body)
    again = post(asha, f"/films/{film.pk}/marks/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert Clip.objects.count() == 1
    assert VideoJob.objects.filter(kind="cut").count() == 1


def test_the_id_of_somebody_elses_mark_makes_nothing(asha: Client, cast: Cast, film: Recording) -> None:
    theirs = filming.mark(film, cast.carol)
    answer = post(asha, f"/films/{film.pk}/marks/", {"id": str(theirs.pk), "first_frame": 1, "last_frame": 2})
    assert answer.status_code == 422
    assert Clip.objects.get().first_frame == 3


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "where the moment begins"),
        ({"first_frame": 3}, "both ends"),
        ({"first_frame": 9, "last_frame": 3}, "ends after it begins"),
        ({"first_frame": 3, "last_frame": 30}, "30 frames"),
        ({"first_frame": -1, "last_frame": 3}, "whole numbers"),
        ({"first_frame": 1.5, "last_frame": 3}, "whole numbers"),
        ({"first_frame": True, "last_frame": 3}, "whole numbers"),
        ({"first_frame": "1", "last_frame": 3}, "whole numbers"),
        ({"first_frame": 3, "last_frame": 9, "first_us": 0, "last_us": 360_000}, "not at that time"),
        ({"first_us": 0, "last_us": 1_300_000}, "after the end of the film"),
        ({"first_us": 0, "last_us": 2**60}, "whole numbers"),
        ({"first_frame": 3, "last_frame": 9, "note": "x" * 4001}, "4,000 characters"),
        ({"first_frame": 3, "last_frame": 9, "note": 7}, "must be text"),
        ({"first_frame": 3, "last_frame": 9, "tags": [10**6]}, "no longer offered"),
        ({"first_frame": 3, "last_frame": 9, "tags": "1"}, "from the list"),
        ({"first_frame": 3, "last_frame": 9, "initiative_by": str(uuid.uuid4())}, "in this film"),
        ({"first_frame": 3, "last_frame": 9, "initiative_by": "Sam"}, "identifier"),
        ({"first_frame": 3, "last_frame": 9, "id": "1"}, "identifier"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    asha: Client, film: Recording, body: dict[str, Any], says: str
) -> None:
    answer = post(asha, f"/films/{film.pk}/marks/", body)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert not Clip.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "nonsense", "null"])
def test_what_is_not_an_object_is_refused(asha: Client, film: Recording, body: str) -> None:
    answer = asha.post(f"/films/{film.pk}/marks/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]


# --- Before the frames are known --------------------------------------------------------------------------


def test_a_mark_made_while_the_film_is_sent_keeps_what_was_seen_and_finds_its_frames_later(
    asha: Client, arriving: Recording
) -> None:
    answer = post(asha, f"/films/{arriving.pk}/marks/", {"first_us": 119_500, "last_us": 401_000})
    assert answer.status_code == 201
    early = answer.json()
    assert (early["first_frame"], early["last_us"], early["state"]) == (None, 401_000, "marked")
    assert not VideoJob.objects.exists()

    times = [index * 40_000 for index in range(30)]
    assert marks.snap(arriving, times) == 1
    assert marks.snap(arriving, times) == 0
    clip = Clip.objects.get()
    assert (clip.first_frame, clip.first_us, clip.last_frame, clip.last_us) == (3, 120_000, 10, 400_000)
    assert clip.version > early["version"], "open pages fetch it again"


def test_frames_are_not_believed_while_nobody_knows_them(asha: Client, arriving: Recording) -> None:
    answer = post(asha, f"/films/{arriving.pk}/marks/", {"first_frame": 3, "last_frame": 9})
    assert answer.status_code == 400
    assert "not known yet" in answer.json()["error"]


def test_no_mark_is_lost_when_its_times_lie_beyond_the_film(cast: Cast, arriving: Recording) -> None:
    odd = Clip.objects.create(recording=arriving, first_us=0, last_us=99_000_000, created_by=cast.asha)
    gone = Clip.objects.create(
        recording=arriving, first_us=41_000, last_us=42_000, created_by=cast.asha, deleted_at=arriving.created_at
    )
    assert marks.snap(arriving, [1_000, 41_000, 81_000]) == 2
    odd.refresh_from_db()
    gone.refresh_from_db()
    assert (odd.first_frame, odd.first_us, odd.last_frame, odd.last_us) == (0, 1_000, 2, 81_000)
    assert gone.first_frame == 1, "a deleted one can be restored"


def test_a_mark_that_came_in_while_the_film_was_checked_gets_its_frames_when_it_is_read(
    asha: Client, cast: Cast, film: Recording
) -> None:
    Clip.objects.create(recording=film, first_us=120_100, last_us=200_300, created_by=cast.asha)
    row = asha.get(f"/films/{film.pk}/marks/").json()["marks"][0]
    assert (row["first_frame"], row["last_frame"], row["first_us"]) == (3, 5, 120_000)


# --- Changing ---------------------------------------------------------------------------------------------


def test_new_edges_cut_again_and_a_note_does_not(asha: Client, film: Recording) -> None:
    mark = made(asha, film)
    noted = patch(asha, mark["id"], {"version": 1, "note": "He waits."}).json()
    assert (noted["version"], noted["note"]) == (2, "He waits.")
    assert VideoJob.objects.filter(kind="cut").count() == 1
    moved = patch(asha, mark["id"], {"version": 2, "first_frame": 4, "last_frame": 9}).json()
    assert (moved["version"], moved["first_us"]) == (3, 160_000)
    assert [job.state for job in VideoJob.objects.filter(kind="cut")] == ["cancelled", "queued"]
    assert Clip.objects.get().edges_version == 2
    fields = [event.detail["fields"] for event in AuditEvent.objects.filter(verb="clip.changed").order_by("id")]
    assert fields == [["note"], ["edges"]]
    assert "He waits" not in str(list(AuditEvent.objects.values_list("detail", flat=True))), "codes, never words"


def test_the_same_again_changes_nothing(asha: Client, film: Recording) -> None:
    mark = made(asha, film, note="So.")
    again = patch(asha, mark["id"], {"version": 1, "note": "So.", "first_frame": 3, "last_frame": 9})
    assert again.json()["version"] == 1
    assert not AuditEvent.objects.filter(verb="clip.changed").exists()


def test_a_stale_window_is_told_the_newest_and_overwrites_nothing(asha: Client, film: Recording) -> None:
    mark = made(asha, film)
    patch(asha, mark["id"], {"version": 1, "note": "From one window."})
    stale = patch(asha, mark["id"], {"version": 1, "note": "From the other."})
    assert stale.status_code == 409
    assert stale.json()["mark"]["note"] == "From one window."
    assert stale.json()["mark"]["version"] == 2
    assert Clip.objects.get().note == "From one window."
    assert delete(asha, mark["id"], 1).status_code == 409
    assert Clip.objects.kept().exists()


def test_changing_what_another_window_deleted_says_that_it_is_deleted(asha: Client, film: Recording) -> None:
    mark = made(asha, film)
    delete(asha, mark["id"], 1)
    answer = patch(asha, mark["id"], {"version": 2, "note": "Still here."})
    assert answer.status_code == 409
    assert answer.json()["mark"]["deleted"] is True


def test_a_mark_says_whose_initiative_it_was_and_who_received_it(
    asha: Client, film: Recording, consenting_family: FamilyInTests
) -> None:
    rowan, sam, nan = consenting_family.rowan, consenting_family.sam, consenting_family.nan
    mark = made(asha, film, initiative_by=str(rowan.pk))
    told = patch(asha, mark["id"], {"version": 1, "received_by": str(sam.pk)}).json()
    assert (told["initiative_by"], told["received_by"]) == (str(rowan.pk), str(sam.pk))
    gone = patch(asha, mark["id"], {"version": 2, "initiative_by": None}).json()
    assert gone["initiative_by"] is None
    assert patch(asha, mark["id"], {"version": 3, "received_by": str(nan.pk)}).status_code == 400, "not in shot"


# --- Deleting and taking back -----------------------------------------------------------------------------


def test_a_deleted_mark_comes_back_whole_and_is_cut_again(asha: Client, film: Recording) -> None:
    mark = made(asha, film, note="Keep me.", tags=[principle("3").pk])
    gone = delete(asha, mark["id"], 1)
    assert gone.status_code == 200
    assert gone.json()["deleted"] is True
    assert asha.get(f"/films/{film.pk}/marks/").json()["marks"] == []
    assert not VideoJob.objects.filter(state="queued").exists(), "nobody cuts what was deleted"
    back = post(asha, f"/marks/{mark['id']}/restore/").json()
    assert (back["note"], back["principles"], back["first_frame"], back["version"]) == ("Keep me.", ["3"], 3, 3)
    assert VideoJob.objects.filter(state="queued").count() == 1
    assert [event.verb for event in AuditEvent.objects.filter(subject_id=mark["id"]).order_by("id")] == [
        "clip.marked",
        "clip.deleted",
        "clip.restored",
    ]


def test_a_moment_that_was_watched_together_cannot_be_deleted(asha: Client, film: Recording) -> None:
    mark = made(asha, film)
    post(asha, f"/marks/{mark['id']}/choose/", {"chosen": True})
    ReviewMoment.objects.update(shown_at=film.created_at)
    refused = delete(asha, mark["id"], 1)
    assert refused.status_code == 422
    assert "watched" in refused.json()["error"]
    assert Clip.objects.kept().exists()


def test_deleting_takes_a_moment_out_of_a_review_that_is_still_being_chosen(asha: Client, film: Recording) -> None:
    mark = made(asha, film)
    post(asha, f"/marks/{mark['id']}/choose/", {"chosen": True, "why": "Her first smile."})
    assert delete(asha, mark["id"], 1).status_code == 200
    assert not ReviewMoment.objects.exists()
    post(asha, f"/marks/{mark['id']}/restore/")
    again = post(asha, f"/marks/{mark['id']}/choose/", {"chosen": True, "why": "Her first smile."}).json()
    assert (again["chosen"], again["why"]) == (True, "Her first smile.")


def test_a_failed_cut_says_so_and_can_be_tried_again(asha: Client, film: Recording) -> None:
    mark = made(asha, film)
    assert post(asha, f"/marks/{mark['id']}/retry/").status_code == 422
    VideoJob.objects.update(state="failed", error="There was no room for it.")
    Clip.objects.update(state="failed")
    row = asha.get(f"/films/{film.pk}/marks/").json()["marks"][0]
    assert (row["state"], row["error"]) == ("failed", "There was no room for it.")
    assert post(asha, f"/marks/{mark['id']}/retry/").json()["state"] == "cutting"


# --- Principles -------------------------------------------------------------------------------------------


def test_a_mark_keeps_the_wording_under_which_it_was_made(asha: Client, film: Recording) -> None:
    mark = made(asha, film, tags=[principle("1").pk])
    before = principle("1").label
    Principle.objects.filter(key="1").update(label="Something new", description="Other words.", active=False)
    noted = patch(asha, mark["id"], {"version": 1, "note": "…", "tags": [principle("1").pk]}).json()
    assert noted["tags"][0]["label"] == before, "it stays although it is no longer offered"
    patch(asha, mark["id"], {"version": 2, "tags": []})
    refused = patch(asha, mark["id"], {"version": 3, "tags": [principle("1").pk]})
    assert refused.status_code == 400, "but it cannot be put on anew"


def test_the_sixth_principle_is_for_films_of_the_shared_review(
    asha: Client, cast: Cast, film: Recording, consenting_family: FamilyInTests
) -> None:
    assert made_with(asha, film, "6").status_code == 400
    review = filming.make_recording(consenting_family, cast.asha, kind=Recording.Kind.REVIEW)
    filming.pretend_ready(review, size=1000)
    assert made_with(asha, review, "6").status_code == 201


def made_with(client: Client, film: Recording, key: str) -> Any:
    body = {"first_frame": 1, "last_frame": 2, "tags": [principle(key).pk]}
    return post(client, f"/films/{film.pk}/marks/", body)


def test_there_is_no_negative_to_tag_with(db: None) -> None:
    words = " ".join(f"{each.label} {each.description}" for each in Principle.objects.all()).lower()
    assert Principle.objects.count() == 6
    for bad in ("missed", "ignor", "poor", "lack", "fail", "intrus", "not "):
        assert bad not in words


# --- Choosing ---------------------------------------------------------------------------------------------


def test_chosen_moments_stand_in_the_order_of_choosing_and_four_are_welcome(asha: Client, film: Recording) -> None:
    ids = [made(asha, film, at, at + 1)["id"] for at in (20, 10, 5, 1)]
    for one in ids:
        assert post(asha, f"/marks/{one}/choose/", {"chosen": True}).json()["chosen"] is True
    review = SharedReview.objects.get(cycle=film.cycle)
    assert [str(moment.clip_id) for moment in review.moments.all()] == ids
    post(asha, f"/marks/{ids[1]}/choose/", {"chosen": True})
    assert review.moments.count() == 4, "twice is once"
    post(asha, f"/marks/{ids[1]}/choose/", {"chosen": False})
    assert [str(moment.clip_id) for moment in review.moments.all()] == [ids[0], ids[2], ids[3]]


def test_a_film_without_a_cycle_says_why_nothing_can_be_chosen(
    asha: Client, cast: Cast, consenting_family: FamilyInTests
) -> None:
    film = filming.pretend_ready(filming.make_recording(consenting_family, cast.asha), size=1000)
    answer = post(asha, f"/marks/{made(asha, film)['id']}/choose/", {"chosen": True})
    assert answer.status_code == 422
    assert "cycle" in answer.json()["error"]


def test_a_held_review_and_a_closed_cycle_stay_as_they_are(asha: Client, film: Recording) -> None:
    mark = made(asha, film)
    review = SharedReview.objects.create(cycle=film.cycle, state=SharedReview.State.HELD)
    assert post(asha, f"/marks/{mark['id']}/choose/", {"chosen": True}).status_code == 422
    review.state = SharedReview.State.CHOOSING
    review.save()
    Cycle.objects.update(closed_at=film.created_at, summary="Done.")
    assert post(asha, f"/marks/{mark['id']}/choose/", {"chosen": True}).status_code == 422
    assert not ReviewMoment.objects.exists()


# --- A worry goes elsewhere -------------------------------------------------------------------------------


def test_a_worry_goes_to_the_risk_section_with_its_time_and_nowhere_near_the_marks(
    asha: Client, film: Recording
) -> None:
    mark = made(asha, film)
    answer = post(asha, f"/films/{film.pk}/concern/", {"text": "A bruise on the arm.", "time_us": 480_000})
    assert answer.status_code == 201
    assert "bruise" not in answer.content.decode()
    concern = RiskConcern.objects.get()
    assert (concern.case, concern.film_id, concern.film_time_us) == (film.case, film.pk, 480_000)
    assert "bruise" not in asha.get(f"/films/{film.pk}/marks/").content.decode()
    clip = Clip.objects.get(pk=mark["id"])
    assert "bruise" not in str(vars(clip))


def test_a_worry_is_kept_although_the_film_may_not_be_played_any_more(asha: Client, film: Recording) -> None:
    film.state, film.stopped_cause = Recording.State.STOPPED, Recording.Cause.CONSENT
    film.save()
    body = {"text": "Seen just before.", "time_us": 40_000}
    assert post(asha, f"/films/{film.pk}/concern/", body).status_code == 201
    assert RiskConcern.objects.get().text == "Seen just before."


@pytest.mark.parametrize("body", [{"text": " ", "time_us": 1}, {"text": "x"}, {"text": "x", "time_us": -1}])
def test_a_worry_without_words_or_time_is_not_kept(asha: Client, film: Recording, body: dict[str, Any]) -> None:
    assert post(asha, f"/films/{film.pk}/concern/", body).status_code == 400
    assert not RiskConcern.objects.exists()


# --- Who may ----------------------------------------------------------------------------------------------


def writes(client: Client, film: Recording, clip: str) -> list[int]:
    return [
        post(client, f"/films/{film.pk}/marks/", {"first_frame": 1, "last_frame": 2}).status_code,
        patch(client, clip, {"version": 1, "note": "x"}).status_code,
        delete(client, clip, 1).status_code,
        post(client, f"/marks/{clip}/restore/").status_code,
        post(client, f"/marks/{clip}/retry/").status_code,
        post(client, f"/marks/{clip}/choose/", {"chosen": True}).status_code,
        post(client, f"/films/{film.pk}/stills/", {"frame": 1}).status_code,
    ]


def test_strangers_find_nothing_and_colleagues_without_the_work_may_not(
    asha: Client, cast: Cast, film: Recording, signed_in: Any
) -> None:
    clip = made(asha, film)["id"]
    for person, status in ((cast.ben, 404), (cast.dev, 404), (cast.carol, 403), (cast.ina, 403)):
        client = signed_in(person)
        assert writes(client, film, clip) == [status] * 7, person
        concern = post(client, f"/films/{film.pk}/concern/", {"text": "x", "time_us": 1})
        assert concern.status_code == status
        assert client.get(f"/films/{film.pk}/marks/").status_code == status
        assert client.get(f"/films/{film.pk}/analyse/").status_code == status
        assert client.get(f"/films/{film.pk}/analyse/fragment/").status_code == status


def test_withdrawn_consent_ends_looking_and_marking_at_once(
    asha: Client, cast: Cast, film: Recording, consenting_family: FamilyInTests
) -> None:
    clip = made(asha, film)["id"]
    refusal = give_consent(consenting_family.sam, "film", by=cast.asha)
    refusal.decision = "refused"
    refusal.save()
    assert writes(asha, film, clip) == [403] * 7
    page = asha.get(f"/films/{film.pk}/analyse/")
    assert page.status_code == 403
    assert "Sam" in page.content.decode()
    assert Clip.objects.kept().count() == 1, "what was written is kept"


def test_a_stopped_film_is_gone_for_marking(asha: Client, film: Recording) -> None:
    clip = made(asha, film)["id"]
    film.state = Recording.State.STOPPED
    film.stopped_cause = Recording.Cause.WRONG
    film.save()
    assert writes(asha, film, clip) == [410] * 7
    assert asha.get(f"/films/{film.pk}/analyse/").status_code == 410


def test_the_supervisor_sees_the_film_of_the_review_only_with_consent_to_supervision(
    cast: Cast, consenting_family: FamilyInTests, signed_in: Any
) -> None:
    consenting_family.case.lead = cast.tess
    consenting_family.case.save()
    review = filming.make_recording(consenting_family, cast.tess, kind=Recording.Kind.REVIEW)
    filming.pretend_ready(review, size=1000)
    sue = signed_in(cast.sue)
    page = sue.get(f"/films/{review.pk}/analyse/")
    assert page.status_code == 200
    assert "Deepening the conversation" in page.content.decode(), "all six for the film of a review"
    refusal = give_consent(consenting_family.sam, "supervision", by=cast.asha)
    refusal.decision = "refused"
    refusal.save()
    assert sue.get(f"/films/{review.pk}/analyse/").status_code == 403


# --- The page ---------------------------------------------------------------------------------------------


def test_the_page_shows_the_helping_question_and_the_five_principles_and_is_audited(
    asha: Client, film: Recording
) -> None:
    page = asha.get(f"/films/{film.pk}/analyse/")
    text = page.content.decode()
    assert "How do we settle?" in text
    assert "Taking turns together" in text
    assert "Deepening the conversation" not in text
    assert "style=" not in text
    assert "onclick" not in text
    assert AuditEvent.objects.filter(verb="film.opened", subject_id=str(film.pk)).count() == 1
    fragment = asha.get(f"/films/{film.pk}/analyse/fragment/").content.decode()
    assert "data-workspace" in fragment
    assert "<html" not in fragment


def test_more_marks_cost_no_more_queries(
    asha: Client, film: Recording, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made(asha, film, 1, 2, tags=[principle("1").pk])
    with CaptureQueriesContext(connection) as few:
        asha.get(f"/films/{film.pk}/marks/")
    asked = len(few)
    for at in range(3, 20):
        mark = made(asha, film, at, at + 1, tags=[principle("1").pk, principle("2").pk])
        post(asha, f"/marks/{mark['id']}/choose/", {"chosen": True})
    with django_assert_num_queries(asked):
        rows = asha.get(f"/films/{film.pk}/marks/").json()["marks"]
    assert len(rows) == 18


def test_actions_refuse_what_no_form_has_checked(cast: Cast, film: Recording, consenting_family: FamilyInTests) -> None:
    edges = marks.read_edges(film, {"first_frame": 1, "last_frame": 2})
    with pytest.raises(ValidationError):
        marks.create_mark(by=cast.asha, recording=film, edges=edges, received_by=consenting_family.nan)
    clip, _ = marks.create_mark(by=cast.asha, recording=film, edges=edges)
    marks.delete_mark(by=cast.asha, clip=clip, version=1)
    with pytest.raises(Refused):
        marks.choose_moment(by=cast.asha, clip=clip, chosen=True)
