"""Consent that ends, the wrong film, and what is left of a film that was destroyed."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from clips import actions, jobs, store
from clips.models import Clip, Recording, ReviewMoment, RoomLease, SharedReview, Still, VideoJob, Words
from clips.reconcile import reconcile, stop_what_ran_out, sweep
from families import registry
from families.models import Consent
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Cycle
from tests.cast import Cast, FamilyInTests, consent_to_everything, give_consent, make_family
from tests.clips import filming

DATA = os.urandom(3000)


@pytest.fixture(autouse=True)
def _no_sitting_from_before() -> None:
    cache.clear()


@pytest.fixture
def film(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    return filming.pretend_ready(filming.make_recording(consenting_family, cast.asha), size=5000)


def withdraw(family: FamilyInTests, who: str = "sam", purpose: str = "film") -> None:
    """As ``families.actions.withdraw_consent`` does it: the rows, then the holders, in one transaction."""
    person = getattr(family, who)
    Consent.objects.filter(person=person, purpose=purpose).update(withdrawn_at=timezone.now())
    registry.tell_holders(person, purpose)


def agree_again(family: FamilyInTests, cast: Cast, who: str = "sam", purpose: str = "film") -> None:
    person = getattr(family, who)
    decider = family.sam if who == "rowan" else person
    give_consent(person, purpose, by=cast.asha, decided_by=decider)
    registry.tell_holders(person, purpose)


def open_room(film: Recording, cast: Cast) -> RoomLease:
    """A room that shows a moment of the film."""
    clip = filming.mark(film, cast.asha)
    question = HelpingQuestion.objects.create(case=film.case)
    wording = HelpingQuestionWording.objects.create(
        question=question, text="How can I help her settle?", version=1, recorded_by=cast.asha
    )
    cycle = Cycle.objects.create(case=film.case, number=1, wording=wording)
    review = SharedReview.objects.create(cycle=cycle, state="open")
    moment = ReviewMoment.objects.create(review=review, clip=clip, position=1)
    Words.objects.create(
        review=review, moment=moment, speaker=film.people.first(), text="She looks at me", recorded_by=cast.asha
    )
    return RoomLease.objects.create(
        review=review, user=cast.asha, token_hash="x" * 64, expires_at=timezone.now() + timedelta(hours=2)
    )


# --- Consent -------------------------------------------------------------------------------------------------


def test_a_withdrawal_stops_the_film_at_once_and_agreeing_again_lets_it_go_on(
    film: Recording, cast: Cast, consenting_family: FamilyInTests, signed_in
) -> None:
    asha: Client = signed_in(cast.asha)
    withdraw(consenting_family)
    film.refresh_from_db()
    assert (film.state, film.stopped_cause, film.stopped_from) == ("stopped", "consent", "ready")
    assert film.stopped_reason == "Sam no longer agrees to being filmed."
    assert asha.get(f"/films/{film.pk}/media/play").status_code == 410
    assert AuditEvent.objects.filter(verb="film.stopped").count() == 1
    agree_again(consenting_family, cast)
    film.refresh_from_db()
    assert (film.state, film.stopped_cause, film.stopped_reason) == ("ready", "", "")
    answer = asha.get(f"/films/{film.pk}/media/play", headers={"Range": "bytes=0-1"})
    assert answer.status_code == 206
    b"".join(answer)


def test_the_film_goes_on_only_when_everybody_agrees_again(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    withdraw(consenting_family, "sam")
    withdraw(consenting_family, "rowan")
    agree_again(consenting_family, cast, "sam")
    film.refresh_from_db()
    assert film.state == "stopped"
    agree_again(consenting_family, cast, "rowan")
    film.refresh_from_db()
    assert film.state == "ready"


def test_somebody_who_is_not_in_the_film_does_not_stop_it(film: Recording, consenting_family: FamilyInTests) -> None:
    withdraw(consenting_family, "nan")
    film.refresh_from_db()
    assert film.state == "ready"


@pytest.mark.parametrize(("state", "kind"), [("checking", "check"), ("preparing", "prepare")])
def test_work_on_a_stopped_film_ends_and_begins_again_when_it_goes_on(
    film: Recording, cast: Cast, consenting_family: FamilyInTests, state: str, kind: str
) -> None:
    Recording.objects.filter(pk=film.pk).update(state=state)
    film.refresh_from_db()
    job = jobs._enqueue(kind, film)
    attempt = jobs.claim(job.pk)
    assert attempt is not None
    withdraw(consenting_family)
    attempt._beaten = 0.0
    assert attempt.cancelled()
    with pytest.raises(jobs.Lost), attempt.holding():
        pass
    job.refresh_from_db()
    assert job.state == "cancelled"
    agree_again(consenting_family, cast)
    film.refresh_from_db()
    assert film.state == state
    assert VideoJob.objects.filter(kind=kind, state="queued").count() == 1


def test_a_cut_under_way_is_dropped_and_asked_for_again(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    clip = filming.mark(film, cast.asha)
    jobs.enqueue_cut(clip)
    withdraw(consenting_family)
    clip.refresh_from_db()
    assert (clip.state, VideoJob.objects.get().state) == ("marked", "cancelled")
    agree_again(consenting_family, cast)
    clip.refresh_from_db()
    assert clip.state == "cutting"
    assert VideoJob.objects.filter(state="queued", kind="cut").count() == 1


def test_a_film_stops_when_an_agreement_runs_out_and_goes_on_when_it_is_given_again(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    Consent.objects.filter(purpose="film").update(expires_on=timezone.localdate())
    assert stop_what_ran_out() == 0
    Consent.objects.filter(person=consenting_family.sam, purpose="film").update(
        expires_on=timezone.localdate() - timedelta(days=1)
    )
    assert stop_what_ran_out() == 1
    assert stop_what_ran_out() == 0
    film.refresh_from_db()
    assert (film.state, film.stopped_reason) == ("stopped", "Sam’s agreement to being filmed has run out. Ask again.")
    agree_again(consenting_family, cast)
    film.refresh_from_db()
    assert film.state == "ready"


def test_nothing_is_cut_while_somebody_does_not_agree(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    job = jobs.enqueue_cut(filming.mark(film, cast.asha))
    assert job is not None
    Consent.objects.filter(person=consenting_family.sam).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert jobs.claim(job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)
    Consent.objects.update(expires_on=None)
    assert jobs.claim(job.pk) is not None


def test_a_film_that_is_still_arriving_is_destroyed(
    cast: Cast, consenting_family: FamilyInTests, signed_in, django_capture_on_commit_callbacks
) -> None:
    asha = signed_in(cast.asha)
    url = filming.begin(asha, consenting_family, len(DATA)).headers["Location"]
    filming.patch(asha, url, 0, DATA[:1000])
    film = Recording.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(consenting_family)
    film.refresh_from_db()
    assert film.state == "destroyed"
    assert not store.folder(film.pk).exists()
    answer = filming.patch(asha, url, 1000, DATA[1000:])
    assert answer.status_code == 403
    assert answer.json()["reasons"] == ["Sam no longer agrees to being filmed."]
    assert not store.folder(film.pk).exists()


def test_a_room_goes_blank_when_somebody_may_no_longer_be_seen_in_it(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    lease = open_room(film, cast)
    withdraw(consenting_family, "nan", "shared_review")
    lease.refresh_from_db()
    assert lease.ended_at is None
    withdraw(consenting_family, "sam", "shared_review")
    lease.refresh_from_db()
    assert lease.ended_at is not None
    film.refresh_from_db()
    assert film.state == "ready"  # at the desk it may still be looked at
    assert AuditEvent.objects.filter(verb="room.ended").count() == 1


def test_a_room_goes_blank_when_its_film_is_stopped(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    lease = open_room(film, cast)
    withdraw(consenting_family, "rowan", "film")
    lease.refresh_from_db()
    assert lease.ended_at is not None


# --- Wrong film ------------------------------------------------------------------------------------------------


def test_the_wrong_film_stops_at_once_with_its_clips_and_stills(film: Recording, cast: Cast, signed_in) -> None:
    asha = signed_in(cast.asha)
    clip = filming.mark(film, cast.asha, state="ready", file="clips/x.mp4")
    still = Still.objects.create(recording=film, clip=clip, frame=3, time_us=120_000, created_by=cast.asha)
    page = asha.post(f"/films/{film.pk}/wrong/", {"why": "family", "more": ""}, follow=True)
    assert "Nobody can play this film" in page.content.decode()
    for url in (f"/films/{film.pk}/media/play", f"/clips/{clip.pk}/media/play", f"/stills/{still.pk}/media"):
        assert asha.get(url).status_code == 410
    film.refresh_from_db()
    assert (film.stopped_cause, film.stopped_reason) == ("wrong", "It shows another family.")


def test_a_wrong_film_does_not_go_on_because_somebody_agrees(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    actions.stop_wrong_film(by=cast.asha, recording=film, reason="Another family.")
    withdraw(consenting_family)
    agree_again(consenting_family, cast)
    film.refresh_from_db()
    assert (film.state, film.stopped_cause, film.stopped_from) == ("stopped", "wrong", "ready")


def test_a_wrong_film_that_was_right_goes_on_unless_consent_has_ended_meanwhile(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    actions.stop_wrong_film(by=cast.asha, recording=film, reason="Another family.")
    withdraw(consenting_family)
    actions.not_wrong_after_all(by=cast.asha, recording=film)
    film.refresh_from_db()
    assert (film.state, film.stopped_cause) == ("stopped", "consent")
    agree_again(consenting_family, cast)
    film.refresh_from_db()
    assert film.state == "ready"


def test_a_film_moves_to_the_family_it_shows_without_the_marks(
    film: Recording, cast: Cast, signed_in, django_capture_on_commit_callbacks
) -> None:
    asha, other = signed_in(cast.asha), make_family(cast.asha)
    room = open_room(film, cast)
    clip = Clip.objects.get()
    clip.file, clip.state = store.clip_name(clip.pk, 1), "ready"
    clip.save()
    store.write(store.path(film.pk, clip.file), b"clip")
    with pytest.raises(actions.Refused, match="Stop the film first"):
        actions.move_film(by=cast.asha, recording=film, to_case=other.case, people=[other.sam])
    actions.stop_wrong_film(by=cast.asha, recording=film, reason="Another family.")
    choose = asha.get(f"/films/{film.pk}/move/").content.decode()
    assert other.family.reference in choose
    address = f"/films/{film.pk}/move/?case={other.case.pk}"
    assert "Select everybody who is in the film" in asha.post(address, {}).content.decode()
    refused = asha.post(address, {"people": [str(other.sam.pk)]}).content.decode()
    assert "Sam has not been asked about being filmed." in refused
    consent_to_everything(other, by=cast.asha)
    with django_capture_on_commit_callbacks(execute=True):
        moved = asha.post(address, {"people": [str(other.sam.pk), str(other.rowan.pk)]})
    assert moved.status_code == 302
    film.refresh_from_db()
    assert (film.case_id, film.state, film.cycle) == (other.case.pk, "ready", None)
    assert set(film.people.all()) == {other.sam, other.rowan}
    assert not Clip.objects.exists()
    assert not store.path(film.pk, clip.file).exists()
    assert room.review.words.get().text == "She looks at me"  # what was said stays with the family who said it
    families = {event.verb: event.family_id for event in AuditEvent.objects.filter(verb__startswith="film.moved")}
    assert families == {
        "film.moved-away": str(room.review.cycle.case.family_id),
        "film.moved-here": str(other.family.pk),
    }


def test_when_only_the_people_were_wrong_the_marks_stay(film: Recording, cast: Cast, consenting_family) -> None:
    clip = filming.mark(film, cast.asha, initiative_by=consenting_family.sam, received_by=consenting_family.rowan)
    actions.stop_wrong_film(by=cast.asha, recording=film, reason="It was Nan.")
    people = [consenting_family.nan, consenting_family.rowan]
    actions.move_film(by=cast.asha, recording=film, to_case=film.case, people=people)
    clip.refresh_from_db()
    assert (clip.initiative_by, clip.received_by) == (None, consenting_family.rowan)


def test_a_film_does_not_move_to_a_closed_case_or_to_strangers(film: Recording, cast: Cast) -> None:
    other, another = make_family(cast.asha), make_family(cast.asha)
    actions.stop_wrong_film(by=cast.asha, recording=film, reason="Another family.")
    with pytest.raises(actions.Refused, match="people of that case"):
        actions.move_film(by=cast.asha, recording=film, to_case=other.case, people=[another.sam])
    other.case.stage, other.case.closed_on = "closed", timezone.localdate()
    other.case.save()
    with pytest.raises(actions.Refused, match="open"):
        actions.move_film(by=cast.asha, recording=film, to_case=other.case, people=[other.sam])


# --- Destroyed ---------------------------------------------------------------------------------------------------


def test_destroying_leaves_no_file_no_mark_and_a_certificate(
    film: Recording, cast: Cast, signed_in, django_capture_on_commit_callbacks
) -> None:
    asha = signed_in(cast.asha)
    room = open_room(film, cast)
    clip = Clip.objects.get()
    store.write(store.path(film.pk, store.clip_name(clip.pk, 1)), b"clip")
    still = Still.objects.create(recording=film, clip=clip, frame=3, time_us=120_000, created_by=cast.asha)
    store.write(store.path(film.pk, store.still_name(still.pk)), b"still")
    jobs.enqueue_cut(clip)
    actions.stop_wrong_film(by=cast.asha, recording=film, reason="Another family.")
    address = f"/films/{film.pk}/destroy/"
    assert "Confirm that the film cannot be brought back" in asha.post(address, {"reason": "x"}).content.decode()
    assert store.folder(film.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = asha.post(address, {"reason": "It shows another family.", "sure": "on"}, follow=True)
    assert not store.folder(film.pk).exists()
    assert not any(path.is_file() for path in store.films().rglob("*"))
    assert not Clip.objects.exists()
    assert not Still.objects.exists()
    assert not VideoJob.objects.filter(state__in=["queued", "running"]).exists()
    room.refresh_from_db()
    assert room.ended_at is not None
    certificate = answer.content.decode()
    for text in ("Certificate of destruction", "It shows another family.", "Asha Practitioner", str(film.pk), "Stills"):
        assert text in certificate
    film.refresh_from_db()
    assert film.destroyed_what["clips"] == {"files": 1, "bytes": 4}
    assert film.destroyed_what["original"]["bytes"] == 5000
    assert AuditEvent.objects.filter(verb="film.destroyed").count() == 1
    with pytest.raises(actions.Refused):
        actions.destroy_film(by=cast.asha, recording=film, reason="again")


def test_a_deletion_that_was_broken_off_is_finished_later(
    film: Recording, cast: Cast, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=False):  # as if the server died right after the commit
        actions.destroy_film(by=cast.asha, recording=film, reason="Asked for.")
    assert store.folder(film.pk).exists()
    reconcile()
    assert not store.folder(film.pk).exists()


def test_nothing_is_taken_for_destroyed_because_the_database_does_not_know_it(film: Recording) -> None:
    stranger = store.make_folder(film.case_id)  # any id that is not a film's: a database older than the files
    (stranger / store.ORIGINAL).write_bytes(b"somebody's only copy")
    reconcile()
    sweep()
    assert (stranger / store.ORIGINAL).exists()


@pytest.mark.parametrize(
    ("who", "stops", "ends"),
    [("asha", 302, 302), ("carol", 302, 302), ("ina", 302, 403), ("ben", 404, 404), ("dev", 404, 403)],
)
def test_who_stops_and_who_ends_a_wrong_film(
    film: Recording, cast: Cast, signed_in, who: str, stops: int, ends: int
) -> None:
    client = signed_in(getattr(cast, who))
    assert client.post(f"/films/{film.pk}/wrong/", {"why": "family"}).status_code == stops
    Recording.objects.filter(pk=film.pk).update(state="stopped", stopped_cause="wrong", stopped_from="ready")
    assert client.post(f"/films/{film.pk}/destroy/", {"reason": "wrong", "sure": "on"}).status_code == ends


def test_a_film_that_plays_is_not_destroyed_by_an_address(film: Recording, cast: Cast, signed_in) -> None:
    answer = signed_in(cast.asha).post(f"/films/{film.pk}/destroy/", {"reason": "x", "sure": "on"})
    assert answer.status_code == 302
    film.refresh_from_db()
    assert film.state == "ready"
    assert Path(store.path(film.pk, store.ORIGINAL)).exists()
