"""A film that is kept as evidence: nobody but the safeguarding leads plays it, and what is due to go waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.safeguarding import name_leads
from audit.models import AuditEvent
from clips import evidence, jobs, store
from clips.actions import STALE_UPLOAD, Refused, purge_stale_uploads, state_hash
from clips.models import Clip, EvidenceHold, Recording, Still, Upload
from clips.packs import films
from clips.reviews import may_show
from clips.reviews import open_room as open_the_room
from families import registry
from families.registry import tasks_for
from tests.cast import Cast, FamilyInTests
from tests.clips import filming
from tests.clips.reviewing import cut
from tests.clips.test_withdrawal import agree_again, open_room, withdraw

SignedIn = Callable[[User], Client]
IN_90_DAYS = timedelta(days=90)


@pytest.fixture(autouse=True)
def _no_sitting_from_before() -> None:
    cache.clear()


@pytest.fixture
def film(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    name_leads(by=cast.dev, lead=cast.carol, deputy=cast.sue)
    return filming.pretend_ready(filming.make_recording(consenting_family, cast.asha), size=5000)


def keep(film: Recording, by: User, words: str = "The police asked us to keep it.", **more: str) -> EvidenceHold:
    day = timezone.localdate() + IN_90_DAYS
    return evidence.hold(by=by, recording=film, reason="Asked for by the police.", review_on=day, words=words, **more)


def plays(client: Client, film: Recording) -> int:
    return int(client.get(f"/films/{film.pk}/media/original").status_code)


def looks(client: Client, held: EvidenceHold) -> tuple[int, int]:
    """The page of what is kept, and the bytes of its film."""
    page = client.get(reverse("clips:evidence-film", args=[held.pk])).status_code
    return page, client.get(reverse("clips:evidence-media", args=[held.pk])).status_code


def files(film: Recording) -> list[Path]:
    return [each for each in store.folder(film.pk).rglob("*") if each.is_file()]


def test_from_that_moment_nobody_but_the_leads_plays_it(film: Recording, cast: Cast, signed_in: SignedIn) -> None:
    everybody = [cast.asha, cast.ben, cast.tess, cast.ina, cast.dev]
    asha, carol, sue = signed_in(cast.asha), signed_in(cast.carol), signed_in(cast.sue)
    assert plays(asha, film) == 200
    held = keep(film, cast.carol)
    assert plays(asha, film) in {403, 410}
    assert plays(carol, film) in {403, 404, 410}  # the ordinary address is closed to the lead, too
    assert [looks(each, held) for each in (carol, sue)] == [(200, 200), (200, 200)]
    for user in everybody:
        assert set(looks(signed_in(user), held)) <= {403, 404}, user.email
    page = asha.get(reverse("clips:film", args=[film.pk])).content.decode()
    assert "kept as evidence by Carol Manager" in page
    assert "police" not in page
    assert AuditEvent.objects.filter(verb="evidence.opened").count() == 2


def test_nothing_of_it_is_shown_or_cut_any_more(film: Recording, cast: Cast, signed_in: SignedIn) -> None:
    lease = open_room(film, cast)
    clip = cut(Clip.objects.get(recording=film))
    still = Still.objects.create(recording=film, clip=clip, frame=5, time_us=200_000, created_by=cast.asha)
    store.write(store.path(film.pk, store.still_name(still.pk)), b"still")
    asha, carol = signed_in(cast.asha), signed_in(cast.carol)
    pictures = [
        f"/clips/{clip.pk}/media/play",
        f"/clips/{clip.pk}/media/poster",
        f"/stills/{still.pk}/media",
        f"/films/{film.pk}/media/poster",
        f"/films/{film.pk}/media/storyboard",
        f"/films/{film.pk}/media/peaks",
        f"/films/{film.pk}/analyse/",
        f"/films/{film.pk}/marks/",
    ]
    assert {asha.get(each).status_code for each in pictures} == {200}
    assert may_show(clip)
    keep(film, cast.carol)
    for client in (asha, carol):
        assert {client.get(each).status_code for each in pictures} == {410}
    for address, sent in (
        (f"/films/{film.pk}/marks/", {"first_frame": 1, "last_frame": 4}),
        (f"/films/{film.pk}/stills/", {"frame": 7}),
    ):
        assert asha.post(address, sent, content_type="application/json").status_code == 410
    lease.refresh_from_db()
    assert lease.ended_at is not None
    another = filming.mark(Recording.objects.get(pk=film.pk), cast.asha, 12, 20)
    assert jobs.enqueue_cut(another) is None
    assert not may_show(Clip.objects.get(pk=clip.pk))
    with pytest.raises(Refused, match="No moment can be shown"):
        open_the_room(by=cast.asha, review=lease.review, present=list(film.people.all()), confirmed=True)


def test_a_cut_under_way_when_it_is_kept_comes_to_nothing(film: Recording, cast: Cast) -> None:
    clip = filming.mark(film, cast.asha)
    job = jobs.enqueue_cut(clip)
    assert job is not None
    attempt = jobs.claim(job.pk)
    assert attempt is not None
    keep(film, cast.carol)
    with pytest.raises(jobs.Lost), attempt.holding():
        pass
    clip.refresh_from_db()
    assert (clip.state, clip.file) == ("marked", "")


def test_what_could_not_be_used_is_not_cleared_away_while_it_is_kept(
    film: Recording, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    Upload.objects.create(recording=film, user=cast.asha, length=5000, offset=5000, state="complete")
    Recording.objects.filter(pk=film.pk).update(state="rejected", rejected_reason="No browser plays it.")
    Upload.objects.update(updated_at=timezone.now() - STALE_UPLOAD - timedelta(days=1))
    held = keep(film, cast.carol)
    assert purge_stale_uploads() == 0
    evidence.release(by=cast.carol, held=held, why="Not needed.")
    assert purge_stale_uploads() == 1


def test_what_arrived_otherwise_than_it_was_sent_stays_while_it_is_kept(film: Recording, cast: Cast) -> None:
    Recording.objects.filter(pk=film.pk).update(sha256="a" * 64)
    upload = Upload.objects.create(recording=film, user=cast.asha, length=5000, offset=5000, state="complete")
    keep(film, cast.carol)
    state_hash(upload=upload, sha256="b" * 64)
    film.refresh_from_db()
    assert film.state == "ready"
    assert files(film)


def test_the_copy_of_a_record_says_what_its_people_are_told_and_no_more(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    def said() -> str:
        entries = films(consenting_family.sam, [consenting_family.case])
        return " ".join(f"{entry.text} {entry.facts}" for entry in entries)

    held = keep(film, cast.carol, words="", not_told_why="Telling would put Sam in danger.")
    assert "evidence" not in said().lower()
    assert "danger" not in said()
    evidence.release(by=cast.carol, held=held, why="Not needed.")
    keep(film, cast.carol)
    assert "The police asked us to keep it." in said()
    assert "Asked for by the police." not in said()


def test_a_withdrawal_stops_everybody_at_once_and_the_deletion_waits_until_it_is_released(
    film: Recording,
    cast: Cast,
    consenting_family: FamilyInTests,
    signed_in: SignedIn,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    held = keep(film, cast.carol)
    evidence.tell(by=cast.carol, held=held, told_who="Sam, by telephone", told_on=timezone.localdate())
    withdraw(consenting_family)
    held.refresh_from_db()
    assert held.deletion_due_at is not None
    assert held.to_tell  # again: what they asked for has not happened
    assert files(film)
    assert looks(signed_in(cast.carol), held) == (200, 200)
    with django_capture_on_commit_callbacks(execute=True):
        assert evidence.release(by=cast.sue, held=held, why="The police do not need it.") is True
    film.refresh_from_db()
    assert film.state == Recording.State.DESTROYED
    assert not files(film)
    assert set(looks(signed_in(cast.carol), held)) <= {404}


def test_a_change_of_mind_takes_the_deletion_back(
    film: Recording, cast: Cast, consenting_family: FamilyInTests, signed_in: SignedIn
) -> None:
    held = keep(film, cast.carol)
    withdraw(consenting_family)
    agree_again(consenting_family, cast)
    held.refresh_from_db()
    assert held.deletion_due_at is None
    assert evidence.release(by=cast.carol, held=held, why="Not needed.") is False
    assert plays(signed_in(cast.asha), film) == 200


def test_nobody_destroys_or_moves_it_while_it_is_kept(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    from clips import actions

    held = keep(film, cast.carol)
    with pytest.raises(Refused):
        actions.destroy_film(by=cast.asha, recording=film, reason="The wrong film.")
    with pytest.raises(Refused):
        keep(film, cast.sue)
    things = list(registry.held_for([consenting_family.case], cast.asha))
    assert [thing.title for thing in things] == [f"The film of {film.filmed_on:%-d %B %Y}"]
    assert "police" not in things[0].detail
    evidence.release(by=cast.carol, held=held, why="Not needed.")
    assert list(registry.held_for([consenting_family.case], cast.asha)) == []


def test_only_a_named_lead_keeps_and_each_says_why_and_what_the_family_is_told(film: Recording, cast: Cast) -> None:
    for user in (cast.asha, cast.dev, cast.ben):
        with pytest.raises(Refused):
            keep(film, user)
    with pytest.raises(ValidationError):
        keep(film, cast.carol, words=" ")
    with pytest.raises(ValidationError):
        evidence.hold(by=cast.carol, recording=film, reason="", review_on=timezone.localdate() + IN_90_DAYS, words="x")
    held = keep(film, cast.carol, words="", not_told_why="Telling would put Sam in danger.")
    assert held.quiet
    with pytest.raises(Refused):
        evidence.tell(by=cast.carol, held=held, told_who="Sam", told_on=timezone.localdate())


def test_where_telling_is_dangerous_nothing_that_a_family_may_see_tells(
    film: Recording, cast: Cast, consenting_family: FamilyInTests, signed_in: SignedIn
) -> None:
    keep(film, cast.carol, words="", not_told_why="Telling would put Sam in danger.")
    page = signed_in(cast.asha).get(reverse("families:case", args=[consenting_family.case.pk])).content.decode()
    assert "evidence" not in page
    assert "danger" not in page


def test_the_leads_are_asked_to_tell_and_to_look_again_until_they_have(film: Recording, cast: Cast) -> None:
    held = keep(film, cast.carol)

    def asked() -> list[str]:
        return [task.title for task in tasks_for(cast.carol) if task.kind == "evidence"]

    assert asked() == ["Tell the people in a film that it is kept as evidence"]
    evidence.tell(by=cast.sue, held=held, told_who="Sam, at home", told_on=timezone.localdate())
    assert asked() == []
    EvidenceHold.objects.update(review_on=timezone.localdate())
    assert asked() == ["Is this film still needed as evidence?"]
    evidence.keep_on(by=cast.carol, held=held, review_on=timezone.localdate() + IN_90_DAYS)
    assert asked() == []
    assert [task.title for task in tasks_for(cast.asha) if task.kind == "evidence"] == []


def test_a_lead_who_is_not_named_any_more_is_locked_out_in_the_middle(
    film: Recording, cast: Cast, signed_in: SignedIn
) -> None:
    held = keep(film, cast.carol)
    carol = signed_in(cast.carol)
    assert looks(carol, held) == (200, 200)
    name_leads(by=cast.dev, lead=cast.sue, deputy=None)
    assert set(looks(carol, held)) <= {403, 404}
    assert looks(signed_in(cast.sue), held) == (200, 200)


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(
    film: Recording, cast: Cast, signed_in: SignedIn
) -> None:
    url = reverse("clips:evidence-hold", args=[film.pk])
    answer = signed_in(cast.carol).post(url, {"reason": "Asked for by the police."})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "There is a problem" in page
    assert "Asked for by the police." in page
    assert not EvidenceHold.objects.exists()
